//! Failed logins: counted for a name from an address and for an address alone, and made to wait.

use std::net::IpAddr;

use jiff::SignedDuration;
use serde_json::json;

use super::rules::{self, Kind};
use super::store::attempts as store;
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};

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
    let key = rules::name_key(kind, name);
    let failures = store::count_failure(tx, &pair, Some(&key), rules::FORGET_PAIR)?;
    let wait = rules::wait_after(failures);
    store::block(tx, &pair, wait)?;
    let whole = rules::subject(kind, None, address);
    let all = store::count_failure(tx, &whole, None, rules::FORGET_ADDRESS)?;
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

/// How many more failures of this name from this address are free of a wait.
///
/// # Errors
/// A fault when it cannot be read.
pub fn tries_left(tx: &ReadTx<'_>, kind: Kind, name: &str, address: IpAddr) -> Result<i64, Fault> {
    let failures = store::failures(tx, &rules::subject(kind, Some(name), address))?;
    Ok((rules::FREE_FAILURES - failures).max(0))
}

/// How long the longest wait is that this name must keep from any address. `None`: none at all.
///
/// # Errors
/// A fault when it cannot be read.
pub fn longest_wait(
    tx: &ReadTx<'_>,
    kind: Kind,
    name: &str,
) -> Result<Option<SignedDuration>, Fault> {
    let until = store::blocked_anywhere_until(tx, &rules::name_key(kind, name))?;
    Ok(until.filter(|it| *it > tx.wall()).map(|it| it.duration_since(tx.wall())))
}

/// Forgets the failures counted for this name, from whichever address: 解除登录限制. Returns from how
/// many addresses there were any.
///
/// # Errors
/// A fault when they cannot be removed.
pub fn forgive_everywhere(tx: &WriteTx<'_>, kind: Kind, name: &str) -> Result<usize, Fault> {
    store::forgive_everywhere(tx, &rules::name_key(kind, name))
}

/// Forgets the failures counted for this name from this address: after a login that succeeded.
///
/// # Errors
/// A fault when they cannot be removed.
pub fn forgive(tx: &WriteTx<'_>, kind: Kind, name: &str, address: IpAddr) -> Result<(), Fault> {
    store::forgive(tx, &rules::subject(kind, Some(name), address))
}
