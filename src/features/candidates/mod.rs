//! The people who are examined: who they are, how they come in, and how they are looked after.
//!
//! Words: a *candidate* has one account for each identity document, whichever service they use; the
//! *initial password* is the last six of that document, or the roster's own, until they *reset* it;
//! a *newcomer* is logged in and must reset, or read the privacy notice, before anything else.
//!
//! It promises that nothing is reached before the reset; that until then no page shows any of the
//! last six characters of the document; that registering anybody hashes nothing; and that the audit
//! log says what was changed about a person without saying it again.

pub mod console;
pub mod guard;
pub mod login;
pub mod rules;
pub mod site;
mod store;

use serde_json::json;

use self::rules::{Entry, Field, Person, Refused, Registered};
use crate::base::outcome::{self, Fault, refuse};
use crate::base::values::{Email, LoginName, PersonName, Phone};
use crate::features::bulletin;
use crate::features::identity::rules::OwnData;
use crate::features::identity::{self, Kind};
use crate::machinery::db::{ReadTx, WriteTx};

/// How many characters of a document's number must be typed before it is searched by its beginning.
const NUMBER_PREFIX_MIN: usize = 6;

/// The person with this account.
///
/// # Errors
/// A fault when they cannot be read.
pub fn find(tx: &ReadTx<'_>, id: i64) -> Result<Option<Person>, Fault> {
    store::find(tx, &bulletin::privacy_version(tx)?, id)
}

/// Everybody whose document has the number that was typed: two documents may share one.
///
/// # Errors
/// A fault when they cannot be read.
pub fn find_by_login(tx: &ReadTx<'_>, typed: &LoginName) -> Result<Vec<Person>, Fault> {
    let (mut found, notice) = (Vec::new(), bulletin::privacy_version(tx)?);
    for key in typed.match_keys() {
        found.extend(store::by_match_key(tx, &notice, &key)?.map(|it| it.person));
    }
    Ok(found)
}

/// Makes an account for a person of a roster, or brings the one they have up to date.
///
/// A phone or address that the roster does not know stays as it was. What was before is kept in
/// `candidate_changes`; the audit line only names the fields.
///
/// # Errors
/// A fault when it cannot be written.
pub fn register(tx: &WriteTx<'_>, entry: &Entry) -> Result<(i64, Registered), Fault> {
    let notice = bulletin::privacy_version(tx)?;
    let Some(known) = store::by_match_key(tx, &notice, &entry.document.match_key())? else {
        let id = store::add(tx, entry)?;
        tx.note("candidate.registered", about(id));
        return Ok((id, Registered::New));
    };
    let before = known.person;
    let after = Person {
        document: rules::newer_number(&before.document, &entry.document).clone(),
        name: entry.name.clone(),
        phone: entry.phone.clone().or_else(|| before.phone.clone()),
        email: entry.email.clone().or_else(|| before.email.clone()),
        ..before.clone()
    };
    let mut changed = change(tx, &before, &after)?;
    if let Some(password) = &entry.initial_password
        && known.initial_password.as_deref() != Some(password.expose())
    {
        store::set_initial_password(tx, before.id, password.expose())?;
        changed.push("initial_password");
    }
    if changed.is_empty() {
        return Ok((before.id, Registered::Same));
    }
    tx.note_with("candidate.changed", about(before.id), json!({ "fields": changed }));
    Ok((before.id, Registered::Changed))
}

