//! What hours are, and where they stand at an instant.

use std::fmt;

use jiff::Timestamp;

/// How many intervals a business may have.
pub const INTERVALS_MAX: usize = 60;

/// One stretch a business is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// From then on; this instant included.
    pub opens_at: Timestamp,
    /// Until then; this instant excluded.
    pub closes_at: Timestamp,
}

/// All hours of a business.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    /// The earliest first; none overlap, some may touch.
    pub intervals: Vec<Interval>,
}

/// Where the hours of a business stand at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It is open.
    Open {
        /// When it closes next; touching intervals are one.
        until: Timestamp,
        /// When it closes for good.
        last_end: Timestamp,
    },
    /// It has not opened yet.
    Coming {
        /// When it opens first.
        from: Timestamp,
    },
    /// It has been open and will be again.
    Between {
        /// When it opens next.
        next: Timestamp,
    },
    /// It is over.
    Over {
        /// When it closed for good.
        since: Timestamp,
    },
    /// Nobody has set its hours.
    Unset,
}

impl Opening {
    /// May the business be done?
    pub fn is_open(self) -> bool {
        match self {
            Opening::Open { .. } => true,
            Opening::Coming { .. }
            | Opening::Between { .. }
            | Opening::Over { .. }
            | Opening::Unset => false,
        }
    }
}

/// Why hours were not set. Rows count from 0, as they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no interval.
    Empty,
    /// There are more than [`INTERVALS_MAX`].
    TooMany,
    /// An interval ends when it starts, or before.
    Backwards {
        /// Which one.
        row: usize,
    },
    /// Two intervals share some time.
    Overlap {
        /// The one given first.
        first: usize,
        /// The one given later.
        second: usize,
    },
}

/// What is wrong and what to do, for whoever set the hours.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Empty => f.write_str("请至少填写一段开放时间。"),
            Refused::TooMany => write!(f, "开放时间最多{INTERVALS_MAX}段，请合并或删去一些。"),
            Refused::Backwards { row } => {
                write!(f, "第{}段的结束时间应晚于开始时间，请修改。", row + 1)
            }
            Refused::Overlap { first, second } => {
                write!(f, "第{}段与第{}段的时间有重叠，请修改。", second + 1, first + 1)
            }
        }
    }
}

impl Hours {
    /// The intervals in their order, if they can be the hours of a business.
    ///
    /// # Errors
    /// [`Refused`] says which of them cannot stand, and why.
    pub fn of(intervals: &[Interval]) -> Result<Hours, Refused> {
        if intervals.is_empty() {
            return Err(Refused::Empty);
        }
        if intervals.len() > INTERVALS_MAX {
            return Err(Refused::TooMany);
        }
        if let Some(row) = intervals.iter().position(|it| it.closes_at <= it.opens_at) {
            return Err(Refused::Backwards { row });
        }
        let mut rows: Vec<(usize, Interval)> = intervals.iter().copied().enumerate().collect();
        rows.sort_by_key(|(_, it)| it.opens_at);
        for pair in rows.windows(2) {
            let [(one, earlier), (other, later)] = pair else { continue };
            if later.opens_at < earlier.closes_at {
                return Err(Refused::Overlap { first: *one.min(other), second: *one.max(other) });
            }
        }
        Ok(Hours { intervals: rows.into_iter().map(|(_, it)| it).collect() })
    }

    /// Where they stand at an instant.
    pub fn at(&self, now: Timestamp) -> Opening {
        let merged = self.merged();
        let Some(last) = merged.last() else { return Opening::Unset };
        // What has not closed yet decides.
        match merged.iter().enumerate().find(|(_, it)| now < it.closes_at) {
            None => Opening::Over { since: last.closes_at },
            Some((_, it)) if it.opens_at <= now => {
                Opening::Open { until: it.closes_at, last_end: last.closes_at }
            }
            Some((0, it)) => Opening::Coming { from: it.opens_at },
            Some((_, it)) => Opening::Between { next: it.opens_at },
        }
    }

    /// When they last closed before an instant.
    pub(super) fn closed_before(&self, now: Timestamp) -> Option<Timestamp> {
        self.merged().into_iter().map(|it| it.closes_at).rfind(|it| *it <= now)
    }

    /// The intervals, those that touch made one.
    pub(super) fn merged(&self) -> Vec<Interval> {
        let mut merged: Vec<Interval> = Vec::new();
        for interval in &self.intervals {
            match merged.last_mut() {
                Some(last) if last.closes_at == interval.opens_at => {
                    last.closes_at = interval.closes_at;
                }
                Some(_) | None => merged.push(*interval),
            }
        }
        merged
    }
}
