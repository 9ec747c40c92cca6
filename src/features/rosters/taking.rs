//! Taking people over: one by one, in transactions that keep nobody waiting.

use std::sync::Arc;
use std::thread;
use std::time::Instant;

use serde_json::json;

use super::rules::{Choice, Entry, Obstacle, Refused, Roster, Taken};
use super::store;
use crate::app::App;
use crate::base::outcome::{self, Error, Fault, Never, refuse};
use crate::base::values::{Fen, IdDocument, LoginName};
use crate::features::candidates::rules::{Person, Registered};
use crate::features::fees::rules::{Due, DueState, FeeItem, Owed};
use crate::features::{candidates, fees, orders};
use crate::machinery::db::{By, FormKey, Once, ReadTx, WriteTx};

/// How many people are taken over in one transaction at most. It takes well under a second, and
/// meanwhile nobody else writes.
const WHOLE_MAX: usize = 10_000;

/// How many people of a larger roster are taken over at a time.
const CHUNK: usize = 500;

/// What is known of the person of a row.
pub(super) struct Known {
    pub(super) person: Option<Person>,
    /// What they owe of the roster's fee item.
    pub(super) due: Option<Due>,
}

impl Known {
    pub(super) fn find(
        tx: &ReadTx<'_>,
        item: &FeeItem,
        document: &IdDocument,
    ) -> Result<Known, Fault> {
        let key = document.match_key();
        let alike = match document.number().parse::<LoginName>() {
            Ok(typed) => candidates::find_by_login(tx, &typed)?,
            Err(_) => Vec::new(),
        };
        let person = alike.into_iter().find(|it| it.document.match_key() == key);
        let dues = match &person {
            Some(person) => fees::dues_of(tx, person.id)?,
            None => Vec::new(),
        };
        Ok(Known { person, due: dues.into_iter().find(|it| it.fee_item_id == item.id) })
    }
}

/// What somebody shall owe by a row: its amount, else the fee item's standard. What is settled
/// stays as it is where the row names no amount.
pub(super) fn amount(
    tx: &ReadTx<'_>,
    item: &FeeItem,
    entry: &Entry,
    due: Option<&Due>,
) -> Result<Result<Fen, Obstacle>, Fault> {
    let wanted = entry.amount.unwrap_or(item.standard);
    let Some(due) = due.filter(|it| it.amount != wanted) else { return Ok(Ok(wanted)) };
    if due.state != DueState::Unpaid {
        let kept = entry.amount.is_none().then_some(due.amount);
        return Ok(kept.ok_or(Obstacle::Settled(due.state.label())));
    }
    let is_open = orders::of_due(tx, due.id)?.iter().any(|it| it.state.is_open());
    Ok(if is_open { Err(Obstacle::BeingPaid) } else { Ok(wanted) })
}

/// Writes a roster down, once a form; and takes all of it over, where that does not take long.
pub(super) fn accept(
    tx: &WriteTx<'_>,
    roster: Roster,
    choice: Choice,
    people: &[Entry],
    key: &FormKey,
) -> outcome::Result<Roster, Refused> {
    let wish = format!("{choice:?} of {} for fee item {}", roster.file_digest, roster.fee_item_id);
    match tx.once(key, &wish)? {
        Once::First => {}
        Once::Different => return refuse(Refused::DoneBefore),
        Once::Again(id) => {
            let Some(first) = id.parse().ok().map(|id| store::find(tx, id)).transpose()?.flatten()
            else {
                return refuse(Refused::DoneBefore);
            };
            return Ok(first);
        }
    }
    let id = store::insert(tx, &roster)?;
    tx.answered(key, &id.to_string())?;
    let roster = Roster { id, ..roster };
    if people.len() > WHOLE_MAX {
        note(tx, "roster.accepted", &roster);
        return Ok(roster);
    }
    let roster = take_some(tx, roster, people)?;
    // Somebody has paid since the draft was shown.
    if choice == Choice::AllOrNothing && roster.refused > 0 {
        return refuse(Refused::BadRows);
    }
    Ok(roster)
}

/// Takes over, chunk by chunk, the people of a roster that are left.
pub(super) fn take_the_rest(
    app: &App,
    by: By,
    roster: &Roster,
    people: &Arc<[Entry]>,
) -> Result<Roster, Fault> {
    if people.len() != roster.people {
        return Err(Fault::new(format!("roster {} is read otherwise than before", roster.id)));
    }
    let mut roster = roster.clone();
    while !roster.is_finished() {
        let begun = Instant::now();
        let (id, people) = (roster.id, people.clone());
        let work = move |tx: &WriteTx<'_>| -> outcome::Result<Roster, Never> {
            // Another process may have gone on with it.
            let gone = || Fault::new(format!("there is no roster {id}"));
            let roster = store::find(tx, id)?.ok_or_else(gone)?;
            let left = &people[roster.done..];
            match left.is_empty() {
                true => Ok(roster),
                false => Ok(take_some(tx, roster, &left[..left.len().min(CHUNK)])?),
            }
        };
        roster = app.db.write_now(by, work)?;
        if !roster.is_finished() {
            // Whoever waits for the lock in another process only tries now and then: without a
            // pause as long as the work, it would hardly ever find the house open.
            thread::sleep(begun.elapsed());
        }
    }
    Ok(roster)
}

fn take_some(tx: &WriteTx<'_>, mut roster: Roster, people: &[Entry]) -> Result<Roster, Fault> {
    let Some(item) = fees::item(tx, roster.fee_item_id)? else {
        return Err(Fault::new("a roster's fee item is missing"));
    };
    for entry in people {
        roster.count(take(tx, &item, entry)?);
    }
    store::advance(tx, &roster)?;
    note(tx, if roster.is_finished() { "roster.loaded" } else { "roster.continued" }, &roster);
    Ok(roster)
}

/// Takes one person over: their account, and what they owe.
fn take(tx: &WriteTx<'_>, item: &FeeItem, entry: &Entry) -> Result<Taken, Fault> {
    let known = Known::find(tx, item, &entry.document)?;
    let amount = match amount(tx, item, entry, known.due.as_ref())? {
        Ok(amount) => amount,
        Err(obstacle) => return Ok(Taken::Refused(obstacle)),
    };
    let (id, registered) = candidates::register(
        tx,
        &candidates::rules::Entry {
            document: entry.document.clone(),
            name: entry.name.clone(),
            phone: Some(entry.phone.clone()),
            email: None,
            initial_password: entry.initial_password.clone(),
        },
    )?;
    let school = entry.school.as_ref();
    let school = school.map(|it| (it.code.as_deref().unwrap_or_default(), it.name.as_str()));
    let owed = match fees::owe(tx, id, item.id, amount, school) {
        Ok((_, owed)) => owed,
        Err(Error::Fault(fault)) => return Err(fault),
        Err(Error::Refused(why)) => return Err(Fault::new(format!("not owed: {why:?}"))),
    };
    Ok(match (owed, registered) {
        (Owed::New, _) => Taken::New,
        (Owed::Changed, _) | (Owed::Same, Registered::Changed | Registered::New) => Taken::Changed,
        (Owed::Same, Registered::Same) => Taken::Same,
    })
}

fn note(tx: &WriteTx<'_>, act: &'static str, roster: &Roster) {
    let detail = json!({
        "fee_item": roster.fee_item_id,
        "file": roster.file_digest.to_string(),
        "people": roster.people,
        "done": roster.done,
        "added": roster.added,
        "changed": roster.changed,
        "refused": roster.refused,
        "left_out": roster.left_out,
    });
    tx.note_with(act, format_args!("roster {}", roster.id), detail);
}
