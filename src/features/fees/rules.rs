//! Projects, fee items, and the life of a due.

use crate::base::values::Fen;

/// Stands beside every amount of a demonstration: no public source names the real ones.
pub const SAMPLE: &str = "示例金额";

/// One occasion of paying: a 网上缴费系统.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Our number.
    pub id: i64,
    /// For rosters, commands and links; never changed.
    pub code: String,
    /// As on the home page.
    pub title: String,
    /// What follows from not paying in time; may be empty.
    pub consequence: String,
    /// Does it stand on the home page?
    pub shown: bool,
}

impl Project {
    /// The name of its hours in `windows`.
    pub fn business(&self) -> String {
        business(self.id)
    }

    /// What may be changed about it.
    pub fn texts(&self) -> ProjectTexts {
        ProjectTexts {
            title: self.title.clone(),
            consequence: self.consequence.clone(),
            shown: self.shown,
        }
    }
}

/// The name in `windows` of the hours of the project with this number.
pub fn business(project_id: i64) -> String {
    format!("project {project_id}")
}

/// What may be changed about a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectTexts {
    /// As on the home page.
    pub title: String,
    /// What follows from not paying in time; may be empty.
    pub consequence: String,
    /// Does it stand on the home page?
    pub shown: bool,
}

/// A project about to be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProject {
    /// For rosters, commands and links: ASCII letters, digits and `-`.
    pub code: String,
    /// What may be changed later.
    pub texts: ProjectTexts,
}

/// What is charged for in a project, as the receipt prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeItem {
    /// Our number.
    pub id: i64,
    /// Of which project.
    pub project_id: i64,
    /// 项目编码.
    pub code: String,
    /// 项目名称.
    pub name: String,
    /// 单位: 人次.
    pub unit: String,
    /// 标准: what it costs as a rule; a due may differ.
    pub standard: Fen,
}

impl FeeItem {
    /// What may be changed about it.
    pub fn texts(&self) -> ItemTexts {
        ItemTexts { name: self.name.clone(), unit: self.unit.clone(), standard: self.standard }
    }
}

/// What may be changed about a fee item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemTexts {
    /// 项目名称.
    pub name: String,
    /// 单位.
    pub unit: String,
    /// 标准; more than nothing.
    pub standard: Fen,
}

/// A fee item about to be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// 项目编码.
    pub code: String,
    /// What may be changed later.
    pub texts: ItemTexts,
}

/// What a candidate owes for a fee item (应缴).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Our number.
    pub id: i64,
    /// Travels with each bill: 32 hex digits.
    pub due_key: String,
    /// Who owes.
    pub candidate_id: i64,
    /// What for.
    pub fee_item_id: i64,
    /// How much.
    pub amount: Fen,
    /// The code of the school the candidate applied to; `None`: the roster had none.
    pub school_code: Option<String>,
    /// That school's name; `None`: the roster had none.
    pub school_name: Option<String>,
    /// Where it stands.
    pub state: DueState,
}

/// Where a due stands (缴费状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueState {
    /// It is owed.
    Unpaid,
    /// Its money was counted.
    Paid,
    /// It need not be paid.
    Waived,
    /// It fell away before it was paid.
    Cancelled,
    /// It fell away after it was paid, and its money went back.
    Refunded,
}

/// What may happen to a due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A payment for it was counted.
    Paid,
    /// Staff forgave it.
    Waived,
    /// Staff cancelled it.
    Cancelled,
    /// The refund of its whole payment has finished.
    Refunded,
    /// Staff opened it again, to be paid.
    Reopened,
}

impl DueState {
    /// All states, in the order of a due's life.
    pub const ALL: [DueState; 5] = [
        DueState::Unpaid,
        DueState::Paid,
        DueState::Waived,
        DueState::Cancelled,
        DueState::Refunded,
    ];

    /// The whole life of a due. `None` where the event may not happen.
    ///
    /// Money for what is not owed never counts; it goes back. Money that went back leaves nothing
    /// owed, unless staff reopen the due.
    pub fn after(self, event: Event) -> Option<DueState> {
        match (self, event) {
            (DueState::Unpaid, Event::Paid) => Some(DueState::Paid),
            (DueState::Unpaid, Event::Waived) => Some(DueState::Waived),
            (DueState::Unpaid, Event::Cancelled) => Some(DueState::Cancelled),
            (DueState::Unpaid, Event::Refunded | Event::Reopened) => None,

            (DueState::Paid, Event::Refunded) => Some(DueState::Refunded),
            // What was paid is first paid back.
            (DueState::Paid, Event::Paid | Event::Waived | Event::Cancelled | Event::Reopened) => {
                None
            }

            (DueState::Waived | DueState::Cancelled | DueState::Refunded, Event::Reopened) => {
                Some(DueState::Unpaid)
            }
            (
                DueState::Waived | DueState::Cancelled | DueState::Refunded,
                Event::Paid | Event::Waived | Event::Cancelled | Event::Refunded,
            ) => None,
        }
    }

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            DueState::Unpaid => "unpaid",
            DueState::Paid => "paid",
            DueState::Waived => "waived",
            DueState::Cancelled => "cancelled",
            DueState::Refunded => "refunded",
        }
    }

    /// Reads [`DueState::name`] back.
    pub fn from_name(name: &str) -> Option<DueState> {
        DueState::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            DueState::Unpaid => "未缴费",
            DueState::Paid => "已缴费",
            DueState::Waived => "已免缴",
            DueState::Cancelled => "已取消",
            DueState::Refunded => "已退款",
        }
    }

    /// The kind of tag (`parts::tag`) it is shown with.
    pub fn tag(self) -> &'static str {
        match self {
            DueState::Unpaid => "due",
            DueState::Paid => "paid",
            DueState::Waived => "passed",
            DueState::Cancelled => "closed",
            DueState::Refunded => "back",
        }
    }
}

impl Event {
    /// All events.
    pub const ALL: [Event; 5] =
        [Event::Paid, Event::Waived, Event::Cancelled, Event::Refunded, Event::Reopened];
}

/// What [`super::owe`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// There was no such due.
    New,
    /// Its amount or its school was another.
    Changed,
    /// Nothing.
    Same,
}

/// How many dues of a project are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Still owed.
    pub unpaid: i64,
    /// Paid.
    pub paid: i64,
    /// Waived, cancelled or refunded.
    pub fallen_away: i64,
    /// What the paid ones come to, in fen; it may exceed what one amount can hold.
    pub paid_fen: i64,
}

impl Counts {
    /// All dues there ever were.
    pub fn all(self) -> i64 {
        self.unpaid + self.paid + self.fallen_away
    }
}

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
    /// The form was posted before, with other content.
    DoneBefore,
}
