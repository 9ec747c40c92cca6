//! The only place that reads the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The office's time zone. A day, on paper and in a statement, is a day here.
pub const OFFICE: TimeZone = TimeZone::fixed(jiff::tz::offset(8));

/// Tells two times: the wall's, and the house's, which training may move.
///
/// Clones share the shift. Both give whole seconds, so that stored times are text of one width
/// and sort as text.
#[derive(Clone, Debug)]
pub struct Clock {
    wall: Wall,
    shift_s: Arc<AtomicI64>,
}

#[derive(Clone, Debug)]
enum Wall {
    Real,
    /// Seconds since 1970; only its owner moves it.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of the machine.
    pub fn real() -> Clock {
        Clock { wall: Wall::Real, shift_s: Arc::default() }
    }

    /// A clock that stands at `at` until [`Clock::pass`] moves it. For tests and simulations.
    pub fn standing(at: Timestamp) -> Clock {
        let set = Arc::new(AtomicI64::new(at.as_second()));
        Clock { wall: Wall::Set(set), shift_s: Arc::default() }
    }

    /// The house's time: windows open and orders expire by it.
    pub fn now(&self) -> Timestamp {
        self.wall() + self.shift()
    }

    /// The time outside: for sessions, lock-outs, signatures and the log.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the time")]
    pub fn wall(&self) -> Timestamp {
        let second = match &self.wall {
            Wall::Real => Timestamp::now().as_second(),
            Wall::Set(second) => second.load(Ordering::Relaxed),
        };
        Timestamp::from_second(second).expect("clocks stay within the years that jiff knows")
    }

    /// How far the house's time is ahead of the wall's.
    pub fn shift(&self) -> SignedDuration {
        SignedDuration::from_secs(self.shift_s.load(Ordering::Relaxed))
    }

    /// Sets how far the house's time is ahead of the wall's; training alone may do so.
    pub fn set_shift(&self, shift: SignedDuration) {
        self.shift_s.store(shift.as_secs(), Ordering::Relaxed);
    }

    /// Lets time pass on a standing clock. On a real one it moves the house's time alone.
    pub fn pass(&self, by: SignedDuration) {
        match &self.wall {
            Wall::Real => self.shift_s.fetch_add(by.as_secs(), Ordering::Relaxed),
            Wall::Set(second) => second.fetch_add(by.as_secs(), Ordering::Relaxed),
        };
    }

    /// Today in the office, by the house's time.
    pub fn today(&self) -> Date {
        office_date(self.now())
    }
}

/// The day in the office at an instant.
pub fn office_date(at: Timestamp) -> Date {
    at.to_zoned(OFFICE).date()
}
