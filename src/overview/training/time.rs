//! Time travel, and starting over.
//!
//! The house's clock is moved against the wall's; the shift is a fact of the folder
//! (`clock_shift_s`), so that it outlives a restart. The platform's business clock moves with ours
//! by its own operation (§11.3 of its document). Sessions, signatures and logs keep to the wall.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::app::App;
use crate::base::config::Mode;
use crate::base::outcome::{self, Error, Fault, refuse};
use crate::machinery::db::{By, ReadTx};

/// How far the clock may be moved, either way: ten years.
pub const FARTHEST: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);

/// How far the platform's clock may be from ours and still be called together: whole seconds on
/// both sides, and the way between.
const TOGETHER_WITHIN: SignedDuration = SignedDuration::from_secs(5);

/// The fact that makes the next start of a demonstration begin anew.
const START_OVER: &str = "start_over";

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The folder is for production.
    Production,
    /// Farther than [`FARTHEST`].
    TooFar,
    /// A training folder has no first data set to go back to.
    NoFirstSet,
}

/// Whether the platform's clock goes with ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// It does.
    Together,
    /// It answered with another time.
    Apart,
    /// It did not answer, or cannot be moved.
    Unknown,
}

/// Moves the house's clock to `shift` ahead of the wall's, and the platform's with it. Waits for
/// the network. The house's clock has moved even where the platform's has not.
///
/// # Errors
/// [`Refused::Production`], [`Refused::TooFar`].
pub fn travel(app: &App, by: By, shift: SignedDuration) -> outcome::Result<Platform, Refused> {
    if !app.folder.mode.may_pretend() {
        return refuse(Refused::Production);
    }
    if shift.abs() > FARTHEST {
        return refuse(Refused::TooFar);
    }
    let (before, after) = (app.clock.shift().as_secs(), shift.as_secs());
    app.db.write_now::<(), Refused>(by, move |tx| {
        tx.set_fact("clock_shift_s", &after.to_string())?;
        let detail = json!({ "before_s": before, "after_s": after });
        tx.note_with("clock.moved", format_args!("{after} s"), detail);
        Ok(())
    })?;
    app.clock.set_shift(shift);
    Ok(app.gateway.travel(shift).map_or(Platform::Unknown, |theirs| compared(app, theirs)))
}

/// Asks whether the platform's clock goes with ours. Waits for the network.
pub fn platform(app: &App) -> Platform {
    app.gateway.ping().map_or(Platform::Unknown, |theirs| compared(app, theirs))
}

fn compared(app: &App, theirs: Timestamp) -> Platform {
    let apart = app.clock.now().duration_since(theirs).abs();
    if apart <= TOGETHER_WITHIN { Platform::Together } else { Platform::Apart }
}

/// Leaves the mark by which `kaowu demo` throws everything away and begins with its first data set:
/// the one that runs does so at once, else the next that starts.
///
/// # Errors
/// [`Refused::Production`]; [`Refused::NoFirstSet`] for a folder that the demonstration did not
/// make.
pub fn start_over(app: &App, by: By) -> outcome::Result<(), Refused> {
    match app.folder.mode {
        Mode::Production => return refuse(Refused::Production),
        Mode::Training => return refuse(Refused::NoFirstSet),
        Mode::Demo => {}
    }
    app.db.write_now(by, |tx| {
        tx.set_fact(START_OVER, "asked")?;
        tx.note("training.start_over", "folder");
        Ok::<(), Error<Refused>>(())
    })
}

/// Is the folder to begin anew?
///
/// # Errors
/// A fault when it cannot be read.
pub fn is_to_start_over(tx: &ReadTx<'_>) -> Result<bool, Fault> {
    Ok(tx.fact(START_OVER)?.is_some())
}
