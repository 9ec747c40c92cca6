//! The life of a due, and how dues are counted.

use crate::base::values::Fen;

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

/// What [`crate::features::fees::owe`] did.
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
