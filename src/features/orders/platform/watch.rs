//! Whom nobody asks for: orders that may hold money we have not heard of, or whose time is over.

use jiff::{SignedDuration, Timestamp};

use super::{ask, end};
use crate::app::App;
use crate::base::outcome::Fault;
use crate::features::fees;
use crate::features::orders::rules::Order;
use crate::features::orders::store;
use crate::machinery::db::{Actor, By};

/// For how long after closing the login asks once more: the bank may have been slow.
const LATE_WITHIN: SignedDuration = SignedDuration::from_hours(48);

/// How often logging in has the platform asked about the same order.
const REPAIR_EVERY: SignedDuration = SignedDuration::from_secs(20);

/// How long after its last question an open order is asked about again unasked.
const CHASE_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How many orders a run of a job works off.
const AT_ONCE: i64 = 200;

/// Repairs "paid but shows 未缴费": asks about every order of a person that may hold money we have
/// not heard of. Returns how many were asked about.
///
/// # Errors
/// A fault of ours.
pub fn repair(app: &App, by: By, candidate: i64) -> Result<usize, Fault> {
    let now = app.clock.now();
    let orders = app.db.read_now(move |tx| {
        let unpaid: Vec<i64> = fees::dues_of(tx, candidate)?
            .into_iter()
            .filter(|due| due.state == fees::rules::DueState::Unpaid)
            .map(|due| due.id)
            .collect();
        let orders = store::of_candidate(tx, candidate)?;
        Ok(orders.into_iter().filter(|it| unpaid.contains(&it.due_id)).collect::<Vec<_>>())
    })?;
    let late = |at: Timestamp| now.duration_since(at) < LATE_WITHIN;
    let doubtful = |it: &Order| it.state.is_open() || it.closed_at.is_some_and(late);
    let wall = app.clock.wall();
    let fresh = |it: &Order| it.asked_within(REPAIR_EVERY, wall);
    let mut asked = 0;
    for order in orders.iter().filter(|it| doubtful(it) && !fresh(it)).take(5) {
        let order = ask(app, by, &order.no)?;
        asked += 1;
        if order.ask_trouble.is_some() {
            // The platform is down; the next one would only keep the person waiting.
            break;
        }
    }
    Ok(asked)
}

/// The job: every order past its time is asked about, closed there and then here.
///
/// # Errors
/// A fault of ours.
pub fn expire(app: &App) -> Result<i64, Fault> {
    let by = Actor::Job("orders.expire").into();
    let mut done = 0;
    for no in app.db.read_now(|tx| store::expired(tx, AT_ONCE))? {
        let order = end(app, by, &no, "not paid in time")?;
        if order.ask_trouble.is_some() {
            break;
        }
        done += 1;
    }
    Ok(done)
}

/// The job: asks about payments that were begun and not told of.
///
/// # Errors
/// A fault of ours.
pub fn chase(app: &App) -> Result<i64, Fault> {
    let by = Actor::Job("orders.chase").into();
    let since = app.clock.wall() - CHASE_AFTER;
    let mut done = 0;
    for no in app.db.read_now(move |tx| store::unasked(tx, since, AT_ONCE))? {
        let order = ask(app, by, &no)?;
        if order.ask_trouble.is_some() {
            break;
        }
        done += 1;
    }
    Ok(done)
}
