//! The life of a difference.

/// Where a difference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its act is still to be done.
    Open,
    /// One person has begun its act; another must confirm it.
    Proposed,
    /// The two sides agree now, or it needs nothing.
    Cleared,
    /// Two people have said why it stays.
    Explained,
}

/// What happens to a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// One person begins its act.
    Proposed,
    /// It is given back to be done otherwise.
    SentBack,
    /// Another person confirmed, and the money was recorded.
    Recorded,
    /// Another person confirmed the explanation.
    Explained,
    /// A new comparison finds that the two sides agree.
    Agreed,
    /// A new comparison finds them otherwise than before.
    Differs,
}

impl State {
    /// All of them.
    pub const ALL: [State; 4] = [State::Open, State::Proposed, State::Cleared, State::Explained];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Proposed => "proposed",
            State::Cleared => "cleared",
            State::Explained => "explained",
        }
    }

    /// As staff read it.
    pub fn label(self) -> &'static str {
        match self {
            State::Open => "待处理",
            State::Proposed => "待确认",
            State::Cleared => "已平账",
            State::Explained => "已说明",
        }
    }

    /// The kind of tag (`parts::tag`) it is shown with.
    pub fn tag(self) -> &'static str {
        match self {
            State::Open => "odd",
            State::Proposed => "await",
            State::Cleared | State::Explained => "passed",
        }
    }

    /// Does it keep a day from being closed?
    pub fn is_unsettled(self) -> bool {
        match self {
            State::Open | State::Proposed => true,
            State::Cleared | State::Explained => false,
        }
    }

    /// The whole life of a difference. `None` where the event does not fit.
    pub fn after(self, event: Event) -> Option<State> {
        match (self, event) {
            (State::Open, Event::Proposed) => Some(State::Proposed),
            (State::Proposed, Event::SentBack) => Some(State::Open),
            (State::Proposed, Event::Recorded) => Some(State::Cleared),
            (State::Proposed, Event::Explained) => Some(State::Explained),
            (_, Event::Agreed) => Some(State::Cleared),
            (_, Event::Differs) => Some(State::Open),
            (State::Proposed | State::Cleared | State::Explained, Event::Proposed)
            | (
                State::Open | State::Cleared | State::Explained,
                Event::SentBack | Event::Recorded | Event::Explained,
            ) => None,
        }
    }
}

impl Event {
    /// All of them.
    pub const ALL: [Event; 6] = [
        Event::Proposed,
        Event::SentBack,
        Event::Recorded,
        Event::Explained,
        Event::Agreed,
        Event::Differs,
    ];
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{Event, State};

    #[test]
    fn the_life_of_a_difference() {
        let mut table = String::new();
        for state in State::ALL {
            for event in Event::ALL {
                let next = state.after(event).map_or("-", State::name);
                table += &format!("{:10}{:10}{next}\n", state.name(), format!("{event:?}"));
            }
        }
        expect![[r#"
            open      Proposed  proposed
            open      SentBack  -
            open      Recorded  -
            open      Explained -
            open      Agreed    cleared
            open      Differs   open
            proposed  Proposed  -
            proposed  SentBack  open
            proposed  Recorded  cleared
            proposed  Explained explained
            proposed  Agreed    cleared
            proposed  Differs   open
            cleared   Proposed  -
            cleared   SentBack  -
            cleared   Recorded  -
            cleared   Explained -
            cleared   Agreed    cleared
            cleared   Differs   open
            explained Proposed  -
            explained SentBack  -
            explained Recorded  -
            explained Explained -
            explained Agreed    cleared
            explained Differs   open
        "#]]
        .assert_eq(&table);
    }
}