/// Writes down what is other than before, and returns its names.
fn change(tx: &WriteTx<'_>, before: &Person, after: &Person) -> Result<Vec<&'static str>, Fault> {
    let fields = [
        (Field::Name, Some(before.name.given()), Some(after.name.given())),
        (Field::DocumentNumber, Some(before.document.number()), Some(after.document.number())),
        (
            Field::Phone,
            before.phone.as_ref().map(Phone::text),
            after.phone.as_ref().map(Phone::text),
        ),
        (
            Field::Email,
            before.email.as_ref().map(Email::text),
            after.email.as_ref().map(Email::text),
        ),
    ];
    let mut changed = Vec::new();
    for (field, old, new) in fields.into_iter().filter(|(_, old, new)| old != new) {
        store::keep_change(tx, before.id, field, old, new.unwrap_or_default())?;
        changed.push(field.name());
    }
    if !changed.is_empty() {
        store::change(tx, after)?;
    }
    Ok(changed)
}

/// Corrects the phone that a person is called at. The same number again changes nothing.
///
/// # Errors
/// [`Refused::Unknown`].
pub fn correct_phone(tx: &WriteTx<'_>, id: i64, phone: &Phone) -> outcome::Result<(), Refused> {
    correct(tx, id, |person| person.phone = Some(phone.clone()))
}

/// Corrects the address that a person is written to. The same address again changes nothing.
///
/// # Errors
/// [`Refused::Unknown`].
pub fn correct_email(tx: &WriteTx<'_>, id: i64, email: &Email) -> outcome::Result<(), Refused> {
    correct(tx, id, |person| person.email = Some(email.clone()))
}

fn correct(
    tx: &WriteTx<'_>,
    id: i64,
    set: impl FnOnce(&mut Person),
) -> outcome::Result<(), Refused> {
    let Some(before) = find(tx, id)? else { return refuse(Refused::Unknown) };
    let mut after = before.clone();
    set(&mut after);
    let changed = change(tx, &before, &after)?;
    if !changed.is_empty() {
        tx.note_with("candidate.corrected", about(id), json!({ "fields": changed }));
    }
    Ok(())
}

/// Finds people by what staff know of them: the beginning of the name, the phone, or the number of
/// the document (whole, or its first six characters at least). At most `limit`.
///
/// # Errors
/// A fault when they cannot be read.
pub fn search(tx: &ReadTx<'_>, text: &str, limit: usize) -> Result<Vec<Person>, Fault> {
    let rows = i64::try_from(limit).unwrap_or(i64::MAX);
    let (mut found, notice) = (Vec::new(), bulletin::privacy_version(tx)?);
    if let Ok(phone) = text.parse::<Phone>() {
        found.extend(store::called(tx, &notice, &phone, rows)?);
    }
    if let Ok(typed) = text.parse::<LoginName>() {
        found.extend(find_by_login(tx, &typed)?);
        if typed.text().len() >= NUMBER_PREFIX_MIN {
            found.extend(store::numbered(tx, &notice, typed.text(), rows)?);
        }
    }
    if let Ok(name) = text.parse::<PersonName>() {
        found.extend(store::named(tx, &notice, name.shown(), rows)?);
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|it| seen.insert(it.id));
    found.truncate(limit);
    Ok(found)
}

/// What is known of a person that must not be their password.
///
/// # Errors
/// A fault when it cannot be read.
pub fn own_data(tx: &ReadTx<'_>, id: i64) -> Result<OwnData, Fault> {
    let notice = bulletin::privacy_version(tx)?;
    let Some(known) = store::known(tx, &notice, id)? else { return Ok(OwnData::default()) };
    Ok(rules::own_data(&known.person, known.initial_password))
}

/// Writes down that a person was shown the privacy notice that holds now, and went on.
///
/// # Errors
/// [`Refused::Unknown`].
pub fn read_privacy(tx: &WriteTx<'_>, id: i64) -> outcome::Result<(), Refused> {
    let Some(person) = find(tx, id)? else { return refuse(Refused::Unknown) };
    if !person.privacy_read {
        let version = bulletin::privacy_version(tx)?;
        store::set_privacy_read(tx, id, &version)?;
        tx.note_with("privacy.read", about(id), json!({ "version": version }));
    }
    Ok(())
}

/// The same for a page that showed the notice of a certain version: another one that came into
/// force meanwhile is not yet read.
///
/// # Errors
/// [`Refused::Unknown`].
pub fn read_privacy_of(
    tx: &WriteTx<'_>,
    id: i64,
    shown: Option<&str>,
) -> outcome::Result<(), Refused> {
    match shown == Some(bulletin::privacy_version(tx)?.as_str()) {
        true => read_privacy(tx, id),
        false => Ok(()),
    }
}

/// Lets a person try again at once who had failed too often, wherever they did: 解除登录限制.
///
/// # Errors
/// [`Refused::Unknown`].
pub fn unlock(tx: &WriteTx<'_>, id: i64) -> outcome::Result<(), Refused> {
    let Some(person) = find(tx, id)? else { return refuse(Refused::Unknown) };
    let addresses = match rules::counted_name_of(&person) {
        Some(name) => identity::forgive_everywhere(tx, Kind::Candidate, &name)?,
        None => 0,
    };
    tx.note_with("login.unlocked", about(id), json!({ "addresses": addresses }));
    Ok(())
}

/// Gives a person the initial password again, after staff have looked at the document. Whoever is
/// logged in with the account no longer is, and earlier failures are forgotten.
///
/// # Errors
/// [`Refused::Unknown`].
pub fn reset_password(tx: &WriteTx<'_>, id: i64) -> outcome::Result<(), Refused> {
    let Some(person) = find(tx, id)? else { return refuse(Refused::Unknown) };
    if let Some(name) = rules::counted_name_of(&person) {
        identity::forgive_everywhere(tx, Kind::Candidate, &name)?;
    }
    tx.note_with("candidate.reset", about(id), json!({ "document_seen": true }));
    identity::reset_password(tx, Kind::Candidate, id, None)?;
    Ok(())
}

/// Shows the whole number of a person's document to staff, and says so in the log.
///
/// # Errors
/// [`Refused::Unknown`].
pub fn reveal(tx: &WriteTx<'_>, id: i64) -> outcome::Result<Person, Refused> {
    let Some(person) = find(tx, id)? else { return refuse(Refused::Unknown) };
    tx.note("candidate.revealed", about(id));
    Ok(person)
}

fn about(id: i64) -> String {
    format!("candidate {id}")
}
