//! Failed logins and the waits that follow from them.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

/// Counts one more failure in a row and tells how many there are now.
pub(in crate::features::identity) fn count_failure(
    tx: &WriteTx<'_>,
    subject: &str,
    name_key: Option<&str>,
    forget: SignedDuration,
) -> Result<i64, Fault> {
    tx.run(
        "insert into attempts (subject, name_key, failures, last_at)
         values (?1, ?4, 1, ?2)
         on conflict (subject) do update
            set failures = case when last_at < ?3 then 1 else failures + 1 end,
                last_at = excluded.last_at",
        params![subject, tx.wall(), tx.wall() - forget, name_key],
    )?;
    failures(tx, subject)
}

pub(in crate::features::identity) fn failures(
    tx: &ReadTx<'_>,
    subject: &str,
) -> Result<i64, Fault> {
    tx.count(
        "select failures
           from attempts
          where subject = ?1",
        [subject],
    )
}

pub(in crate::features::identity) fn block(
    tx: &WriteTx<'_>,
    subject: &str,
    wait: Option<SignedDuration>,
) -> Result<(), Fault> {
    if let Some(wait) = wait {
        tx.run(
            "update attempts
                set blocked_until = ?2
              where subject = ?1",
            params![subject, tx.wall() + wait],
        )?;
    }
    Ok(())
}

pub(in crate::features::identity) fn blocked_until(
    tx: &ReadTx<'_>,
    subject: &str,
) -> Result<Option<Timestamp>, Fault> {
    let found = tx.one(
        "select blocked_until
           from attempts
          where subject = ?1",
        [subject],
        |row| row.get(0),
    )?;
    Ok(found.flatten())
}

pub(in crate::features::identity) fn blocked_anywhere_until(
    tx: &ReadTx<'_>,
    name_key: &str,
) -> Result<Option<Timestamp>, Fault> {
    let found = tx.one(
        "select max(blocked_until)
           from attempts
          where name_key = ?1",
        [name_key],
        |row| row.get(0),
    )?;
    Ok(found.flatten())
}

pub(in crate::features::identity) fn forgive_everywhere(
    tx: &WriteTx<'_>,
    name_key: &str,
) -> Result<usize, Fault> {
    tx.run(
        "delete from attempts
          where name_key = ?1",
        [name_key],
    )
}

pub(in crate::features::identity) fn forgive(tx: &WriteTx<'_>, subject: &str) -> Result<(), Fault> {
    tx.run(
        "delete from attempts
          where subject = ?1",
        [subject],
    )?;
    Ok(())
}
