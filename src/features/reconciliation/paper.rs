//! The sheet of a closed day (日结单): drawn once, signed with the centre's key, and kept.

mod layout;
mod rows;

use super::rules::{Face, Refused};
use super::store::{self, Closing};
use crate::app::App;
use crate::base::outcome::{self, Fault, Never, refuse};
use crate::machinery::db::By;
use crate::machinery::pdf;

/// A closing and its sheet: the same bytes for whoever asks, and whenever. It keeps a core busy
/// while it draws, so it runs on a thread that may wait.
///
/// # Errors
/// [`Refused::Unknown`]; a fault when it cannot be drawn, kept or found again.
pub fn paper(app: &App, by: By, id: i64) -> outcome::Result<(Closing, Vec<u8>), Refused> {
    let Some(closing) = app.db.read_now(|tx| store::find_closing(tx, id))? else {
        return refuse(Refused::Unknown);
    };
    if let Some(bytes) = kept(app, &closing)? {
        return Ok((closing, bytes));
    }
    let bytes = draw(app, &closing.face)?;
    // The bytes before the row that names them.
    let digest = app.files.put(&bytes)?;
    let first = app.db.write_now::<_, Never>(by, move |tx| {
        let first = store::set_paper(tx, id, &digest)?;
        if first {
            tx.note("closing.drawn", format_args!("closing {id}"));
        }
        Ok(first)
    });
    if first.map_err(Fault::from)? {
        return Ok((Closing { paper: Some(digest), ..closing }, bytes));
    }
    // Another was faster; its sheet is the one.
    let closing = app.db.read_now(|tx| store::find_closing(tx, id))?;
    let lost = || Fault::new("a sheet that was drawn is not there");
    let closing = closing.ok_or_else(lost)?;
    let bytes = kept(app, &closing)?.ok_or_else(lost)?;
    Ok((closing, bytes))
}

fn kept(app: &App, closing: &Closing) -> Result<Option<Vec<u8>>, Fault> {
    let Some(digest) = closing.paper else { return Ok(None) };
    // One that was lost is not drawn anew in silence: its signature would be another.
    match app.files.get(&digest)? {
        Some(bytes) => Ok(Some(bytes)),
        None => Err(Fault::new(format!("file {digest}, the sheet of a day, is not there"))),
    }
}

fn draw(app: &App, face: &Face) -> Result<Vec<u8>, Fault> {
    let (bytes, seal) = layout::draw(face, app.folder.mode.may_pretend())?;
    let key = app.keys.receipts();
    let signing = pdf::Signing {
        certificate_der: key.certificate_der(),
        sign: &|message| key.sign(message),
        name: &face.centre,
        reason: &layout::title(face),
        at: face.closed_at,
        area: seal,
    };
    pdf::sign(bytes, &signing)
}
