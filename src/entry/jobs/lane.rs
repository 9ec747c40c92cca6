//! How the lanes work: a thread each, asleep until the next job is due or the house closes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{JOBS, Job, Lane};
use crate::app::App;
use crate::base::outcome::Fault;
use crate::machinery::rounds;

/// How long a closing house waits for a job that runs. What is cut off then is not kept, and is
/// done again after the next start.
const GRACE: Duration = Duration::from_secs(5);

/// Runs one job now, notes the run, and tells how many things it did. `None`: there is no such
/// job.
///
/// # Errors
/// The fault the job met, or the one of the note.
pub fn run_now(app: &App, name: &str) -> Result<Option<i64>, Fault> {
    JOBS.iter().find(|it| it.name == name).map(|job| run(app, job)).transpose()
}

/// Begins the night shift; it ends when what is returned is dropped.
///
/// # Errors
/// A fault when a thread cannot be had.
pub fn start(app: &App) -> Result<NightShift, Fault> {
    NightShift::begin(app, JOBS)
}

fn run(app: &App, job: &'static Job) -> Result<i64, Fault> {
    let name = job.name;
    app.db.keep_now(move |tx| rounds::begun(tx, name))?;
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
    app.db.keep_now(move |tx| rounds::ended(tx, name, did, trouble.as_deref()))?;
    ended
}

/// The night shift while it works. Dropped, it ends: no job begins any more, and those that run
/// have a moment left.
pub struct NightShift {
    bell: Arc<Bell>,
    lanes: Vec<JoinHandle<()>>,
}

impl NightShift {
    /// Begins with these jobs: a thread for each lane.
    ///
    /// # Errors
    /// A fault when a thread cannot be had.
    pub fn begin(app: &App, jobs: &'static [Job]) -> Result<NightShift, Fault> {
        let mut shift = NightShift { bell: Arc::default(), lanes: Vec::new() };
        for (lane, name) in [(Lane::Database, "jobs-database"), (Lane::Network, "jobs-network")] {
            let jobs: Vec<_> = jobs.iter().filter(|it| it.lane == lane).collect();
            let (app, bell) = (app.clone(), shift.bell.clone());
            let thread = thread::Builder::new().name(name.into());
            shift.lanes.push(thread.spawn(move || work(&app, &jobs, &bell))?);
        }
        Ok(shift)
    }
}

impl Drop for NightShift {
    fn drop(&mut self) {
        lock(&self.bell.state).closing = true;
        self.bell.ring.notify_all();
        for lane in self.lanes.drain(..) {
            drop(lane.join());
        }
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
    if let Err(fault) = app.db.keep_now(move |tx| rounds::overdue(tx, job.name, &said)) {
        tracing::error!(job = job.name, %fault, "that could not be noted");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
