//! The runs of jobs, as they lie in the database.

use rusqlite::params;

use super::Round;
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

/// Writes down that a job begins.
///
/// # Errors
/// A fault when it cannot be written.
pub fn begun(tx: &WriteTx<'_>, job: &str) -> Result<(), Fault> {
    // What went wrong before stays until this run has ended: a job that hangs hides nothing.
    tx.run(
        "insert into job_runs (job, begun_at)
         values (?1, ?2)
         on conflict (job) do update
            set begun_at = excluded.begun_at,
                ended_at = null,
                did = null",
        params![job, tx.wall()],
    )?;
    Ok(())
}

/// Writes down how a job ended: how many things it did, or what went wrong.
///
/// # Errors
/// A fault when it cannot be written.
pub fn ended(
    tx: &WriteTx<'_>,
    job: &str,
    did: Option<i64>,
    trouble: Option<&str>,
) -> Result<(), Fault> {
    tx.run(
        "update job_runs
            set ended_at = ?2, did = ?3, trouble = ?4
          where job = ?1",
        params![job, tx.wall(), did, trouble],
    )?;
    Ok(())
}

/// Writes down that a job has outlived its deadline and still runs.
///
/// # Errors
/// A fault when it cannot be written.
pub fn overdue(tx: &WriteTx<'_>, job: &str, trouble: &str) -> Result<(), Fault> {
    tx.run(
        "update job_runs
            set trouble = ?2
          where job = ?1 and ended_at is null",
        params![job, trouble],
    )?;
    Ok(())
}

/// The last run of each job, by name.
///
/// # Errors
/// A fault when they cannot be read.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<Round>, Fault> {
    tx.all(
        "select job, begun_at, ended_at, did, trouble
           from job_runs
          order by job",
        (),
        |row| {
            Ok(Round {
                job: row.get(0)?,
                begun_at: row.get(1)?,
                ended_at: row.get(2)?,
                did: row.get(3)?,
                trouble: row.get(4)?,
            })
        },
    )
}
