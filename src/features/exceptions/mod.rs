//! 异常与退款: what the machine could not settle by itself, and a person must look at.
//!
//! It promises that everything odd about money shows here until somebody has dealt with it, each with
//! its age, what happened, whether the candidate's money is safe, and the one right thing to do. It
//! remembers nothing of its own: what it shows are the rooms below, and it acts through them alone.

pub mod console;
pub mod rules;

use jiff::Timestamp;

use self::rules::{Entry, Then};
use crate::base::outcome::Fault;
use crate::features::refunds::Refund;
use crate::features::{candidates, orders, receipts, refunds};
use crate::machinery::db::ReadTx;

/// What waits for a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many entries.
    pub count: i64,
    /// Since when the first of them waits.
    pub oldest: Option<Timestamp>,
}

/// Everything odd about money, the oldest first.
///
/// # Errors
/// A fault when it cannot be read.
pub fn inbox(tx: &ReadTx<'_>) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    for refund in refunds::open(tx)? {
        let payer = payer(tx, &refund)?;
        let failures = refunds::failed_numbers(tx, refund.id)?.len();
        entries.push(rules::of_refund(&refund, payer, failures));
    }
    entries.extend(orders::unanswered(tx)?.iter().map(rules::of_order));
    let forged = orders::forged(tx)?;
    if let Some(since) = forged.first_at {
        entries.push(rules::of_forgeries(&forged, since));
    }
    let waiting = receipts::stock(tx)?.waiting;
    if waiting > 0 {
        entries.push(rules::of_receipts(waiting));
    }
    entries.sort_by_key(|it| (it.since, it.number.clone()));
    Ok(entries)
}

/// What of it waits for a person. Receipts without a number are counted where numbers are loaded.
///
/// # Errors
/// A fault when it cannot be read.
pub fn waiting(tx: &ReadTx<'_>) -> Result<Waiting, Fault> {
    let mut waiting = Waiting::default();
    for entry in inbox(tx)?.into_iter().filter(|it| it.waits && it.then != Then::LoadNumbers) {
        waiting.count += 1;
        waiting.oldest = waiting.oldest.or(entry.since);
    }
    Ok(waiting)
}

/// The name of whoever paid, where that is known.
fn payer(tx: &ReadTx<'_>, refund: &Refund) -> Result<Option<String>, Fault> {
    let person = refund.candidate_id.map(|it| candidates::find(tx, it)).transpose()?.flatten();
    Ok(person.map(|it| it.name.shown().to_owned()))
}
