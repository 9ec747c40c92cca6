//! What a crash leaves behind: the very program, killed under load, on a disk that fills or fails.
//!
//! The referee stands outside: the simulated platform is a process of its own with its own books,
//! and only the appliance is hurt, unless a test says otherwise. After each blow both books are
//! compared, trade by trade, and `kaowu check --platform` must find nothing wrong.
//!
//! `CRASH_ROUNDS=500 tests/run crash` makes more rounds, and tries each k up to 60; `CRASH_SEED`
//! draws the moments of a run that failed again: it says which seed it had. They do not begin with
//! `KAOWU_`, where Kaowu takes nothing but its own settings.

mod caller;
mod disk;
mod flushes;
mod house;
mod kills;
mod load;
mod payer;
mod people;
mod referee;
mod trouble;

use kaowu::base::chance::Chance;

const ROUNDS: &str = "CRASH_ROUNDS";
const SEED: &str = "CRASH_SEED";

/// The number in an environment variable.
fn set_to(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|it| it.parse().unwrap())
}

/// The dice of a test, and what they were seeded with.
fn dice(test: &str) -> Chance {
    let seed = set_to(SEED).unwrap_or_else(|| Chance::system().below(1_000_000_000));
    eprintln!("{test}: {SEED}={seed}");
    Chance::seeded(seed)
}
