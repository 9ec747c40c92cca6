//! The life of a refund.

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Somebody, or a rule, wants it.
    Asked,
    /// Somebody else agreed; the platform may not know it yet.
    Approved,
    /// The platform has it; the bank has not answered.
    Sent,
    /// The platform or the bank would not. The money is still here.
    Failed,
    /// A bank transfer was entered; a second person has not confirmed it.
    ByHand,
    /// The money went back.
    Refunded,
    /// It does not go back: a payment that counted goes on counting.
    Declined,
}

/// What happens to a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A second person agreed.
    Approved,
    /// A second person did not.
    Declined,
    /// The platform accepted it.
    Sent,
    /// The platform says that the payer has the money.
    Ended,
    /// The platform or the bank would not.
    Failed,
    /// It is tried again, by a new number.
    Retried,
    /// A bank transfer was entered.
    Transferred,
    /// A second person confirmed the transfer.
    Confirmed,
    /// The transfer was not made after all.
    TakenBack,
}

impl State {
    /// All of them, in the order of life.
    pub const ALL: [State; 7] = [
        State::Asked,
        State::Approved,
        State::Sent,
        State::Failed,
        State::ByHand,
        State::Refunded,
        State::Declined,
    ];

    /// The whole life of a refund. `None` where the event may not happen.
    ///
    /// While the platform has not said no, nothing is done by hand: the money would go back twice.
    /// What the platform calls done is done, even where it had called it failed.
    pub fn after(self, event: Event) -> Option<State> {
        match (self, event) {
            (State::Asked, Event::Approved) => Some(State::Approved),
            (State::Asked, Event::Declined) => Some(State::Declined),

            (State::Approved | State::Sent, Event::Sent) => Some(State::Sent),
            (State::Approved | State::Sent, Event::Ended) => Some(State::Refunded),
            (State::Approved | State::Sent, Event::Failed) => Some(State::Failed),
            (
                State::Approved | State::Sent,
                Event::Approved
                | Event::Declined
                | Event::Retried
                | Event::Transferred
                | Event::Confirmed
                | Event::TakenBack,
            ) => None,

            (State::Failed, Event::Ended) => Some(State::Refunded),
            (State::Failed, Event::Retried) => Some(State::Approved),
            (State::Failed, Event::Transferred) => Some(State::ByHand),
            (
                State::Failed,
                Event::Approved
                | Event::Declined
                | Event::Sent
                | Event::Failed
                | Event::Confirmed
                | Event::TakenBack,
            ) => None,

            (State::ByHand, Event::Confirmed) => Some(State::Refunded),
            (State::ByHand, Event::TakenBack) => Some(State::Failed),
            (
                State::Asked | State::ByHand,
                Event::Sent | Event::Ended | Event::Failed | Event::Retried | Event::Transferred,
            )
            | (State::Asked, Event::Confirmed | Event::TakenBack)
            | (State::ByHand, Event::Approved | Event::Declined) => None,

            (
                State::Refunded | State::Declined,
                Event::Approved
                | Event::Declined
                | Event::Sent
                | Event::Ended
                | Event::Failed
                | Event::Retried
                | Event::Transferred
                | Event::Confirmed
                | Event::TakenBack,
            ) => None,
        }
    }

    /// As it lies in the database and in forms.
    pub fn name(self) -> &'static str {
        match self {
            State::Asked => "asked",
            State::Approved => "approved",
            State::Sent => "sent",
            State::Failed => "refund_failed",
            State::ByHand => "by_hand",
            State::Refunded => "refunded",
            State::Declined => "declined",
        }
    }

    /// Reads [`State::name`] back.
    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As staff read it.
    pub fn label(self) -> &'static str {
        match self {
            State::Asked => "待批准",
            State::Approved => "待发送",
            State::Sent => "退款中",
            State::Failed => "退款失败",
            State::ByHand => "转账待复核",
            State::Refunded => "已退款",
            State::Declined => "已驳回",
        }
    }

    /// The kind of tag (`parts::tag`) it is shown with.
    pub fn tag(self) -> &'static str {
        match self {
            State::Asked => "due",
            State::Approved | State::Sent | State::ByHand => "await",
            State::Failed => "odd",
            State::Refunded => "back",
            State::Declined => "closed",
        }
    }
}

impl Event {
    /// All of them.
    pub const ALL: [Event; 9] = [
        Event::Approved,
        Event::Declined,
        Event::Sent,
        Event::Ended,
        Event::Failed,
        Event::Retried,
        Event::Transferred,
        Event::Confirmed,
        Event::TakenBack,
    ];
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{Event, State};

    #[test]
    fn the_life_of_a_refund() {
        let mut table = String::new();
        for state in State::ALL {
            let events = Event::ALL.into_iter();
            let ways = events.filter_map(|event| Some((event, state.after(event)?)));
            let ways: Vec<_> =
                ways.map(|(event, next)| format!("{event:?} → {}", next.name())).collect();
            let ways = if ways.is_empty() { "the end".into() } else { ways.join(", ") };
            table += &format!("{:14}{ways}\n", state.name());
        }
        expect![[r#"
            asked         Approved → approved, Declined → declined
            approved      Sent → sent, Ended → refunded, Failed → refund_failed
            sent          Sent → sent, Ended → refunded, Failed → refund_failed
            refund_failed Ended → refunded, Retried → approved, Transferred → by_hand
            by_hand       Confirmed → refunded, TakenBack → refund_failed
            refunded      the end
            declined      the end
        "#]]
        .assert_eq(&table);
    }
}
