//! The paper of a receipt: drawn when first asked for, kept, and never drawn again.

use std::num::NonZero;
use std::sync::{Arc, LazyLock};

use rocket::tokio::sync::Mutex;
use rocket::tokio::task;

use super::face;
use super::rules::Receipt;
use crate::app::App;
use crate::base::outcome::{self, Fault, Never, refuse};
use crate::features::characters;
use crate::machinery::db::By;

/// One for each core: drawing keeps a core busy, and more at once would only make all of them
/// late. They belong to the process, as the cores do.
///
/// A receipt has its lane by its number, so that two who ask for the same paper at once come one
/// after the other, and the second finds it drawn.
static LANES: LazyLock<Vec<Arc<Mutex<()>>>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    (0..cores).map(|_| Arc::default()).collect()
});

/// Why there is no paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPaper {
    /// There is no such receipt.
    Unknown,
    /// It, or the one it takes back, has no number yet (待领号).
    Waiting,
}

/// A receipt and its paper, a signed PDF.
type Paper = (Receipt, Vec<u8>);

/// The paper of a receipt: the same bytes for whoever asks, and whenever.
///
/// # Errors
/// [`NoPaper`] when there is none to draw; a fault when it cannot be drawn, kept or found again.
pub async fn paper(app: &App, by: By, id: i64) -> outcome::Result<Paper, NoPaper> {
    let (asked, app) = (app.clone(), app.clone());
    if let Some(paper) = task::spawn_blocking(move || kept(&asked, id)).await?? {
        return Ok(paper);
    }
    let lane = &LANES[id.unsigned_abs() as usize % LANES.len()];
    let turn = Arc::clone(lane).lock_owned().await;
    let drawn = task::spawn_blocking(move || {
        // Held to the end, even if whoever asked has gone meanwhile.
        let _turn = turn;
        match kept(&app, id)? {
            Some(paper) => Ok(paper),
            None => draw(&app, by, id),
        }
    });
    drawn.await?
}

/// The paper, if it was drawn before.
fn kept(app: &App, id: i64) -> Result<Option<Paper>, Fault> {
    let Some(receipt) = app.db.read_now(|tx| super::find(tx, id))? else { return Ok(None) };
    let Some(digest) = receipt.paper else { return Ok(None) };
    // One that was lost is not drawn anew in silence: its signature would be another.
    match app.files.get(&digest)? {
        Some(bytes) => Ok(Some((receipt, bytes))),
        None => Err(Fault::new(format!("file {digest}, the paper of a receipt, is not there"))),
    }
}

fn draw(app: &App, by: By, id: i64) -> outcome::Result<Paper, NoPaper> {
    let found = app.db.read_now(|tx| super::with_twin(tx, id))?;
    let Some((receipt, twin)) = found else { return refuse(NoPaper::Unknown) };
    let pictures = characters::pictures(app, receipt.printed.payer.shown())?;
    let Some(face) = face::face(app, &receipt, twin.as_ref(), pictures) else {
        return refuse(NoPaper::Waiting);
    };
    let bytes = face::issuer(app).issue(&face)?;
    // The bytes before the row that names them.
    let digest = app.files.put(&bytes)?;
    let first = app.db.write_now::<_, Never>(by, move |tx| Ok(super::drawn(tx, id, &digest)?));
    if first.map_err(Fault::from)? {
        return Ok((Receipt { paper: Some(digest), ..receipt }, bytes));
    }
    // Another process was faster; its paper is the one.
    kept(app, id)?.ok_or_else(|| Fault::new("a receipt that was drawn has no paper").into())
}
