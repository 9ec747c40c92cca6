//! SIGKILL at any moment.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use kaowu::base::chance::Chance;

use super::house::House;
use super::load::{Figures, pay, payers};
use super::{ROUNDS, dice, set_to};

/// Lets some answers pass, and then up to a part of the time that another one takes.
fn some_moment(chance: &Chance, answers: &Receiver<()>, part: Duration) {
    for _ in 0..10 + chance.below(50) {
        if answers.recv_timeout(Duration::from_secs(30)).is_err() {
            return;
        }
    }
    let more = Duration::from_micros(chance.below(u64::try_from(part.as_micros()).unwrap()));
    let begun = Instant::now();
    while begun.elapsed() < more {
        std::thread::yield_now();
    }
}

#[test]
fn the_appliance_killed_at_any_moment_loses_and_invents_nothing() {
    let test = "the appliance is killed";
    let rounds = set_to(ROUNDS).unwrap_or(30);
    let chance = dice(test);
    let house = House::new(12 + usize::try_from(rounds).unwrap() * 2);
    let _platform = house.platform();
    let (mut payers, mut figures) = (payers(&house), Figures::default());
    let mut appliance = house.appliance();
    for _ in 0..rounds {
        pay(&house, &mut payers, usize::MAX, |answers| {
            some_moment(&chance, &answers, Duration::from_millis(15));
            appliance.dies();
        });
        appliance = house.appliance();
        figures.judge(&house, &appliance, &mut payers);
    }
    figures.tell(test, &house);
}

#[test]
fn a_platform_that_is_killed_too_is_believed_when_it_is_back() {
    let test = "the platform is killed, alone or with the appliance";
    let rounds = set_to(ROUNDS).unwrap_or(30) / 5;
    let chance = dice(test);
    let house = House::new(12 + usize::try_from(rounds).unwrap() * 2);
    let (mut payers, mut figures) = (payers(&house), Figures::default());
    let (mut appliance, mut platform) = (house.appliance(), house.platform());
    for round in 0..rounds {
        let both = round % 2 == 1;
        let mut survivor = None;
        pay(&house, &mut payers, usize::MAX, |answers| {
            some_moment(&chance, &answers, Duration::from_millis(15));
            platform.dies();
            if both {
                appliance.dies();
            } else {
                survivor = Some(appliance);
            }
        });
        platform = house.platform();
        appliance = survivor.unwrap_or_else(|| house.appliance());
        figures.judge(&house, &appliance, &mut payers);
    }
    figures.tell(test, &house);
}

/// Each write takes its time, so that whatever is answered before it is kept is seen to be lost.
#[test]
fn killed_on_a_slow_disk_it_has_answered_nothing_too_early() {
    const SLOW: [&str; 4] = ["-e", "trace=pwrite64", "-e", "inject=pwrite64:delay_enter=3000"];
    let test = "the appliance is killed on a slow disk";
    let rounds = set_to(ROUNDS).unwrap_or(30) / 3;
    let chance = dice(test);
    let house = House::new(12 + usize::try_from(rounds).unwrap() * 2);
    let _platform = house.platform();
    let (mut payers, mut figures) = (payers(&house), Figures::default());
    for _ in 0..rounds {
        let appliance = house.appliance_under(&SLOW).expect("it starts on a slow disk, too");
        pay(&house, &mut payers, usize::MAX, |answers| {
            some_moment(&chance, &answers, Duration::from_millis(60));
            appliance.dies();
        });
        figures.judge(&house, &house.appliance(), &mut payers);
    }
    figures.tell(test, &house);
}
