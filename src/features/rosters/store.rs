//! Rosters, as they lie in the database.

use rusqlite::{Row, params};

use super::rules::Roster;
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

pub(super) fn insert(tx: &WriteTx<'_>, roster: &Roster) -> Result<i64, Fault> {
    tx.insert(
        "insert into rosters
             (fee_item_id, file_name, file_digest, people, done, added, changed, refused,
              left_out, loaded_at)
         values (?1, ?2, ?3, ?4, 0, 0, 0, 0, ?5, ?6)",
        params![
            roster.fee_item_id,
            roster.file_name,
            roster.file_digest,
            roster.people as i64,
            roster.left_out as i64,
            roster.loaded_at
        ],
    )
}

/// Writes down how far a roster has been taken over.
pub(super) fn advance(tx: &WriteTx<'_>, roster: &Roster) -> Result<(), Fault> {
    tx.run(
        "update rosters
            set done = ?2, added = ?3, changed = ?4, refused = ?5
          where id = ?1",
        params![
            roster.id,
            roster.done as i64,
            roster.added as i64,
            roster.changed as i64,
            roster.refused as i64
        ],
    )?;
    Ok(())
}

pub(super) fn find(tx: &ReadTx<'_>, id: i64) -> Result<Option<Roster>, Fault> {
    tx.one(
        "select id, fee_item_id, file_name, file_digest, people, done, added, changed, refused,
                left_out, loaded_at
           from rosters
          where id = ?1",
        [id],
        read,
    )
}

pub(super) fn latest(tx: &ReadTx<'_>, limit: usize) -> Result<Vec<Roster>, Fault> {
    tx.all(
        "select id, fee_item_id, file_name, file_digest, people, done, added, changed, refused,
                left_out, loaded_at
           from rosters
          order by id desc
          limit ?1",
        [limit as i64],
        read,
    )
}

pub(super) fn unfinished(tx: &ReadTx<'_>) -> Result<Vec<Roster>, Fault> {
    tx.all(
        "select id, fee_item_id, file_name, file_digest, people, done, added, changed, refused,
                left_out, loaded_at
           from rosters
          where done < people
          order by id",
        (),
        read,
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Roster> {
    // The table's checks keep every count between 0 and the rows of one file.
    let count = |column| row.get::<_, i64>(column).map(|it| it as usize);
    Ok(Roster {
        id: row.get("id")?,
        fee_item_id: row.get("fee_item_id")?,
        file_name: row.get("file_name")?,
        file_digest: row.get("file_digest")?,
        people: count("people")?,
        done: count("done")?,
        added: count("added")?,
        changed: count("changed")?,
        refused: count("refused")?,
        left_out: count("left_out")?,
        loaded_at: row.get("loaded_at")?,
    })
}
