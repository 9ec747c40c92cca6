//! The one act that belongs to each difference: asking, recording, explaining. Where money or the
//! closing depends on it, one person proposes and another confirms.

use serde_json::json;

use super::comparing::{about, compare};
use super::ours::{self, Answer};
use super::rules::{Difference, Entry, Event, Refused, Remedy, Road, Signed, State, WORDS_MAX};
use super::store;
use crate::app::App;
use crate::base::outcome::{self, Fault, refuse};
use crate::features::orders::House;
use crate::machinery::db::{Actor, By, ReadTx, WriteTx};
use crate::machinery::gateway::Success;

/// 向平台查询: asks the platform about what we alone have. It waits for the network.
///
/// What it knows is recorded, and the day compared anew; a difference that stays must then be
/// explained.
///
/// # Errors
/// [`Refused::Unknown`], [`Refused::NotNow`], [`Refused::PlatformAway`].
pub fn ask(app: &App, by: By, id: i64) -> outcome::Result<Difference, Refused> {
    let difference = known(app, id)?;
    if (difference.state, difference.found.remedy) != (State::Open, Remedy::Ask) {
        return refuse(Refused::NotNow);
    }
    if let Some(trouble) = ours::ask(app, by, &difference)? {
        return refuse(Refused::PlatformAway(trouble));
    }
    app.db.write_now(by, move |tx| {
        let mut it = must_find(tx, id)?;
        if (it.state, it.found.remedy) != (State::Open, Remedy::Ask) {
            return refuse(Refused::NotNow);
        }
        it.asked_at = Some(tx.now());
        it.found.remedy = Remedy::Explain;
        store::update_difference(tx, &it)?;
        tx.note("difference.asked", about(id));
        Ok(())
    })?;
    compare(app, by, difference.day)?;
    known(app, id)
}

/// Begins the act of a difference: 补记入账 without words, 说明原因 with them. Proposed again by the
/// same person it changes nothing.
///
/// # Errors
/// [`Refused::Unknown`], [`Refused::NotNow`], [`Refused::NoWords`].
pub fn propose(tx: &WriteTx<'_>, id: i64, words: Option<&str>) -> outcome::Result<(), Refused> {
    let mut it = must_find(tx, id)?;
    let me = person(tx.by())?;
    let words = words.map(str::trim).unwrap_or_default().to_owned();
    match (it.found.remedy, words.chars().count()) {
        (Remedy::Settle, 0) | (Remedy::Explain, 1..=WORDS_MAX) => {}
        (Remedy::Explain, _) => return refuse(Refused::NoWords),
        (Remedy::Settle | Remedy::Ask | Remedy::Nothing, _) => return refuse(Refused::NotNow),
    }
    if it.state == State::Proposed && it.proposal.is_some_and(|it| it.by == me) && it.words == words
    {
        return Ok(());
    }
    let Some(next) = it.state.after(Event::Proposed) else { return refuse(Refused::NotNow) };
    it.state = next;
    it.proposal = Some(Signed { by: me, at: tx.now() });
    it.words = words;
    store::update_difference(tx, &it)?;
    let detail = json!({ "remedy": it.found.remedy.name(), "words": it.words });
    tx.note_with("difference.proposed", about(id), detail);
    Ok(())
}

/// Gives a proposal back, so that something else can be done.
///
/// # Errors
/// [`Refused::Unknown`], [`Refused::NotNow`].
pub fn send_back(tx: &WriteTx<'_>, id: i64) -> outcome::Result<(), Refused> {
    let mut it = must_find(tx, id)?;
    let Some(next) = it.state.after(Event::SentBack) else { return refuse(Refused::NotNow) };
    let detail = json!({ "proposed_by": it.proposal.map(|it| it.by), "words": it.words });
    it.state = next;
    it.proposal = None;
    it.words = String::new();
    store::update_difference(tx, &it)?;
    tx.note_with("difference.sent_back", about(id), detail);
    Ok(())
}

