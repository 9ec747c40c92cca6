//! What the centre tells everybody: 公告, whom to ask and when, 选择线路, browsers to download, the
//! privacy notice, and 帮助.
//!
//! Words: an *announcement* is published and may be withdrawn; a *list* is one of the short tables
//! of the site that staff edit ([`List`]), and a *line* of it is one entry; a *privacy notice* is
//! never changed, a newer version takes its place.
//!
//! What is said here is effective at once, and each change leaves its audit line.

pub mod console;
pub mod privacy;
pub mod rules;
pub mod site;
mod store;

use serde_json::json;

use self::rules::{Announcement, Line, List, NewAnnouncement, Refused};
use crate::base::clock::office_date;
use crate::base::outcome::{Fault, Never, Result, refuse};
use crate::machinery::db::{ReadTx, WriteTx};
use crate::web::SupportLine;

type Found<T> = std::result::Result<T, Fault>;

/// The announcements that are shown, the newest first, no more than `limit`.
///
/// # Errors
/// A fault when they cannot be read.
pub fn announcements(tx: &ReadTx<'_>, limit: usize) -> Found<Vec<Announcement>> {
    store::shown(tx, limit)
}

/// All announcements, the withdrawn ones too, the newest first, no more than `limit`.
///
/// # Errors
/// A fault when they cannot be read.
pub fn all_announcements(tx: &ReadTx<'_>, limit: usize) -> Found<Vec<Announcement>> {
    store::all(tx, limit)
}

/// The announcement with this number, withdrawn or not.
///
/// # Errors
/// A fault when it cannot be read.
pub fn announcement(tx: &ReadTx<'_>, id: i64) -> Found<Option<Announcement>> {
    store::announcement(tx, id)
}

/// Publishes an announcement at once, and returns its number.
///
/// # Errors
/// A fault when it cannot be written.
pub fn publish(tx: &WriteTx<'_>, new: &NewAnnouncement) -> Result<i64, Never> {
    let id = store::insert(tx, new)?;
    tx.note_with(
        "announcement.published",
        format_args!("announcement {id}"),
        json!({ "title": new.title, "body": new.body }),
    );
    Ok(id)
}

/// Changes what an announcement says. Its date stays.
///
/// # Errors
/// [`Refused::Unknown`] when there is no such announcement; [`Refused::Withdrawn`] when it is not
/// shown any more.
pub fn reword(tx: &WriteTx<'_>, id: i64, after: &NewAnnouncement) -> Result<(), Refused> {
    let before = shown(tx, id)?;
    if before.title == after.title && before.body == after.body {
        return Ok(());
    }
    store::reword(tx, id, after)?;
    tx.note_with(
        "announcement.changed",
        format_args!("announcement {id}"),
        json!({
            "before": { "title": before.title, "body": before.body },
            "after": { "title": after.title, "body": after.body },
        }),
    );
    Ok(())
}

/// Withdraws an announcement: nobody sees it any more, and it is kept.
///
/// # Errors
/// [`Refused::Unknown`] when there is no such announcement; [`Refused::Withdrawn`] when it is not
/// shown any more.
pub fn withdraw(tx: &WriteTx<'_>, id: i64) -> Result<(), Refused> {
    shown(tx, id)?;
    store::withdraw(tx, id)?;
    tx.note("announcement.withdrawn", format_args!("announcement {id}"));
    Ok(())
}

fn shown(tx: &ReadTx<'_>, id: i64) -> Result<Announcement, Refused> {
    match store::announcement(tx, id)? {
        None => refuse(Refused::Unknown),
        Some(it) if it.withdrawn_at.is_some() => refuse(Refused::Withdrawn),
        Some(it) => Ok(it),
    }
}

/// The lines of a list, in their order. Browsers have built-in ones until staff set others.
///
/// # Errors
/// A fault when they cannot be read.
pub fn lines(tx: &ReadTx<'_>, list: List) -> Found<Vec<Line>> {
    let lines = store::lines(tx, list)?;
    Ok(if lines.is_empty() { list.built_in() } else { lines })
}

/// Sets the lines of a list, instead of those it had.
///
/// # Errors
/// A fault when they cannot be written.
pub fn set_lines(tx: &WriteTx<'_>, list: List, after: &[Line]) -> Result<(), Never> {
    let before = store::lines(tx, list)?;
    if before == after {
        return Ok(());
    }
    store::replace_lines(tx, list, after)?;
    let told = |lines: &[Line]| {
        lines.iter().map(|it| json!([it.label, it.value, it.hours])).collect::<Vec<_>>()
    };
    let detail = json!({ "before": told(&before), "after": told(after) });
    tx.note_with("bulletin.lines_set", list.name(), detail);
    Ok(())
}

/// Whom to ask, for the frame of every page.
///
/// # Errors
/// A fault when it cannot be read.
pub fn support(tx: &ReadTx<'_>) -> Found<Vec<SupportLine>> {
    let contacts = store::lines(tx, List::Contacts)?.into_iter();
    Ok(contacts
        .map(|it| SupportLine { label: it.label, text: it.value, hours: it.hours })
        .collect())
}

/// The privacy notice in force: its version and its paragraphs. Shown at the first login
/// (个人信息保护法, articles 17 and 35), where the version that was read is kept.
///
/// # Errors
/// A fault when it cannot be read.
pub fn privacy_notice(tx: &ReadTx<'_>) -> Found<(String, Vec<String>)> {
    let notice = store::privacy_notice(tx)?;
    let (version, body) =
        notice.unwrap_or_else(|| (privacy::VERSION.to_owned(), privacy::NOTICE.to_owned()));
    Ok((version, rules::paragraphs(&body)))
}

/// The version of the privacy notice in force.
///
/// # Errors
/// A fault when it cannot be read.
pub fn privacy_version(tx: &ReadTx<'_>) -> Found<String> {
    Ok(store::privacy_notice(tx)?
        .map_or_else(|| privacy::VERSION.to_owned(), |(version, _)| version))
}

/// Puts a new privacy notice in force, and returns its version: today's date, with a number where
/// there is one of today. The same text again changes nothing.
///
/// # Errors
/// A fault when it cannot be written.
pub fn set_privacy_notice(tx: &WriteTx<'_>, body: &str) -> Result<String, Never> {
    let (version, before) = privacy_notice(tx)?;
    if before == rules::paragraphs(body) {
        return Ok(version);
    }
    let today = office_date(tx.now()).to_string();
    let of_today = store::privacy_notices_of(tx, &today)?;
    let version = if of_today == 0 { today } else { format!("{today}-{}", of_today + 1) };
    store::insert_privacy_notice(tx, &version, body)?;
    tx.note_with("privacy_notice.set", format_args!("version {version}"), json!({ "text": body }));
    Ok(version)
}
