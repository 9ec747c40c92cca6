//! The writer thread: takes every act that waits, runs each in a savepoint of one transaction,
//! commits once, and then answers them all. Sixteen clients cost one flush.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::act::{Job, Log};
use super::audit::{Changes, Head};
use super::connect;
use crate::base::clock::Clock;
use crate::base::outcome::{Fault, Known};

/// How many acts may wait before the next one is told that the house is overrun.
const QUEUE: usize = 1024;

/// How many acts share one commit at most, so that the first of them does not wait for ever.
const BATCH: usize = 128;

pub(super) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        mut conn: Connection,
        path: PathBuf,
        clock: Clock,
    ) -> Result<Writer, Fault> {
        let (queue, waiting) = sync_channel(QUEUE);
        let changes = Changes::default();
        changes.watch(&mut conn)?;
        let desk = Desk { conn, path, clock, changes };
        let thread =
            thread::Builder::new().name("writer".into()).spawn(move || desk.work(&waiting))?;
        Ok(Writer { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) fn queue(&self, act: Box<dyn Job>) -> Result<(), Fault> {
        let queue = self.queue.as_ref().expect("the queue is open until the writer is dropped");
        queue.try_send(act).map_err(|error| match error {
            TrySendError::Full(_) => Fault::known(Known::Busy, "too many writes wait"),
            TrySendError::Disconnected(_) => gone(),
        })
    }
}

/// Closing the queue ends the thread once it has answered everyone.
impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// The fault of a writer that is no longer there.
pub(super) fn gone() -> Fault {
    Fault::new("the writer thread has ended")
}

struct Desk {
    conn: Connection,
    path: PathBuf,
    clock: Clock,
    changes: Changes,
}

impl Desk {
    fn work(mut self, waiting: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = waiting.recv() {
            let mut batch = Vec::with_capacity(8);
            let ended = self.run(first, waiting, &mut batch);
            let ended = ended.and_then(|()| self.commit());
            if let Err((known, what)) = &ended {
                tracing::error!(acts = batch.len(), ?known, what, "a batch of writes was not kept");
                self.mend();
            }
            for act in batch {
                act.answer(
                    ended.as_ref().map(|&()| ()).map_err(|(known, what)| (*known, what.as_str())),
                );
            }
        }
    }

    /// Runs the first act and those that wait by now, and puts them all into `batch`.
    fn run(
        &mut self,
        first: Box<dyn Job>,
        waiting: &Receiver<Box<dyn Job>>,
        batch: &mut Vec<Box<dyn Job>>,
    ) -> Ended {
        let mut head = Head::default();
        let mut ended = self.begin().map(|it| head = it);
        let mut next = Some(first);
        while let Some(mut act) = next {
            if ended.is_ok() {
                ended = self.run_one(act.as_mut(), &mut head);
            }
            batch.push(act);
            next = if batch.len() < BATCH { waiting.try_recv().ok() } else { None };
        }
        ended
    }

    /// Begins the batch, and reads where the audit log ends.
    fn begin(&self) -> Result<Head, (Known, String)> {
        self.statement("begin immediate")?;
        Head::read(&self.conn).map_err(not_kept)
    }

    fn run_one(&self, act: &mut dyn Job, head: &mut Head) -> Ended {
        self.statement("savepoint act")?;
        // Never earlier than the last audit line, even when the clock jumps.
        let wall = head.not_before(self.clock.wall());
        let now = wall + self.clock.shift();
        let keep = act.run(&self.conn, now, wall, &mut Log { changes: &self.changes, head });
        // A full disk or an I/O error may have rolled the whole transaction back under us.
        if self.conn.is_autocommit() {
            return Err((Known::NoRoom, "the transaction was rolled back by SQLite".into()));
        }
        if !keep {
            self.statement("rollback to act")?;
        }
        self.statement("release act")
    }

    fn statement(&self, sql: &str) -> Ended {
        let run = || self.conn.prepare_cached(sql)?.execute(());
        run().map(|_| ()).map_err(not_kept)
    }

    /// When the commit itself fails nobody can say what the disk holds: 结果待确认. A full disk
    /// alone is certain: the last frame of the batch, which makes it valid, found no room.
    fn commit(&self) -> Ended {
        self.conn.execute_batch("commit").map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => (Known::NoRoom, error.to_string()),
            Some(_) | None => (Known::Unsure, error.to_string()),
        })
    }

    /// Leaves a broken transaction behind; a new connection reads what the disk really holds.
    fn mend(&mut self) {
        if let Ok(conn) = reopened(&self.path, &self.changes) {
            self.conn = conn;
        } else if !self.conn.is_autocommit() {
            drop(self.conn.execute_batch("rollback"));
        }
    }
}

type Ended = Result<(), (Known, String)>;

fn reopened(path: &Path, changes: &Changes) -> Result<Connection, Fault> {
    let mut conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    changes.watch(&mut conn)?;
    Ok(conn)
}

fn not_kept(error: rusqlite::Error) -> (Known, String) {
    let known = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Known::Busy,
        Some(
            ErrorCode::DiskFull
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen,
        ) => Known::NoRoom,
        Some(_) | None => Known::NotDone,
    };
    (known, error.to_string())
}
