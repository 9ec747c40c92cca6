//! Idempotency: the same form, posted twice, is done once and answered twice.

use std::fmt;

use jiff::Timestamp;
use rusqlite::params;

use super::transaction::{ReadTx, WriteTx};
use crate::base::chance::Chance;
use crate::base::outcome::Fault;

/// The key of one rendered form; it travels in the form and is taken once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormKey(String);

/// What is known of a [`FormKey`] when a form arrives.
#[derive(Debug, PartialEq, Eq)]
pub enum Once {
    /// It is new, and taken now.
    First,
    /// The same form came before; this was its answer.
    Again(String),
    /// The key came before with other content.
    Different,
}

impl FormKey {
    /// A new key for a form about to be shown.
    pub fn draw(chance: &Chance) -> FormKey {
        FormKey(chance.token())
    }

    /// Reads a key back from a form. `None` when it cannot be one of ours.
    pub fn read(text: &str) -> Option<FormKey> {
        let fits = text.len() == 43
            && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it));
        fits.then(|| FormKey(text.to_owned()))
    }
}

impl fmt::Display for FormKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ReadTx<'_> {
    /// What the form that took this key asked for; `None` while it is free.
    ///
    /// # Errors
    /// A fault when it cannot be read.
    pub fn wish_of(&self, key: &FormKey) -> Result<Option<String>, Fault> {
        self.one("select content from form_keys where form_key = ?1", [&key.0], |row| row.get(0))
    }
}

impl WriteTx<'_> {
    /// Takes a form's key, inside the act, so that no crash can part the two. `content` says what
    /// the form asked for; the same key with other content is another wish.
    ///
    /// # Errors
    /// A fault when the key cannot be read or written.
    pub fn once(&self, key: &FormKey, content: &str) -> Result<Once, Fault> {
        let found = self.one(
            "select content, answer
               from form_keys
              where form_key = ?1",
            [&key.0],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
        )?;
        match found {
            Some((before, answer)) if before == content => Ok(Once::Again(answer)),
            Some(_) => Ok(Once::Different),
            None => {
                self.run(
                    "insert into form_keys (form_key, content, answer, taken_at)
                     values (?1, ?2, '', ?3)",
                    params![key.0, content, self.wall()],
                )?;
                Ok(Once::First)
            }
        }
    }

    /// Remembers what the form's first posting was answered with.
    ///
    /// # Errors
    /// A fault when it cannot be written.
    pub fn answered(&self, key: &FormKey, answer: &str) -> Result<(), Fault> {
        self.run(
            "update form_keys
                set answer = ?2
              where form_key = ?1",
            params![key.0, answer],
        )?;
        Ok(())
    }

    /// Forgets the keys of forms first posted before `before`. Returns how many went.
    ///
    /// # Errors
    /// A fault when they cannot be removed.
    pub fn forget_form_keys(&self, before: Timestamp) -> Result<usize, Fault> {
        self.run("delete from form_keys where taken_at < ?1", [before])
    }
}
