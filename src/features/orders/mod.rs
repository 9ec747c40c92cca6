//! Orders: one attempt each to pay a due, and what the platform said became of it.
//!
//! Words: a *due* is what somebody owes; an *order* is one attempt to pay it; a *payment* is one
//! success that the platform reported. The platform alone knows whether money moved.
//!
//! It promises that an order has a row before the platform hears of it; that it is paid only by a
//! notice that checks out or by our own question; that it is closed here only after the platform
//! was asked; and that each success has one row and one fate, however often it is told.

pub mod console;
mod house;
pub mod notices;
mod placing;
pub mod platform;
pub mod refunding;
pub mod rules;
mod settling;
pub mod site;
mod store;
mod view;

use jiff::Timestamp;
use serde_json::json;

pub use self::house::House;
pub use self::placing::place;
pub use self::settling::{receive, settle};
pub use self::store::{Forgeries, Sought, Takings};

use self::rules::{Event, Order, Payment, State};
use crate::app::App;
use crate::base::outcome::Fault;
use crate::base::values::OrderNo;
use crate::machinery::db::{ReadTx, WriteTx};

/// What an order's number is made of beside the day and the dice.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The centre's code.
    pub centre: String,
    /// Which of its machines.
    pub machine: u8,
    /// Raised by every restore.
    pub incarnation: u8,
}

impl Machine {
    /// The machine that `app` runs on.
    pub fn of(app: &App) -> Machine {
        Machine {
            centre: app.folder.centre.to_string(),
            machine: app.folder.machine,
            incarnation: app.folder.incarnation,
        }
    }
}

/// Records that the platform took an order and gave its page.
///
/// # Errors
/// A fault when the order is not there. An order that is past it stays as it is.
pub fn opened(tx: &WriteTx<'_>, no: &OrderNo, pay_url: &str) -> Result<Order, Fault> {
    let order = must_find(tx, no)?;
    let Some(next) = order.state.after(Event::Opened) else { return Ok(order) };
    if order.state != next || order.pay_url.as_deref() != Some(pay_url) {
        store::set_pay_url(tx, no, pay_url)?;
        if order.state != next {
            store::move_state(tx, &order, next, None)?;
        }
        tx.note("order.opened", no);
    }
    must_find(tx, no)
}

/// Closes an order: the platform was asked, has no money for it, and will take none.
///
/// # Errors
/// A fault when the order is not there.
pub fn close(tx: &WriteTx<'_>, no: &OrderNo, why: &'static str) -> Result<Order, Fault> {
    let order = must_find(tx, no)?;
    if let Some(next) = order.state.after(Event::Closed).filter(|next| *next != order.state) {
        store::move_state(tx, &order, next, None)?;
        tx.note_with("order.closed", no, json!({ "before": order.state.name(), "why": why }));
    }
    must_find(tx, no)
}

/// Records that the platform was asked about an order, and why that failed if it did. It leaves no
/// audit line: what follows from an answer does.
///
/// # Errors
/// A fault when it cannot be written.
pub fn asked(tx: &WriteTx<'_>, no: &OrderNo, trouble: Option<&str>) -> Result<(), Fault> {
    store::remember_question(tx, no, trouble)
}

/// An order by its number.
///
/// # Errors
/// A fault when it cannot be read.
pub fn find(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Option<Order>, Fault> {
    store::find(tx, no)
}

/// All orders of a person, newest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn of_candidate(tx: &ReadTx<'_>, candidate: i64) -> Result<Vec<Order>, Fault> {
    store::of_candidate(tx, candidate)
}

/// All orders for a due, newest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn of_due(tx: &ReadTx<'_>, due: i64) -> Result<Vec<Order>, Fault> {
    store::of_due(tx, due)
}

/// The successes of an order, oldest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn payments(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Vec<Payment>, Fault> {
    store::payments(tx, no)
}

/// The successes for a due, by whichever order, oldest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn payments_of_due(tx: &ReadTx<'_>, due: i64) -> Result<Vec<Payment>, Fault> {
    store::payments_of_due(tx, due)
}

/// One success, by the platform's number.
///
/// # Errors
/// A fault when it cannot be read.
pub fn payment(tx: &ReadTx<'_>, trade_no: &str) -> Result<Option<Payment>, Fault> {
    store::payment(tx, trade_no)
}

/// The successes that the platform dates at `from` or later and before `until`, oldest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn payments_between(
    tx: &ReadTx<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Payment>, Fault> {
    store::payments_between(tx, from, until)
}

/// Orders past their time that stay open since the platform does not answer for them.
///
/// # Errors
/// A fault when they cannot be read.
pub fn unanswered(tx: &ReadTx<'_>) -> Result<Vec<Order>, Fault> {
    store::unanswered(tx)
}

/// The forged notices that nobody of staff has taken note of.
///
/// # Errors
/// A fault when they cannot be read.
pub fn forged(tx: &ReadTx<'_>) -> Result<Forgeries, Fault> {
    store::forged(tx)
}

/// A member of staff takes note of the forged notices up to the one with the number `last`.
///
/// # Errors
/// A fault when it cannot be written.
pub fn see_forged(tx: &WriteTx<'_>, last: i64, by: i64) -> Result<(), Fault> {
    let seen = store::see_forged(tx, last, by)?;
    if seen > 0 {
        tx.note_with("notices.seen", format_args!("notice {last}"), json!({ "seen": seen }));
    }
    Ok(())
}

/// How many orders are in each state.
///
/// # Errors
/// A fault when they cannot be counted.
pub fn counts(tx: &ReadTx<'_>) -> Result<Vec<(State, i64)>, Fault> {
    store::counts(tx)
}

/// What came in since an instant, and what waits to be given back.
///
/// # Errors
/// A fault when it cannot be counted.
pub fn takings(tx: &ReadTx<'_>, since: Timestamp) -> Result<Takings, Fault> {
    store::takings(tx, since)
}

fn must_find(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Order, Fault> {
    store::find(tx, no)?.ok_or_else(|| Fault::new("there is no such order"))
}
