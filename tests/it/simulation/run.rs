//! A run: days of paying in one folder, driven by one queue of what happens when.

use std::collections::BTreeMap;

use kaowu::features::orders::rules::Refused;

use super::errands::{Ending, Errand};
use super::hands::{Hands, Progress};
use super::house::House;
use super::moneyback::Returned;
use super::office::is_told;
use super::people::{AtCashier, Next, Person};
use super::referee::{Complaint, Referee};
use super::town::{Lie, Shared, Town, between, happens, instant, locked};
use super::weather::Blow;

/// What happens at an instant.
pub enum Event {
    /// Somebody comes to pay.
    Comes(i64),
    Begin(Errand),
    Resume(u64),
    Cashier(AtCashier),
    /// The platform looks whether it has a notice to send.
    Post,
    Blow(Blow),
    /// A member of staff looks at the refunds.
    Office,
    /// The folder is copied.
    Copies,
}

/// For how many seconds an open order may be left alone when all goes well.
const UNASKED: i64 = 30 * 60;

pub struct Run {
    pub town: Shared,
    pub house: House,
    pub people: BTreeMap<i64, Person>,
    pub referee: Referee,
    /// How many acts were begun.
    pub acts: u64,
    /// What money went back so far.
    pub returned: Returned,
    pub hands: Hands,
    pub queue: BTreeMap<(i64, u64), Event>,
    queued: u64,
    pub house_back_at: i64,
    /// Since when, and after how many faults, asking has gone well.
    asking_well: (i64, u64),
}

type Goes = std::result::Result<(), Complaint>;

impl Run {
    pub fn new(seed: u64, lie: Lie) -> Run {
        let begins = "2026-03-13T00:00:00Z".parse().unwrap();
        let town = Town::new(seed, begins, lie);
        let town = Shared::new(town.into());
        let house = House::new(seed, &town);
        Run {
            town,
            house,
            people: BTreeMap::new(),
            referee: Referee::default(),
            acts: 0,
            returned: Returned::default(),
            hands: Hands::default(),
            queue: BTreeMap::new(),
            queued: 0,
            house_back_at: 0,
            asking_well: (0, 0),
        }
    }

    /// The true time.
    pub fn now(&self) -> i64 {
        locked(&self.town).now
    }

    /// Goes to an instant at which nothing is to happen before.
    pub fn travels(&mut self, to: i64) {
        locked(&self.town).now = to;
        self.house.set_clock();
    }

    pub fn at(&mut self, when: i64, event: Event) {
        self.queued += 1;
        self.queue.insert((when, self.queued), event);
    }

    /// Lets happen what is in the queue, and what follows from it, until nothing is left.
    pub fn happens_all(&mut self) -> Goes {
        while let Some(((when, _), event)) = self.queue.pop_first() {
            self.arrives_late(when);
            let now = self.now();
            self.travels(now.max(when));
            self.happens(event)?;
        }
        self.arrives_late(i64::MAX);
        Ok(())
    }

    /// Requests that were delayed arrive at the platform, up to this instant.
    fn arrives_late(&mut self, until: i64) {
        let mut town = locked(&self.town);
        while let Some(first) = (0..town.later.len()).min_by_key(|it| town.later[*it].0)
            && town.later[first].0 <= until
        {
            let (at, act) = town.later.remove(first);
            town.now = town.now.max(at);
            town.write("a delayed request arrives");
            act(&mut town);
        }
    }

    fn happens(&mut self, event: Event) -> Goes {
        match event {
            Event::Comes(person) => {
                let dice = locked(&self.town).dice.clone();
                let follows = self.people.get_mut(&person).map(|it| it.comes(&dice));
                self.follows(follows.unwrap_or_default());
                Ok(())
            }
            Event::Begin(errand) => self.begins(errand),
            Event::Resume(id) => match self.hands.resume(id) {
                Some(progress) => self.progresses(progress),
                None => Ok(()),
            },
            Event::Cashier(what) => {
                let follows = locked(&self.town).at_cashier(what);
                self.follows(follows);
                let now = self.now();
                self.at(now, Event::Post);
                Ok(())
            }
            Event::Post => {
                self.posts();
                Ok(())
            }
            Event::Blow(blow) => {
                self.blows(blow);
                Ok(())
            }
            Event::Office => {
                if self.now() >= self.house_back_at {
                    self.office_opens();
                }
                Ok(())
            }
            Event::Copies => {
                self.house.copies();
                Ok(())
            }
        }
    }

    pub fn follows(&mut self, all: Vec<(i64, Next)>) {
        let now = self.now();
        for (after, next) in all {
            let event = match next {
                Next::Errand(errand) => Event::Begin(errand),
                Next::Cashier(what) => Event::Cashier(what),
            };
            self.at(now + after, event);
        }
    }

