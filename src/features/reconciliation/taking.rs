//! Taking a statement, by whichever road it comes.

use jiff::civil::{Date, time};
use serde_json::json;

use super::comparing::compare;
use super::ours;
use super::rules::{Refused, Road, by_channel, total};
use super::statement::{self, Statement};
use super::store::{self, Taken};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::outcome::{self, Error, Fault, Never, refuse};
use crate::machinery::db::{Actor, By, WriteTx};
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
