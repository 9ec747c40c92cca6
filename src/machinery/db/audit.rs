//! The audit log: who did what, when, from where, to what, and what the changed rows look like.
//!
//! Every line carries the hash of the line before it, so that a removed or changed line shows;
//! and the digests of the rows that its act changed, so that a row changed behind the product's
//! back shows as well. The rows are found by SQLite's update hook: nobody can forget one.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest as _, Sha256};

use super::act::is_housekeeping;
use super::transaction::{ReadTx, WriteTx};
use crate::base::outcome::Fault;

/// What an act says of one thing it changed.
pub(super) struct Note {
    pub(super) act: &'static str,
    pub(super) about: String,
    pub(super) detail: Option<String>,
}

/// The rows that the running act has changed so far, by table and row number.
#[derive(Clone, Default)]
pub(super) struct Changes(Arc<Mutex<Vec<(String, i64)>>>);

impl Changes {
    /// Has SQLite report every changed row of `conn` here.
    pub(super) fn watch(&self, conn: &mut Connection) -> Result<(), Fault> {
        let seen = self.0.clone();
        conn.update_hook(Some(move |_, _: &str, table: &str, row: i64| {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push((table.to_owned(), row));
        }))?;
        Ok(())
    }

    pub(super) fn take(&self) -> Vec<(String, i64)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The end of the chain, to which the next line is added.
#[derive(Default)]
pub(super) struct Head {
    /// The last line's number; 0 while there is none.
    line: i64,
    /// Its hash; empty while there is none.
    hash: String,
    /// When it was written.
    at: Option<Timestamp>,
}

impl Head {
    /// As the table has it.
    pub(super) fn read(conn: &Connection) -> rusqlite::Result<Head> {
        let sql = "select line, hash, at from audit order by line desc limit 1";
        let mut statement = conn.prepare_cached(sql)?;
        let read = |row: &Row<'_>| {
            Ok(Head { line: row.get(0)?, hash: row.get(1)?, at: Some(row.get(2)?) })
        };
        Ok(statement.query_row((), read).optional()?.unwrap_or_default())
    }

    /// The earliest instant that the next line may bear.
    pub(super) fn not_before(&self, wall: Timestamp) -> Timestamp {
        self.at.map_or(wall, |last| last.max(wall))
    }
}

/// One line of the log, as it lies in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its place in the chain, from 1 without gaps.
    pub line: i64,
    /// The wall's time, UTC.
    pub at: String,
    /// The house's time, UTC; differs from `at` in training alone.
    pub house_at: String,
    /// Candidate, staff, platform, job, operator or nobody.
    pub by_kind: String,
    /// Which account or job.
    pub by_which: Option<String>,
    /// The address it came from.
    pub address: Option<String>,
    /// What was done: `order.placed`.
    pub act: String,
    /// To what.
    pub about: String,
    /// Before and after, as JSON.
    pub detail: Option<String>,
    /// The changed rows as JSON: table, row number, digest of the row or null when it is gone.
    pub rows: Option<String>,
    /// SHA-256 over the line before and this one, in hex.
    pub hash: String,
}

