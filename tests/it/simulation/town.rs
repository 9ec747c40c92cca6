//! The town around the house: the true time, the platform's books, the line to it, the diary.
//!
//! One thread at a time has hold of it, so everything in it happens in one order, and the dice of a
//! seed fall alike every time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use kaowu::base::chance::Chance;
use kaowu::simulator::core::Books;

/// Our merchant number there.
pub const MERCHANT: &str = "KAOWU310199";

/// What breaks on purpose, so that the simulation itself is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Nothing: the line may fail, but what it tells is true.
    None,
    /// Another amount than was asked is told as the one that was asked.
    WrongAmountAsRight,
    /// "It is closed", whatever was done at the platform.
    ClosedUnasked,
    /// The same money has another number each time it is asked about.
    NewTradeNumbers,
    /// Money has gone back, while the bank still thinks.
    RefundedTooSoon,
}

/// A request that arrives when nobody waits for its answer any more.
pub type Late = Box<dyn FnOnce(&mut Town) + Send>;

/// What becomes of a request, or of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives and is answered.
    Straight,
    /// It never arrives.
    Lost,
    /// It arrives so many seconds later, when nobody waits any more.
    Late(i64),
    /// It arrives, and the answer does not.
    AnswerLost,
    /// It arrives, and what comes back cannot be read.
    Garbled,
    /// It arrives, and once more so many seconds later.
    Twice(i64),
}

pub struct Town {
    pub books: Books,
    pub dice: Chance,
    /// The true time, in seconds since 1970.
    pub now: i64,
    /// By how many seconds the house's clock is wrong.
    pub ours_ahead: i64,
    /// By how many the platform's is.
    pub theirs_ahead: i64,
    /// How many of 1000 requests and notices meet trouble.
    pub trouble: u64,
    /// Until when nothing of the platform is reached.
    pub down_until: i64,
    /// Whether a fault of our disk is to be expected.
    pub disk_bad: bool,
    /// After how many more steps of an act the house is to be cut off.
    pub crash_in: Option<u64>,
    /// What arrives later.
    pub later: Vec<(i64, Late)>,
    /// What the line did to orders, to judge by why they were closed.
    pub traces: BTreeMap<String, Trace>,
    /// Successes of which the platform never tells unasked.
    pub silent: BTreeSet<String>,
    /// Orders whose card is no more: their bank gives nothing back.
    pub dead_cards: BTreeSet<String>,
    pub diary: Vec<String>,
    /// How often which fault came.
    pub faults: BTreeMap<&'static str, u64>,
    pub lie: Lie,
    calls: u64,
}

/// When things happened to an order at the platform, most of them counted in calls.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trace {
    /// It was made.
    pub made: Option<u64>,
    /// It was said, and heard, that there is no money and that none will be taken.
    pub denied: Option<u64>,
    /// The true time at which it was made, or asked about with an answer that was heard.
    pub seen_at: Option<i64>,
}

pub type Shared = Arc<Mutex<Town>>;

pub fn locked(town: &Shared) -> MutexGuard<'_, Town> {
    town.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does something happen that happens so often in a thousand?
pub fn happens(dice: &Chance, per_mille: u64) -> bool {
    dice.below(1000) < per_mille
}

/// A number from `low` to `high`, both included.
pub fn between(dice: &Chance, low: i64, high: i64) -> i64 {
    low + dice.below((high - low + 1).unsigned_abs()).cast_signed()
}

impl Town {
    pub fn new(seed: u64, now: Timestamp, lie: Lie) -> Town {
        Town {
            books: Books::default(),
            dice: Chance::seeded(seed ^ 0x0070_6c61_7466_6f72),
            now: now.as_second(),
            ours_ahead: 0,
            theirs_ahead: 0,
            trouble: 0,
            down_until: 0,
            disk_bad: false,
            crash_in: None,
            later: Vec::new(),
            traces: BTreeMap::new(),
            silent: BTreeSet::new(),
            dead_cards: BTreeSet::new(),
            diary: Vec::new(),
            faults: BTreeMap::new(),
            lie,
            calls: 0,
        }
    }

    /// The platform's time.
    pub fn theirs(&self) -> Timestamp {
        instant(self.now + self.theirs_ahead)
    }

    /// The next call's number.
    pub fn call(&mut self) -> u64 {
        self.calls += 1;
        self.calls
    }

    /// Writes a line into the diary.
    pub fn write(&mut self, line: impl Display) {
        let at = instant(self.now + 8 * 3600).to_string();
        self.diary.push(format!("{} {line}", at.replace(['T', 'Z'], " ").trim()));
    }

    /// The same of a fault, which is counted.
    pub fn fault(&mut self, kind: &'static str, about: impl Display) {
        *self.faults.entry(kind).or_default() += 1;
        self.write(format_args!("FAULT {kind} {about}"));
    }

    /// Throws the dice for a request or a notice.
    pub fn fate(&mut self, what: &str, about: &dyn Display) -> Fate {
        if self.now < self.down_until {
            return Fate::Lost;
        }
        if !happens(&self.dice, self.trouble) {
            return Fate::Straight;
        }
        let (fate, kind) = match self.dice.below(5) {
            0 => (Fate::Lost, "lost on its way"),
            1 => (Fate::Late(between(&self.dice, 1, 1500)), "late"),
            2 => (Fate::AnswerLost, "answer lost"),
            3 => (Fate::Garbled, "answer garbled"),
            _ => (Fate::Twice(between(&self.dice, 1, 900)), "twice"),
        };
        self.fault(kind, format_args!("{what} {about}"));
        fate
    }

    /// How many faults there were.
    pub fn faults(&self) -> u64 {
        self.faults.values().sum()
    }

    /// How many seconds a way takes, during which others act.
    pub fn lag(&mut self) -> i64 {
        match self.dice.below(20) {
            0 => between(&self.dice, 5, 60),
            1..5 => between(&self.dice, 1, 5),
            _ => 0,
        }
    }
}

pub fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}
