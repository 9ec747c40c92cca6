//! What a difference is, which one act belongs to it, and how it ends.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Entry, Event, State};

/// How the two sides differ about one movement of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The platform has it, we have not (掉单).
    TheirsOnly,
    /// We have it, the platform has not.
    OursOnly,
    /// Both have it, with other amounts; or what came is not what was asked.
    AmountDiffers,
    /// Both have it, and it stands otherwise.
    StateDiffers,
    /// The other side has it on the neighbouring day (跨日): information.
    AcrossMidnight,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 5] = [
        Kind::TheirsOnly,
        Kind::OursOnly,
        Kind::AmountDiffers,
        Kind::StateDiffers,
        Kind::AcrossMidnight,
    ];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            Kind::TheirsOnly => "theirs_only",
            Kind::OursOnly => "ours_only",
            Kind::AmountDiffers => "amount_differs",
            Kind::StateDiffers => "state_differs",
            Kind::AcrossMidnight => "across_midnight",
        }
    }

    /// As staff read it.
    pub fn label(self) -> &'static str {
        match self {
            Kind::TheirsOnly => "平台有、本系统没有（掉单）",
            Kind::OursOnly => "本系统有、平台没有",
            Kind::AmountDiffers => "金额不符",
            Kind::StateDiffers => "状态不符",
            Kind::AcrossMidnight => "跨日",
        }
    }
}

/// The one act that belongs to a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// 补记入账: what the platform has is recorded here, and counts or goes back by rule.
    Settle,
    /// 向平台查询.
    Ask,
    /// 说明原因: nothing can be done here; two people say why.
    Explain,
    /// It explains itself.
    Nothing,
}

impl Remedy {
    /// All of them.
    pub const ALL: [Remedy; 4] = [Remedy::Settle, Remedy::Ask, Remedy::Explain, Remedy::Nothing];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            Remedy::Settle => "settle",
            Remedy::Ask => "ask",
            Remedy::Explain => "explain",
            Remedy::Nothing => "nothing",
        }
    }

    /// The words of its button.
    pub fn label(self) -> &'static str {
        match self {
            Remedy::Settle => "补记入账",
            Remedy::Ask => "向平台查询",
            Remedy::Explain => "说明原因",
            Remedy::Nothing => "无需处理",
        }
    }
}

/// A difference as a comparison finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The movement of money, as the side has it that has it; the platform's where both do.
    pub entry: Entry,
    /// How the sides differ.
    pub kind: Kind,
    /// What belongs to it.
    pub remedy: Remedy,
    /// What the platform says, in fen; `None`: it has nothing.
    pub theirs_fen: Option<i64>,
    /// What we say, in fen; `None`: we have nothing.
    pub ours_fen: Option<i64>,
    /// On which day the other side has it, where it has it on another.
    pub other_day: Option<Date>,
}

impl Found {
    /// Where a difference stands that is just found.
    pub fn state(&self) -> State {
        match self.remedy {
            Remedy::Nothing => State::Cleared,
            Remedy::Settle | Remedy::Ask | Remedy::Explain => State::Open,
        }
    }

    /// What has become of it already, in words; empty where something must be done.
    pub fn outcome(&self) -> String {
        match (self.remedy, self.other_day) {
            (Remedy::Nothing, Some(day)) => format!("对方记在 {day}，金额一致"),
            (Remedy::Nothing, None) => "无需处理".to_owned(),
            (Remedy::Settle | Remedy::Ask | Remedy::Explain, _) => String::new(),
        }
    }

    fn says_the_same(&self, other: &Found) -> bool {
        (self.kind, self.theirs_fen, self.ours_fen)
            == (other.kind, other.theirs_fen, other.ours_fen)
    }
}

/// A difference as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Our number.
    pub id: i64,
    /// The day it belongs to.
    pub day: Date,
    /// What was found.
    pub found: Found,
    /// Where it stands.
    pub state: State,
    /// When the platform was asked about it; `None`: not yet.
    pub asked_at: Option<Timestamp>,
    /// What was proposed, by whom and when.
    pub proposal: Option<Signed>,
    /// Why it stays, in the words of whoever proposed the explanation; empty where there are none.
    pub words: String,
    /// Who confirmed, and when.
    pub confirmation: Option<Signed>,
    /// What became of it, in words; empty while nothing has.
    pub outcome: String,
    /// With which closing it was closed; `None`: not yet.
    pub closing: Option<i64>,
}

/// Who did something, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The account.
    pub by: i64,
    /// The house's time.
    pub at: Timestamp,
}

impl Difference {
    /// What a new comparison makes of it, which finds it like this, or no more. `None`: it is as it
    /// was.
    ///
    /// What was closed stays; only what is now otherwise comes back, as a difference of its own.
    pub fn compared(&self, found: Option<&Found>) -> Option<Difference> {
        let Some(found) = found else {
            let state = self.state.after(Event::Agreed).filter(|it| *it != self.state)?;
            let outcome = "复核后两边一致".to_owned();
            return Some(Difference { state, outcome, ..self.clone() });
        };
        if !self.found.says_the_same(found) {
            return Some(self.anew(found));
        }
        match self.state {
            // It agreed before, and does no more.
            State::Cleared if found.state() != State::Cleared => Some(self.anew(found)),
            State::Open if self.asked_at.is_none() && self.found.remedy != found.remedy => {
                Some(self.anew(found))
            }
            State::Open | State::Proposed | State::Cleared | State::Explained => None,
        }
    }

    fn anew(&self, found: &Found) -> Difference {
        let state = match found.state() {
            State::Open => self.state.after(Event::Differs).unwrap_or(State::Open),
            other => other,
        };
        Difference {
            found: found.clone(),
            state,
            asked_at: None,
            proposal: None,
            words: String::new(),
            confirmation: None,
            outcome: found.outcome(),
            ..self.clone()
        }
    }

    /// Its one act, for the button. `None`: there is nothing to do.
    pub fn act(&self) -> Option<&'static str> {
        match (self.state, self.found.remedy) {
            (State::Cleared | State::Explained, _) | (State::Open, Remedy::Nothing) => None,
            (State::Proposed, Remedy::Settle) => Some("确认补记"),
            (State::Proposed, Remedy::Ask | Remedy::Explain | Remedy::Nothing) => Some("确认说明"),
            (State::Open, remedy) => Some(remedy.label()),
        }
    }
}
