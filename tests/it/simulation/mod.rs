//! Payment days, thousands of them, under faults: the real acts of `orders` on a real database, the
//! platform's real books, and a simulated clock, line, disk and crowd between them, in one process.
//!
//! A *stretch* is a few days in one folder, and all of it follows from one seed: who comes when, what
//! they press, which requests and notices are lost, late, doubled or garbled, when the house is cut
//! off (between any two steps of an act) and opened again with what lies on the disk or as an older
//! copy of it, which clock jumps, when the disk is full, what officers do about refunds and what banks
//! say to them. Acts run on threads of their own that take turns, so any act can
//! come between any two steps of another. A *referee* compares both sides' books: what is new after
//! each step, everything at each day's end, when all has been retried. A failure tells its seed and
//! the steps of its day; the seed alone brings it back: `tests/simulate SEED`.
//!
//! Left out after a restore: a receipt's number may be printed twice, since nobody can yet confirm the
//! last one that was given; and money that went back by a refund or a transfer which the copy does not
//! know stays as the house last knew it. The referee counts such refunds and lets nothing else by.

#![allow(clippy::unwrap_used, reason = "a simulation that cannot go on has failed")]

mod answers;
mod copies;
mod crash;
mod errands;
mod hands;
mod house;
mod line;
mod moneyback;
mod office;
mod people;
mod post;
mod referee;
mod run;
mod town;
mod weather;

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use kaowu::features::orders::{self, rules::Road};
use kaowu::machinery::gateway::StatementLine;

use self::errands::Errand;
use self::moneyback::Returned;
use self::people::Person;
use self::referee::Complaint;
use self::run::{Event, Run};
pub use self::town::Lie;
use self::town::{between, happens, locked};

/// How many days a stretch has.
pub const DAYS: u64 = 10;

/// Friday 13 March 2026, 8:00 in Shanghai.
const FIRST_MORNING: i64 = 1_773_360_000;

/// How often everything is retried in an evening before that itself is a failure.
const ROUNDS: u32 = 100;

/// What a simulation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    pub days: u64,
    pub acts: u64,
    /// How often which fault came.
    pub faults: BTreeMap<&'static str, u64>,
    /// The fewest faults of a day.
    pub least: u64,
    /// Successes at the platform, all of them accounted for.
    pub payments: u64,
    /// What of them went back.
    pub returned: Returned,
}

/// What went wrong, and what brings it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub seed: u64,
    pub complaint: Complaint,
    pub steps: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        writeln!(f, "\nseed {}: {}", self.seed, self.complaint)?;
        write!(f, "again: tests/simulate {}", self.seed)
    }
}

/// Simulates the stretch of a seed.
pub fn stretch(seed: u64, lie: Lie) -> Result<Tally, Failure> {
    let mut run = Run::new(seed, lie);
    let town = run.town.clone();
    let days = AssertUnwindSafe(|| {
        let mut least = u64::MAX;
        for number in 0..DAYS.cast_signed() {
            least = least.min(day(&mut run, number)?);
        }
        referee::judges_log(&run.house.app.db)?;
        let town = locked(&run.town);
        let payments = town.books.orders().map(|it| it.payments.len() as u64).sum();
        let (acts, faults, returned) = (run.acts, town.faults.clone(), run.returned);
        Ok(Tally { days: DAYS, acts, faults, least, payments, returned })
    });
    let ended = catch_unwind(days).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
        Err(format!("the simulation panicked: {text}"))
    });
    ended.map_err(|complaint| {
        let steps = std::mem::take(&mut locked(&town).diary);
        Failure { seed, complaint, steps }
    })
}

