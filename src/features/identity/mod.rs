//! Proving who is there: passwords, captchas, sessions, growing delays. For either people,
//! candidates and staff; it knows accounts by kind and number, not who they are.
//!
//! Words: a *credential* is the password an account has set; an *attempt* is a failed login that is
//! remembered for a while; a *challenge* is a captcha that was shown; a *session* is a login that
//! lasts. Times here are the wall's: training does not lengthen anybody's session.
//!
//! It promises never to tell whether an account exists, by text, status or time; never to store or
//! log a password or a session's token; and never to lock anybody out from another address.

pub mod captcha;
pub mod challenge;
pub mod password;
pub mod queue;
pub mod rules;
pub mod session;
mod store;

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

pub use self::rules::Kind;

use self::challenge::Challenges;
use self::password::Hasher;
use crate::base::chance::Chance;
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

/// What the login desks share: the hasher and the maker of captchas. Rocket manages one.
pub struct Desk {
    /// Hashes passwords.
    pub hasher: Hasher,
    /// Makes captchas.
    pub challenges: Challenges,
}

impl Desk {
    /// A desk with keys of its own.
    pub fn new(chance: &Chance) -> Desk {
        Desk { hasher: Hasher::new(chance), challenges: Challenges::new(chance) }
    }
}

/// What an account's password is at the moment.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Argon2id in PHC form; `None`: the initial password holds.
    pub phc: Option<String>,
    /// Must a new password be set before anything else?
    pub must_change: bool,
    /// The login before the present one: when and from where (上次登录).
    pub prior_login: Option<(Timestamp, Option<String>)>,
}

/// The credential of an account. `None`: it never set one, so its initial password holds.
///
/// # Errors
/// A fault when it cannot be read.
pub fn credential(tx: &ReadTx<'_>, kind: Kind, account: i64) -> Result<Option<Credential>, Fault> {
    store::credential(tx, kind, account)
}

/// Sets a password that the person chose, and ends every other session of the account.
///
/// # Errors
/// A fault when it cannot be written.
pub fn set_password(tx: &WriteTx<'_>, kind: Kind, account: i64, phc: &str) -> Result<(), Fault> {
    store::set_credential(tx, kind, account, Some(phc), false)?;
    store::end_sessions(tx, kind, account)?;
    tx.note("password.set", format_args!("{} {account}", kind.name()));
    Ok(())
}

/// Gives an account a password that must be changed at the first login: the initial one where
/// `phc` is `None`, else a one-time code. Ends its sessions.
///
/// # Errors
/// A fault when it cannot be written.
pub fn reset_password(
    tx: &WriteTx<'_>,
    kind: Kind,
    account: i64,
    phc: Option<&str>,
) -> Result<(), Fault> {
    store::set_credential(tx, kind, account, phc, true)?;
    store::end_sessions(tx, kind, account)?;
    tx.note("password.reset", format_args!("{} {account}", kind.name()));
    Ok(())
}

/// Writes down a login that succeeded and opens its session. Returns the session's token, which
/// goes into the cookie and nowhere else.
///
/// # Errors
/// A fault when it cannot be written.
pub fn log_in(
    tx: &WriteTx<'_>,
    kind: Kind,
    account: i64,
    must_change: bool,
    token: &str,
) -> Result<(), Fault> {
    let address = tx.by().address.map(|it| it.to_string());
    store::remember_login(tx, kind, account, must_change, address.as_deref())?;
    store::open_session(tx, kind, account, token, address.as_deref())?;
    tx.note("login.succeeded", format_args!("{} {account}", kind.name()));
    Ok(())
}

/// Writes down a login that failed, for this name from this address. `account` is the account it
/// was meant for, where there is one. Returns how long the next try must wait.
///
/// # Errors
/// A fault when it cannot be written.
pub fn remember_failure(
    tx: &WriteTx<'_>,
    kind: Kind,
    name: &str,
    address: IpAddr,
    account: Option<i64>,
) -> Result<Option<SignedDuration>, Fault> {
    let pair = rules::subject(kind, Some(name), address);
    let failures = store::count_failure(tx, &pair, rules::FORGET_PAIR)?;
    let wait = rules::wait_after(failures);
    store::block(tx, &pair, wait)?;
    let whole = rules::subject(kind, None, address);
    let all = store::count_failure(tx, &whole, rules::FORGET_ADDRESS)?;
    store::block(tx, &whole, rules::address_wait_after(all))?;
    let about = account.map_or_else(|| "nobody".to_owned(), |it| format!("{} {it}", kind.name()));
    let act = if wait.is_some() { "login.blocked" } else { "login.failed" };
    tx.note_with(act, about, json!({ "failures": failures }));
    Ok(wait)
}

/// How long a try with this name from this address must still wait. `None`: not at all.
///
/// # Errors
/// A fault when it cannot be read.
pub fn must_wait(
    tx: &ReadTx<'_>,
    kind: Kind,
    name: &str,
    address: IpAddr,
) -> Result<Option<SignedDuration>, Fault> {
    let pair = store::blocked_until(tx, &rules::subject(kind, Some(name), address))?;
    let whole = store::blocked_until(tx, &rules::subject(kind, None, address))?;
    let until = pair.max(whole).filter(|until| *until > tx.wall());
    Ok(until.map(|until| until.duration_since(tx.wall())))
}

/// Forgets the failures counted for this name from this address: after a login that succeeded.
///
/// # Errors
/// A fault when they cannot be removed.
pub fn forgive(tx: &WriteTx<'_>, kind: Kind, name: &str, address: IpAddr) -> Result<(), Fault> {
    store::forgive(tx, &rules::subject(kind, Some(name), address))
}

/// Keeps a form that came after its session had ended, for the browser that holds `token`.
/// `fields` is JSON `[[name, value], …]` without passwords and tokens.
///
/// # Errors
/// A fault when it cannot be written.
pub fn keep_form(tx: &WriteTx<'_>, token: &str, path: &str, fields: &str) -> Result<(), Fault> {
    store::keep_form(tx, token, path, fields)
}

/// The form kept under `token`, and where it was posted.
///
/// # Errors
/// A fault when it cannot be read.
pub fn kept_form(tx: &ReadTx<'_>, token: &str) -> Result<Option<(String, String)>, Fault> {
    store::kept_form(tx, token)
}

/// Drops the form kept under `token`: it was shown again.
///
/// # Errors
/// A fault when it cannot be removed.
pub fn drop_form(tx: &WriteTx<'_>, token: &str) -> Result<(), Fault> {
    store::drop_form(tx, token)
}

/// Forgets what is past its time: sessions, attempts, challenges, kept forms, form keys. Returns
/// how many rows went.
///
/// # Errors
/// A fault when they cannot be removed.
pub fn forget(tx: &WriteTx<'_>) -> Result<usize, Fault> {
    store::forget(tx)
}
