//! What a refund is, how it lives, and why one is refused.

mod reason;
mod state;

use jiff::{SignedDuration, Timestamp};

pub use self::reason::{Afterwards, Reason};
pub use self::state::{Event, State};

use crate::base::values::{Fen, OrderNo, RefundNo};

/// How long after a try the next one comes: more and more slowly, so that a platform in trouble is
/// not pressed, and at last once an hour, for as long as it takes.
pub fn pause(tries: i64) -> SignedDuration {
    match tries {
        ..=1 => SignedDuration::from_secs(15),
        2 => SignedDuration::from_secs(30),
        3 => SignedDuration::from_mins(1),
        4 => SignedDuration::from_mins(2),
        5 => SignedDuration::from_mins(5),
        6 => SignedDuration::from_mins(15),
        7.. => SignedDuration::from_hours(1),
    }
}

/// Money of one payment on its way back; always all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Our number.
    pub id: i64,
    /// Its number at the platform; after a failure it gets a new one.
    pub no: RefundNo,
    /// Which payment goes back.
    pub trade_no: String,
    /// By which order that payment came, as the platform says.
    pub order_no: OrderNo,
    /// Who paid; `None`: not known.
    pub candidate_id: Option<i64>,
    /// How much.
    pub amount: Fen,
    /// What becomes of the due; `None`: the payment never counted.
    pub afterwards: Option<Afterwards>,
    /// Why.
    pub reason: Reason,
    /// What the asker added; may be empty.
    pub words: String,
    /// Where it stands.
    pub state: State,
    /// The house's time it was asked for.
    pub asked_at: Timestamp,
    /// Who asked; `None`: a rule.
    pub asked_by: Option<i64>,
    /// Who decided, and when.
    pub decided: Option<Decided>,
    /// The house's time the platform accepted it last.
    pub sent_at: Option<Timestamp>,
    /// Why the last try failed, for staff.
    pub failure: Option<String>,
    /// The bank transfer by hand.
    pub transfer: Option<Transfer>,
    /// When the money had gone back: by the platform's clock, or the house's for a transfer.
    pub ended_at: Option<Timestamp>,
    /// How its last questions went.
    pub tries: Tries,
}

impl Refund {
    /// Had the payment paid its due?
    pub fn counted(&self) -> bool {
        self.afterwards.is_some()
    }
}

/// A decision on a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The house's time.
    pub at: Timestamp,
    /// Which member of staff.
    pub by: i64,
    /// Why it was declined.
    pub why: Option<String>,
}

/// A bank transfer that gives back what the platform cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The voucher's number.
    pub voucher: String,
    /// The house's time it was entered.
    pub at: Timestamp,
    /// Who entered it.
    pub by: i64,
    /// Who else confirmed it; `None` until then.
    pub confirmed_by: Option<i64>,
}

/// How often the platform was asked since the refund's state changed, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// How often.
    pub count: i64,
    /// The wall's time of the last one.
    pub last_at: Option<Timestamp>,
    /// Why the last one was not answered, for staff.
    pub trouble: Option<String>,
}

/// A refund before it has a row.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its first number at the platform.
    pub no: RefundNo,
    /// Which payment.
    pub trade_no: String,
    /// By which order that came.
    pub order_no: OrderNo,
    /// Who paid, where that is known.
    pub candidate_id: Option<i64>,
    /// All of the payment.
    pub amount: Fen,
    /// What becomes of the due; `None`: the payment never counted.
    pub afterwards: Option<Afterwards>,
    /// Why.
    pub reason: Reason,
    /// What the asker adds; may be empty.
    pub words: String,
    /// Which member of staff asks; `None`: a rule.
    pub asked_by: Option<i64>,
}

/// Why nothing was done with a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such refund.
    Unknown,
    /// There is no such payment, or it does not pay for anything.
    NothingToGiveBack,
    /// More than was paid.
    AbovePaid {
        /// How much was paid.
        paid: Fen,
    },
    /// Less than was paid: only whole payments go back (`domain.md` 9, E32).
    Partial {
        /// How much was paid.
        paid: Fen,
    },
    /// One lives, or has ended, for this payment.
    AlreadyAsked {
        /// Which.
        refund: i64,
        /// Where it stands.
        state: State,
    },
    /// Somebody changed it meanwhile.
    Moved {
        /// Where it stands now.
        now: State,
        /// Who decided last, where a person did.
        by: Option<String>,
    },
    /// Whoever asked or entered it may not decide it too.
    SamePerson,
    /// Money that never counted is not ours to keep.
    MustGoBack,
    /// A reason or a number must be given.
    NothingSaid,
    /// Only members of staff ask and decide.
    NotStaff,
    /// The same form came before with another wish.
    FormReused,
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_grow() {
        let pauses: Vec<_> = (0..9).map(pause).collect();
        assert!(pauses.windows(2).all(|it| it[0] <= it[1]), "{pauses:?}");
    }
}
