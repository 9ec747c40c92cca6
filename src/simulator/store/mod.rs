//! The books on disk: one SQLite file of the platform's own, and the same books in memory.
//!
//! An act runs on the books in memory; what it changed is written and flushed before anybody hears
//! how it ended. Should writing fail, memory is read anew from the disk: the disk is the truth.

mod read;
mod write;

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

use super::core::Books;
use super::merchants::Merchant;
use crate::base::outcome::{Fault, Known};

/// Twice the window of a timestamp, so that no nonce outlives its memory (§3.3).
const NONCES_KEPT: SignedDuration = SignedDuration::from_secs(600);

/// Whoever has locked it has the file.
const LOCK: &str = "platform.lock";

/// The platform's file. One process at a time has it.
pub struct Store {
    held: Mutex<Held>,
    _lock: File,
}

struct Held {
    conn: Connection,
    books: Books,
}

impl Store {
    /// Opens the file in `dir`, which exists, or makes it.
    ///
    /// # Errors
    /// A fault when another process has it open, or it cannot be read.
    pub fn open(dir: &Path) -> Result<Store, Fault> {
        let lock = File::create(dir.join(LOCK))?;
        if lock.try_lock().is_err() {
            return Err(Fault::new("another simulated platform runs on this folder"));
        }
        let conn = Connection::open(dir.join("platform.sqlite"))?;
        conn.execute_batch(
            "pragma busy_timeout = 5000;
             pragma journal_mode = wal;
             pragma synchronous = full;
             pragma foreign_keys = on;",
        )?;
        conn.execute_batch(include_str!("../schema.sql"))?;
        let books = read::books(&conn)?;
        Ok(Store { held: Mutex::new(Held { conn, books }), _lock: lock })
    }

    /// Has another process the file open?
    ///
    /// # Errors
    /// A fault when the lock cannot be looked at.
    pub fn is_held(dir: &Path) -> Result<bool, Fault> {
        let lock = match File::open(dir.join(LOCK)) {
            Ok(lock) => lock,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        match lock.try_lock() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Runs `act` on the books; what it changed is on disk when this returns.
    ///
    /// # Errors
    /// A fault when it could not be written; then nothing is known to have happened.
    pub fn act<T>(&self, act: impl FnOnce(&mut Books) -> T) -> Result<T, Fault> {
        let mut held = self.held()?;
        let held = &mut *held;
        let value = act(&mut held.books);
        let faults = held.books.take_changed_faults().cloned();
        let changed = held.books.take_changed();
        if let Err(fault) = write::books(&mut held.conn, &changed, faults.as_ref()) {
            held.books = read::books(&held.conn)?;
            return Err(Fault::known(Known::Unsure, fault.to_string()));
        }
        Ok(value)
    }

    /// Remembers a nonce; `false` when it was used before. `wall` is the real time.
    ///
    /// # Errors
    /// A fault when it could not be written.
    pub fn take_nonce(&self, merchant: &str, nonce: &str, wall: Timestamp) -> Result<bool, Fault> {
        let held = self.held()?;
        held.conn
            .prepare_cached("delete from nonces where seen_at < ?1")?
            .execute([wall - NONCES_KEPT])?;
        let fresh = held
            .conn
            .prepare_cached(
                "insert into nonces (merchant, nonce, seen_at)
                 values (?1, ?2, ?3)
                     on conflict do nothing",
            )?
            .execute(params![merchant, nonce, wall])?;
        Ok(fresh == 1)
    }

    /// How far business time was moved, by the last who moved it.
    ///
    /// # Errors
    /// A fault when it could not be read.
    pub fn shift(&self) -> Result<SignedDuration, Fault> {
        let held = self.held()?;
        let sql = "select value from facts where fact = 'clock_shift_s'";
        let found = read::all(&held.conn, sql, |row| row.get::<_, String>(0))?;
        let seconds = found.first().and_then(|it| it.parse().ok()).unwrap_or(0);
        Ok(SignedDuration::from_secs(seconds))
    }

    /// Remembers how far business time is moved.
    ///
    /// # Errors
    /// A fault when it could not be written.
    pub fn keep_shift(&self, shift: SignedDuration) -> Result<(), Fault> {
        self.held()?.conn.execute(
            "insert or replace into facts (fact, value)
             values ('clock_shift_s', ?1)",
            [shift.as_secs().to_string()],
        )?;
        Ok(())
    }

    /// Puts a merchant into the register, or replaces it.
    ///
    /// # Errors
    /// A fault when it could not be written.
    pub fn register(&self, merchant: &Merchant) -> Result<(), Fault> {
        self.held()?.conn.execute(
            "insert or replace into merchants (code, name, public_key, notify_prefix)
             values (?1, ?2, ?3, ?4)",
            params![merchant.code, merchant.name, merchant.public_key, merchant.notify_prefix],
        )?;
        Ok(())
    }

    /// The register.
    ///
    /// # Errors
    /// A fault when it could not be read.
    pub fn merchants(&self) -> Result<Vec<Merchant>, Fault> {
        let held = self.held()?;
        read::all(
            &held.conn,
            "select code, name, public_key, notify_prefix from merchants",
            |row| {
                Ok(Merchant {
                    code: row.get(0)?,
                    name: row.get(1)?,
                    public_key: row.get(2)?,
                    notify_prefix: row.get(3)?,
                })
            },
        )
    }

    fn held(&self) -> Result<MutexGuard<'_, Held>, Fault> {
        self.held.lock().or_else(|broken| {
            // An act panicked half way: what it did in memory is forgotten.
            let mut held = broken.into_inner();
            held.books = read::books(&held.conn)?;
            self.held.clear_poison();
            Ok(held)
        })
    }
}
