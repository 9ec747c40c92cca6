//! How a candidate comes in: the captcha, the growing delays, one hash, and a session.
//!
//! What is told apart, and what is not: a name without an account and a wrong password cost the
//! same (one hash, one line of the log, one more failure) and are answered in the same words. So is
//! a wrong initial password, which needs no hash and is given one of nothing. Only where one number
//! belongs to two documents with passwords of their own are there two hashes.

use std::net::{IpAddr, Ipv4Addr};

use jiff::SignedDuration;

use super::rules::{self, Person};
use super::store::{self, Known};
use crate::app::App;
use crate::base::outcome::{Fault, Never};
use crate::base::values::{DocumentKind, LoginName, Secret};
use crate::features::bulletin;
use crate::features::identity::challenge::{Challenges, Taken};
use crate::features::identity::password::Hasher;
use crate::features::identity::queue::Queue;
use crate::features::identity::{self, Kind};
use crate::machinery::db::{Actor, ReadTx, WriteTx};

/// Somebody who wants to come in.
#[derive(Clone)]
pub struct Try {
    /// What was typed as 账号.
    pub name: LoginName,
    /// Which document it is, where that had to be asked.
    pub document: Option<DocumentKind>,
    /// What was typed as 密码.
    pub password: Secret<String>,
    /// From where.
    pub address: IpAddr,
    /// The session that this browser still has, which the new one replaces.
    pub replaces: Option<String>,
}

/// What a try came to.
#[derive(Clone, Debug)]
pub enum CameTo {
    /// They are in.
    In {
        /// What goes into the cookie.
        token: Secret<String>,
        /// The account.
        account: i64,
        /// Must they reset, or read the privacy notice, before anything else?
        newcomer: bool,
    },
    /// There is no such account or it has another password; nobody is told which.
    Wrong {
        /// How long the next try must wait.
        wait: Option<SignedDuration>,
        /// How many more failures are free of a wait.
        left: i64,
    },
    /// Too many failures; the password was not looked at, or makes no difference.
    Wait(SignedDuration),
    /// The password is right for several documents with this number.
    WhichDocument(Vec<DocumentKind>),
}

/// The logins on their way. Rocket manages one.
pub type Logins = Queue<Ended>;

/// What a browser that comes back from the queue is told.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What was typed as 账号, for showing the page again.
    pub typed: String,
    /// Where they wanted to go.
    pub wish: Option<rules::Wish>,
    /// What it came to; a fault as its text and what is known.
    pub came_to: Result<CameTo, (crate::base::outcome::Known, String)>,
}

/// The address that failures are counted by when there is none.
pub fn or_nowhere(address: Option<IpAddr>) -> IpAddr {
    address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// What stands before the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Free,
    /// Too many failures: nothing else is looked at.
    Wait(SignedDuration),
    /// The captcha was not right. That is no failure of the password.
    Captcha(Taken),
}

/// Asks whether a try may be looked at, and takes its captcha if so.
///
/// # Errors
/// A fault when it cannot be written.
pub async fn let_through(
    app: &App,
    challenges: &Challenges,
    attempt: &Try,
    challenge: String,
    answer: String,
) -> Result<Before, Fault> {
    let challenges = challenges.clone();
    let fixed = app.config.captcha_answer.clone();
    let (name, address) = (rules::counted_name(&attempt.name), attempt.address);
    let look = move |tx: &WriteTx<'_>| {
        if let Some(wait) = identity::must_wait(tx, Kind::Candidate, &name, address)? {
            return Ok(Before::Wait(wait));
        }
        Ok(match challenges.take(tx, &challenge, &answer, &fixed)? {
            Taken::Right => Before::Free,
            taken @ (Taken::Wrong | Taken::Expired | Taken::TooSoon) => Before::Captcha(taken),
        })
    };
    app.db.keep(look).await
}

