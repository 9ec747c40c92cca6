//! One SQLite file: one writer thread with group commit, several read-only connections.
//!
//! Words: an *act* is one closure run in one transaction; a *batch* is the acts that share a
//! commit. Reading and writing are different types: [`ReadTx`] and [`WriteTx`].
//!
//! This room promises that an answered write is on the disk (`synchronous = full`, answers after
//! the commit), that every change carries an author, an instant and an audit line, and that no
//! act can take another one of its batch down with it.

mod act;
mod actor;
mod audit;
mod columns;
mod house;
mod once;
mod proof;
mod readers;
mod reading;
mod schema;
mod strays;
mod transaction;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rocket::tokio::task;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

pub use self::actor::{Actor, By};
pub use self::audit::{AuditLine, first_broken_line};
pub use self::once::{FormKey, Once};
pub use self::proof::{broken_pages, dangling, named_files, schema_differences};
pub use self::reading::Reading;
pub use self::schema::{SCHEMA, VERSION};
pub use self::strays::{LogProof, Stray, prove_log};
pub use self::transaction::{ReadTx, WriteTx};

use self::act::Act;
use self::readers::Readers;
use self::writer::Writer;
use crate::base::clock::Clock;
use crate::base::outcome::{self, Fault, Never};

/// Tables that [`Db::keep`] may touch and that need no audit line: housekeeping that would drown
/// the log without telling anybody anything.
pub const HOUSEKEEPING: &[&str] = &[
    "attempts",
    "captchas",
    "form_keys",
    "job_runs",
    "kept_forms",
    "mail_tries",
    "order_questions",
    "refund_tries",
    "sessions",
];

/// How many connections read side by side.
const READERS: usize = 4;

/// How much of the file the writer keeps in memory at most: the ends of a busy day's indexes.
const CACHE_KIB: i64 = 16 * 1024;

/// How long a connection waits for a lock that another process holds.
const PATIENCE: Duration = Duration::from_secs(5);

/// A handle on the data; clones share it. The last one to go closes the file.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    readers: Readers,
    writer: Writer,
    path: PathBuf,
    clock: Clock,
}

impl Db {
    /// Opens the file, makes it if it is not there, and brings an older one up to date.
    ///
    /// # Errors
    /// A fault when the file cannot be opened, is not ours, or was made by a newer Kaowu.
    pub fn open(path: &Path, clock: Clock) -> Result<Db, Fault> {
        let opened = Inner::open(path, clock);
        let db = opened.map_err(|it| it.context(format!("cannot open {}", path.display())))?;
        Ok(Db(Arc::new(db)))
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Runs `look` on one snapshot of the data.
    ///
    /// # Errors
    /// The fault that `look` met.
    pub async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let db = self.clone();
        task::spawn_blocking(move || db.read_now(look)).await?
    }

    /// [`Db::read`] for a thread that may wait: a command, a job.
    ///
    /// # Errors
    /// The fault that `look` met.
    pub fn read_now<T>(
        &self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut reader = self.0.readers.borrow();
        let snapshot = reader.snapshot()?;
        look(&ReadTx::new(&snapshot, self.0.clock.now(), self.0.clock.wall()))
    }

    /// Runs `work` as one act. What it wrote is kept, and on the disk, when this answers `Ok`;
    /// nothing is kept when `work` refuses or breaks.
    ///
    /// # Errors
    /// The refusal of `work`; a fault when it broke, when it changed rows without a note, or when
    /// the house is overrun (`Busy`), the disk full (`NoRoom`) or the commit uncertain (`Unsure`).
    pub async fn write<T: Send + 'static, R: Send + 'static>(
        &self,
        by: impl Into<By>,
        work: impl FnOnce(&WriteTx<'_>) -> outcome::Result<T, R> + Send + 'static,
    ) -> outcome::Result<T, R> {
        let (act, answer) = Act::boxed(by.into(), false, work);
        self.0.writer.queue(act)?;
        answer.await.unwrap_or_else(|_| Err(writer::gone().into()))
    }

    /// [`Db::write`] for a thread that may wait. Never call it inside the runtime.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_now<T: Send + 'static, R: Send + 'static>(
        &self,
        by: impl Into<By>,
        work: impl FnOnce(&WriteTx<'_>) -> outcome::Result<T, R> + Send + 'static,
    ) -> outcome::Result<T, R> {
        let (act, answer) = Act::boxed(by.into(), false, work);
        self.0.writer.queue(act)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(writer::gone().into()))
    }

    /// Housekeeping: touches only the tables of [`HOUSEKEEPING`] and leaves no audit line.
    ///
    /// # Errors
    /// A fault when `work` broke or touched another table.
    pub async fn keep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (act, answer) = Act::boxed(Actor::Nobody.into(), true, move |tx: &WriteTx<'_>| {
            work(tx).map_err(outcome::Error::<Never>::Fault)
        });
        self.0.writer.queue(act)?;
        answer.await.unwrap_or_else(|_| Err(writer::gone().into())).map_err(Fault::from)
    }

    /// [`Db::keep`] for a thread that may wait. Never call it inside the runtime.
    ///
    /// # Errors
    /// As [`Db::keep`].
    pub fn keep_now<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (act, answer) = Act::boxed(Actor::Nobody.into(), true, move |tx: &WriteTx<'_>| {
            work(tx).map_err(outcome::Error::<Never>::Fault)
        });
        self.0.writer.queue(act)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(writer::gone().into())).map_err(Fault::from)
    }
}

impl Inner {
    fn open(path: &Path, clock: Clock) -> Result<Inner, Fault> {
        let mut conn = connect(path, OpenFlags::default())?;
        schema::bring_up_to_date(&mut conn)?;
        let writer = Writer::start(conn, path.to_owned(), clock.clone())?;
        let readers = Readers::open(path, READERS)?;
        Ok(Inner { readers, writer, path: path.to_owned(), clock })
    }
}

/// Opens a connection with the settings that durability and speed rest on.
fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Fault> {
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(256);
    // Else a statement is prepared anew whenever a value is bound on which its plan might rest,
    // which costs most reads more than reading does.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    if flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        conn.pragma_update(None, "query_only", true)?;
    } else {
        conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        // An answer is sent after the commit is on the disk; anything less loses it in a power cut.
        conn.pragma_update(None, "synchronous", "full")?;
        // Each act has a savepoint: what it would roll back to is kept in memory, not in a file.
        conn.pragma_update(None, "temp_store", "memory")?;
        conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    }
    Ok(conn)
}
