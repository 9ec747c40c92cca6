//! One movement of money as a side has it, and what many come to.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::values::OrderNo;

/// Money that came, or money that went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A payment; its number is the platform's trade number.
    Payment,
    /// A refund; its number is ours.
    Refund,
}

impl What {
    /// Both.
    pub const ALL: [What; 2] = [What::Payment, What::Refund];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            What::Payment => "payment",
            What::Refund => "refund",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            What::Payment => "缴费",
            What::Refund => "退款",
        }
    }
}

/// One movement of money, as one of the two sides has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which way it went.
    pub what: What,
    /// The trade number of a payment, the refund number of a refund.
    pub number: String,
    /// The trade number of the payment, also for a refund.
    pub trade_no: String,
    /// The order it belongs to.
    pub order_no: OrderNo,
    /// How much, in fen; above zero.
    pub fen: i64,
    /// The channel's code.
    pub channel: String,
    /// When, by that side's account.
    pub at: Timestamp,
    /// The due's key, where that side knows it.
    pub attach: String,
}

/// Counts and sums of a day, or of a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// How many payments.
    pub payments: i64,
    /// What they come to, in fen.
    pub payments_fen: i64,
    /// How many refunds.
    pub refunds: i64,
    /// What they come to, in fen.
    pub refunds_fen: i64,
}

impl Sums {
    /// Counts one movement of money.
    pub fn count(&mut self, what: What, fen: i64) {
        match what {
            What::Payment => {
                self.payments += 1;
                self.payments_fen += fen;
            }
            What::Refund => {
                self.refunds += 1;
                self.refunds_fen += fen;
            }
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Sums) -> Sums {
        Sums {
            payments: self.payments + other.payments,
            payments_fen: self.payments_fen + other.payments_fen,
            refunds: self.refunds + other.refunds,
            refunds_fen: self.refunds_fen + other.refunds_fen,
        }
    }

    /// What is left without `other`; any of it may be negative.
    #[must_use]
    pub fn minus(self, other: Sums) -> Sums {
        Sums {
            payments: self.payments - other.payments,
            payments_fen: self.payments_fen - other.payments_fen,
            refunds: self.refunds - other.refunds,
            refunds_fen: self.refunds_fen - other.refunds_fen,
        }
    }

    /// What came without what went back, in fen.
    pub fn net_fen(&self) -> i64 {
        self.payments_fen - self.refunds_fen
    }

    /// Is there nothing at all?
    pub fn is_nothing(&self) -> bool {
        *self == Sums::default()
    }
}

/// Sums by the channel's code.
pub type ByChannel = BTreeMap<String, Sums>;

/// The sums of some movements, by channel.
pub fn by_channel(entries: &[Entry]) -> ByChannel {
    let mut sums = ByChannel::new();
    for entry in entries {
        sums.entry(entry.channel.clone()).or_default().count(entry.what, entry.fen);
    }
    sums
}

/// All channels together.
pub fn total(sums: &ByChannel) -> Sums {
    sums.values().fold(Sums::default(), |all, one| all.plus(*one))
}
