//! The outbox, as it lies in the database.

use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use lettre::Message;
use lettre::message::{Mailbox, header::ContentType};
use rusqlite::params;

use super::{Letter, Outbox};
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

/// A letter that is due.
pub(super) struct Due {
    pub(super) id: i64,
    pub(super) tries: i64,
    message_id: String,
    recipient: String,
    subject: String,
    body: String,
    made_at: Timestamp,
}

impl Due {
    /// The letter as it goes out: the same bytes each time.
    pub(super) fn sealed(&self, from: &Mailbox) -> Result<Message, String> {
        let to: Mailbox = self.recipient.parse().map_err(|_| "no address".to_owned())?;
        let since_1970 = Duration::from_secs(self.made_at.as_second().unsigned_abs());
        Message::builder()
            .message_id(Some(self.message_id.clone()))
            .date(SystemTime::UNIX_EPOCH + since_1970)
            .from(from.clone())
            .to(to)
            .subject(&self.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(self.body.clone())
            .map_err(|error| error.to_string())
    }
}

/// The next letter's number. There is one writer, so nobody takes it in between.
pub(super) fn next(tx: &WriteTx<'_>) -> Result<i64, Fault> {
    tx.count("select coalesce(max(id), 0) + 1 from mails", ())
}

pub(super) fn add(
    tx: &WriteTx<'_>,
    id: i64,
    message_id: &str,
    letter: &Letter,
) -> Result<(), Fault> {
    tx.run(
        "insert into mails (id, message_id, recipient, subject, body, cause, made_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![id, message_id, letter.to, letter.subject, letter.body, letter.cause, tx.now()],
    )?;
    tx.run(
        "insert into mail_tries (mail_id, state, next_at)
         values (?1, 'waiting', ?2)",
        params![id, tx.wall()],
    )?;
    Ok(())
}

/// Letters whose time has come, the longest waiting first.
pub(super) fn due(tx: &ReadTx<'_>, at_most: i64) -> Result<Vec<Due>, Fault> {
    tx.all(
        "select m.id, t.tries, m.message_id, m.recipient, m.subject, m.body, m.made_at
           from mail_tries t
           join mails m on m.id = t.mail_id
          where t.state = 'waiting' and t.next_at <= ?1
          order by t.next_at, m.id
          limit ?2",
        params![tx.wall(), at_most],
        |row| {
            Ok(Due {
                id: row.get(0)?,
                tries: row.get(1)?,
                message_id: row.get(2)?,
                recipient: row.get(3)?,
                subject: row.get(4)?,
                body: row.get(5)?,
                made_at: row.get(6)?,
            })
        },
    )
}

pub(super) fn sent(tx: &WriteTx<'_>, id: i64) -> Result<(), Fault> {
    tx.run(
        "update mail_tries
            set state = 'sent', tries = tries + 1, next_at = ?2, trouble = null
          where mail_id = ?1 and state = 'waiting'",
        params![id, tx.wall()],
    )?;
    Ok(())
}

/// Writes down a failed try; without a `wait` the letter is given up.
pub(super) fn failed(
    tx: &WriteTx<'_>,
    id: i64,
    wait: Option<SignedDuration>,
    said: &str,
) -> Result<(), Fault> {
    let state = if wait.is_some() { "waiting" } else { "given_up" };
    tx.run(
        "update mail_tries
            set state = ?2, tries = tries + 1, next_at = ?3, trouble = ?4
          where mail_id = ?1 and state = 'waiting'",
        params![id, state, tx.wall() + wait.unwrap_or_default(), said],
    )?;
    Ok(())
}

pub(super) fn outbox(tx: &ReadTx<'_>) -> Result<Outbox, Fault> {
    let found = tx.one(
        "select count(*) filter (where state = 'waiting'),
                count(*) filter (where state = 'waiting' and tries > 0),
                count(*) filter (where state = 'given_up')
           from mail_tries",
        (),
        |row| Ok(Outbox { waiting: row.get(0)?, delayed: row.get(1)?, given_up: row.get(2)? }),
    )?;
    Ok(found.unwrap_or_default())
}
