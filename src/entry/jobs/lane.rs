//! How the lanes work: a thread each, asleep until the next job is due or the house closes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rocket::fairing::{Fairing, Info, Kind};
use rocket::tokio::task;
use rocket::{Orbit, Rocket};

use super::store;
use super::{JOBS, Job, Lane};
use crate::app::App;
use crate::base::outcome::Fault;

/// How long a closing house waits for a job that runs. What is cut off then is not kept, and is
/// done again after the next start.
const GRACE: Duration = Duration::from_secs(5);

/// Runs one job now and notes the run. `None`: there is no such job.
pub fn run_now(app: &App, name: &str) -> Option<Result<i64, Fault>> {
    JOBS.iter().find(|it| it.name == name).map(|job| run(app, job))
}

fn run(app: &App, job: &'static Job) -> Result<i64, Fault> {
    let name = job.name;
    app.db.keep_now(move |tx| store::begun(tx, name))?;
    // A bug in one job must not end its lane.
    let ended = catch_unwind(AssertUnwindSafe(|| (job.act)(app)))
        .unwrap_or_else(|_| Err(Fault::new("the job panicked")));
    let (did, trouble) = match &ended {
        Ok(did) => (Some(*did), None),
        Err(fault) => {
            tracing::error!(job = name, %fault, "a job failed");
            (None, Some(fault.to_string()))
        }
    };
    app.db.keep_now(move |tx| store::ended(tx, name, did, trouble.as_deref()))?;
    ended
}

/// The night shift, from the opening of the doors to their closing; attached by `serve` alone, so
/// that tests run jobs when they want.
pub struct NightShift {
    app: App,
    jobs: &'static [Job],
    bell: Arc<Bell>,
    lanes: Mutex<Vec<JoinHandle<()>>>,
}

impl NightShift {
    /// A shift that has not begun.
    pub fn new(app: App, jobs: &'static [Job]) -> NightShift {
        NightShift { app, jobs, bell: Arc::default(), lanes: Mutex::default() }
    }

    /// Begins: a thread for each lane.
    ///
    /// # Errors
    /// A fault when a thread cannot be had.
    pub fn begin(&self) -> Result<(), Fault> {
        for lane in [Lane::Database, Lane::Network] {
            let jobs = self.jobs.iter().filter(|it| it.lane == lane).collect::<Vec<_>>();
            let (app, bell) = (self.app.clone(), self.bell.clone());
            let name = match lane {
                Lane::Database => "jobs-database",
                Lane::Network => "jobs-network",
            };
            let thread =
                thread::Builder::new().name(name.into()).spawn(move || work(&app, &jobs, &bell))?;
            lock(&self.lanes).push(thread);
        }
        Ok(())
    }

    /// Ends: no job begins any more, and those that run have a moment left.
    pub fn end(&self) {
        lock(&self.bell.state).closing = true;
        self.bell.ring.notify_all();
        for lane in lock(&self.lanes).drain(..) {
            drop(lane.join());
        }
    }
}

#[rocket::async_trait]
impl Fairing for NightShift {
    fn info(&self) -> Info {
        Info { name: "night shift", kind: Kind::Liftoff | Kind::Shutdown }
    }

    async fn on_liftoff(&self, _: &Rocket<Orbit>) {
        if let Err(fault) = self.begin() {
            tracing::error!(%fault, "the night shift did not begin");
        }
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        task::block_in_place(|| self.end());
    }
}

/// Where lanes and jobs meet: what runs, and whether the house closes.
#[derive(Default)]
struct Bell {
    state: Mutex<State>,
    ring: Condvar,
}

#[derive(Default)]
struct State {
    closing: bool,
    running: Vec<&'static str>,
}

/// Takes a job off the list of those that run, however it ended.
struct Running(Arc<Bell>, &'static str);

impl Drop for Running {
    fn drop(&mut self) {
        lock(&self.0.state).running.retain(|it| *it != self.1);
        self.0.ring.notify_all();
    }
}

impl Bell {
    /// Sleeps until `at`, or until the house closes: then `true`.
    fn closes_before(&self, at: Instant) -> bool {
        self.sleep_while(at, |it| !it.closing).closing
    }

    fn runs(&self, job: &Job) -> bool {
        lock(&self.state).running.contains(&job.name)
    }

    /// Starts a job and sleeps until it has ended: at most until its deadline, and but a moment
    /// when the house closes. `false`: it still runs.
    fn sees_through(self: &Arc<Bell>, app: &App, job: &'static Job) -> Result<bool, Fault> {
        lock(&self.state).running.push(job.name);
        let running = Running(self.clone(), job.name);
        let app = app.clone();
        thread::Builder::new().name(format!("job {}", job.name)).spawn(move || {
            let _running = running;
            // What went wrong is in the log and in the notes already.
            drop(run(&app, job));
        })?;
        let deadline = Instant::now() + job.deadline;
        let is_running = |it: &mut State| it.running.contains(&job.name);
        let state = self.sleep_while(deadline, |it| !it.closing && is_running(it));
        let closing = state.closing;
        drop(state);
        if closing {
            drop(self.sleep_while(deadline.min(Instant::now() + GRACE), is_running));
        }
        Ok(!self.runs(job))
    }

    fn sleep_while(
        &self,
        until: Instant,
        mut condition: impl FnMut(&mut State) -> bool,
    ) -> MutexGuard<'_, State> {
        let left = until.saturating_duration_since(Instant::now());
        let slept = self.ring.wait_timeout_while(lock(&self.state), left, &mut condition);
        slept.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// One lane: the job that is due next, one after the other, until the house closes.
fn work(app: &App, jobs: &[&'static Job], bell: &Arc<Bell>) {
    let mut due: Vec<Instant> = vec![Instant::now(); jobs.len()];
    while let Some((next, at)) = due.iter().copied().enumerate().min_by_key(|(_, at)| *at) {
        if bell.closes_before(at) {
            return;
        }
        let job = jobs[next];
        due[next] = Instant::now() + job.every;
        // A job that outlived its deadline is not started beside itself.
        if bell.runs(job) {
            continue;
        }
        match bell.sees_through(app, job) {
            Ok(true) => {}
            Ok(false) => overdue(app, job),
            Err(fault) => tracing::error!(job = job.name, %fault, "a job could not be started"),
        }
    }
}

fn overdue(app: &App, job: &'static Job) {
    tracing::error!(job = job.name, "a job has not ended in time; its lane goes on without it");
    let said = format!("not ended after {} s", job.deadline.as_secs());
    if let Err(fault) = app.db.keep_now(move |tx| store::overdue(tx, job.name, &said)) {
        tracing::error!(job = job.name, %fault, "that could not be noted");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
