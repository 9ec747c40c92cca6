//! What a platform says when it is asked.

use std::fmt;

use jiff::Timestamp;

use crate::base::values::{Fen, OrderNo, RefundNo};

/// Where to send the payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// The cashier page, an absolute address.
    pub pay_url: String,
}

/// Money that the platform took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Success {
    /// For which order of ours.
    pub order_no: OrderNo,
    /// The platform's number of this money, unique for ever; go by it.
    pub trade_no: String,
    /// How much was really taken; compare it with what was asked.
    pub amount: Fen,
    /// By which channel.
    pub channel: Channel,
    /// When, by the platform's clock.
    pub paid_at: Timestamp,
    /// The due's key, as the bill had it: for money whose order we do not know.
    pub attach: String,
}

/// What the platform says of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has no such order.
    Unknown,
    /// It can still be paid.
    Waiting,
    /// There is money, oldest first; normally one success. An order that closed before is here too.
    Paid(Vec<Success>),
    /// No money came, and none can be asked for any more.
    Closed,
}

/// How closing an order ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closing {
    /// It is closed, now or before.
    Closed,
    /// It is not closed: there is money.
    AlreadyPaid(Vec<Success>),
    /// The platform has no such order.
    Unknown,
}

/// An order that the platform listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub order_no: OrderNo,
    /// What was asked.
    pub amount: Fen,
    /// The due's key.
    pub attach: String,
    /// When it was created there.
    pub created_at: Timestamp,
    /// Where it stands.
    pub standing: Standing,
}

/// What the platform says of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundStanding {
    /// It has no such refund.
    Unknown,
    /// Accepted; the bank has not answered yet.
    Processing,
    /// The payer has the money back.
    Refunded {
        /// When it ended.
        at: Timestamp,
    },
    /// The bank would not; a new try needs a new number.
    Failed,
}

/// A line of a day's statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementLine {
    /// Money came.
    Payment {
        /// The money.
        success: Success,
    },
    /// Money went back.
    Refund {
        /// Our number.
        refund_no: RefundNo,
        /// Of which order.
        order_no: OrderNo,
        /// Of which success.
        trade_no: String,
        /// How much.
        amount: Fen,
        /// The channel of that success.
        channel: Channel,
        /// When it ended.
        at: Timestamp,
        /// The due's key.
        attach: String,
    },
}

/// Behind which app the payer's bank card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// 微信
    Wechat,
    /// 支付宝
    Alipay,
    /// 云闪付
    Unionpay,
    /// One that came after this was written; money all the same.
    Other,
}

impl Channel {
    /// The channels that exist.
    pub const ALL: [Channel; 4] =
        [Channel::Wechat, Channel::Alipay, Channel::Unionpay, Channel::Other];

    /// Its name on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Channel::Wechat => "WECHAT",
            Channel::Alipay => "ALIPAY",
            Channel::Unionpay => "UNIONPAY",
            Channel::Other => "OTHER",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Channel::Wechat => "微信",
            Channel::Alipay => "支付宝",
            Channel::Unionpay => "云闪付",
            Channel::Other => "其他渠道",
        }
    }

    /// The channel of that code; [`Channel::Other`] for one that is not known.
    pub fn from_code(code: &str) -> Channel {
        Channel::ALL.into_iter().find(|it| it.code() == code).unwrap_or(Channel::Other)
    }
}

/// Why a platform gave no usable answer. It never means "not paid".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No answer in time, or one that asks for another try. What was asked may have been done.
    Unreachable,
    /// It understood and refused.
    Refused {
        /// The platform's code.
        code: String,
        /// The platform's words, for staff.
        words: String,
    },
    /// Something answered, and not as the platform would: unsigned, forged, or not to be
    /// understood.
    Nonsense(&'static str),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Unreachable => f.write_str("the platform does not answer"),
            Trouble::Refused { code, .. } => write!(f, "the platform refuses: {code}"),
            Trouble::Nonsense(what) => write!(f, "the platform's answer cannot be used: {what}"),
        }
    }
}
