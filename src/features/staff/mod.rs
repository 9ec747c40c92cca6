//! The people behind the console: their accounts and their duties.
//!
//! Words: a *member* of staff has an account; a *duty* is what they are entrusted with; an
//! *officer* is a member who stands at a door that asks for a duty; a *one-time password* is shown
//! once to whoever made or reset the account, and must be changed at the first login.
//!
//! It promises that no two duties meet in one person that would let them watch over themselves;
//! that somebody can always look after the accounts; and that a disabled account is a stranger
//! from its next request on.

pub mod console;
pub mod guard;
pub mod login;
pub mod rules;
mod store;

use serde_json::json;

use self::rules::{Duties, DutyKind, Member, Refused, StaffLogin};
use crate::base::chance::Chance;
use crate::base::outcome::{Fault, Result, refuse};
use crate::base::values::{PersonName, Secret};
use crate::features::identity::{self, Kind};
use crate::machinery::db::{ReadTx, WriteTx};

/// Somebody who is to have an account.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What they will type to log in.
    pub login: StaffLogin,
    /// As shown.
    pub name: PersonName,
    /// The school a reviewer is bound to.
    pub school: Option<String>,
    /// What they may do.
    pub duties: Duties,
}

/// A password to be shown once: 12 characters in groups of four, none of which looks like another.
///
/// 31 letters and digits make 59 random bits: with the growing delays nobody guesses it before it
/// is changed.
pub fn one_time_password(chance: &Chance) -> Secret<String> {
    const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    let mut password = String::with_capacity(14);
    for place in 0..12 {
        if place > 0 && place % 4 == 0 {
            password.push('-');
        }
        password.push(char::from(*chance.pick(LETTERS)));
    }
    Secret::new(password)
}

/// Every account, those that may log in first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn all(tx: &ReadTx<'_>) -> std::result::Result<Vec<Member>, Fault> {
    store::all(tx)
}

/// The account with this number.
///
/// # Errors
/// A fault when it cannot be read.
pub fn find(tx: &ReadTx<'_>, id: i64) -> std::result::Result<Option<Member>, Fault> {
    store::find(tx, id)
}

/// The account with this login name.
///
/// # Errors
/// A fault when it cannot be read.
pub fn find_by_login(
    tx: &ReadTx<'_>,
    login: &StaffLogin,
) -> std::result::Result<Option<Member>, Fault> {
    store::find_by_login(tx, login)
}

/// Makes an account whose one-time password has the hash `phc`.
///
/// # Errors
/// [`Refused::LoginTaken`]; [`Refused::MayNotMeet`]; [`Refused::NeedsSchool`].
pub fn add(tx: &WriteTx<'_>, wish: &Wish, phc: &str) -> Result<i64, Refused> {
    if store::find_by_login(tx, &wish.login)?.is_some() {
        return refuse(Refused::LoginTaken);
    }
    if let Some(reason) = rules::unfit(&wish.duties, wish.school.as_deref()) {
        return refuse(reason);
    }
    let id = store::add(tx, &wish.login, wish.name.shown(), wish.school.as_deref())?;
    for duty in wish.duties.iter() {
        store::give(tx, id, duty)?;
    }
    tx.note_with(
        "staff.added",
        format_args!("staff {id}"),
        json!({ "duties": wish.duties.names(), "school": wish.school }),
    );
    identity::reset_password(tx, Kind::Staff, id, Some(phc))?;
    Ok(id)
}

/// Gives an account exactly these duties, and binds it to this school.
///
/// # Errors
/// [`Refused::Unknown`]; [`Refused::MayNotMeet`]; [`Refused::NeedsSchool`];
/// [`Refused::LastAdministrator`] when it would take 系统管理 from the last who has it.
pub fn assign(
    tx: &WriteTx<'_>,
    id: i64,
    duties: &Duties,
    school: Option<&str>,
) -> Result<(), Refused> {
    let Some(member) = store::find(tx, id)? else { return refuse(Refused::Unknown) };
    if let Some(reason) = rules::unfit(duties, school) {
        return refuse(reason);
    }
    if !duties.has(DutyKind::System) && is_last_administrator(tx, &member)? {
        return refuse(Refused::LastAdministrator);
    }
    for duty in DutyKind::ALL {
        match (member.duties.has(duty), duties.has(duty)) {
            (false, true) => store::give(tx, id, duty)?,
            (true, false) => store::take(tx, id, duty)?,
            (true, true) | (false, false) => {}
        }
    }
    store::bind(tx, id, school)?;
    tx.note_with(
        "staff.assigned",
        format_args!("staff {id}"),
        json!({
            "before": { "duties": member.duties.names(), "school": member.school },
            "after": { "duties": duties.names(), "school": school },
        }),
    );
    Ok(())
}

/// Gives an account the one-time password with the hash `phc`, and ends its sessions.
///
/// # Errors
/// [`Refused::Unknown`].
pub fn reset(tx: &WriteTx<'_>, id: i64, phc: &str) -> Result<(), Refused> {
    if store::find(tx, id)?.is_none() {
        return refuse(Refused::Unknown);
    }
    identity::reset_password(tx, Kind::Staff, id, Some(phc))?;
    Ok(())
}

/// Keeps an account out from now on. Doing it twice changes nothing.
///
/// # Errors
/// [`Refused::Unknown`]; [`Refused::LastAdministrator`].
pub fn disable(tx: &WriteTx<'_>, id: i64) -> Result<(), Refused> {
    let Some(member) = store::find(tx, id)? else { return refuse(Refused::Unknown) };
    if is_last_administrator(tx, &member)? {
        return refuse(Refused::LastAdministrator);
    }
    if store::disable(tx, id)? == 1 {
        tx.note("staff.disabled", format_args!("staff {id}"));
    }
    Ok(())
}

/// Lets a disabled account in again. Doing it twice changes nothing.
///
/// # Errors
/// [`Refused::Unknown`].
pub fn enable(tx: &WriteTx<'_>, id: i64) -> Result<(), Refused> {
    if store::find(tx, id)?.is_none() {
        return refuse(Refused::Unknown);
    }
    if store::enable(tx, id)? == 1 {
        tx.note("staff.enabled", format_args!("staff {id}"));
    }
    Ok(())
}

fn is_last_administrator(tx: &ReadTx<'_>, member: &Member) -> std::result::Result<bool, Fault> {
    let is_one = member.enabled && member.duties.has(DutyKind::System);
    Ok(is_one && store::others_with(tx, member.id, DutyKind::System)? == 0)
}
