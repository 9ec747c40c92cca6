//! Taking a statement, and laying it beside our books.

use std::collections::HashMap;

use jiff::civil::{Date, time};
use serde_json::json;

use super::ours;
use super::rules::{
    Difference, Elsewhere, Entry, Found, Kind, Matching, Refused, Road, What, alone_here,
    alone_there, by_channel, compare as matching, total, unlike,
};
use super::statement::{self, Statement};
use super::store::{self, Taken};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::outcome::{self, Error, Fault, Never, refuse};
use crate::machinery::db::{Actor, By, ReadTx, WriteTx};
use crate::machinery::gateway::Trouble;

/// How many days back the job looks for days whose statement it lacks.
const LOOK_BACK: i64 = 7;

/// What became of a statement that was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// It is the day's statement now.
    New,
    /// It is the one we have; nothing was doubled.
    Same,
}

/// Asks the platform for the statement of a day, and compares it. It waits for the network.
///
/// # Errors
/// [`Refused::NotOver`], [`Refused::NotReady`], [`Refused::PlatformAway`], [`Refused::Bad`].
pub fn fetch(app: &App, by: By, day: Date) -> outcome::Result<Brought, Refused> {
    if day >= app.clock.today() {
        return refuse(Refused::NotOver);
    }
    let lines = match app.gateway.statement(day) {
        Ok(lines) => lines,
        Err(Trouble::Refused { code, .. }) if code == "STATEMENT_NOT_READY" => {
            return refuse(Refused::NotReady);
        }
        Err(trouble) => return refuse(Refused::PlatformAway(trouble.to_string())),
    };
    match statement::of_platform(day, &app.folder.centre, lines)? {
        Ok(statement) => keep(app, by, day, Road::Fetched, statement),
        Err(complaints) => refuse(Refused::Bad(complaints)),
    }
}

/// Takes the statement of a day from a file, and compares it. Of a file with faults nothing is
/// kept.
///
/// # Errors
/// [`Refused::NotOver`], [`Refused::Bad`] with everything that is wrong.
pub fn upload(app: &App, by: By, day: Date, bytes: Vec<u8>) -> outcome::Result<Brought, Refused> {
    if day >= app.clock.today() {
        return refuse(Refused::NotOver);
    }
    match statement::of_file(day, &app.folder.centre, bytes) {
        Ok(statement) => keep(app, by, day, Road::Uploaded, statement),
        Err(complaints) => refuse(Refused::Bad(complaints)),
    }
}

fn keep(
    app: &App,
    by: By,
    day: Date,
    road: Road,
    statement: Statement,
) -> outcome::Result<Brought, Refused> {
    // The bytes before the row that names them.
    let file = app.files.put(&statement.bytes)?;
    let channels = by_channel(&statement.entries);
    let taken = Taken {
        id: 0,
        day,
        road,
        file,
        content: statement.content,
        sums: total(&channels),
        channels,
        taken_at: app.clock.now(),
    };
    let brought = app.db.write_now(by, move |tx| take(tx, &taken).map_err(Error::<Never>::Fault));
    let brought = brought.map_err(Fault::from)?;
    for day in [Some(day), day.yesterday().ok(), day.tomorrow().ok()].into_iter().flatten() {
        compare(app, by, day)?;
    }
    Ok(brought)
}

fn take(tx: &WriteTx<'_>, taken: &Taken) -> Result<Brought, Fault> {
    let current = store::statement(tx, taken.day)?;
    if current.as_ref().is_some_and(|it| it.content == taken.content) {
        return Ok(Brought::Same);
    }
    let id = store::insert_statement(tx, taken)?;
    let detail = json!({
        "day": taken.day,
        "road": taken.road.name(),
        "file": taken.file.to_string(),
        "payments": taken.sums.payments,
        "payments_fen": taken.sums.payments_fen,
        "refunds": taken.sums.refunds,
        "refunds_fen": taken.sums.refunds_fen,
        "before": current.map(|it| it.content.to_string()),
    });
    tx.note_with("statement.taken", format_args!("statement {id}"), detail);
    Ok(Brought::New)
}

