//! A connection for looking only: beside the running program, or on a folder that may be damaged.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::connect;
use super::transaction::ReadTx;
use crate::base::clock::Clock;
use crate::base::outcome::Fault;

/// The data without a writer: nothing is made, nothing brought up to date, no lock is taken.
pub struct Reading {
    conn: Connection,
    clock: Clock,
}

impl Reading {
    /// Opens the file as it lies there. A folder that cannot be written is read as well, as long
    /// as nothing of it waits in the write-ahead log.
    ///
    /// # Errors
    /// A fault when it cannot be read, or is no database.
    pub fn open(path: &Path, clock: Clock) -> Result<Reading, Fault> {
        let conn = match open(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
            Ok(conn) => conn,
            Err(fault) if waits_in_log(path) => return Err(fault),
            Err(fault) => open_still(path).map_err(|_| fault)?,
        };
        Ok(Reading { conn, clock })
    }

    /// Runs `look` on one snapshot of the data.
    ///
    /// # Errors
    /// The fault that `look` met.
    pub fn look<T>(
        &mut self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let snapshot = self.conn.transaction()?;
        look(&ReadTx::new(&snapshot, self.clock.now(), self.clock.wall()))
    }
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, Fault> {
    let conn = connect(path, flags)?;
    // Only the first look at it shows whether the file can be read.
    conn.query_row("select count(*) from sqlite_schema", (), |_| Ok(()))?;
    Ok(conn)
}

/// Whether the write-ahead log holds what the file itself does not have yet.
fn waits_in_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|it| it.len() > 0)
}

/// Opens a file that nobody can change now, without the helpers that a write-ahead log needs.
fn open_still(path: &Path) -> Result<Connection, Fault> {
    let text = path.to_str().ok_or_else(|| Fault::new("the folder's name is not UTF-8"))?;
    let name = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    open(Path::new(&format!("file:{name}?immutable=1")), flags)
}
