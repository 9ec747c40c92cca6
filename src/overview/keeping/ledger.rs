//! The ledger's invariants (`product.md` 4): what is true of the books at every moment, whatever
//! broke before. `kaowu check`, the fault tests and the simulation ask them.
//!
//! This file alone, beside the reports, reads other rooms' tables, and reads only: an invariant is
//! about several rooms at once. Each is one statement that finds what contradicts it and words it,
//! so that it can be pasted into `sqlite3`. Those about one due take its number, from `?1` to
//! `?2`; all dues together are the range of all numbers.

mod receipts;
mod refunds;
mod statements;
mod trades;

use std::fmt;

use jiff::SignedDuration;
use rusqlite::params;

use crate::base::outcome::Fault;
use crate::base::values::OrderNo;
use crate::machinery::db::ReadTx;

pub(super) use self::trades::{
    Trade, counted_online, first_order, is_awaited, order_numbers, trades,
};

/// How long after its expiry the job that closes an order has certainly come by: it runs each
/// minute.
pub const EXPIRY_GRACE: SignedDuration = SignedDuration::from_mins(2);

/// How long a failed question excuses an order that is open past its expiry.
pub const RETRY_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// The name of the invariant about orders that are open for too long.
pub const EXPIRY: &str = "no order outlives its time";

/// Something in the books that contradicts an invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Which invariant, by its name.
    pub what: &'static str,
    /// About which due, order, payment, receipt or notice.
    pub about: String,
    /// What is wrong with it.
    pub detail: String,
    /// What the operator does now.
    pub what_to_do: &'static str,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.about, self.detail)
    }
}

/// What must be true of the books.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// In few words, as complaints carry it.
    pub name: &'static str,
    /// What is so when nobody complains.
    pub holds: &'static str,
    /// What to do when it is not.
    pub what_to_do: &'static str,
    finds: Finds,
}

/// The statement that finds what contradicts an invariant: two texts a row, about and detail.
#[derive(Clone, Copy, Debug)]
enum Finds {
    /// For the dues from `?1` to `?2`.
    OfDues(&'static str),
    /// The same, with the instants of [`EXPIRY_GRACE`] and [`RETRY_WITHIN`] as `?3` and `?4`.
    OfDuesInTime(&'static str),
    /// For the whole book.
    Whole(&'static str),
}

/// Which dues are looked at.
#[derive(Clone, Copy)]
struct Dues {
    from: i64,
    to: i64,
}

const ALL: Dues = Dues { from: i64::MIN, to: i64::MAX };

/// All of them.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "one payment counts",
        holds: "a due has at most one counted payment",
        what_to_do: "have 财务 compare the due with the platform and give the second payment back",
        finds: Finds::OfDues(statements::ONE_COUNTS),
    },
    Invariant {
        name: "paid is counted",
        holds: "a due is paid exactly when a counted payment pays it",
        what_to_do: "have 财务 compare the due with the platform; correct nothing with sqlite3",
        finds: Finds::OfDues(statements::PAID_IS_COUNTED),
    },
    Invariant {
        name: "refunded was paid",
        holds: "a due is refunded only after a counted payment of it went back",
        what_to_do: "have 财务 compare the due with the platform",
        finds: Finds::OfDues(statements::REFUNDED_WAS_PAID),
    },
    Invariant {
        name: "paid orders have money",
        holds: "an order is paid exactly when a payment of its amount settled it",
        what_to_do: "ask the platform about the order (订单 → 查单)",
        finds: Finds::OfDues(statements::PAID_ORDERS_HAVE_MONEY),
    },
    Invariant {
        name: "payments fit orders",
        holds: "a payment belongs to its order's due, and counts for the order's amount only",
        what_to_do: "have 财务 compare the order with the platform",
        finds: Finds::OfDues(statements::PAYMENTS_FIT_ORDERS),
    },
    Invariant {
        name: EXPIRY,
        holds: "no order is open past its expiry, unless the platform was asked in vain just now",
        what_to_do: "run `kaowu run orders.expire`; see whether the platform answers (--platform)",
        finds: Finds::OfDuesInTime(statements::EXPIRY),
    },
    Invariant {
        name: "notices fit payments",
        holds: "each notice has a verdict that fits: money that was believed is in the books",
        what_to_do: "ask the platform about the order (订单 → 查单)",
        finds: Finds::Whole(statements::NOTICES),
    },
    Invariant {
        name: "counted has receipt",
        holds: "each counted payment has its receipt, over its amount",
        what_to_do: "have 财务 look at the order; compare with the last backup",
        finds: Finds::OfDues(receipts::COUNTED_HAS_RECEIPT),
    },
    Invariant {
        name: "receipts prove payments",
        holds: "each receipt proves a payment that is there: same order, person and amount",
        what_to_do: "have 财务 look at the receipt; compare with the last backup",
        finds: Finds::Whole(receipts::PROVE_PAYMENTS),
    },
    Invariant {
        name: "one receipt stands",
        holds: "for a due at most one receipt stands that was not taken back",
        what_to_do: "have 财务 take the second receipt back (冲红) after its refund",
        finds: Finds::OfDues(receipts::ONE_STANDS),
    },
    Invariant {
        name: "red receipts are refunds",
        holds: "red receipts are the finished refunds of counted payments",
        what_to_do: "have 财务 compare the refund with the platform",
        finds: Finds::OfDues(receipts::RED_ARE_REFUNDS),
    },
    Invariant {
        name: "fates have refunds",
        holds: "what goes back has one refund, over its amount, that says where it stands",
        what_to_do: "have 财务 look at the refund (异常与退款) and compare it with the platform",
        finds: Finds::Whole(refunds::FATES_HAVE_REFUNDS),
    },
    Invariant {
        name: "numbers given once",
        holds: "no receipt number was given twice",
        what_to_do: "stop using that segment and tell the office that issues numbers",
        finds: Finds::Whole(receipts::NUMBERS_ONCE),
    },
    Invariant {
        name: "numbers from segments",
        holds: "each receipt number is one that a segment has given, and none was left out",
        what_to_do: "stop using that segment; compare the receipts with the last backup",
        finds: Finds::Whole(receipts::NUMBERS_FROM_SEGMENTS),
    },
    Invariant {
        name: "segments lie apart",
        holds: "no two number segments overlap",
        what_to_do: "stop using the later segment and tell the office that issues numbers",
        finds: Finds::Whole(receipts::SEGMENTS_APART),
    },
];

impl Invariant {
    /// What contradicts it, in the whole book.
    ///
    /// # Errors
    /// A fault when the book cannot be read.
    pub fn complaints(&self, tx: &ReadTx<'_>) -> Result<Vec<Complaint>, Fault> {
        match self.finds {
            Finds::OfDues(_) | Finds::OfDuesInTime(_) => self.of_dues(tx, ALL),
            Finds::Whole(sql) => tx.all(sql, (), |row| self.complaint(row)),
        }
    }