/// What is read of files before a comparison, so that no file is waited for in a transaction.
pub(super) struct Prepared {
    pub(super) statement: Taken,
    entries: Vec<Entry>,
    /// What the neighbouring statements say of lines that we alone have on the day.
    nearby: HashMap<(What, String), (Date, i64)>,
}

/// Lays the statement of a day beside our books, again. Without a statement it does nothing.
///
/// # Errors
/// A fault when the statement cannot be read any more.
pub fn compare(app: &App, by: By, day: Date) -> Result<(), Fault> {
    let Some(prepared) = prepare(app, day)? else { return Ok(()) };
    let work = move |tx: &WriteTx<'_>| refresh(tx, &prepared).map_err(Error::<Never>::Fault);
    app.db.write_now(by, work).map_err(Fault::from)
}

pub(super) fn prepare(app: &App, day: Date) -> Result<Option<Prepared>, Fault> {
    let found = app.db.read_now(|tx| {
        let Some(statement) = store::statement(tx, day)? else { return Ok(None) };
        let mut neighbours = Vec::new();
        for day in [day.yesterday(), day.tomorrow()].into_iter().flatten() {
            neighbours.extend(store::statement(tx, day)?);
        }
        Ok(Some((statement, neighbours, ours::of_day(tx, day)?)))
    })?;
    let Some((statement, neighbours, ours)) = found else { return Ok(None) };
    let entries = lines(app, &statement)?;
    let alone = matching(ours, entries.clone()).ours_only;
    let mut nearby = HashMap::new();
    if !alone.is_empty() {
        let mut sought: HashMap<_, ()> =
            alone.into_iter().map(|it| ((it.what, it.number), ())).collect();
        for neighbour in neighbours {
            for it in lines(app, &neighbour)? {
                if let Some((key, ())) = sought.remove_entry(&(it.what, it.number)) {
                    nearby.insert(key, (neighbour.day, it.fen));
                }
            }
        }
    }
    Ok(Some(Prepared { statement, entries, nearby }))
}

fn lines(app: &App, taken: &Taken) -> Result<Vec<Entry>, Fault> {
    match app.files.get(&taken.file)? {
        Some(bytes) => statement::again(taken.day, &bytes),
        None => Err(Fault::new(format!("file {}, a statement, is not there", taken.file))),
    }
}

/// Compares, and writes down what is new: found, otherwise than before, or agreeing now.
pub(super) fn refresh(tx: &WriteTx<'_>, prepared: &Prepared) -> Result<(), Fault> {
    let day = prepared.statement.day;
    let latest = store::statement(tx, day)?.map(|it| it.id);
    if latest != Some(prepared.statement.id) {
        // Another one came meanwhile; whoever brought it compares it.
        return Ok(());
    }
    let mut known: HashMap<(What, String), Difference> = HashMap::new();
    for it in store::differences(tx, day)? {
        let key = (it.found.entry.what, it.found.entry.number.clone());
        // Of what was closed and came back the open one counts.
        match known.get(&key) {
            Some(there) if there.closing.is_none() || there.id > it.id && it.closing.is_some() => {}
            Some(_) | None => drop(known.insert(key, it)),
        }
    }
    for found in look(tx, prepared)? {
        let before = known.remove(&(found.entry.what, found.entry.number.clone()));
        remember(tx, day, before, Some(found))?;
    }
    let mut gone: Vec<Difference> = known.into_values().collect();
    gone.sort_by_key(|it| it.id);
    for before in gone {
        remember(tx, day, Some(before), None)?;
    }
    Ok(())
}

