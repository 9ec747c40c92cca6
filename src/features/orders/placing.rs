//! Placing an order: at most one open one for a due.

use jiff::Timestamp;

use super::rules::{Order, Refused, State};
use super::{Machine, rules, store};
use crate::base::chance::Chance;
use crate::base::clock::office_date;
use crate::base::outcome::{self, Fault, refuse};
use crate::base::values::OrderNo;
use crate::features::candidates::rules::Person;
use crate::features::fees::rules::{Due, DueState, FeeItem, Project};
use crate::features::windows::rules::Opening;
use crate::features::{candidates, fees, windows};
use crate::machinery::db::{FormKey, Once, ReadTx, WriteTx};

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
    place_as(tx, (candidate, due_id), (key, &format!("order for due {due_id}")), machine, chance)
}

/// [`place`] for a form that wishes something else besides.
pub(super) fn place_as(
    tx: &WriteTx<'_>,
    (candidate, due_id): (i64, i64),
    (key, wish): (&FormKey, &str),
    machine: &Machine,
    chance: &Chance,
) -> outcome::Result<Order, Refused> {
    match tx.once(key, wish)? {
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

/// What an order is made of.
struct Terms {
    due: Due,
    item: FeeItem,
    project: Project,
    person: Person,
    /// When the window ends.
    until: Timestamp,
}

/// May this person place a new order for the due now?
///
/// # Errors
/// [`Refused`] as [`place`].
pub(super) fn may_place(
    tx: &ReadTx<'_>,
    candidate: i64,
    due_id: i64,
) -> outcome::Result<(), Refused> {
    terms(tx, candidate, due_id).map(|_| ())
}

fn terms(tx: &ReadTx<'_>, candidate: i64, due_id: i64) -> outcome::Result<Terms, Refused> {
    let due = fees::due(tx, due_id)?.filter(|due| due.candidate_id == candidate);
    let Some(due) = due else { return refuse(Refused::NoSuchDue) };
    if due.state != DueState::Unpaid {
        return refuse(Refused::NothingOwed);
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
    Ok(Terms { due, item, project, person, until })
}

fn place_new(
    tx: &WriteTx<'_>,
    candidate: i64,
    due_id: i64,
    machine: &Machine,
    chance: &Chance,
) -> outcome::Result<Order, Refused> {
    let due = fees::due(tx, due_id)?;
    let payable =
        due.is_some_and(|it| it.candidate_id == candidate && it.state == DueState::Unpaid);
    let open = store::of_due(tx, due_id)?.into_iter().find(|it| it.state.is_open());
    if let Some(open) = open.filter(|_| payable) {
        return Ok(open);
    }
    let Terms { due, item, project, person, until } = terms(tx, candidate, due_id)?;
    let today = office_date(tx.now());
    let no = OrderNo::draw(today, &machine.centre, machine.machine, machine.incarnation, chance);
    let draft = store::Draft {
        no: &no,
        due_id,
        candidate_id: candidate,
        amount: due.amount,
        subject: &format!("{} {}", project.title, item.name),
        payer: person.name.shown(),
        expires_at: rules::expiry(tx.now(), until),
        state: State::Created,
    };
    store::insert(tx, &draft)?;
    tx.note("order.placed", &no);
    let placed = store::find(tx, &no)?;
    Ok(placed.ok_or_else(|| Fault::new("an order just placed is not there"))?)
}
