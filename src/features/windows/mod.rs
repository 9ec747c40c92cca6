//! When a business may be done: 3月15日 9:00–20:00, 3月16日 9:00–15:00.
//!
//! Words: a *business* is whatever has hours of its own, named by text (`project 3`); an *interval*
//! is one stretch it is open; its *hours* are all its intervals; an *opening* is where its hours
//! stand at one instant. An interval holds the instant it opens at and not the one it closes at.
//!
//! The room promises to keep no hours that overlap, end before they start or are empty, and to say
//! whatever it knows in words a candidate understands. It has no face: its [`Panel`] stands on the
//! pages of others.

mod panel;
pub mod rules;
mod store;
pub mod typed;
pub mod words;

use serde_json::json;

pub use self::panel::{Panel, PanelLine};

use self::rules::{Hours, Interval, Refused};
use crate::base::outcome::{Fault, Result, refuse};
use crate::machinery::db::{ReadTx, WriteTx};

/// The hours of a business; without intervals where none were ever set.
///
/// # Errors
/// A fault when they cannot be read.
pub fn of(tx: &ReadTx<'_>, business: &str) -> std::result::Result<Hours, Fault> {
    store::of(tx, business)
}

/// Sets the hours of a business, instead of those it had. Effective at once.
///
/// # Errors
/// [`Refused`] when the intervals are none, too many, end before they start or overlap.
pub fn set(tx: &WriteTx<'_>, business: &str, intervals: &[Interval]) -> Result<(), Refused> {
    let after = match Hours::of(intervals) {
        Ok(hours) => hours,
        Err(reason) => return refuse(reason),
    };
    let before = store::of(tx, business)?;
    if before == after {
        return Ok(());
    }
    store::replace(tx, business, &after)?;
    let listed = |hours: &Hours| {
        let pairs = hours.intervals.iter().map(|it| [it.opens_at, it.closes_at]);
        pairs.map(|it| it.map(|at| at.to_string())).collect::<Vec<_>>()
    };
    let detail = json!({ "before": listed(&before), "after": listed(&after) });
    tx.note_with("windows.set", business, detail);
    Ok(())
}
