//! An order's life on the platform, and the money it brought.

use jiff::{SignedDuration, Timestamp};

use super::Key;
use super::attempt::{self, Attempt, Channel};
use super::forgery::Forgery;
use super::notice::Notice;
use super::refund::{self, Refund};
use crate::base::values::Fen;

/// How long an order may be paid at most (manual, question 3: 30 分钟).
pub const PAY_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// One wish of a merchant to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Whose.
    pub merchant: String,
    /// The merchant's number.
    pub order_no: String,
    /// How much.
    pub amount: Fen,
    /// What for.
    pub subject: String,
    /// For whom, masked.
    pub payer: Option<String>,
    /// The merchant's own key.
    pub attach: String,
    /// The expiry that the merchant asked for; belongs to the content.
    pub asked_expiry: Timestamp,
    /// The expiry that applies.
    pub expires_at: Timestamp,
    /// Where the payer goes afterwards.
    pub return_url: String,
    /// Where notices go.
    pub notify_url: String,
    /// Names the cashier page; nobody can guess it.
    pub token: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// When it closed; stays when money comes after that.
    pub closed_at: Option<Timestamp>,
    /// The payer's tries, oldest first.
    pub attempts: Vec<Attempt>,
    /// The money that came, oldest first.
    pub payments: Vec<Payment>,
    /// The money that goes back.
    pub refunds: Vec<Refund>,
    /// One for each payment.
    pub notices: Vec<Notice>,
    /// What others send in the platform's name.
    pub forgeries: Vec<Forgery>,
}

/// Money that the platform took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Counts all payments of this platform.
    pub serial: u64,
    /// Unique for ever.
    pub trade_no: String,
    /// Which attempt took it, by its place in the order.
    pub attempt: usize,
    /// How much was really taken.
    pub amount: Fen,
    /// By which channel.
    pub channel: Channel,
    /// From which card.
    pub bank: String,
    /// When.
    pub paid_at: Timestamp,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be paid.
    Waiting,
    /// There is money.
    Paid,
    /// Nobody paid, and nobody can.
    Closed,
}

/// What can happen to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A bank took money.
    Captured,
    /// The merchant wants it closed.
    CloseAsked,
    /// Its expiry came.
    TimeRanOut,
}

impl State {
    /// Every state.
    pub const ALL: [State; 3] = [State::Waiting, State::Paid, State::Closed];

    /// The whole life of an order. `None` where the event has come too late.
    ///
    /// Money that a bank took is money, whatever state the order was in.
    pub fn after(self, event: Event) -> Option<State> {
        match (self, event) {
            (State::Waiting | State::Paid | State::Closed, Event::Captured) => Some(State::Paid),
            (State::Waiting | State::Closed, Event::CloseAsked) => Some(State::Closed),
            (State::Waiting, Event::TimeRanOut) => Some(State::Closed),
            (State::Paid, Event::CloseAsked | Event::TimeRanOut) => None,
            (State::Closed, Event::TimeRanOut) => None,
        }
    }

    /// Its name on the wire and on disk.
    pub fn code(self) -> &'static str {
        match self {
            State::Waiting => "WAITING",
            State::Paid => "PAID",
            State::Closed => "CLOSED",
        }
    }
}

impl Order {
    /// Whose, and which.
    pub fn key(&self) -> Key {
        (self.merchant.clone(), self.order_no.clone())
    }

    /// Lets time work; says whether anything changed.
    pub fn time_passes(&mut self, now: Timestamp) -> bool {
        let mut changed = false;
        if now >= self.expires_at && self.state.after(Event::TimeRanOut).is_some() {
            self.close(Event::TimeRanOut, self.expires_at);
            changed = true;
        }
        for refund in &mut self.refunds {
            changed |= refund.time_passes(now);
        }
        changed
    }

    /// Closes it; `false` when there is money.
    pub fn close(&mut self, why: Event, at: Timestamp) -> bool {
        let Some(next) = self.state.after(why) else { return false };
        if self.state != next {
            self.state = next;
            self.closed_at = Some(at);
            self.tell_attempts(attempt::Event::OrderClosed);
        }
        true
    }

    /// Whether it closed because nobody paid in time.
    pub fn ran_out(&self) -> bool {
        self.closed_at.is_some_and(|at| at >= self.expires_at)
    }

    /// What of a payment is not given back, nor on its way back.
    pub fn left_of(&self, payment: &Payment) -> i64 {
        let gone =
            |it: &&Refund| it.trade_no == payment.trade_no && it.state != refund::State::Failed;
        payment.amount.fen()
            - self.refunds.iter().filter(gone).map(|it| it.amount.fen()).sum::<i64>()
    }

    /// What of a payment the payer has back.
    pub fn refunded_of(&self, payment: &Payment) -> i64 {
        let done =
            |it: &&Refund| it.trade_no == payment.trade_no && it.state == refund::State::Succeeded;
        self.refunds.iter().filter(done).map(|it| it.amount.fen()).sum()
    }

    /// Every other attempt hears what happened to the order.
    pub fn tell_attempts(&mut self, event: attempt::Event) {
        for attempt in &mut self.attempts {
            if let Some(next) = attempt.state.after(event) {
                attempt.state = next;
            }
        }
    }
}
