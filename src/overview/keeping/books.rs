//! The database: the file itself, its books, and its log.

use super::findings::NAMED_MAX;
use super::{Report, ledger};
use crate::base::outcome::Fault;
use crate::machinery::db::{
    LogProof, ReadTx, Reading, Stray, broken_pages, dangling, prove_log, schema_differences,
};
use crate::machinery::rounds;

/// What to do with a file that is broken.
pub(super) const RESTORE: &str =
    "stop kaowu, keep a copy of the folder as it is, and restore the last backup";
/// What to do with what another hand has done.
const INQUIRE: &str =
    "find out who wrote to the database beside kaowu; compare with the last backup";
/// Who closes orders when nobody serves.
const SERVE: &str = "start `kaowu serve`: it asks the platform about them and closes them";
/// The job that closes orders.
const EXPIRE: &str = "orders.expire";
/// The jobs that make backups begin like this.
const BACKUP: &str = "backup";
/// How long after its last run the night shift is at work.
const AWAKE: jiff::SignedDuration = jiff::SignedDuration::from_mins(3);

/// All that the database can prove of itself, on one snapshot.
pub(super) fn check(reading: &mut Reading, report: &mut Report, progress: &dyn Fn(&str)) {
    let mut steps = |tx: &ReadTx<'_>| {
        step(report, "database", |report| file(tx, report, progress));
        step(report, "ledger", |report| books(tx, report));
        step(report, "audit log", |report| log(tx, report, progress));
        step(report, "backup", |report| backup(tx, report));
        Ok(())
    };
    if let Err(fault) = reading.look(&mut steps) {
        report.wrong("database", format!("cannot be read: {fault}"), RESTORE);
    }
}

/// A step that breaks is a finding; the others go on.
fn step(
    report: &mut Report,
    what: &'static str,
    look: impl FnOnce(&mut Report) -> Result<(), Fault>,
) {
    if let Err(fault) = look(report) {
        report.wrong(what, format!("cannot be read: {fault}"), RESTORE);
    }
}

fn file(tx: &ReadTx<'_>, report: &mut Report, progress: &dyn Fn(&str)) -> Result<(), Fault> {
    progress("the pages of the database");
    report.each_wrong("database", broken_pages(tx)?, "every page and index is whole", RESTORE);
    let good = "every row that is referred to is there";
    report.each_wrong("references", dangling(tx)?, good, RESTORE);
    let good = "tables, indexes and triggers are as they were made";
    report.each_wrong("schema", schema_differences(tx)?, good, INQUIRE);
    Ok(())
}

fn books(tx: &ReadTx<'_>, report: &mut Report) -> Result<(), Fault> {
    let last = rounds::all(tx)?.into_iter().find(|it| it.job == EXPIRE);
    let awake = last.is_some_and(|it| tx.wall().duration_since(it.begun_at) < AWAKE);
    for invariant in ledger::INVARIANTS {
        let complaints = invariant.complaints(tx)?;
        if complaints.is_empty() {
            report.good("ledger", invariant.holds);
        }
        for complaint in complaints.iter().take(NAMED_MAX) {
            let said = format!("{}: {complaint}", complaint.what);
            // An appliance that was switched off could not close what has expired since.
            if complaint.what == ledger::EXPIRY && !awake {
                report.look("ledger", said, SERVE);
            } else {
                report.wrong("ledger", said, complaint.what_to_do);
            }
        }
        if let Some(more @ 1..) = complaints.len().checked_sub(NAMED_MAX) {
            let said = format!("{}: and {more} more", invariant.name);
            report.wrong("ledger", said, invariant.what_to_do);
        }
    }
    Ok(())
}

fn log(tx: &ReadTx<'_>, report: &mut Report, progress: &dyn Fn(&str)) -> Result<(), Fault> {
    let proof = prove_log(tx, NAMED_MAX, progress)?;
    match proof.first_broken {
        None => report.good("audit log", format!("{} lines in one unbroken chain", proof.lines)),
        Some(line) => report.wrong(
            "audit log",
            format!("line {line} does not follow from the one before: the log was tampered with"),
            INQUIRE,
        ),
    }
    let LogProof { rows, more, strays, .. } = proof;
    let mut said: Vec<String> = strays.iter().map(told).collect();
    if more > 0 {
        said.push(format!("{more} more rows are not as the audit log says"));
    }
    let good = format!("{rows} rows are as the audit log says");
    report.each_wrong("rows", said, &good, INQUIRE);
    Ok(())
}

fn told(stray: &Stray) -> String {
    let Stray { table, row, how, concerns, written_by } = stray;
    let concerns = concerns.as_ref().map_or_else(String::new, |it| format!(" ({it})"));
    let line = match written_by {
        Some((line, said)) => format!("line {line} of the log wrote it last: {said}"),
        None => "no line of the log knows it".to_owned(),
    };
    format!("{table} row {row}{concerns} {how} behind kaowu's back; {line}")
}

/// When the last backup was made, where a job made it.
fn backup(tx: &ReadTx<'_>, report: &mut Report) -> Result<(), Fault> {
    let rounds = rounds::all(tx)?;
    let Some(last) = rounds.iter().find(|it| it.job.starts_with(BACKUP)) else { return Ok(()) };
    let said = format!("last made at {}", last.begun_at);
    let old = tx.wall().duration_since(last.begun_at) > jiff::SignedDuration::from_hours(26);
    if old || last.trouble.is_some() {
        report.look("backup", said, "make one now with `kaowu backup`");
    } else {
        report.good("backup", said);
    }
    Ok(())
}