fn look(tx: &ReadTx<'_>, prepared: &Prepared) -> Result<Vec<Found>, Fault> {
    let day = prepared.statement.day;
    let ours = ours::of_day(tx, day)?;
    let Matching { unlike: pairs, ours_only, theirs_only, .. } =
        matching(ours, prepared.entries.clone());
    let mut found: Vec<Found> = pairs.into_iter().map(|(our, their)| unlike(&our, their)).collect();
    for their in theirs_only {
        let here = ours::elsewhere(tx, &their)?;
        found.push(alone_there(day, their, here));
    }
    for our in ours_only {
        let nearby = prepared.nearby.get(&(our.what, our.number.clone()));
        let there = nearby.map_or(Elsewhere::Nowhere, |(day, fen)| Elsewhere::On(*day, *fen));
        found.push(alone_here(day, our, there));
    }
    Ok(found)
}

fn remember(
    tx: &WriteTx<'_>,
    day: Date,
    before: Option<Difference>,
    found: Option<Found>,
) -> Result<(), Fault> {
    let changed = match (&before, &found) {
        (Some(before), _) => before.compared(found.as_ref()),
        (None, _) => None,
    };
    match (before, changed, found) {
        (None, _, Some(found)) => insert(tx, day, &found),
        (Some(before), Some(_), Some(found)) if before.closing.is_some() => insert(tx, day, &found),
        (Some(before), Some(changed), _) if before.closing.is_none() => {
            store::update_difference(tx, &changed)?;
            let detail = json!({
                "before": before.state.name(),
                "after": changed.state.name(),
                "kind": changed.found.kind.name(),
            });
            tx.note_with("difference.compared", about(changed.id), detail);
            Ok(())
        }
        (Some(_) | None, _, _) => Ok(()),
    }
}

fn insert(tx: &WriteTx<'_>, day: Date, found: &Found) -> Result<(), Fault> {
    let id = store::insert_difference(tx, day, found)?;
    let detail = json!({
        "day": day,
        "kind": found.kind.name(),
        "number": found.entry.number,
        "theirs_fen": found.theirs_fen,
        "ours_fen": found.ours_fen,
    });
    let act = match found.kind {
        Kind::AcrossMidnight => "difference.across_midnight",
        Kind::TheirsOnly | Kind::OursOnly | Kind::AmountDiffers | Kind::StateDiffers => {
            "difference.found"
        }
    };
    tx.note_with(act, about(id), detail);
    Ok(())
}

/// What the audit log calls a difference.
pub(super) fn about(id: i64) -> String {
    format!("difference {id}")
}

/// The job: from 03:30 on it fetches the statement of yesterday, and of days before that were
/// missed, and compares anew what is not closed. Returns how many statements it brought.
///
/// # Errors
/// A fault when the platform gave none of them.
pub fn fetch_missing(app: &App) -> Result<i64, Fault> {
    let by: By = Actor::Job("reconciliation.fetch").into();
    let today = app.clock.today();
    let first = today.saturating_sub(jiff::Span::new().days(LOOK_BACK));
    let yesterday = today.yesterday().unwrap_or(today);
    let (have, busy) = app.db.read_now(|tx| {
        let have = store::statements_between(tx, first, yesterday)?;
        Ok((have, ours::sums(tx, first, yesterday)?))
    })?;
    for taken in &have {
        compare(app, by, taken.day)?;
    }
    if app.clock.wall().to_zoned(OFFICE).time() < time(3, 30, 0, 0) {
        return Ok(0);
    }
    let wanted =
        first.series(jiff::Span::new().days(1)).take_while(|day| *day < today).filter(|day| {
            let is_missed = have.first().is_some_and(|it| it.day < *day) || busy.contains_key(day);
            (*day == yesterday || is_missed) && !have.iter().any(|it| it.day == *day)
        });
    let mut brought = 0;
    for day in wanted.collect::<Vec<_>>() {
        match fetch(app, by, day) {
            Ok(_) => brought += 1,
            Err(Error::Refused(Refused::NotReady)) => {}
            Err(Error::Refused(why)) => {
                return Err(Fault::new(format!("no statement of {day}: {why:?}")));
            }
            Err(Error::Fault(fault)) => return Err(fault),
        }
    }
    Ok(brought)
}