/// Compares the password and opens a session, or remembers the failure.
///
/// # Errors
/// A fault when something cannot be read, hashed or written.
pub async fn come_in(app: App, hasher: Hasher, attempt: Try) -> Result<CameTo, Fault> {
    let (name, document) = (attempt.name.clone(), attempt.document);
    let accounts = app.db.read(move |tx| accounts(tx, &name, document)).await?;
    let mut right = Vec::new();
    let mut hashed = false;
    for account in &accounts {
        let is_right = match &account.phc {
            Some(phc) => {
                hashed = true;
                hasher.verify(attempt.password.clone(), Some(phc)).await?
            }
            None => account.is_initial(&attempt.password),
        };
        right.extend(is_right.then(|| account.clone()));
    }
    if !hashed {
        hasher.verify(attempt.password.clone(), None).await?;
    }
    match right.as_slice() {
        [] => fail(&app, attempt, &accounts).await,
        [account] => open(&app, attempt, account.clone()).await,
        several => {
            let kinds = several.iter().map(|it| it.person.document.kind()).collect();
            Ok(CameTo::WhichDocument(kinds))
        }
    }
}

/// An account as the login sees it.
#[derive(Clone)]
struct Account {
    person: Person,
    initial: Option<Secret<String>>,
    phc: Option<String>,
    must_change: bool,
}

impl Account {
    fn is_initial(&self, typed: &Secret<String>) -> bool {
        let own = self.initial.as_ref().map(|it| it.expose().as_str());
        rules::is_initial_password(&self.person.document, own, typed.expose())
    }
}

fn accounts(
    tx: &ReadTx<'_>,
    name: &LoginName,
    document: Option<DocumentKind>,
) -> Result<Vec<Account>, Fault> {
    let (mut found, notice) = (Vec::new(), bulletin::privacy_version(tx)?);
    for key in name.match_keys() {
        let Some(Known { person, initial_password }) = store::by_match_key(tx, &notice, &key)?
        else {
            continue;
        };
        if document.is_some_and(|it| it != person.document.kind()) {
            continue;
        }
        let credential = identity::credential(tx, Kind::Candidate, person.id)?;
        found.push(Account {
            must_change: credential.as_ref().is_none_or(|it| it.must_change),
            phc: credential.and_then(|it| it.phc),
            initial: initial_password.map(Secret::new),
            person,
        });
    }
    Ok(found)
}

async fn open(app: &App, attempt: Try, account: Account) -> Result<CameTo, Fault> {
    let token = Secret::new(app.chance.token());
    let by = Actor::Candidate(account.person.id).from(attempt.address);
    let write = move |tx: &WriteTx<'_>| {
        let name = rules::counted_name(&attempt.name);
        // Tries that were hashed side by side must not get around the growing wait.
        if let Some(wait) = identity::must_wait(tx, Kind::Candidate, &name, attempt.address)? {
            return Ok(CameTo::Wait(wait));
        }
        let id = account.person.id;
        let credential = identity::credential(tx, Kind::Candidate, id)?;
        if credential.and_then(|it| it.phc) != account.phc {
            // It was changed while this one was compared; the old one counts for nothing now.
            return Ok(CameTo::Wrong { wait: None, left: tries_left(tx, &attempt, &name)? });
        }
        identity::forgive(tx, Kind::Candidate, &name, attempt.address)?;
        if let Some(old) = &attempt.replaces {
            identity::end_session(tx, Kind::Candidate, old)?;
        }
        identity::log_in(tx, Kind::Candidate, id, account.must_change, token.expose())?;
        let newcomer = account.must_change || !account.person.privacy_read;
        Ok(CameTo::In { token, account: id, newcomer })
    };
    Ok(app.db.write::<_, Never>(by, write).await?)
}

async fn fail(app: &App, attempt: Try, accounts: &[Account]) -> Result<CameTo, Fault> {
    // Of several with one number nobody knows which was meant.
    let meant = match accounts {
        [one] => Some(one.person.id),
        [] | [_, ..] => None,
    };
    let by = Actor::Nobody.from(attempt.address);
    let write = move |tx: &WriteTx<'_>| {
        let (name, address) = (rules::counted_name(&attempt.name), attempt.address);
        let wait = identity::remember_failure(tx, Kind::Candidate, &name, address, meant)?;
        Ok(CameTo::Wrong { wait, left: tries_left(tx, &attempt, &name)? })
    };
    Ok(app.db.write::<_, Never>(by, write).await?)
}

fn tries_left(tx: &ReadTx<'_>, attempt: &Try, name: &str) -> Result<i64, Fault> {
    identity::tries_left(tx, Kind::Candidate, name, attempt.address)
}
