//! The night shift: what runs, how it is noted, how it ends.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use kaowu::app::App;
use kaowu::base::outcome::Fault;
use kaowu::entry::jobs::{self, JOBS, Job, Lane, NightShift};
use kaowu::machinery::rounds::{self, Round};

use crate::world::World;

fn rounds(world: &World) -> Vec<Round> {
    world.app.db.read_now(rounds::all).unwrap()
}

#[test]
fn every_job_can_be_run_by_its_name() {
    let world = World::new();
    for job in JOBS {
        // This world's platform never answers, and a job that asks it may say so.
        let did = jobs::run_now(&world.app, job.name);
        assert!(matches!(did, Ok(Some(_))) || job.lane == Lane::Network, "{}", job.name);
    }
    assert!(jobs::run_now(&world.app, "no.such.job").unwrap().is_none());
    let rounds = rounds(&world);
    assert_eq!(rounds.len(), JOBS.len());
    assert!(rounds.iter().all(|it| it.did.is_some() != it.trouble.is_some()));
}

#[test]
fn what_is_past_its_time_is_forgotten() {
    let world = World::new();
    let key = kaowu::machinery::db::FormKey::draw(&world.app.chance);
    world.app.db.keep_now(move |tx| tx.once(&key, "due 1")).unwrap();

    world.passes(jiff::SignedDuration::from_hours(7 * 24));
    assert_eq!(jobs::run_now(&world.app, "forms.forget").unwrap(), Some(0));
    world.passes(jiff::SignedDuration::from_secs(1));
    assert_eq!(jobs::run_now(&world.app, "forms.forget").unwrap(), Some(1));
}

static TOLD: Mutex<Option<Sender<&'static str>>> = Mutex::new(None);
static HELD: AtomicBool = AtomicBool::new(true);
static HANGING: AtomicI64 = AtomicI64::new(0);

fn tell(what: &'static str) {
    if let Some(told) = TOLD.lock().unwrap().as_ref() {
        told.send(what).unwrap_or_default();
    }
}

fn works(_: &App) -> Result<i64, Fault> {
    tell("works");
    Ok(3)
}

fn fails(_: &App) -> Result<i64, Fault> {
    tell("fails");
    Err(Fault::new("the platform is away"))
}

fn panics(_: &App) -> Result<i64, Fault> {
    tell("panics");
    panic!("a bug")
}

fn hangs(_: &App) -> Result<i64, Fault> {
    HANGING.fetch_add(1, Ordering::SeqCst);
    while HELD.load(Ordering::SeqCst) {
        std::thread::park_timeout(Duration::from_millis(5));
    }
    HANGING.fetch_sub(1, Ordering::SeqCst);
    Ok(1)
}

const QUICK: Duration = Duration::from_millis(10);

const fn job(name: &'static str, lane: Lane, act: fn(&App) -> Result<i64, Fault>) -> Job {
    Job { name, every: QUICK, lane, deadline: QUICK, act }
}

static STRANGE: [Job; 4] = [
    Job { deadline: Duration::from_secs(10), ..job("works", Lane::Database, works) },
    Job { deadline: Duration::from_secs(10), ..job("fails", Lane::Network, fails) },
    Job { deadline: Duration::from_secs(10), ..job("panics", Lane::Network, panics) },
    job("hangs", Lane::Network, hangs),
];

#[test]
fn neither_a_failure_nor_a_bug_nor_a_hanging_job_stops_the_others() {
    let world = World::new();
    let (told, heard) = channel();
    *TOLD.lock().unwrap() = Some(told);

    let shift = NightShift::begin(&world.app, &STRANGE).unwrap();
    let mut seen = std::collections::BTreeMap::new();
    while seen.len() < 3 || seen.values().any(|times| *times < 3) {
        *seen.entry(heard.recv_timeout(Duration::from_secs(20)).unwrap()).or_insert(0) += 1;
    }
    assert_eq!(HANGING.load(Ordering::SeqCst), 1, "it is not started beside itself");
    HELD.store(false, Ordering::SeqCst);
    let closing = Instant::now();
    drop(shift);

    assert!(closing.elapsed() < Duration::from_secs(5));
    let rounds = rounds(&world);
    let round = |name: &str| rounds.iter().find(|it| it.job == name).unwrap();
    assert_eq!(round("works").did, Some(3));
    assert_eq!(round("fails").trouble.as_deref(), Some("the platform is away"));
    assert_eq!(round("panics").trouble.as_deref(), Some("the job panicked"));
    *TOLD.lock().unwrap() = None;
}

#[test]
fn a_shift_that_ends_leaves_no_job_behind_and_begins_none() {
    let world = World::new();
    let shift = jobs::start(&world.app).unwrap();
    let closing = Instant::now();
    drop(shift);
    assert!(closing.elapsed() < Duration::from_secs(6));
    assert!(rounds(&world).iter().all(|it| it.trouble.as_deref() != Some("the job panicked")));
}
