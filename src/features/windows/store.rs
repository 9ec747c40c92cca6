//! Hours as rows. The only SQL that names the table `windows`.

use rusqlite::params;

use super::rules::{Hours, Interval};
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

pub(super) fn of(tx: &ReadTx<'_>, business: &str) -> Result<Hours, Fault> {
    let intervals = tx.all(
        "select opens_at, closes_at
           from windows
          where business = ?1
          order by opens_at",
        [business],
        |row| Ok(Interval { opens_at: row.get(0)?, closes_at: row.get(1)? }),
    )?;
    Ok(Hours { intervals })
}

pub(super) fn replace(tx: &WriteTx<'_>, business: &str, hours: &Hours) -> Result<(), Fault> {
    tx.run(
        "delete from windows
          where business = ?1",
        [business],
    )?;
    for interval in &hours.intervals {
        tx.run(
            "insert into windows (business, opens_at, closes_at)
             values (?1, ?2, ?3)",
            params![business, interval.opens_at, interval.closes_at],
        )?;
    }
    Ok(())
}