    /// What contradicts it at these dues; nothing where it is about more than dues.
    fn of_dues(&self, tx: &ReadTx<'_>, dues: Dues) -> Result<Vec<Complaint>, Fault> {
        let Dues { from, to } = dues;
        match self.finds {
            Finds::OfDues(sql) => tx.all(sql, params![from, to], |row| self.complaint(row)),
            Finds::OfDuesInTime(sql) => {
                let (late, lately) = (tx.now() - EXPIRY_GRACE, tx.wall() - RETRY_WITHIN);
                tx.all(sql, params![from, to, late, lately], |row| self.complaint(row))
            }
            Finds::Whole(_) => Ok(Vec::new()),
        }
    }

    fn complaint(&self, row: &rusqlite::Row<'_>) -> rusqlite::Result<Complaint> {
        Ok(Complaint {
            what: self.name,
            about: row.get(0)?,
            detail: row.get(1)?,
            what_to_do: self.what_to_do,
        })
    }
}

/// Everything in the books that contradicts an invariant; empty when all is well.
///
/// # Errors
/// A fault when the books cannot be read.
pub fn complaints(tx: &ReadTx<'_>) -> Result<Vec<Complaint>, Fault> {
    let mut said = Vec::new();
    for invariant in INVARIANTS {
        said.extend(invariant.complaints(tx)?);
    }
    Ok(said)
}

/// What contradicts an invariant at one due: cheap enough to be asked after every act.
///
/// # Errors
/// A fault when the books cannot be read.
pub fn complaints_of_due(tx: &ReadTx<'_>, due: i64) -> Result<Vec<Complaint>, Fault> {
    let mut said = Vec::new();
    for invariant in INVARIANTS {
        said.extend(invariant.of_dues(tx, Dues { from: due, to: due })?);
    }
    Ok(said)
}

/// [`complaints_of_due`] for the due of an order; none where there is no such order.
///
/// # Errors
/// A fault when the books cannot be read.
pub fn complaints_of_order(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Vec<Complaint>, Fault> {
    let due = tx.one(statements::DUE_OF_ORDER, [no], |row| row.get(0))?;
    due.map_or(Ok(Vec::new()), |due| complaints_of_due(tx, due))
}
