//! Orders: one attempt each to pay a due, and what the platform said became of it.
//!
//! Words: a *due* is what somebody owes; an *order* is one attempt to pay it; a *payment* is one
//! success that the platform reported. The platform alone knows whether money moved.
//!
//! It promises that an order has a row before the platform hears of it; that it is paid only by a
//! notice that checks out or by our own question; that it is closed here only after the platform
//! was asked; and that each success has one row and one fate, however often it is told.

pub mod console;
pub mod notices;
pub mod platform;
pub mod rules;
mod settling;
pub mod site;
mod store;
mod view;

use jiff::Timestamp;
use serde_json::json;

pub use self::settling::{House, settle};
pub use self::store::{Sought, Takings};

use self::rules::{Event, Order, Payment, Refused, State};
use self::settling::receive;
use crate::base::chance::Chance;
use crate::base::clock::office_date;
use crate::base::outcome::{self, Fault, refuse};
use crate::base::values::OrderNo;
use crate::features::fees::rules::DueState;
use crate::features::windows::rules::Opening;
use crate::features::{candidates, fees, windows};
use crate::machinery::db::{FormKey, Once, ReadTx, WriteTx};

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

/// Places an order for a due, or finds the open one: there is at most one. The same form posted
/// twice finds the order of its first posting.
///
/// # Errors
/// [`Refused`] when nothing is owed, the window is shut, or the person places too many.
pub fn place(
    tx: &WriteTx<'_>,
    candidate: i64,
    due_id: i64,
    key: &FormKey,
    machine: &Machine,
    chance: &Chance,
) -> outcome::Result<Order, Refused> {
    match tx.once(key, &format!("order for due {due_id}"))? {
        Once::First => {}
        Once::Different => return refuse(Refused::FormReused),
        Once::Again(no) => {
            if let Some(order) =
                no.parse().ok().map(|no| store::find(tx, &no)).transpose()?.flatten()
            {
                return Ok(order);
            }
        }
    }
    let order = place_new(tx, candidate, due_id, machine, chance)?;
    tx.answered(key, order.no.text())?;
    Ok(order)
}

fn place_new(
    tx: &WriteTx<'_>,
    candidate: i64,
    due_id: i64,
    machine: &Machine,
    chance: &Chance,
) -> outcome::Result<Order, Refused> {
    let due = fees::due(tx, due_id)?.filter(|due| due.candidate_id == candidate);
    let Some(due) = due else { return refuse(Refused::NoSuchDue) };
    if due.state != DueState::Unpaid {
        return refuse(Refused::NothingOwed);
    }
    if let Some(open) = store::of_due(tx, due_id)?.into_iter().find(|it| it.state.is_open()) {
        return Ok(open);
    }
    let broken = || Fault::new("a due's fee item, project or person is missing");
    let item = fees::item(tx, due.fee_item_id)?.ok_or_else(broken)?;
    let project = fees::project(tx, item.project_id)?.ok_or_else(broken)?;
    let person = candidates::find(tx, candidate)?.ok_or_else(broken)?;
    let today = office_date(tx.now());
    let until = match windows::of(tx, &project.business())?.at(tx.now()) {
        Opening::Open { until, .. } => until,
        Opening::Coming { from } | Opening::Between { next: from } => {
            return refuse(Refused::Shut { opens: Some(windows::words::instant(from, today)) });
        }
        Opening::Over { .. } | Opening::Unset => return refuse(Refused::Shut { opens: None }),
    };
    if store::placed_since(tx, candidate, tx.now() - rules::FLOOD_WITHIN)? >= rules::FLOOD_LIMIT {
        return refuse(Refused::TooMany);
    }
    let no = OrderNo::draw(today, &machine.centre, machine.machine, machine.incarnation, chance);
    let draft = store::Draft {
        no: &no,
        due_id,
        candidate_id: candidate,
        amount: due.amount,
        subject: &format!("{} {}", project.title, item.name),
        payer: person.name.shown(),
        expires_at: rules::expiry(tx.now(), until),
    };
    store::insert(tx, &draft)?;
    tx.note("order.placed", &no);
    let placed = store::find(tx, &no)?;
    Ok(placed.ok_or_else(|| Fault::new("an order just placed is not there"))?)
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
