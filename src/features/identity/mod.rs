//! Proving who is there: passwords, captchas, sessions, growing delays. For either people,
//! candidates and staff; it knows accounts by kind and number, not who they are.
//!
//! Words: a *credential* is the password an account has set; an *attempt* is a failed login that is
//! remembered for a while; a *challenge* is a captcha that was shown; a *session* is a login that
//! lasts. Times here are the wall's: training does not lengthen anybody's session.
//!
//! It promises never to tell whether an account exists, by text, status or time; never to store or
//! log a password or a session's token; and never to lock anybody out from another address.

mod asked;
mod attempts;
pub mod captcha;
pub mod challenge;
mod change;
mod common;
mod forms;
pub mod password;
pub mod queue;
pub mod rules;
pub mod session;
mod store;

use jiff::Timestamp;

pub use self::asked::{Another, Asked};
pub use self::attempts::{
    forgive, forgive_everywhere, longest_wait, must_wait, remember_failure, tries_left,
};
pub use self::change::{Change, NotSet, change};
pub use self::forms::{Everything, KeptForm, drop_form, keep_form, kept_form, see_form};
pub use self::rules::Kind;

use self::challenge::Challenges;
use self::password::Hasher;
use crate::base::chance::Chance;
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

/// What the login desks share: the hasher and the maker of captchas. Rocket manages one.
#[derive(Clone)]
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
    /// The last login; `None` before the first.
    pub last_login: Option<Timestamp>,
    /// The login before that one, which is what the person is shown (上次登录): when, from where.
    pub prior_login: Option<(Timestamp, Option<String>)>,
}

/// The credential of an account. `None`: it never set one, so its initial password holds.
///
/// # Errors
/// A fault when it cannot be read.
pub fn credential(tx: &ReadTx<'_>, kind: Kind, account: i64) -> Result<Option<Credential>, Fault> {
    store::credential(tx, kind, account)
}

/// Sets a password that the person chose, and ends every session of the account.
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

/// Ends the session of a token: another one takes its place.
///
/// # Errors
/// A fault when it cannot be removed.
pub fn end_session(tx: &WriteTx<'_>, kind: Kind, token: &str) -> Result<(), Fault> {
    store::end_session(tx, kind, token)
}

/// Whose session a token opened, even if it has ended by time (for a day).
///
/// # Errors
/// A fault when it cannot be read.
pub fn whose_session(tx: &ReadTx<'_>, kind: Kind, token: &str) -> Result<Option<i64>, Fault> {
    store::whose_session(tx, kind, token)
}

/// Forgets what is past its time: sessions, attempts, challenges, kept forms. Returns how many
/// rows went.
///
/// # Errors
/// A fault when they cannot be removed.
pub fn forget(tx: &WriteTx<'_>) -> Result<usize, Fault> {
    store::forget(tx)
}
