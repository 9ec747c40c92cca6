//! One closure on its way through the writer thread: run inside the batch, answered after it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use rocket::tokio::sync::oneshot;
use rusqlite::Connection;

use super::HOUSEKEEPING;
use super::actor::By;
use super::audit::{self, Changes, Head};
use super::transaction::{ReadTx, WriteTx};
use crate::base::outcome::{self, Error, Fault, Known};

/// What an act leaves in the audit log: the rows it changes, and the line to follow.
pub(super) struct Log<'d> {
    pub(super) changes: &'d Changes,
    pub(super) head: &'d mut Head,
}

/// What the writer thread does with an act, whatever its types are.
pub(super) trait Job: Send {
    /// Runs it inside its savepoint. `true`: keep what it wrote.
    fn run(
        &mut self,
        conn: &Connection,
        now: Timestamp,
        wall: Timestamp,
        log: &mut Log<'_>,
    ) -> bool;
    /// Tells whoever waits, after the batch ended: `Err` when what was kept may not be there.
    fn answer(self: Box<Self>, ended: Result<(), (Known, &str)>);
}

/// An act: its work until it has run, its outcome until it is told.
pub(super) struct Act<F, T, R> {
    by: By,
    housekeeping: bool,
    work: Option<F>,
    outcome: Option<outcome::Result<T, R>>,
    tell: oneshot::Sender<outcome::Result<T, R>>,
}

impl<F, T, R> Act<F, T, R>
where
    F: FnOnce(&WriteTx<'_>) -> outcome::Result<T, R> + Send + 'static,
    T: Send + 'static,
    R: Send + 'static,
{
    /// An act on its way to the writer, and where its outcome will be told.
    pub(super) fn boxed(
        by: By,
        housekeeping: bool,
        work: F,
    ) -> (Box<dyn Job>, oneshot::Receiver<outcome::Result<T, R>>) {
        let (tell, told) = oneshot::channel();
        (Box::new(Act { by, housekeeping, work: Some(work), outcome: None, tell }), told)
    }

    fn run_in(&mut self, tx: &WriteTx<'_>, log: &mut Log<'_>) -> outcome::Result<T, R> {
        let work = self.work.take().expect("an act is run once");
        // A bug in one act must not cost the others of the batch, nor the connection.
        let value = catch_unwind(AssertUnwindSafe(|| work(tx)))
            .unwrap_or_else(|_| Err(Fault::new("an act panicked").into()))?;
        let changed = log.changes.take();
        if self.housekeeping {
            if let Some((table, _)) = changed.iter().find(|(it, _)| !is_housekeeping(it)) {
                return Err(Fault::new(format!("housekeeping changed {table}")).into());
            }
        } else {
            audit::write_down(tx, log.head, changed)?;
        }
        Ok(value)
    }
}

impl<F, T, R> Job for Act<F, T, R>
where
    F: FnOnce(&WriteTx<'_>) -> outcome::Result<T, R> + Send + 'static,
    T: Send + 'static,
    R: Send + 'static,
{
    fn run(
        &mut self,
        conn: &Connection,
        now: Timestamp,
        wall: Timestamp,
        log: &mut Log<'_>,
    ) -> bool {
        let tx = WriteTx::new(ReadTx::new(conn, now, wall), self.by);
        let outcome = self.run_in(&tx, log);
        log.changes.take();
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, ended: Result<(), (Known, &str)>) {
        let fault =
            |(known, what): (Known, &str)| Error::Fault(Fault::known(known, what.to_owned()));
        let outcome = match (self.outcome, ended) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Ok(_)) | None, Err(why)) => Err(fault(why)),
            (Some(Err(error)), Ok(()) | Err(_)) => Err(error),
            (None, Ok(())) => Err(fault((Known::NotDone, "the act was never run"))),
        };
        // Whoever asked may have gone; what was kept stays kept.
        drop(self.tell.send(outcome));
    }
}

pub(super) fn is_housekeeping(table: &str) -> bool {
    HOUSEKEEPING.contains(&table)
}
