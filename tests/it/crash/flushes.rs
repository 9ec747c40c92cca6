//! SIGKILL at the k-th flush, and at the k-th write: the moments that a commit is made of.

use super::house::House;
use super::load::{Figures, pay, payers};
use super::{ROUNDS, set_to};

/// How many dues each payer pays at most: some more flushes than the last `k` wants.
const DUES: usize = 16;

/// Kills the appliance where it calls one of `calls` for the k-th time in a thread.
fn killed_at(calls: &str, spread: &[u64]) {
    let all = set_to(ROUNDS).map(|most| (1..=most.min(60)).collect::<Vec<_>>());
    let moments = all.unwrap_or_else(|| spread.to_vec());
    let house = House::new(moments.len() * 4 + 8);
    let _platform = house.platform();
    let (mut payers, mut figures) = (payers(&house), Figures::default());
    let mut killed = 0;
    for k in &moments {
        let trace = format!("trace={calls}");
        let inject = format!("inject={calls}:signal=SIGKILL:when={k}");
        if let Some(appliance) = house.appliance_under(&["-e", &trace, "-e", &inject]) {
            pay(&house, &mut payers, DUES, |answers| answers.iter().for_each(|()| {}));
            // Whoever was paying found nobody there any more.
            killed += usize::from(payers.iter().any(|it| it.interrupted));
            appliance.dies();
        } else {
            killed += 1;
        }
        figures.judge(&house, &house.appliance(), &mut payers);
    }
    figures.tell(&format!("killed at {calls} {moments:?}, {killed} times"), &house);
    assert_eq!(killed, moments.len(), "each of them comes");
}

#[test]
fn killed_at_any_flush_it_loses_and_invents_nothing() {
    killed_at("fdatasync,fsync", &[1, 2, 3, 5, 8, 13, 21, 34]);
}

#[test]
fn killed_at_any_write_it_loses_and_invents_nothing() {
    killed_at("pwrite64", &[1, 2, 3, 4, 6, 9, 15, 25, 40, 60]);
}
