//! What a difference is, which one act belongs to it, how it ends, and when a day may be closed.

mod closing;
mod complaints;
mod difference;
mod matching;
mod money;
mod reading;
mod state;

use jiff::Timestamp;

pub use self::closing::{ChannelSums, Closed, Face, Head, Known, Standing, Told, standing};
pub use self::complaints::{Complaint, Complaints, LISTED_MAX};
pub use self::difference::{Difference, Found, Kind, Remedy, Signed};
pub use self::matching::{Elsewhere, Matching, alone_here, alone_there, compare, unlike};
pub use self::money::{ByChannel, Entry, Sums, What, by_channel, total};
pub use self::reading::{Reading, check, read};
pub use self::state::{Event, State};

/// How many characters an explanation may have.
pub const WORDS_MAX: usize = 200;

/// By which road a statement came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// Asked of the platform, which signed its answer.
    Fetched,
    /// A file that somebody brought; nobody signed it.
    Uploaded,
}

impl Road {
    /// Both.
    pub const ALL: [Road; 2] = [Road::Fetched, Road::Uploaded];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            Road::Fetched => "fetched",
            Road::Uploaded => "uploaded",
        }
    }

    /// As staff read it.
    pub fn label(self) -> &'static str {
        match self {
            Road::Fetched => "从平台获取",
            Road::Uploaded => "上传文件",
        }
    }
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such difference, closing or day.
    Unknown,
    /// The day is not over.
    NotOver,
    /// The platform has not finished its statement.
    NotReady,
    /// The platform gave no usable answer; with its words or ours.
    PlatformAway(String),
    /// A statement that cannot be believed.
    Bad(Complaints),
    /// There is no statement of that day yet.
    NoStatement,
    /// So many differences are neither settled nor explained.
    Unsettled(i64),
    /// Somebody closed the day before, and nothing has changed since.
    ClosedBefore {
        /// Who.
        by: i64,
        /// When.
        at: Timestamp,
    },
    /// The difference does not stand where this could be done; somebody else was faster.
    NotNow,
    /// Whoever proposed may not confirm.
    SamePerson,
    /// An explanation must have words.
    NoWords,
    /// The platform was asked and does not have this money.
    Contradicted,
    /// The same form came before with another wish.
    FormReused,
}