/// Confirms what another person proposed: records the money, or lets the explanation stand.
///
/// Before money is recorded the platform is asked whether it has it. Where it does not answer, the
/// statement that it signed is proof enough; a file that somebody brought is not. It waits for the
/// network.
///
/// # Errors
/// [`Refused::Unknown`], [`Refused::NotNow`], [`Refused::SamePerson`], [`Refused::Contradicted`],
/// [`Refused::PlatformAway`].
pub fn confirm(app: &App, by: By, id: i64) -> outcome::Result<Difference, Refused> {
    let difference = known(app, id)?;
    let me = person(&by)?;
    may_confirm(&difference, me)?;
    let success = match difference.found.remedy {
        Remedy::Settle => Some(proof(app, &difference)?),
        Remedy::Explain | Remedy::Ask | Remedy::Nothing => None,
    };
    let house = House::of(app);
    app.db.write_now(by, move |tx| {
        let it = must_find(tx, id)?;
        may_confirm(&it, me)?;
        confirmed(tx, it, me, success.as_ref(), &house)
    })?;
    compare(app, by, difference.day)?;
    known(app, id)
}

fn may_confirm(difference: &Difference, me: i64) -> outcome::Result<(), Refused> {
    match (difference.state, difference.proposal) {
        (State::Proposed, Some(proposal)) if proposal.by == me => refuse(Refused::SamePerson),
        (State::Proposed, Some(_)) => Ok(()),
        (State::Open | State::Proposed | State::Cleared | State::Explained, _) => {
            refuse(Refused::NotNow)
        }
    }
}

/// What is to be recorded, as the platform says now, or as it signed.
fn proof(app: &App, difference: &Difference) -> outcome::Result<Success, Refused> {
    let said: &Entry = &difference.found.entry;
    match ours::prove(app, said) {
        Answer::Has(success) => Ok(success),
        Answer::HasNot => refuse(Refused::Contradicted),
        Answer::Silent(trouble) => {
            let day = difference.day;
            let taken = app.db.read_now(|tx| store::statement(tx, day))?;
            match taken.map(|it| it.road) {
                Some(Road::Fetched) => Ok(ours::success(said)
                    .ok_or_else(|| Fault::new("a statement's amount is too large"))?),
                Some(Road::Uploaded) | None => refuse(Refused::PlatformAway(trouble)),
            }
        }
    }
}

fn confirmed(
    tx: &WriteTx<'_>,
    mut it: Difference,
    me: i64,
    success: Option<&Success>,
    house: &House,
) -> outcome::Result<(), Refused> {
    let (event, outcome) = match success {
        Some(success) => (Event::Recorded, ours::settle(tx, success, house)?.to_owned()),
        None => (Event::Explained, it.words.clone()),
    };
    let Some(next) = it.state.after(event) else { return refuse(Refused::NotNow) };
    it.state = next;
    it.confirmation = Some(Signed { by: me, at: tx.now() });
    it.outcome = outcome;
    store::update_difference(tx, &it)?;
    let act = match event {
        Event::Recorded => "difference.recorded",
        Event::Proposed | Event::SentBack | Event::Explained | Event::Agreed | Event::Differs => {
            "difference.explained"
        }
    };
    let detail = json!({ "proposed_by": it.proposal.map(|it| it.by), "outcome": it.outcome });
    tx.note_with(act, about(it.id), detail);
    Ok(())
}

fn known(app: &App, id: i64) -> outcome::Result<Difference, Refused> {
    match app.db.read_now(|tx| store::difference(tx, id))? {
        Some(difference) => Ok(difference),
        None => refuse(Refused::Unknown),
    }
}

fn must_find(tx: &ReadTx<'_>, id: i64) -> outcome::Result<Difference, Refused> {
    match store::difference(tx, id)? {
        Some(it) if it.closing.is_none() => Ok(it),
        Some(_) => refuse(Refused::NotNow),
        None => refuse(Refused::Unknown),
    }
}

/// The member of staff on whose behalf this is done.
pub(super) fn person(by: &By) -> Result<i64, Fault> {
    match by.actor {
        Actor::Staff(account) => Ok(account),
        Actor::Candidate(_) | Actor::Platform | Actor::Job(_) | Actor::Operator | Actor::Nobody => {
            Err(Fault::new("a member of staff must do this"))
        }
    }
}
