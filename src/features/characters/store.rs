//! Pictures of characters as rows. The only SQL that names their table.

use rusqlite::{Row, params};

use super::rules::Supplied;
use crate::base::outcome::Fault;
use crate::base::values::Digest;
use crate::machinery::db::{ReadTx, WriteTx};

pub(super) fn all(tx: &ReadTx<'_>) -> Result<Vec<Supplied>, Fault> {
    tx.all(
        "select character, picture, supplied_at
           from character_pictures
          order by supplied_at desc, character",
        (),
        read,
    )
}

pub(super) fn find(tx: &ReadTx<'_>, character: char) -> Result<Option<Supplied>, Fault> {
    tx.one(
        "select character, picture, supplied_at
           from character_pictures
          where character = ?1",
        [character.to_string()],
        read,
    )
}

pub(super) fn put(tx: &WriteTx<'_>, character: char, picture: &Digest) -> Result<(), Fault> {
    tx.run(
        "insert into character_pictures (character, picture, supplied_at)
         values (?1, ?2, ?3)
             on conflict (character) do update
            set picture = excluded.picture, supplied_at = excluded.supplied_at",
        params![character.to_string(), picture, tx.now()],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Supplied> {
    let character: String = row.get("character")?;
    Ok(Supplied {
        // The table's own check keeps it one character.
        character: character.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER),
        picture: row.get("picture")?,
        supplied_at: row.get("supplied_at")?,
    })
}
