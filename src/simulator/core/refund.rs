//! Money that goes back.

use jiff::{SignedDuration, Timestamp};

use crate::base::values::Fen;

/// How long this platform's bank thinks about a refund.
pub const BANK_TAKES: SignedDuration = SignedDuration::from_secs(3);

/// Money of one payment that goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The merchant's number.
    pub refund_no: String,
    /// Of which payment.
    pub trade_no: String,
    /// How much.
    pub amount: Fen,
    /// Why.
    pub reason: String,
    /// When it was accepted.
    pub asked_at: Timestamp,
    /// When the bank will have made up its mind.
    pub ready_at: Timestamp,
    /// What the bank will say then.
    pub outcome: Event,
    /// Where it stands.
    pub state: State,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The bank has not answered yet.
    Processing,
    /// The payer has the money.
    Succeeded,
    /// The bank would not.
    Failed,
}

/// What can happen to a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The bank gave the money back.
    BankPaid,
    /// The bank would not: the card is closed, say.
    BankRefused,
}

impl Event {
    /// Every event.
    pub const ALL: [Event; 2] = [Event::BankPaid, Event::BankRefused];

    /// Its name on disk.
    pub fn code(self) -> &'static str {
        match self {
            Event::BankPaid => "PAID",
            Event::BankRefused => "REFUSED",
        }
    }
}

impl State {
    /// Every state.
    pub const ALL: [State; 3] = [State::Processing, State::Succeeded, State::Failed];

    /// The whole life of a refund. `None` once it has ended.
    pub fn after(self, event: Event) -> Option<State> {
        match (self, event) {
            (State::Processing, Event::BankPaid) => Some(State::Succeeded),
            (State::Processing, Event::BankRefused) => Some(State::Failed),
            (State::Succeeded | State::Failed, Event::BankPaid | Event::BankRefused) => None,
        }
    }

    /// Its name on the wire and on disk.
    pub fn code(self) -> &'static str {
        match self {
            State::Processing => "PROCESSING",
            State::Succeeded => "SUCCEEDED",
            State::Failed => "FAILED",
        }
    }
}

impl Refund {
    /// Ends it; `false` when it had ended before.
    pub fn end(&mut self, event: Event, at: Timestamp) -> bool {
        let Some(next) = self.state.after(event) else { return false };
        self.state = next;
        self.finished_at = Some(at);
        true
    }

    /// Lets time work: the bank answers when it has thought long enough. Says whether anything
    /// changed.
    pub fn time_passes(&mut self, now: Timestamp) -> bool {
        now >= self.ready_at && self.end(self.outcome, self.ready_at)
    }
}