/// Simulates so many days, in stretches from this seed on, on so many threads. Stops at the first
/// failure.
pub fn simulate(seed: u64, days: u64, threads: u64, lie: Lie) -> Result<Tally, Failure> {
    let (next, end) = (AtomicU64::new(seed), seed + days.div_ceil(DAYS));
    let all = Mutex::new(Ok(Tally::new()));
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end || all.lock().unwrap().is_err() {
            break;
        }
        let ended = stretch(seed, lie);
        let mut all = all.lock().unwrap();
        match (ended, all.as_mut()) {
            (Ok(it), Ok(all)) => all.add(it),
            (Err(failure), Ok(_)) => *all = Err(failure),
            (Ok(_) | Err(_), Err(_)) => {}
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    all.into_inner().unwrap()
}

impl Tally {
    fn new() -> Tally {
        let (faults, returned) = (BTreeMap::new(), Returned::default());
        Tally { days: 0, acts: 0, faults, least: u64::MAX, payments: 0, returned }
    }

    fn add(&mut self, other: Tally) {
        self.days += other.days;
        self.acts += other.acts;
        for (kind, often) in other.faults {
            *self.faults.entry(kind).or_default() += often;
        }
        self.least = self.least.min(other.least);
        self.payments += other.payments;
        self.returned.add(other.returned);
    }
}

/// One day, from its morning to the statement of the night after. Gives how many faults it had.
fn day(run: &mut Run, number: i64) -> Result<u64, Complaint> {
    let morning = FIRST_MORNING + number * 24 * 3600;
    run.travels(morning);
    locked(&run.town).diary.clear();
    let before = locked(&run.town).faults();
    let today = run.house.opens_day(number);
    let dice = locked(&run.town).dice.clone();
    run.people.clear();
    for (person, due) in &today.dues {
        run.people.insert(*person, Person::new(*person, *due, &dice));
        let when = between(&dice, today.opens - 60, today.closes + 60);
        run.at(when, Event::Comes(*person));
    }
    let ends = today.closes + 80 * 60;
    for minute in 0..(ends - today.opens) / 60 {
        let when = today.opens + 60 * minute;
        run.at(when, Event::Begin(Errand::Expire));
        if minute % 5 == 0 {
            run.at(when, Event::Begin(Errand::Chase));
        }
        if minute % 3 == 0 {
            run.at(when, Event::Begin(Errand::Refund));
        }
    }
    for _ in 0..between(&dice, 2, 8) {
        run.at(between(&dice, today.opens, ends), Event::Office);
    }
    run.house.copies();
    if happens(&dice, 500) {
        run.at(between(&dice, today.opens, today.closes), Event::Copies);
    }
    run.plans_faults(today.opens, today.closes);
    run.happens_all()?;
    run.clears_up();
    retries(run)?;
    run.travels(morning + 19 * 3600 + 1800);
    takes_statement(run, morning)?;
    // What only the statement told of goes back as well.
    retries(run)?;
    run.house.gets_numbers(&today);
    referee::judges_all(&run.house.app.db, &run.town)?;
    run.returned = moneyback::judges_refunds(&run.house.app.db, &run.town)?;
    Ok(locked(&run.town).faults() - before)
}

/// Everything is tried again, until no order is open, no notice unheard, and no money on its way
/// back.
fn retries(run: &mut Run) -> Result<(), Complaint> {
    for _ in 0..ROUNDS {
        let now = run.now() + 600;
        run.travels(now);
        for job in [Errand::Expire, Errand::Chase, Errand::Refund] {
            run.at(now, Event::Begin(job));
        }
        run.at(now, Event::Post);
        let refunds_open = run.office_closes();
        run.happens_all()?;
        let open = "select count(*) from orders where state in ('created', 'awaiting_payment')";
        let open = run.house.app.db.read_now(|tx| tx.count(open, ()));
        if open.unwrap() == 0 && run.posts_more().is_none() && !refunds_open {
            return Ok(());
        }
    }
    Err("after a hundred retries there are still open orders, refunds, or notices not heard".into())
}

/// The night: what only the platform's statement tells.
fn takes_statement(run: &Run, morning: i64) -> Result<(), Complaint> {
    let day = run::day_of(morning).parse().unwrap();
    let app = &run.house.app;
    let lines = app.gateway.statement(day).map_err(|it| format!("no statement: {it}"))?;
    let house = orders::House::of(app);
    house::act(&app.db, move |tx| {
        for line in &lines {
            if let StatementLine::Payment { success, .. } = line {
                orders::settle(tx, success, Road::Statement, &house)?;
            }
        }
        Ok(())
    });
    Ok(())
}
