//! 修改密码: a new password for somebody who is logged in, against the present one.

use std::net::{IpAddr, Ipv4Addr};

use jiff::SignedDuration;

use super::rules::{self, Kind, OwnData, Weak};
use super::{Desk, credential, must_wait, remember_failure, set_password};
use crate::app::App;
use crate::base::outcome::{Fault, Never, Said};
use crate::base::values::Secret;
use crate::machinery::db::By;

/// A new password for the account of somebody who is logged in.
pub struct Change {
    /// Whose account.
    pub kind: Kind,
    /// Which.
    pub account: i64,
    /// What failed logins of the account are counted by.
    pub name: String,
    /// What is known of the person.
    pub own: OwnData,
    /// What was typed as 当前密码. `None`: it must be changed, and was asked for a moment ago.
    pub present: Option<Secret<String>>,
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
    let Change { kind, account, name, own, present, wanted, by } = wish;
    let address = by.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let asked = name.clone();
    let (wait, credential) = app
        .db
        .read(move |tx| Ok((must_wait(tx, kind, &asked, address)?, credential(tx, kind, account)?)))
        .await?;
    if let Err(weak) = rules::judge(kind, wanted.expose(), &own) {
        return Ok(Said::No(NotSet::Weak(weak)));
    }
    let phc = credential.and_then(|it| it.phc);
    if let Some(present) = present {
        // Whoever finds an open page must not try passwords at it without end.
        if let Some(wait) = wait {
            return Ok(Said::No(NotSet::Wait(wait)));
        }
        if !desk.hasher.verify(present, phc.as_deref()).await? {
            let failed = app.db.write::<_, Never>(by, move |tx| {
                Ok(remember_failure(tx, kind, &name, address, Some(account))?)
            });
            failed.await?;
            return Ok(Said::No(NotSet::WrongPresent));
        }
    }
    if desk.hasher.verify(wanted.clone(), phc.as_deref()).await? {
        return Ok(Said::No(NotSet::Weak(Weak::Same)));
    }
    let fresh = desk.hasher.hash(wanted, &app.chance).await?;
    let written =
        app.db.write::<_, Never>(by, move |tx| Ok(set_password(tx, kind, account, &fresh)?));
    written.await?;
    Ok(Said::Done(()))
}
