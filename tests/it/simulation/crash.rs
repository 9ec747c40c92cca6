//! The house cut off, and how it comes back: as it was, or as an older copy of itself.

use super::errands::Errand;
use super::people::Next;
use super::run::{Event, Run};
use super::town::{between, happens, locked};

impl Run {
    /// The house is cut off with whatever is under way, and comes back a little later.
    pub fn crashes(&mut self, mut cut: Vec<Errand>) {
        cut.extend(self.hands.cut_off());
        let dice = {
            let mut town = locked(&self.town);
            town.crash_in = None;
            town.disk_bad = false;
            town.fault("house cut off", format_args!("with {} errands under way", cut.len()));
            town.dice.clone()
        };
        self.house_back_at = self.now() + between(&dice, 5, 200);
        match self.house.copy.clone().filter(|_| happens(&dice, 250)) {
            None => self.house.crashes(),
            Some(copy) => {
                let age = self.now() - copy.made_at;
                locked(&self.town).fault("house restored", format_args!("{age} seconds old"));
                self.house.is_restored(&copy);
                self.referee.begins_at(&self.house.app.db);
                // What officers had on their screens is of the folder that is gone.
                let of_office = |event: &Event| matches!(event, Event::Begin(Errand::Office(_)));
                self.queue.retain(|_, event| !of_office(event));
                let catch_up = Errand::CatchUp { since: copy.made_at };
                self.at(self.house_back_at, Event::Begin(catch_up));
            }
        }
        self.goes_on_after(cut);
    }

    /// Whoever waited for an answer tries again when the house is back.
    fn goes_on_after(&mut self, cut: Vec<Errand>) {
        let (back, dice) = (self.house_back_at, locked(&self.town).dice.clone());
        for errand in cut {
            if matches!(errand, Errand::CatchUp { .. }) {
                self.at(back, Event::Begin(errand));
                continue;
            }
            let person = errand.person().and_then(|it| self.people.get_mut(&it));
            let follows = person.map(|it| it.tries_again(&dice));
            for (after, next) in follows.unwrap_or_default() {
                if let Next::Errand(errand) = next {
                    self.at(back + after, Event::Begin(errand));
                }
            }
        }
    }
}