impl AuditLine {
    /// The hash this line must have after a line with the hash `before` (empty for the first).
    ///
    /// Each field goes in with its length, so that no two different lines look alike.
    pub fn sealed(&self, before: &str) -> String {
        let mut hasher = Sha256::new();
        let mut add = |field: Option<&str>| match field {
            None => hasher.update([0xff; 8]),
            Some(text) => {
                hasher.update((text.len() as u64).to_be_bytes());
                hasher.update(text.as_bytes());
            }
        };
        add(Some(before));
        add(Some(&self.line.to_string()));
        for field in [&self.at, &self.house_at, &self.by_kind, &self.act, &self.about] {
            add(Some(field));
        }
        for field in [&self.by_which, &self.address, &self.detail, &self.rows] {
            add(field.as_deref());
        }
        hex(&hasher.finalize())
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<AuditLine> {
        Ok(AuditLine {
            line: row.get(0)?,
            at: row.get(1)?,
            house_at: row.get(2)?,
            by_kind: row.get(3)?,
            by_which: row.get(4)?,
            address: row.get(5)?,
            act: row.get(6)?,
            about: row.get(7)?,
            detail: row.get(8)?,
            rows: row.get(9)?,
            hash: row.get(10)?,
        })
    }
}

/// The first line whose hash does not follow from the one before it, if there is one.
///
/// # Errors
/// A fault when the log cannot be read.
pub fn first_broken_line(conn: &Connection) -> Result<Option<i64>, Fault> {
    walk(conn, |_| Ok(()))
}

/// Shows every line to `each`, oldest first, and tells the first broken one. It does not stop
/// there: what the later lines say is evidence as well.
pub(super) fn walk(
    conn: &Connection,
    mut each: impl FnMut(&AuditLine) -> Result<(), Fault>,
) -> Result<Option<i64>, Fault> {
    let mut statement = conn.prepare(
        "select line, at, house_at, by_kind, by_which, address, act, about, detail, rows, hash
           from audit
          order by line",
    )?;
    let mut lines = statement.query(())?;
    let (mut number, mut before, mut broken) = (0, String::new(), None);
    while let Some(row) = lines.next()? {
        let line = AuditLine::read(row)?;
        number += 1;
        if broken.is_none() && (line.line != number || line.hash != line.sealed(&before)) {
            broken = Some(number);
        }
        each(&line)?;
        before = line.hash;
    }
    Ok(broken)
}

impl ReadTx<'_> {
    /// The head of the chain: the last line's number and hash. `None` while nothing is written.
    ///
    /// # Errors
    /// A fault when the log cannot be read.
    pub fn audit_head(&self) -> Result<Option<(i64, String)>, Fault> {
        let sql = "select line, hash from audit order by line desc limit 1";
        self.one(sql, (), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The lines about one thing (an order's number, `account 17`), oldest first.
    ///
    /// # Errors
    /// A fault when the log cannot be read.
    pub fn audit_about(&self, about: &str) -> Result<Vec<AuditLine>, Fault> {
        self.all(
            "select line, at, house_at, by_kind, by_which, address, act, about, detail, rows, hash
               from audit
              where about = ?1
              order by line",
            [about],
            AuditLine::read,
        )
    }
}

/// Writes the lines of an act, with the digests of the rows it changed at the last of them.
///
/// `head` moves only when all lines are written.
pub(super) fn write_down(
    tx: &WriteTx<'_>,
    head: &mut Head,
    changed: Vec<(String, i64)>,
) -> Result<(), Fault> {
    let notes = tx.notes.take();
    let mut changed: Vec<_> = changed.into_iter().filter(|(it, _)| !is_housekeeping(it)).collect();
    changed.sort_unstable();
    changed.dedup();
    let Some(last) = notes.len().checked_sub(1) else {
        return match changed.first() {
            None => Ok(()),
            Some((table, _)) => Err(Fault::new(format!("{table} changed without an audit line"))),
        };
    };
    let mut rows = digests(tx.conn(), &changed)?;
    let (mut line, mut hash) = (head.line, None);
    for (place, note) in notes.into_iter().enumerate() {
        line += 1;
        let rows = if place == last { rows.take() } else { None };
        let before = hash.as_ref().unwrap_or(&head.hash);
        hash = Some(append(tx, line, before, note, rows)?);
    }
    *head = Head { line, hash: hash.unwrap_or_default(), at: Some(tx.wall()) };
    Ok(())
}

fn append(
    tx: &WriteTx<'_>,
    line: i64,
    before: &str,
    note: Note,
    rows: Option<String>,
) -> Result<String, Fault> {
    let mut entry = AuditLine {
        line,
        at: tx.wall().to_string(),
        house_at: tx.now().to_string(),
        by_kind: tx.by().actor.kind().to_owned(),
        by_which: tx.by().actor.which(),
        address: tx.by().address.map(|it| it.to_string()),
        act: note.act.to_owned(),
        about: note.about,
        detail: note.detail,
        rows,
        hash: String::new(),
    };
    entry.hash = entry.sealed(before);
    tx.run(
        "insert into audit
             (line, at, house_at, by_kind, by_which, address, act, about, detail, rows, hash)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            entry.line,
            entry.at,
            entry.house_at,
            entry.by_kind,
            entry.by_which,
            entry.address,
            entry.act,
            entry.about,
            entry.detail,
            entry.rows,
            entry.hash
        ],
    )?;
    Ok(entry.hash)
}

/// The rows as JSON: `[["orders", 12, "9f…"], …]`.
fn digests(conn: &Connection, changed: &[(String, i64)]) -> Result<Option<String>, Fault> {
    if changed.is_empty() {
        return Ok(None);
    }
    let rows: Result<Vec<_>, Fault> = changed
        .iter()
        .map(|(table, row)| Ok((table.as_str(), *row, row_digest(conn, table, *row)?)))
        .collect();
    Ok(Some(serde_json::to_string(&rows?)?))
}

/// The SHA-256 of a row's columns, in hex; `None` when the row is gone.
fn row_digest(conn: &Connection, table: &str, row: i64) -> Result<Option<String>, Fault> {
    // The name comes from SQLite itself, not from a person.
    let mut statement =
        conn.prepare_cached(&format!("select * from \"{table}\" where rowid = ?1"))?;
    let columns = statement.column_count();
    let mut rows = statement.query([row])?;
    Ok(rows.next()?.map(|row| columns_digest(row, 0..columns)).transpose()?)
}

/// The SHA-256 of these columns of a row, in hex.
pub(super) fn columns_digest(row: &Row<'_>, columns: Range<usize>) -> rusqlite::Result<String> {
    let mut hasher = Sha256::new();
    for column in columns {
        match row.get_ref(column)? {
            ValueRef::Null => hasher.update([0]),
            ValueRef::Integer(number) => {
                hasher.update([1]);
                hasher.update(number.to_be_bytes());
            }
            ValueRef::Real(number) => {
                hasher.update([2]);
                hasher.update(number.to_be_bytes());
            }
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                hasher.update([3]);
                hasher.update((bytes.len() as u64).to_be_bytes());
                hasher.update(bytes);
            }
        }
    }
    Ok(hex(&hasher.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
