//! Announcements, lists and privacy notices as rows. The only SQL that names their tables.

use rusqlite::{Row, params};

use super::rules::{Announcement, Line, List, NewAnnouncement};
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

pub(super) fn shown(tx: &ReadTx<'_>, limit: usize) -> Result<Vec<Announcement>, Fault> {
    tx.all(
        "select id, title, body, published_at, withdrawn_at
           from announcements
          where withdrawn_at is null and published_at <= ?1
          order by published_at desc, id desc
          limit ?2",
        params![tx.now(), limit as i64],
        read,
    )
}

pub(super) fn all(tx: &ReadTx<'_>, limit: usize) -> Result<Vec<Announcement>, Fault> {
    tx.all(
        "select id, title, body, published_at, withdrawn_at
           from announcements
          order by published_at desc, id desc
          limit ?1",
        [limit as i64],
        read,
    )
}

pub(super) fn announcement(tx: &ReadTx<'_>, id: i64) -> Result<Option<Announcement>, Fault> {
    tx.one(
        "select id, title, body, published_at, withdrawn_at
           from announcements
          where id = ?1",
        [id],
        read,
    )
}

pub(super) fn insert(tx: &WriteTx<'_>, new: &NewAnnouncement) -> Result<i64, Fault> {
    tx.insert(
        "insert into announcements (title, body, published_at)
         values (?1, ?2, ?3)",
        params![new.title, new.body, tx.now()],
    )
}

pub(super) fn reword(tx: &WriteTx<'_>, id: i64, new: &NewAnnouncement) -> Result<(), Fault> {
    tx.run(
        "update announcements
            set title = ?2, body = ?3
          where id = ?1",
        params![id, new.title, new.body],
    )?;
    Ok(())
}

pub(super) fn withdraw(tx: &WriteTx<'_>, id: i64) -> Result<(), Fault> {
    tx.run(
        "update announcements
            set withdrawn_at = ?2
          where id = ?1 and withdrawn_at is null",
        params![id, tx.now()],
    )?;
    Ok(())
}

pub(super) fn lines(tx: &ReadTx<'_>, list: List) -> Result<Vec<Line>, Fault> {
    tx.all(
        "select label, value, hours
           from bulletin_lines
          where kind = ?1
          order by place",
        [list.name()],
        |row| Ok(Line { label: row.get(0)?, value: row.get(1)?, hours: row.get(2)? }),
    )
}

pub(super) fn replace_lines(tx: &WriteTx<'_>, list: List, lines: &[Line]) -> Result<(), Fault> {
    tx.run(
        "delete from bulletin_lines
          where kind = ?1",
        [list.name()],
    )?;
    for (place, line) in (1_i64..).zip(lines) {
        tx.run(
            "insert into bulletin_lines (kind, place, label, value, hours)
             values (?1, ?2, ?3, ?4, ?5)",
            params![list.name(), place, line.label, line.value, line.hours],
        )?;
    }
    Ok(())
}

pub(super) fn privacy_notice(tx: &ReadTx<'_>) -> Result<Option<(String, String)>, Fault> {
    tx.one(
        "select version, body
           from privacy_notices
          order by id desc
          limit 1",
        (),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// How many versions are named after a day.
pub(super) fn privacy_notices_of(tx: &ReadTx<'_>, day: &str) -> Result<i64, Fault> {
    tx.count(
        "select count(*)
           from privacy_notices
          where version = ?1 or version like ?1 || '-%'",
        [day],
    )
}

pub(super) fn insert_privacy_notice(
    tx: &WriteTx<'_>,
    version: &str,
    body: &str,
) -> Result<(), Fault> {
    tx.run(
        "insert into privacy_notices (version, body, made_at)
         values (?1, ?2, ?3)",
        params![version, body, tx.now()],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Announcement> {
    Ok(Announcement {
        id: row.get("id")?,
        title: row.get("title")?,
        body: row.get("body")?,
        published_at: row.get("published_at")?,
        withdrawn_at: row.get("withdrawn_at")?,
    })
}
