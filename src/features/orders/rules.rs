//! What an order is, how it lives, and what becomes of money.

mod money;

use jiff::{SignedDuration, Timestamp};

pub use self::money::{Fate, FateEvent, Payment, Road, Settled, Verdict};

use crate::base::values::{Fen, OrderNo};

/// How long an order may be paid (the manual's 30 minutes; `product.md` 4, rule 3).
pub const PAY_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// How long after the window's end an order begun in time may still be paid.
pub const WINDOW_GRACE: SignedDuration = SignedDuration::from_mins(10);

/// How many orders one person may place within [`FLOOD_WITHIN`].
pub const FLOOD_LIMIT: i64 = 20;

/// See [`FLOOD_LIMIT`].
pub const FLOOD_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// One attempt to pay a due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its place in the order of placing.
    pub id: i64,
    /// Its number; the platform knows it by that too.
    pub no: OrderNo,
    /// What is paid.
    pub due_id: i64,
    /// Whose it is.
    pub candidate_id: i64,
    /// How much.
    pub amount: Fen,
    /// What the payer reads at the platform.
    pub subject: String,
    /// The name as of placing.
    pub payer: String,
    /// Where it stands.
    pub state: State,
    /// The house's time of placing.
    pub placed_at: Timestamp,
    /// When it is asked about and closed.
    pub expires_at: Timestamp,
    /// The platform's page, once the platform knows the order.
    pub pay_url: Option<String>,
    /// The platform's time of the success.
    pub paid_at: Option<Timestamp>,
    /// The house's time of closing.
    pub closed_at: Option<Timestamp>,
    /// The wall's time the platform was asked last.
    pub asked_at: Option<Timestamp>,
    /// Why the last question failed.
    pub ask_trouble: Option<String>,
}

impl Order {
    /// Was the platform asked so lately? What was asked in a time that has yet to come was asked
    /// before the clock was set back, and nobody knows how long ago.
    pub fn asked_within(&self, span: SignedDuration, wall: Timestamp) -> bool {
        self.asked_at.is_some_and(|at| at <= wall && wall.duration_since(at) < span)
    }
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has a row here; the platform may not know it yet.
    Created,
    /// The platform knows it and waits for the money.
    AwaitingPayment,
    /// Money came.
    Paid,
    /// No money came, and the platform has been asked.
    Closed,
}

/// What happens to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The platform took it and gave its page.
    Opened,
    /// The platform has the money, for exactly this amount.
    Paid,
    /// The platform was asked, has no money for it, and will take none.
    Closed,
}

impl State {
    /// All of them, in the order of life.
    pub const ALL: [State; 4] =
        [State::Created, State::AwaitingPayment, State::Paid, State::Closed];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            State::Created => "created",
            State::AwaitingPayment => "awaiting_payment",
            State::Paid => "paid",
            State::Closed => "closed",
        }
    }

    /// Reads [`State::name`] back.
    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            State::Created | State::AwaitingPayment => "待支付",
            State::Paid => "已缴费",
            State::Closed => "已关闭",
        }
    }

    /// The kind of tag (`parts::tag`) it is shown with.
    pub fn tag(self) -> &'static str {
        match self {
            State::Created | State::AwaitingPayment => "await",
            State::Paid => "paid",
            State::Closed => "closed",
        }
    }

    /// May money still be asked for?
    pub fn is_open(self) -> bool {
        match self {
            State::Created | State::AwaitingPayment => true,
            State::Paid | State::Closed => false,
        }
    }

    /// The whole life of an order. `None` where the event has come too late.
    ///
    /// Money that arrives after closing still counts: the platform has it.
    pub fn after(self, event: Event) -> Option<State> {
        match (self, event) {
            (State::Created | State::AwaitingPayment, Event::Opened) => {
                Some(State::AwaitingPayment)
            }
            (
                State::Created | State::AwaitingPayment | State::Paid | State::Closed,
                Event::Paid,
            ) => Some(State::Paid),
            (State::Created | State::AwaitingPayment | State::Closed, Event::Closed) => {
                Some(State::Closed)
            }
            (State::Paid | State::Closed, Event::Opened) | (State::Paid, Event::Closed) => None,
        }
    }
}

impl Event {
    /// All of them.
    pub const ALL: [Event; 3] = [Event::Opened, Event::Paid, Event::Closed];
}

/// When an order placed now must be paid: in 30 minutes, or 10 minutes after the window's end if
/// that is sooner.
pub fn expiry(now: Timestamp, window_ends: Timestamp) -> Timestamp {
    (now + PAY_WITHIN).min(window_ends + WINDOW_GRACE)
}

/// Why no order is placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such due, or it is somebody else's.
    NoSuchDue,
    /// Nothing is owed any more.
    NothingOwed,
    /// The window is not open.
    Shut {
        /// When it opens next, in words; `None`: it does not.
        opens: Option<String>,
    },
    /// The window is not open, and the order there is may still be paid.
    KeepsOld {
        /// Until when.
        until: Timestamp,
    },
    /// The person placed too many orders within the hour.
    TooMany,
    /// The same form came before with another wish.
    FormReused,
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_life_of_an_order() {
        let mut table = String::new();
        for state in State::ALL {
            for event in Event::ALL {
                let next = state.after(event).map_or("too late", State::name);
                table += &format!("{:18}{:8}{next}\n", state.name(), format!("{event:?}"));
            }
        }
        expect![[r#"
            created           Opened  awaiting_payment
            created           Paid    paid
            created           Closed  closed
            awaiting_payment  Opened  awaiting_payment
            awaiting_payment  Paid    paid
            awaiting_payment  Closed  closed
            paid              Opened  too late
            paid              Paid    paid
            paid              Closed  too late
            closed            Opened  too late
            closed            Paid    paid
            closed            Closed  closed
        "#]]
        .assert_eq(&table);
    }

    #[test]
    fn an_order_placed_near_the_end_lasts_ten_minutes_beyond_it() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let end = at("2026-03-13T12:00:00Z");
        assert_eq!(expiry(at("2026-03-13T11:00:00Z"), end), at("2026-03-13T11:30:00Z"));
        assert_eq!(expiry(at("2026-03-13T11:40:00Z"), end), at("2026-03-13T12:10:00Z"));
        assert_eq!(expiry(at("2026-03-13T11:45:00Z"), end), at("2026-03-13T12:10:00Z"));
        assert_eq!(expiry(at("2026-03-13T11:59:59Z"), end), at("2026-03-13T12:10:00Z"));
    }

    #[test]
    fn a_question_asked_before_the_clock_was_set_back_is_asked_again() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut order = Order {
            id: 1,
            no: "2026031331019901011234567890".parse().unwrap(),
            due_id: 1,
            candidate_id: 1,
            amount: Fen::of(10_000),
            subject: String::new(),
            payer: String::new(),
            state: State::AwaitingPayment,
            placed_at: at("2026-03-13T02:24:00Z"),
            expires_at: at("2026-03-13T02:54:00Z"),
            pay_url: None,
            paid_at: None,
            closed_at: None,
            asked_at: None,
            ask_trouble: None,
        };
        let span = SignedDuration::from_mins(5);
        assert!(!order.asked_within(span, at("2026-03-13T02:24:00Z")));

        order.asked_at = Some(at("2026-03-13T02:30:00Z"));
        assert!(order.asked_within(span, at("2026-03-13T02:34:59Z")));
        assert!(!order.asked_within(span, at("2026-03-13T02:35:00Z")));
        assert!(!order.asked_within(span, at("2026-03-13T02:29:59Z")), "set back since");
    }
}
