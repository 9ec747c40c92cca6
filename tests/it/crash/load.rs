//! Several payers at once, until something ends it; and their coming back after it.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::caller::Trouble;
use super::house::{House, Process};
use super::payer::{Habit, Payer};
use super::referee;

/// How soon the appliance must be ready again after a kill.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// Half of them wait for what the page says, the others leave it to the notice.
pub fn payers(house: &House) -> Vec<Payer> {
    let habits = [Habit::Asks, Habit::Leaves, Habit::Asks, Habit::Leaves];
    habits.into_iter().map(|it| house.payer(it)).collect()
}

/// All payers pay side by side, each until nobody answers or `dues` are through. `meanwhile` hears
/// of each answer.
pub fn pay(house: &House, payers: &mut [Payer], dues: usize, meanwhile: impl FnOnce(Receiver<()>)) {
    let (bell, answers) = channel();
    std::thread::scope(|scope| {
        for payer in payers.iter_mut() {
            payer.site.bell = Some(bell.clone());
            payer.bank.bell = Some(bell.clone());
            scope.spawn(move || {
                let mut left = dues;
                while left > 0 && payer.goes_on(&house.crowd).is_ok_and(|it| it) {
                    left -= 1;
                }
                (payer.site.bell, payer.bank.bell) = (None, None);
            });
        }
        drop(bell);
        meanwhile(answers);
    });
}

/// What is told of a test's rounds at its end.
#[derive(Default)]
pub struct Figures {
    rounds: usize,
    slowest: Duration,
}

impl Figures {
    /// After a round: what ran is ready soon enough, nothing is lost, nothing invented; once
    /// everybody has come back, both books agree.
    pub fn judge(&mut self, house: &House, appliance: &Process, payers: &mut [Payer]) {
        self.rounds += 1;
        self.slowest = self.slowest.max(appliance.ready_after);
        assert!(appliance.ready_after < READY_WITHIN, "ready after {:?}", appliance.ready_after);
        referee::nothing_is_lost_or_invented(house, payers);
        if self.rounds.is_multiple_of(2) {
            let chased = house.kaowu(&["run", "orders.chase"]);
            assert!(chased.status.success(), "{chased:?}");
        }
        for payer in payers.iter_mut() {
            referee::until(|| is_back(payer, house), || house.log());
        }
        referee::all_money_arrives(house);
        referee::nothing_is_lost_or_invented(house, payers);
        referee::checks_well(house);
    }

    pub fn tell(&self, test: &str, house: &House) {
        eprintln!(
            "{test}: {} rounds, ready again after {:?} at most; {} trades, learnt by {}",
            self.rounds,
            self.slowest,
            referee::captured(house).len(),
            referee::roads(house),
        );
    }
}

/// A payer has come back, and knows of everything whether it is paid.
fn is_back(payer: &mut Payer, house: &House) -> Option<()> {
    match payer.comes_back(&house.crowd) {
        Ok(()) => payer.doubtful.is_empty().then_some(()),
        Err(Trouble::Gone(_)) => None,
        Err(Trouble::Told(status, page)) => panic!("{status}: {page}\n{}", house.log()),
    }
}
