//! What members of staff do with a refund. Each act names the state that the person saw, so that of
//! two who decide at once one wins and the other is told.

use super::hearing::write;
use super::rules::{Decided, Event, Refund, Refused, State, Transfer};
use super::store;
use crate::base::outcome::{Result, refuse};
use crate::base::values::RefundNo;
use crate::features::staff;
use crate::machinery::db::{Actor, ReadTx, WriteTx};

/// Approves a refund. `seen` is the state that the person decided on.
///
/// # Errors
/// [`Refused::SamePerson`] for whoever asked; [`Refused::Moved`] when it is not what was seen.
pub fn approve(tx: &WriteTx<'_>, id: i64, seen: State) -> Result<Refund, Refused> {
    let by = person(tx)?;
    let refund = as_seen(tx, id, seen)?;
    if refund.asked_by == Some(by) {
        return refuse(Refused::SamePerson);
    }
    let decided = Some(Decided { at: tx.now(), by, why: None });
    step(tx, &refund, Event::Approved, "refund.approved", |it| it.decided = decided)
}

/// Declines a refund that a person asked of a payment which counts.
///
/// # Errors
/// As [`approve`]; [`Refused::MustGoBack`] for money that never counted; [`Refused::NothingSaid`]
/// without a reason.
pub fn decline(tx: &WriteTx<'_>, id: i64, seen: State, why: &str) -> Result<Refund, Refused> {
    let by = person(tx)?;
    let refund = as_seen(tx, id, seen)?;
    if !refund.counted() {
        return refuse(Refused::MustGoBack);
    }
    if refund.asked_by == Some(by) {
        return refuse(Refused::SamePerson);
    }
    if why.trim().is_empty() {
        return refuse(Refused::NothingSaid);
    }
    let decided = Some(Decided { at: tx.now(), by, why: Some(why.trim().to_owned()) });
    step(tx, &refund, Event::Declined, "refund.declined", |it| it.decided = decided)
}

/// Tries a failed refund again, under a new number. Its approval stands.
///
/// # Errors
/// [`Refused::Moved`] when it is not what was seen.
pub fn retry(tx: &WriteTx<'_>, id: i64, seen: State, no: RefundNo) -> Result<Refund, Refused> {
    person(tx)?;
    let refund = as_seen(tx, id, seen)?;
    step(tx, &refund, Event::Retried, "refund.retried", |it| it.no = no)
}

/// Enters the bank transfer that gives back by hand what the platform could not.
///
/// # Errors
/// [`Refused::Moved`]; [`Refused::NothingSaid`] without a voucher's number.
pub fn transfer(tx: &WriteTx<'_>, id: i64, seen: State, voucher: &str) -> Result<Refund, Refused> {
    let by = person(tx)?;
    let refund = as_seen(tx, id, seen)?;
    if voucher.trim().is_empty() {
        return refuse(Refused::NothingSaid);
    }
    let voucher = voucher.trim().to_owned();
    let entered = Some(Transfer { voucher, at: tx.now(), by, confirmed_by: None });
    step(tx, &refund, Event::Transferred, "refund.transferred", |it| it.transfer = entered)
}

/// Takes an entered transfer back: it was not made.
///
/// # Errors
/// [`Refused::Moved`] when it is not what was seen.
pub fn take_back(tx: &WriteTx<'_>, id: i64, seen: State) -> Result<Refund, Refused> {
    person(tx)?;
    let refund = as_seen(tx, id, seen)?;
    step(tx, &refund, Event::TakenBack, "refund.transfer_taken_back", |it| it.transfer = None)
}

/// Confirms a transfer that somebody else entered: the money has gone back.
///
/// # Errors
/// [`Refused::SamePerson`] for whoever entered it; [`Refused::Moved`].
pub fn confirm(tx: &WriteTx<'_>, id: i64, seen: State) -> Result<Refund, Refused> {
    let by = person(tx)?;
    let refund = as_seen(tx, id, seen)?;
    if refund.transfer.as_ref().is_some_and(|it| it.by == by) {
        return refuse(Refused::SamePerson);
    }
    let now = tx.now();
    step(tx, &refund, Event::Confirmed, "refund.transfer_confirmed", |it| {
        it.ended_at = Some(now);
        if let Some(transfer) = &mut it.transfer {
            transfer.confirmed_by = Some(by);
        }
    })
}

/// The member of staff who acts.
fn person(tx: &WriteTx<'_>) -> Result<i64, Refused> {
    match tx.by().actor {
        Actor::Staff(id) => Ok(id),
        Actor::Candidate(_) | Actor::Platform | Actor::Job(_) | Actor::Operator | Actor::Nobody => {
            refuse(Refused::NotStaff)
        }
    }
}

fn as_seen(tx: &WriteTx<'_>, id: i64, seen: State) -> Result<Refund, Refused> {
    let Some(refund) = store::find(tx, id)? else { return refuse(Refused::Unknown) };
    if refund.state == seen { Ok(refund) } else { moved(tx, &refund) }
}

fn moved<T>(tx: &ReadTx<'_>, refund: &Refund) -> Result<T, Refused> {
    let transfer = refund.transfer.as_ref();
    let by = transfer
        .map(|it| it.confirmed_by.unwrap_or(it.by))
        .or(refund.decided.as_ref().map(|it| it.by));
    let by = by.map(|it| staff::find(tx, it)).transpose()?.flatten().map(|it| it.name);
    refuse(Refused::Moved { now: refund.state, by })
}

/// What a person does: refused where it has come too late.
fn step(
    tx: &WriteTx<'_>,
    refund: &Refund,
    event: Event,
    act: &'static str,
    change: impl FnOnce(&mut Refund),
) -> Result<Refund, Refused> {
    match write(tx, refund, event, act, change)? {
        Some(after) => Ok(after),
        None => moved(tx, refund),
    }
}
