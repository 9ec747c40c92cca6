//! Faults that are planned: the house cut off, clocks that jump, the platform out of reach, a disk
//! that fails or is full.

use super::run::{Event, Run};
use super::town::{between, happens, locked};

/// A fault with its instant.
#[derive(Clone, Copy, Debug)]
pub enum Blow {
    /// Within so many steps of acts, the house is cut off.
    Crash(u64),
    /// Our clock is so many seconds wrong from now on.
    OurClock(i64),
    /// The platform's is.
    TheirClock(i64),
    /// The platform is out of reach for so many seconds.
    Outage(i64),
    /// One write of ours finds the disk read-only.
    DiskFails,
    /// Our disk is full for so many seconds.
    DiskFull(i64),
    /// There is room again.
    DiskHasRoom,
}

impl Blow {
    /// What kind of fault it is; `None` where it is none by itself.
    fn kind(self) -> Option<&'static str> {
        match self {
            Blow::OurClock(_) => Some("our clock jumps"),
            Blow::TheirClock(_) => Some("their clock jumps"),
            Blow::Outage(_) => Some("platform out of reach"),
            Blow::DiskFails => Some("disk fails"),
            Blow::DiskFull(_) => Some("disk full"),
            // A crash is counted when it comes.
            Blow::Crash(_) | Blow::DiskHasRoom => None,
        }
    }
}

impl Run {
    /// Plans a day's faults: three at least.
    pub fn plans_faults(&mut self, opens: i64, closes: i64) {
        let dice = locked(&self.town).dice.clone();
        // On a calm day one request in fifty meets trouble, on a wild one a third.
        let trouble = *dice.pick(&[20, 20, 60, 150, 330]);
        locked(&self.town).trouble = trouble;
        for _ in 0..between(&dice, 3, 6) {
            let when = between(&dice, opens, closes + 1800);
            let blow = match dice.below(10) {
                0..3 => Blow::Crash(dice.below(12)),
                3 => Blow::OurClock(jump(&dice)),
                4 => Blow::TheirClock(jump(&dice)),
                5 | 6 => Blow::Outage(between(&dice, 20, 2400)),
                7 => Blow::DiskFails,
                _ => Blow::DiskFull(between(&dice, 10, 600)),
            };
            self.at(when, Event::Blow(blow));
        }
    }

    pub fn blows(&mut self, blow: Blow) {
        let mut town = locked(&self.town);
        match blow.kind() {
            Some(kind) => town.fault(kind, format_args!("{blow:?}")),
            None => town.write(format_args!("{blow:?}")),
        }
        let now = town.now;
        match blow {
            Blow::Crash(steps) => town.crash_in = Some(steps),
            Blow::OurClock(by) => town.ours_ahead = by,
            Blow::TheirClock(by) => town.theirs_ahead = by,
            Blow::Outage(seconds) => town.down_until = now + seconds,
            Blow::DiskFails | Blow::DiskFull(_) => town.disk_bad = true,
            Blow::DiskHasRoom => town.disk_bad = false,
        }
        drop(town);
        self.house.set_clock();
        match blow {
            Blow::DiskFails => self.house.disk_fails_once(),
            Blow::DiskFull(seconds) => {
                self.house.disk_is_full();
                self.at(now + seconds, Event::Blow(Blow::DiskHasRoom));
            }
            Blow::DiskHasRoom => self.house.disk_has_room(),
            Blow::Crash(_) | Blow::OurClock(_) | Blow::TheirClock(_) | Blow::Outage(_) => {}
        }
    }

    /// The evening: everything works again, and is retried until nothing is left.
    pub fn clears_up(&mut self) {
        if locked(&self.town).crash_in.is_some() {
            self.crashes(Vec::new());
        }
        let mut town = locked(&self.town);
        (town.trouble, town.down_until) = (0, 0);
        (town.ours_ahead, town.theirs_ahead, town.disk_bad) = (0, 0, false);
        town.write("the evening: everything works again");
        drop(town);
        self.house.set_clock();
        self.house.disk_has_room();
    }
}

/// By how many seconds a clock is wrong: mostly little, forwards or backwards.
fn jump(dice: &kaowu::base::chance::Chance) -> i64 {
    let far = if happens(dice, 200) { 3 * 3600 } else { 1200 };
    between(dice, -far, far)
}