    /// Begins an errand, if the house is there to take it.
    fn begins(&mut self, errand: Errand) -> Goes {
        let (now, back) = (self.now(), self.house_back_at);
        if now < back {
            if errand.person().is_some() || matches!(errand, Errand::CatchUp { .. }) {
                let patience = between(&locked(&self.town).dice, 1, 120);
                self.at(back + patience, Event::Begin(errand));
            }
            return Ok(());
        }
        self.acts += 1;
        let alone = {
            let mut town = locked(&self.town);
            let is_job = errand.is_job();
            if !is_job {
                town.write(errand.told());
            }
            happens(&town.dice, if is_job { 800 } else { 400 })
        };
        let progress = self.hands.begin(&self.house, errand, alone);
        self.progresses(progress)
    }

    fn progresses(&mut self, progress: Progress) -> Goes {
        match progress {
            Progress::Waits { id, until } => self.at(until, Event::Resume(id)),
            Progress::Ended(Errand::Chase, Ending::Idle) => return self.asks_all(),
            Progress::Ended(_, Ending::Idle) => return Ok(()),
            Progress::Ended(errand, ending) => self.ends(errand, ending)?,
        }
        self.referee.looks(&self.house.app.db, &self.town)
    }

    fn ends(&mut self, errand: Errand, ending: Ending) -> Goes {
        let mut town = locked(&self.town);
        let dice = town.dice.clone();
        match &ending {
            Ending::Done | Ending::Idle => {}
            Ending::Seen(order) => {
                town.write(format_args!("  {}: {} is {:?}", errand.told(), order.no, order.state));
            }
            // In full it would carry where it arose, which takes long to find out.
            Ending::Faulty(fault) => town.write(format_args!("  {}: {fault}", errand.told())),
            other => town.write(format_args!("  {}: {other:?}", errand.told())),
        }
        drop(town);
        let person = errand.person().and_then(|it| self.people.get_mut(&it));
        match ending {
            Ending::Seen(order) => {
                let follows = person.map(|it| it.sees(&order, &dice));
                self.follows(follows.unwrap_or_default());
            }
            Ending::Refused(
                Refused::Shut { .. }
                | Refused::KeepsOld { .. }
                | Refused::NothingOwed
                | Refused::TooMany,
            ) => {}
            Ending::Refused(why @ (Refused::NoSuchDue | Refused::FormReused)) => {
                return Err(format!("{} is refused: {why:?}", errand.told()));
            }
            Ending::Unwilling(why) if is_told(&why) => {}
            Ending::Unwilling(why) => return Err(format!("{}: {why:?}", errand.told())),
            Ending::Unanswered => {
                let soon = self.now() + 60;
                self.at(soon, Event::Begin(errand));
            }
            Ending::Done if matches!(errand, Errand::Chase) => self.asks_all()?,
            Ending::Done => self.heard(&errand),
            Ending::Idle => {}
            Ending::Faulty(fault) => {
                if !locked(&self.town).disk_bad {
                    return Err(format!("{} met a fault: {fault}", errand.told()));
                }
                locked(&self.town).fault("act met the disk", errand.told());
                let follows = person.map(|it| it.tries_again(&dice));
                self.follows(follows.unwrap_or_default());
                if matches!(errand, Errand::CatchUp { .. }) {
                    let soon = self.now() + 60;
                    self.at(soon, Event::Begin(errand));
                }
            }
            Ending::Crashed => self.crashes(vec![errand]),
            Ending::Panicked(text) => return Err(format!("{} panicked: {text}", errand.told())),
        }
        Ok(())
    }

    /// The job that asks has run. Where it had no trouble for half an hour, no open order has been
    /// left alone for that long, whatever our clock does.
    fn asks_all(&mut self) -> Goes {
        let open = "select order_no
               from orders
              where state in ('created', 'awaiting_payment')";
        let mut town = locked(&self.town);
        let (since, faults) = self.asking_well;
        if town.faults() != faults || town.now < town.down_until {
            self.asking_well = (town.now, town.faults());
            return Ok(());
        }
        if town.now - since < UNASKED {
            return Ok(());
        }
        let open = self.house.app.db.read_now(|tx| tx.all(open, (), |row| row.get(0)));
        let now = town.now;
        let mut alone = |no: &String| {
            // One that was just placed has not been seen by anybody yet.
            let trace = town.traces.entry(no.clone()).or_default();
            now - *trace.seen_at.get_or_insert(now) > UNASKED
        };
        match open.unwrap().into_iter().find(&mut alone) {
            None => Ok(()),
            Some(no) => Err(format!("nobody has asked about order {no} for half an hour")),
        }
    }
}

/// For the diary: when a day is.
pub fn day_of(second: i64) -> String {
    instant(second + 8 * 3600).to_string()[..10].to_owned()
}
