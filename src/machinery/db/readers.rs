//! Read-only connections on loan.

use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction};

use super::connect;
use crate::base::outcome::Fault;

pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

/// A connection on loan: it goes back when dropped, even by a panic.
pub(super) struct Reader<'r> {
    conn: Option<Connection>,
    home: &'r Readers,
}

impl Readers {
    pub(super) fn open(path: &Path, count: usize) -> Result<Readers, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let idle = (0..count).map(|_| connect(path, flags)).collect::<Result<Vec<_>, _>>()?;
        Ok(Readers { idle: Mutex::new(idle), returned: Condvar::new() })
    }

    /// Waits for a connection. Readers are short; a thread that waits here holds nothing else.
    pub(super) fn borrow(&self) -> Reader<'_> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(conn) = idle.pop() {
                return Reader { conn: Some(conn), home: self };
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Reader<'_> {
    pub(super) fn snapshot(&mut self) -> Result<Transaction<'_>, Fault> {
        let conn = self.conn.as_mut().expect("the connection is here until the reader is dropped");
        Ok(conn.transaction()?)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
            self.home.returned.notify_one();
        }
    }
}
