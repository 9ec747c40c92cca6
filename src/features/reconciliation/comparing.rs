//! Laying a statement beside our books, and writing down what differs.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::json;

use super::rules::{
    Difference, Elsewhere, Entry, Found, Kind, Matching, What, alone_here, alone_there,
    compare as matching, unlike,
};
use super::store::{self, Taken};
use super::{ours, statement};
use crate::app::App;
use crate::base::outcome::{Error, Fault, Never};
use crate::machinery::db::{By, ReadTx, WriteTx};

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
