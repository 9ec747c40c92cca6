//! When the demonstration's project may be paid: always, unless staff want it otherwise.

use jiff::ToSpan;
use jiff::civil::Date;

use super::stage::{PROJECT, act, at, days, never, today};
use crate::app::App;
use crate::base::outcome::Fault;
use crate::features::windows::rules::Interval;
use crate::features::{fees, windows};
use crate::machinery::db::WriteTx;

/// What became of the open project's hours at a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoursNow {
    /// They are open.
    Open,
    /// They were over, and are around today again.
    Moved,
    /// Staff set them, so they stay as they are; and now they are not open.
    StaffsOwn,
}

/// Opens the project's hours anew when they are over, unless staff have set them: a demonstration
/// is always on a payment day.
///
/// # Errors
/// A fault when they cannot be written.
pub fn reopen(app: &App) -> Result<HoursNow, Fault> {
    act(app, |tx| {
        let Some(project) = fees::project_by_code(tx, PROJECT)? else {
            return Ok(HoursNow::StaffsOwn);
        };
        let hours = windows::of(tx, &project.business())?;
        if hours.at(tx.now()).is_open() {
            return Ok(HoursNow::Open);
        }
        if tx.fact(HOURS)?.as_deref() != Some(listed(&hours.intervals).as_str()) {
            return Ok(HoursNow::StaffsOwn);
        }
        let hours = around(today(tx));
        never(windows::set(tx, &project.business(), &hours), "the intervals are in order")?;
        remember(tx, &hours)?;
        Ok(HoursNow::Moved)
    })
}

/// The fact that remembers the hours as the stage set them last: others are the staff's own.
const HOURS: &str = "stage_hours";

/// Remembers hours as the stage's own.
pub(super) fn remember(tx: &WriteTx<'_>, hours: &[Interval]) -> Result<(), Fault> {
    tx.set_fact(HOURS, &listed(hours))
}

fn listed(hours: &[Interval]) -> String {
    let pairs = hours.iter().map(|it| format!("{} {}", it.opens_at, it.closes_at));
    pairs.collect::<Vec<_>>().join(", ")
}

/// A first day, a stretch from yesterday on without an end at night, and a last day: several
/// intervals, as the manual has them, and open whenever somebody tries.
pub(super) fn around(today: Date) -> Vec<Interval> {
    let first = days(today, (-2).days());
    let last = days(today, 14.days());
    vec![
        Interval { opens_at: at(first, 9), closes_at: at(first, 20) },
        Interval { opens_at: at(days(first, 1.days()), 9), closes_at: at(last, 20) },
        Interval { opens_at: at(days(last, 1.days()), 9), closes_at: at(days(last, 1.days()), 15) },
    ]
}
