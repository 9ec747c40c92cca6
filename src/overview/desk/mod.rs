//! 工作台: the first page of the console. What waits, how many there are, and what is wrong.
//!
//! It looks over other rooms through their acts alone, and changes nothing.

pub mod console;
pub mod health;

use jiff::Timestamp;

use crate::base::outcome::Fault;
use crate::machinery::db::ReadTx;

/// How the last run of a job went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The job's name.
    pub job: String,
    /// The wall's time of the start.
    pub begun_at: Timestamp,
    /// The wall's time of the end; `None` while it runs.
    pub ended_at: Option<Timestamp>,
    /// How many things it did; `None` when it runs or failed.
    pub did: Option<i64>,
    /// What went wrong.
    pub trouble: Option<String>,
}

/// Tells how the jobs went. They stand on a floor above this room, so `server.rs` sets it.
pub struct Rounds(pub fn(&ReadTx<'_>) -> Result<Vec<Round>, Fault>);
