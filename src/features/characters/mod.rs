//! 缺字图片: characters that no embedded font draws, and the pictures that stand for them on paper.
//!
//! Words: a *lacking* character is one that no embedded font draws; its *picture* is a PNG or JPEG
//! that a clerk supplies, once for everybody whose name has it.
//!
//! The room promises that every picture it has was printed once before it was kept, so that none
//! keeps a receipt from being drawn. Papers that were drawn before a picture came stay as they are.

pub mod console;
pub mod rules;
mod store;

use std::collections::BTreeSet;

use serde_json::json;

use self::rules::Supplied;
use crate::app::App;
use crate::base::outcome::{Fault, Never, Result};
use crate::base::values::Digest;
use crate::machinery::db::{ReadTx, WriteTx};
use crate::machinery::pdf::{Picture, Pictures, fonts};

type Found<T> = std::result::Result<T, Fault>;

/// All pictures, those supplied last first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn all(tx: &ReadTx<'_>) -> Found<Vec<Supplied>> {
    store::all(tx)
}

/// The characters that have a picture.
///
/// # Errors
/// A fault when they cannot be read.
pub fn known(tx: &ReadTx<'_>) -> Found<BTreeSet<char>> {
    Ok(store::all(tx)?.into_iter().map(|it| it.character).collect())
}

/// Lets a picture stand for a character, instead of the one that did. Its bytes are kept already.
///
/// # Errors
/// A fault when it cannot be written.
pub fn supply(tx: &WriteTx<'_>, character: char, picture: &Digest) -> Result<(), Never> {
    let before = store::find(tx, character)?.map(|it| it.picture);
    if before == Some(*picture) {
        return Ok(());
    }
    store::put(tx, character, picture)?;
    tx.note_with(
        "character.pictured",
        format_args!("character {}", rules::code(character)),
        json!({ "before": before.map(|it| it.to_string()), "after": picture.to_string() }),
    );
    Ok(())
}

/// The pictures of the characters in `text` that no font draws.
///
/// # Errors
/// A fault when they cannot be read, or a file is gone.
pub fn pictures(app: &App, text: &str) -> Found<Pictures> {
    let lacking = fonts::lacking(text);
    if lacking.is_empty() {
        return Ok(Pictures::default());
    }
    let rows = app.db.read_now(store::all)?;
    let wanted = rows.into_iter().filter(|it| lacking.contains(&it.character));
    wanted.map(|it| Ok((it.character, picture(app, &it.picture)?))).collect()
}

fn picture(app: &App, digest: &Digest) -> Found<Picture> {
    let bytes = app.files.get(digest)?;
    let bytes =
        bytes.ok_or_else(|| Fault::new(format!("file {digest}, a picture, is not there")))?;
    Picture::read(bytes).map_err(|why| Fault::new(format!("file {digest}, a picture: {why:?}")))
}
