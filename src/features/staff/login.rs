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
use crate::features::identity::rules::{self, OwnData, Weak};
use crate::features::identity::{self, Desk, Kind};
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

/// A new password for the account of somebody who is logged in.
pub struct Change {
    /// Who.
    pub member: Member,
    /// Must they change it? Then the present one was asked for a moment ago, at the login.
    pub must_change: bool,
    /// What was typed as 当前密码.
    pub present: Secret<String>,
    /// What was typed as 新密码.
    pub wanted: Secret<String>,
    /// On whose behalf.
    pub by: By,
}

/// Why a password stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSet {
    /// The present one was wrong.
    WrongPresent,
    /// The present one was wrong too often.
    Wait(SignedDuration),
    /// The new one is not good enough.
    Weak(Weak),
}

/// Sets a password that the person chose, and ends the account's sessions, this one too.
///
/// # Errors
/// A fault when something cannot be read, hashed or written.
pub async fn change(app: &App, desk: &Desk, wish: Change) -> Result<Said<(), NotSet>, Fault> {
    let account = wish.member.id;
    let own = OwnData {
        numbers: vec![wish.member.login.text().to_owned()],
        names: vec![wish.member.login.text().to_owned(), wish.member.name.clone()],
        ..OwnData::default()
    };
    let login = wish.member.login.text().to_owned();
    let address = wish.by.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let asked = login.clone();
    let (wait, credential) = app
        .db
        .read(move |tx| {
            let wait = identity::must_wait(tx, Kind::Staff, &asked, address)?;
            Ok((wait, identity::credential(tx, Kind::Staff, account)?))
        })
        .await?;
    if let Err(weak) = rules::judge(Kind::Staff, wish.wanted.expose(), &own) {
        return Ok(Said::No(NotSet::Weak(weak)));
    }
    let phc = credential.and_then(|it| it.phc);
    if !wish.must_change {
        // Whoever finds an open console must not try passwords at it without end.
        if let Some(wait) = wait {
            return Ok(Said::No(NotSet::Wait(wait)));
        }
        if !desk.hasher.verify(wish.present, phc.as_deref()).await? {
            fail(app, login, address, Some(account)).await?;
            return Ok(Said::No(NotSet::WrongPresent));
        }
    }
    if desk.hasher.verify(wish.wanted.clone(), phc.as_deref()).await? {
        return Ok(Said::No(NotSet::Weak(Weak::Same)));
    }
    let fresh = desk.hasher.hash(wish.wanted, &app.chance).await?;
    let written = app.db.write::<_, Never>(wish.by, move |tx| {
        Ok(identity::set_password(tx, Kind::Staff, account, &fresh)?)
    });
    written.await?;
    Ok(Said::Done(()))
}
