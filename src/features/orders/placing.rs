//! Placing an order: at most one open one for a due.

use super::rules::{Order, Refused};
use super::{Machine, rules, store};
use crate::base::chance::Chance;
use crate::base::clock::office_date;
use crate::base::outcome::{self, Fault, refuse};
use crate::base::values::OrderNo;
use crate::features::fees::rules::DueState;
use crate::features::windows::rules::Opening;
use crate::features::{candidates, fees, windows};
use crate::machinery::db::{FormKey, Once, WriteTx};

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
