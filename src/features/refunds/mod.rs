//! Refunds: money of a payment that goes back, always all of it.
//!
//! Words: a refund is *asked* for by a person or by rule, *approved* or *declined* by another
//! person, *sent* to the platform under a *number*, and *ended* when the payer has the money; one
//! that *failed* is tried again under a new number, or done by hand with a bank *transfer* that two
//! persons answer for.
//!
//! It promises that a payment has one living refund at most; that nobody decides what they asked;
//! that of two people who decide at once one wins and the other is told; and that nothing is done by
//! hand while the platform may still do it. It knows no order and no due: `orders::refunding` speaks
//! to the platform, and does what follows when the money has gone back.

mod deciding;
mod hearing;
pub mod rules;
mod store;

use jiff::Timestamp;
use serde_json::json;

pub use self::deciding::{approve, confirm, decline, retry, take_back, transfer};
pub use self::hearing::{ended, failed, sent, tried};
pub use self::rules::Refund;

use self::rules::{Draft, Refused, State};
use crate::base::chance::Chance;
use crate::base::outcome::{Fault, Result, refuse};
use crate::base::values::{OrderNo, RefundNo};
use crate::machinery::db::{ReadTx, WriteTx};

type Found<T> = std::result::Result<T, Fault>;

/// Draws the number of a refund: like an order's, so that it tells where it comes from and is never
/// drawn twice, with an `R` before it.
pub fn draw_no(day: jiff::civil::Date, from: (&str, u8, u8), chance: &Chance) -> RefundNo {
    let (centre, machine, incarnation) = from;
    let no = format!("R{}", OrderNo::draw(day, centre, machine, incarnation, chance));
    no.parse().expect("a letter and 28 digits are a refund's number")
}

/// Asks for a refund.
///
/// # Errors
/// [`Refused::AlreadyAsked`] when the payment has one that was not declined.
pub fn ask(tx: &WriteTx<'_>, draft: &Draft) -> Result<i64, Refused> {
    let living = store::of_trade(tx, &draft.trade_no)?;
    if let Some(it) = living.iter().find(|it| it.state != State::Declined) {
        return refuse(Refused::AlreadyAsked { refund: it.id, state: it.state });
    }
    let id = store::insert(tx, draft)?;
    let detail = json!({
        "number": draft.no.to_string(),
        "trade_no": draft.trade_no,
        "amount": draft.amount.fen(),
        "reason": draft.reason.name(),
        "afterwards": draft.afterwards.map(rules::Afterwards::name),
    });
    let act = if draft.asked_by.is_some() { "refund.asked" } else { "refund.asked_by_rule" };
    tx.note_with(act, about(id), detail);
    Ok(id)
}

/// A refund.
///
/// # Errors
/// A fault when it cannot be read.
pub fn find(tx: &ReadTx<'_>, id: i64) -> Found<Option<Refund>> {
    store::find(tx, id)
}

/// The refund that has, or once had, this number at the platform.
///
/// # Errors
/// A fault when it cannot be read.
pub fn by_no(tx: &ReadTx<'_>, no: &RefundNo) -> Found<Option<Refund>> {
    store::by_no(tx, no)
}

/// The numbers by which it failed, the oldest first, and when we learnt of that.
///
/// # Errors
/// A fault when they cannot be read.
pub fn failed_numbers(tx: &ReadTx<'_>, id: i64) -> Found<Vec<(String, Timestamp)>> {
    store::failed_numbers(tx, id)
}

/// The refunds of a payment, the newest first; all but the newest were declined.
///
/// # Errors
/// A fault when they cannot be read.
pub fn of_trade(tx: &ReadTx<'_>, trade_no: &str) -> Found<Vec<Refund>> {
    store::of_trade(tx, trade_no)
}

/// All that have not come to an end, the oldest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn open(tx: &ReadTx<'_>) -> Found<Vec<Refund>> {
    store::open(tx)
}

/// Those that wait for a decision, the oldest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn waiting(tx: &ReadTx<'_>) -> Found<Vec<Refund>> {
    Ok(store::open(tx)?.into_iter().filter(|it| it.state == State::Asked).collect())
}

/// Those whose money had gone back at `from` or later and before `until`: by the platform's clock,
/// or the house's where it went by bank transfer, which stands in no statement.
///
/// # Errors
/// A fault when they cannot be read.
pub fn ended_between(tx: &ReadTx<'_>, from: Timestamp, until: Timestamp) -> Found<Vec<Refund>> {
    store::ended_between(tx, from, until)
}

/// A page of all there ever were, the newest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn list(tx: &ReadTx<'_>, before: Option<i64>, limit: i64) -> Found<Vec<Refund>> {
    store::list(tx, before, limit)
}

/// Those that are to be sent, or sent again, now.
///
/// # Errors
/// A fault when they cannot be read.
pub fn to_send(tx: &ReadTx<'_>, limit: i64) -> Found<Vec<i64>> {
    store::to_try(tx, State::Approved, limit)
}

/// Those that the platform is to be asked about now.
///
/// # Errors
/// A fault when they cannot be read.
pub fn to_follow(tx: &ReadTx<'_>, limit: i64) -> Found<Vec<i64>> {
    store::to_try(tx, State::Sent, limit)
}

/// What the audit log calls a refund.
pub fn about(id: i64) -> String {
    format!("refund {id}")
}
