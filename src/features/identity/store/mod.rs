//! Credentials, sessions and challenges, as they lie in the database; attempts and kept forms have
//! a drawer each.

pub(super) mod attempts;
pub(super) mod forms;

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::Credential;
use super::rules::{self, Kind};
use super::session::Session;
use crate::base::outcome::Fault;
use crate::base::values::Digest;
use crate::machinery::db::{ReadTx, WriteTx};

pub(super) fn credential(
    tx: &ReadTx<'_>,
    kind: Kind,
    account: i64,
) -> Result<Option<Credential>, Fault> {
    tx.one(
        "select phc, must_change, prior_login_at, prior_address, last_login_at
           from credentials
          where kind = ?1 and account = ?2",
        params![kind.name(), account],
        |row| {
            let prior: Option<Timestamp> = row.get(2)?;
            let address = row.get(3)?;
            Ok(Credential {
                phc: row.get(0)?,
                must_change: row.get(1)?,
                last_login: row.get(4)?,
                prior_login: prior.map(|at| (at, address)),
            })
        },
    )
}

pub(super) fn set_credential(
    tx: &WriteTx<'_>,
    kind: Kind,
    account: i64,
    phc: Option<&str>,
    must_change: bool,
) -> Result<(), Fault> {
    tx.run(
        "insert into credentials (kind, account, phc, must_change, set_at)
         values (?1, ?2, ?3, ?4, ?5)
         on conflict (kind, account) do update
            set phc = excluded.phc,
                must_change = excluded.must_change,
                set_at = excluded.set_at",
        params![kind.name(), account, phc, must_change, tx.wall()],
    )?;
    Ok(())
}

/// Moves the last login to the one before, which the person is shown (上次登录).
pub(super) fn remember_login(
    tx: &WriteTx<'_>,
    kind: Kind,
    account: i64,
    must_change: bool,
    address: Option<&str>,
) -> Result<(), Fault> {
    tx.run(
        "insert into credentials (kind, account, must_change, set_at, last_login_at, last_address)
         values (?1, ?2, ?3, ?4, ?4, ?5)
         on conflict (kind, account) do update
            set prior_login_at = last_login_at,
                prior_address = last_address,
                last_login_at = excluded.last_login_at,
                last_address = excluded.last_address",
        params![kind.name(), account, must_change, tx.wall(), address],
    )?;
    Ok(())
}

pub(super) fn open_session(
    tx: &WriteTx<'_>,
    kind: Kind,
    account: i64,
    token: &str,
    address: Option<&str>,
) -> Result<(), Fault> {
    tx.run(
        "insert into sessions (token_digest, kind, account, made_at, seen_at, ends_at, address)
         values (?1, ?2, ?3, ?4, ?4, ?5, ?6)",
        params![digest(token), kind.name(), account, tx.wall(), tx.wall() + kind.whole(), address],
    )?;
    Ok(())
}

/// The session of a token, if it still lasts, and when it was seen last.
pub(super) fn session(
    tx: &ReadTx<'_>,
    kind: Kind,
    token: &str,
) -> Result<Option<(Session, Timestamp)>, Fault> {
    tx.one(
        "select s.id, s.account, coalesce(c.must_change, 1), s.seen_at
           from sessions s
           left join credentials c on c.kind = s.kind and c.account = s.account
          where s.token_digest = ?1 and s.kind = ?2 and s.seen_at > ?3 and s.ends_at > ?4",
        params![digest(token), kind.name(), tx.wall() - kind.idle(), tx.wall()],
        |row| {
            let session =
                Session { id: row.get(0)?, account: row.get(1)?, must_change: row.get(2)? };
            Ok((session, row.get(3)?))
        },
    )
}

pub(super) fn whose_session(
    tx: &ReadTx<'_>,
    kind: Kind,
    token: &str,
) -> Result<Option<i64>, Fault> {
    tx.one(
        "select account
           from sessions
          where token_digest = ?1 and kind = ?2",
        params![digest(token), kind.name()],
        |row| row.get(0),
    )
}

pub(super) fn see_session(tx: &WriteTx<'_>, id: i64) -> Result<(), Fault> {
    tx.run(
        "update sessions
            set seen_at = ?2
          where id = ?1",
        params![id, tx.wall()],
    )?;
    Ok(())
}

pub(super) fn end_session(tx: &WriteTx<'_>, kind: Kind, token: &str) -> Result<(), Fault> {
    tx.run(
        "delete from sessions
          where token_digest = ?1 and kind = ?2",
        params![digest(token), kind.name()],
    )?;
    Ok(())
}

pub(super) fn end_sessions(tx: &WriteTx<'_>, kind: Kind, account: i64) -> Result<(), Fault> {
    tx.run(
        "delete from sessions
          where kind = ?1 and account = ?2",
        params![kind.name(), account],
    )?;
    Ok(())
}

/// Takes a challenge. `false`: it was taken before.
pub(super) fn take_challenge(
    tx: &WriteTx<'_>,
    no: &str,
    expires_at: Timestamp,
) -> Result<bool, Fault> {
    let taken = tx.run(
        "insert into captchas (captcha_no, expires_at)
         values (?1, ?2)
         on conflict (captcha_no) do nothing",
        params![no, expires_at],
    )?;
    Ok(taken == 1)
}

pub(super) fn forget(tx: &WriteTx<'_>) -> Result<usize, Fault> {
    let wall = tx.wall();
    let day = SignedDuration::from_hours(24);
    let mut gone = 0;
    gone += tx.run(
        "delete from sessions where ends_at <= ?1 or seen_at <= ?1",
        [wall - rules::ENDED_SESSION],
    )?;
    gone += tx.run("delete from attempts where last_at <= ?1", [wall - day])?;
    gone += tx.run("delete from captchas where expires_at <= ?1", [wall])?;
    gone += tx.run("delete from kept_forms where kept_at <= ?1", [wall - rules::KEPT_FORM])?;
    Ok(gone)
}

fn digest(token: &str) -> Digest {
    Digest::of(token.as_bytes())
}
