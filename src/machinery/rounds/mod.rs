//! When each job of the night shift ran last, and how it ended: written by the shift, read by the
//! desk. Housekeeping; the acts of the jobs have audit lines of their own.

mod store;

use jiff::Timestamp;

pub use self::store::{all, begun, ended, overdue};

/// How the last run of a job went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The job's name.
    pub job: String,
    /// The wall's time of the start.
    pub begun_at: Timestamp,
    /// The wall's time of the end; `None` while it runs.
    pub ended_at: Option<Timestamp>,
    /// How many things it did; `None` while it runs, or when it failed.
    pub did: Option<i64>,
    /// What went wrong, for operators; `None` when nothing did.
    pub trouble: Option<String>,
}
