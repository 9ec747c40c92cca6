//! What an act holds while it runs: one snapshot, one instant, one author.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::Deref;

use jiff::Timestamp;
use rusqlite::{Connection, Params, Row};
use serde_json::Value;

use super::actor::By;
use super::audit::Note;
use crate::base::outcome::Fault;

/// What is known at one instant. Every query of it sees the same data.
pub struct ReadTx<'c> {
    conn: &'c Connection,
    now: Timestamp,
    wall: Timestamp,
}

/// A [`ReadTx`] that may also change things. Only one exists at a time.
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    by: By,
    pub(super) notes: RefCell<Vec<Note>>,
}

impl<'c> ReadTx<'c> {
    pub(super) fn new(conn: &'c Connection, now: Timestamp, wall: Timestamp) -> ReadTx<'c> {
        ReadTx { conn, now, wall }
    }

    pub(super) fn conn(&self) -> &'c Connection {
        self.conn
    }

    /// The house's time at which this transaction happens.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The wall's time at which this transaction happens.
    pub fn wall(&self) -> Timestamp {
        self.wall
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// A fault when the statement or the reading of the row fails.
    pub fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Fault> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        Ok(rows.next()?.map(read).transpose()?)
    }

    /// All rows.
    ///
    /// # Errors
    /// A fault when the statement or the reading of a row fails.
    pub fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Fault> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<Vec<T>>>()?)
    }

    /// The whole number in the first column of the first row; 0 without a row.
    ///
    /// # Errors
    /// A fault when the statement fails.
    pub fn count(&self, sql: &str, params: impl Params) -> Result<i64, Fault> {
        Ok(self.one(sql, params, |row| row.get(0))?.unwrap_or(0))
    }
}

impl<'c> WriteTx<'c> {
    pub(super) fn new(read: ReadTx<'c>, by: By) -> WriteTx<'c> {
        WriteTx { read, by, notes: RefCell::default() }
    }

    /// On whose behalf this transaction runs.
    pub fn by(&self) -> &By {
        &self.by
    }

    /// Runs a statement and tells how many rows it changed.
    ///
    /// # Errors
    /// A fault when the statement fails, a constraint among the reasons.
    pub fn run(&self, sql: &str, params: impl Params) -> Result<usize, Fault> {
        Ok(self.conn().prepare_cached(sql)?.execute(params)?)
    }

    /// Inserts a row and tells its number.
    ///
    /// # Errors
    /// A fault when the statement fails, a constraint among the reasons.
    pub fn insert(&self, sql: &str, params: impl Params) -> Result<i64, Fault> {
        Ok(self.conn().prepare_cached(sql)?.insert(params)?)
    }

    /// Writes the audit line of what was just done: the act's name, and what it was done to (an
    /// order's number, `account 17`; never a name or a document's number).
    pub fn note(&self, act: &'static str, about: impl Display) {
        self.notes.borrow_mut().push(Note { act, about: about.to_string(), detail: None });
    }

    /// [`WriteTx::note`] with what it was before and is after. No secrets, no documents' numbers.
    pub fn note_with(&self, act: &'static str, about: impl Display, detail: Value) {
        let detail = Some(detail.to_string());
        self.notes.borrow_mut().push(Note { act, about: about.to_string(), detail });
    }
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;

    fn deref(&self) -> &ReadTx<'c> {
        &self.read
    }
}
