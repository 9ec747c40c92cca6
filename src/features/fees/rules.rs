//! Projects, fee items, and the life of a due.

mod due;
mod project;

pub use self::due::{Counts, Due, DueState, Event, Owed};
pub use self::project::{FeeItem, ItemTexts, NewItem, NewProject, Project, ProjectTexts, business};

/// Stands beside every amount of a demonstration: no public source names the real ones.
pub const SAMPLE: &str = "示例金额";

/// Why an act was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such project, fee item or candidate.
    Unknown,
    /// Another one has that code.
    CodeTaken,
    /// Nothing would be owed.
    NothingToPay,
    /// The due is not unpaid any more, so its amount stays.
    NoLongerUnpaid(DueState),
    /// Somebody else has changed it since the page was opened.
    ChangedMeanwhile,
    /// The form was posted before, with other content.
    DoneBefore,
}
