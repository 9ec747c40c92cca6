//! When each job ran last, as it lies in the database.

use rusqlite::params;

use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};
use crate::overview::desk::Round;

pub(super) fn begun(tx: &WriteTx<'_>, job: &str) -> Result<(), Fault> {
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

pub(super) fn ended(
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

pub(super) fn overdue(tx: &WriteTx<'_>, job: &str, trouble: &str) -> Result<(), Fault> {
    tx.run(
        "update job_runs
            set trouble = ?2
          where job = ?1 and ended_at is null",
        params![job, trouble],
    )?;
    Ok(())
}

/// How each job's last run went, for the desk.
///
/// # Errors
/// A fault when that cannot be read.
pub fn rounds(tx: &ReadTx<'_>) -> Result<Vec<Round>, Fault> {
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
