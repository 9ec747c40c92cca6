//! The paper of a receipt: drawn when first asked for, kept, and never drawn again.

use std::num::NonZero;
use std::sync::{Arc, LazyLock};

use rocket::tokio::sync::Mutex;
use rocket::tokio::task;

use super::face;
use super::rules::Receipt;
use crate::app::App;
use crate::base::outcome::{self, Error, Fault, Never, refuse};
use crate::machinery::db::By;

/// One for each core: drawing keeps a core busy, and more at once would only make all of them
/// late. They belong to the process, as the cores do. A receipt has a lane of its own by its
/// number, so two who ask for the same paper come one after the other.
static LANES: LazyLock<Vec<Arc<Mutex<()>>>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    (0..cores).map(|_| Arc::default()).collect()
});

/// Why there is no paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPaper {
    /// There is no such receipt.
    Unknown,
    /// It has no number yet (待领号).
    Waiting,
}

/// The paper of a receipt, as a signed PDF. The same bytes for whoever asks, and whenever.
///
/// # Errors
/// [`NoPaper`] when there is none to draw; a fault when it cannot be drawn, kept or found again.
pub async fn paper(app: &App, by: By, id: i64) -> outcome::Result<(Receipt, Vec<u8>), NoPaper> {
    let kept = app.clone();
    let found = task::spawn_blocking(move || kept_paper(&kept, id)).await??;
    let Found::Undrawn(_) = found else { return found.paper() };
    let lane = &LANES[id.unsigned_abs() as usize % LANES.len()];
    let turn = Arc::clone(lane).lock_owned().await;
    let app = app.clone();
    task::spawn_blocking(move || {
        // Held to the end, even if whoever asked has gone meanwhile.
        let _turn = turn;
        match kept_paper(&app, id)? {
            Found::Undrawn(sheet) => draw(&app, by, *sheet),
            found @ (Found::Kept(..) | Found::No(_)) => found.paper(),
        }
    })
    .await?
}

/// What there is of a paper.
enum Found {
    Kept(Box<Receipt>, Vec<u8>),
    Undrawn(Box<Sheet>),
    No(NoPaper),
}

/// What a paper is drawn from.
struct Sheet {
    receipt: Receipt,
    face: crate::machinery::fiscal::Face,
}

impl Found {
    fn paper(self) -> outcome::Result<(Receipt, Vec<u8>), NoPaper> {
        match self {
            Found::Kept(receipt, bytes) => Ok((*receipt, bytes)),
            Found::Undrawn(_) => refuse(NoPaper::Waiting),
            Found::No(reason) => refuse(reason),
        }
    }
}

fn kept_paper(app: &App, id: i64) -> Result<Found, Fault> {
    let found = app.db.read_now(|tx| {
        let Some(receipt) = super::find(tx, id)? else { return Ok(None) };
        let twin = super::twin(tx, &receipt)?;
        Ok(Some((receipt, twin)))
    })?;
    let Some((receipt, twin)) = found else { return Ok(Found::No(NoPaper::Unknown)) };
    if let Some(digest) = &receipt.paper {
        let bytes = app.files.get(digest)?;
        let bytes = bytes.ok_or_else(|| Fault::new(format!("file {digest} is not there")))?;
        return Ok(Found::Kept(Box::new(receipt), bytes));
    }
    Ok(match face::face(app, &receipt, twin.as_ref()) {
        Some(face) => Found::Undrawn(Box::new(Sheet { receipt, face })),
        None => Found::No(NoPaper::Waiting),
    })
}

fn draw(app: &App, by: By, sheet: Sheet) -> outcome::Result<(Receipt, Vec<u8>), NoPaper> {
    let bytes = face::issuer(app).issue(&sheet.face)?;
    // The bytes before the row that names them.
    let digest = app.files.put(&bytes)?;
    let (id, drawn) = (sheet.receipt.id, digest.clone());
    let first = app.db.write_now::<_, Never>(by, move |tx| Ok(super::drawn(tx, id, &drawn)?));
    match first {
        Ok(true) => Ok((Receipt { paper: Some(digest), ..sheet.receipt }, bytes)),
        // Another process was faster; its paper is the one.
        Ok(false) => kept_paper(app, id)?.paper(),
        Err(Error::Refused(never)) => match never {},
        Err(Error::Fault(fault)) => Err(fault.into()),
    }
}
