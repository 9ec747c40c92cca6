//! Candidates, as they lie in the database. `notice` is the version of the privacy notice in force,
//! by which a person has read it or not.

use rusqlite::types::Type;
use rusqlite::{Row, params};

use super::rules::{Entry, Field, Person};
use crate::base::outcome::Fault;
use crate::base::values::{DocumentKind, IdDocument, Phone};
use crate::machinery::db::{ReadTx, WriteTx};

/// A person and what only the login needs of them.
pub(super) struct Known {
    pub(super) person: Person,
    /// The roster's own initial password.
    pub(super) initial_password: Option<String>,
}

pub(super) fn find(tx: &ReadTx<'_>, notice: &str, id: i64) -> Result<Option<Person>, Fault> {
    tx.one(
        "select id, document_kind, document_number, name_given, phone, email, privacy_version
           from candidates
          where id = ?1",
        [id],
        |row| read(row, notice),
    )
}

pub(super) fn known(tx: &ReadTx<'_>, notice: &str, id: i64) -> Result<Option<Known>, Fault> {
    tx.one(
        "select id, document_kind, document_number, name_given, phone, email, privacy_version,
                initial_password
           from candidates
          where id = ?1",
        [id],
        |row| read_known(row, notice),
    )
}

pub(super) fn by_match_key(
    tx: &ReadTx<'_>,
    notice: &str,
    key: &str,
) -> Result<Option<Known>, Fault> {
    tx.one(
        "select id, document_kind, document_number, name_given, phone, email, privacy_version,
                initial_password
           from candidates
          where match_key = ?1",
        [key],
        |row| read_known(row, notice),
    )
}

pub(super) fn add(tx: &WriteTx<'_>, entry: &Entry) -> Result<i64, Fault> {
    tx.insert(
        "insert into candidates
             (document_kind, document_number, match_key, login_key, name_given, name_shown,
              phone, email, initial_password, registered_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            entry.document.kind(),
            entry.document.number(),
            entry.document.match_key(),
            login_key(&entry.document),
            entry.name.given(),
            entry.name.shown(),
            entry.phone,
            entry.email,
            entry.initial_password.as_ref().map(|it| it.expose().as_str()),
            tx.now()
        ],
    )
}

/// Writes down what is known of a person now.
pub(super) fn change(tx: &WriteTx<'_>, person: &Person) -> Result<(), Fault> {
    tx.run(
        "update candidates
            set document_number = ?2,
                name_given = ?3,
                name_shown = ?4,
                phone = ?5,
                email = ?6
          where id = ?1",
        params![
            person.id,
            person.document.number(),
            person.name.given(),
            person.name.shown(),
            person.phone,
            person.email
        ],
    )?;
    Ok(())
}

pub(super) fn set_initial_password(tx: &WriteTx<'_>, id: i64, password: &str) -> Result<(), Fault> {
    tx.run(
        "update candidates
            set initial_password = ?2
          where id = ?1",
        params![id, password],
    )?;
    Ok(())
}

/// Keeps what a field was before.
pub(super) fn keep_change(
    tx: &WriteTx<'_>,
    id: i64,
    field: Field,
    before: Option<&str>,
    after: &str,
) -> Result<(), Fault> {
    tx.run(
        "insert into candidate_changes (candidate_id, field, before, after, changed_at)
         values (?1, ?2, ?3, ?4, ?5)",
        params![id, field.name(), before, after, tx.now()],
    )?;
    Ok(())
}

pub(super) fn set_privacy_read(tx: &WriteTx<'_>, id: i64, version: &str) -> Result<(), Fault> {
    tx.run(
        "update candidates
            set privacy_version = ?2,
                privacy_at = ?3
          where id = ?1",
        params![id, version, tx.wall()],
    )?;
    Ok(())
}

/// People whose name begins so, by name.
pub(super) fn named(
    tx: &ReadTx<'_>,
    notice: &str,
    prefix: &str,
    limit: i64,
) -> Result<Vec<Person>, Fault> {
    // U+10FFFF sorts behind every character, in SQLite's order of bytes too.
    tx.all(
        "select id, document_kind, document_number, name_given, phone, email, privacy_version
           from candidates
          where name_shown >= ?1 and name_shown < ?1 || char(1114111)
          order by name_shown, id
          limit ?2",
        params![prefix, limit],
        |row| read(row, notice),
    )
}

/// People whose document's number begins so.
pub(super) fn numbered(
    tx: &ReadTx<'_>,
    notice: &str,
    prefix: &str,
    limit: i64,
) -> Result<Vec<Person>, Fault> {
    tx.all(
        "select id, document_kind, document_number, name_given, phone, email, privacy_version
           from candidates
          where login_key >= ?1 and login_key < ?1 || char(1114111)
          order by login_key, id
          limit ?2",
        params![prefix, limit],
        |row| read(row, notice),
    )
}

/// People who are called at this number.
pub(super) fn called(
    tx: &ReadTx<'_>,
    notice: &str,
    phone: &Phone,
    limit: i64,
) -> Result<Vec<Person>, Fault> {
    tx.all(
        "select id, document_kind, document_number, name_given, phone, email, privacy_version
           from candidates
          where phone = ?1
          order by id
          limit ?2",
        params![phone, limit],
        |row| read(row, notice),
    )
}

/// The number alone of a match key.
fn login_key(document: &IdDocument) -> String {
    let key = document.match_key();
    key.split_once(':').map_or(key.clone(), |(_, number)| number.to_owned())
}

fn read(row: &Row<'_>, notice: &str) -> rusqlite::Result<Person> {
    let kind: DocumentKind = row.get(1)?;
    let number: String = row.get(2)?;
    let document = IdDocument::read(kind, &number)
        .map_err(|it| rusqlite::Error::FromSqlConversionFailure(2, Type::Text, Box::new(it)))?;
    let privacy: Option<String> = row.get(6)?;
    Ok(Person {
        id: row.get(0)?,
        document,
        name: row.get(3)?,
        phone: row.get(4)?,
        email: row.get(5)?,
        privacy_read: privacy.as_deref() == Some(notice),
    })
}

fn read_known(row: &Row<'_>, notice: &str) -> rusqlite::Result<Known> {
    Ok(Known { person: read(row, notice)?, initial_password: row.get(7)? })
}
