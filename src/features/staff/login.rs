//! How a member of staff comes in: captcha, password, session; and how a new password is set.
//!
//! Each step that must be remembered is a transaction of its own; the hash, which takes long,
//! stands between them.

use std::net::{IpAddr, Ipv4Addr};

use jiff::SignedDuration;

use super::rules::{Member, StaffLogin};
use super::store;
use crate::app::App;
use crate::base::outcome::{Fault, Never, Said};
use crate::base::values::Secret;
use crate::features::identity::challenge::Taken;
use crate::features::identity::rules::OwnData;
use crate::features::identity::{self, Change, Desk, Kind, NotSet};
use crate::machinery::db::{Actor, By, ReadTx};

/// Somebody who wants to come in.
pub struct Knock {
    /// What was typed as 账号.
    pub login: String,
    /// What was typed as 密码.
    pub password: Secret<String>,
    /// Which captcha was shown.
    pub challenge: String,
    /// What was read in it.
    pub answer: String,
    /// From where, when that is known.
    pub address: Option<IpAddr>,
}

/// Somebody who has come in.
#[derive(Debug)]
pub struct Entry {
    /// What goes into the cookie.
    pub token: String,
    /// Whose it is.
    pub account: i64,
    /// Must a new password be set before anything else?
    pub must_change: bool,
}

/// Why somebody stays out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotIn {
    /// The captcha was not right.
    Captcha(Taken),
    /// There is no such account, or it has another password, or it is disabled: all the same.
    Wrong {
        /// How long the next try must wait.
        wait: Option<SignedDuration>,
    },
    /// Too many failures; nothing was looked at.
    Wait(SignedDuration),
}

/// Lets somebody in, or not; what failed is remembered.
///
/// # Errors
/// A fault when something cannot be read, hashed or written.
pub async fn sign_in(app: &App, desk: &Desk, knock: Knock) -> Result<Said<Entry, NotIn>, Fault> {
    let address = knock.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    // What is counted is the name as accounts spell it, so that Zhoumin and zhoumin share tries.
    let name = knock.login.trim().to_ascii_lowercase();
    let asked = name.clone();
    let (wait, found) = app.db.read(move |tx| look_up(tx, &asked, address)).await?;
    if let Some(wait) = wait {
        return Ok(Said::No(NotIn::Wait(wait)));
    }
    let taken = take_captcha(app, desk, knock.challenge, knock.answer).await?;
    if taken != Taken::Right {
        return Ok(Said::No(NotIn::Captcha(taken)));
    }
    let phc = found.as_ref().and_then(|it| it.phc.clone());
    let right = desk.hasher.verify(knock.password, phc.as_deref()).await?;
    match found {
        Some(known) if right => open(app, &name, address, &known).await,
        Some(known) => fail(app, name, address, Some(known.account)).await,
        None => fail(app, name, address, None).await,
    }
}

/// An account as the login sees it.
struct Known {
    account: i64,
    phc: Option<String>,
    must_change: bool,
}

fn look_up(
    tx: &ReadTx<'_>,
    name: &str,
    address: IpAddr,
) -> Result<(Option<SignedDuration>, Option<Known>), Fault> {
    let wait = identity::must_wait(tx, Kind::Staff, name, address)?;
    let Ok(login) = name.parse::<StaffLogin>() else { return Ok((wait, None)) };
    let Some(member) = store::find_by_login(tx, &login)?.filter(|it| it.enabled) else {
        return Ok((wait, None));
    };
    let credential = identity::credential(tx, Kind::Staff, member.id)?;
    let known = Known {
        account: member.id,
        must_change: credential.as_ref().is_none_or(|it| it.must_change),
        phc: credential.and_then(|it| it.phc),
    };
    Ok((wait, Some(known)))
}

async fn take_captcha(
    app: &App,
    desk: &Desk,
    challenge: String,
    answer: String,
) -> Result<Taken, Fault> {
    let challenges = desk.challenges.clone();
    let fixed = app.config.captcha_answer.clone();
    app.db.keep(move |tx| challenges.take(tx, &challenge, &answer, &fixed)).await
}

async fn open(
    app: &App,
    name: &str,
    address: IpAddr,
    known: &Known,
) -> Result<Said<Entry, NotIn>, Fault> {
    let token = app.chance.token();
    let entry =
        Entry { token: token.clone(), account: known.account, must_change: known.must_change };
    let (name, account, must_change) = (name.to_owned(), known.account, known.must_change);
    let by = Actor::Staff(account).from(address);
    let written = app.db.write::<_, Never>(by, move |tx| {
        // Tries that were hashed side by side must not get around the growing wait.
        if let Some(wait) = identity::must_wait(tx, Kind::Staff, &name, address)? {
            return Ok(Said::No(NotIn::Wait(wait)));
        }
        identity::forgive(tx, Kind::Staff, &name, address)?;
        identity::log_in(tx, Kind::Staff, account, must_change, &token)?;
        Ok(Said::Done(entry))
    });
    Ok(written.await?)
}

async fn fail(
    app: &App,
    name: String,
    address: IpAddr,
    account: Option<i64>,
) -> Result<Said<Entry, NotIn>, Fault> {
    let written = app.db.write::<_, Never>(Actor::Nobody.from(address), move |tx| {
        Ok(identity::remember_failure(tx, Kind::Staff, &name, address, account)?)
    });
    Ok(Said::No(NotIn::Wrong { wait: written.await? }))
}

/// Sets a password that a member of staff chose, and ends the account's sessions, this one too.
/// `present` is `None` where it must be changed.
///
/// # Errors
/// A fault when something cannot be read, hashed or written.
pub async fn change(
    app: &App,
    desk: &Desk,
    member: &Member,
    present: Option<Secret<String>>,
    wanted: Secret<String>,
    by: By,
) -> Result<Said<(), NotSet>, Fault> {
    let name = member.login.text().to_owned();
    let own = OwnData {
        numbers: vec![name.clone()],
        names: vec![name.clone(), member.name.clone()],
        ..OwnData::default()
    };
    let (kind, account) = (Kind::Staff, member.id);
    identity::change(app, desk, Change { kind, account, name, own, present, wanted, by }).await
}
