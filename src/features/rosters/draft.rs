//! Examining a roster: the dry run.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::rules::{self, Complaint, Entry, Field, Reading, Refused, Unusable};
use super::taking::{Known, amount};
use crate::app::App;
use crate::base::clock::office_date;
use crate::base::outcome::{self, Fault, refuse};
use crate::base::values::Digest;
use crate::features::candidates::rules::Person;
use crate::features::characters;
use crate::features::fees;
use crate::features::fees::rules::{FeeItem, Project};
use crate::machinery::db::ReadTx;
use crate::machinery::{pdf, tables};

/// A roster that was examined: what it says, and what loading it would change. Nothing has changed.
#[derive(Debug)]
pub struct Draft {
    /// For which project.
    pub project: Project,
    /// What its people will owe.
    pub item: FeeItem,
    /// As the clerk's machine calls the file.
    pub file_name: String,
    /// The name of its bytes.
    pub digest: Digest,
    /// How many rows there are below the headings.
    pub rows: usize,
    /// How many of them may be taken over.
    pub good: usize,
    /// How many of the good ones do not owe the fee item yet.
    pub new: usize,
    /// What keeps rows out, by line; of the file and of what was paid already.
    pub complaints: Vec<Complaint>,
    /// What should be looked at, by line.
    pub warnings: Vec<Complaint>,
    pub(super) bytes: Vec<u8>,
    pub(super) people: Vec<Entry>,
    /// How many lines of the file itself are bad.
    pub(super) bad: usize,
}

impl Draft {
    /// Whether every row may be taken over.
    pub fn is_clean(&self) -> bool {
        self.complaints.is_empty()
    }
}

/// Examines the bytes of a file: the dry run.
///
/// # Errors
/// [`Refused::Unusable`] when it is no roster; [`Refused::UnknownProject`].
pub fn examine(
    app: &App,
    project_id: i64,
    file_name: &str,
    bytes: Vec<u8>,
) -> outcome::Result<Draft, Refused> {
    let Reading { people, complaints, warnings } =
        match read(&bytes, office_date(app.clock.now()), &app.db.read_now(characters::known)?) {
            Ok(reading) => reading,
            Err(why) => return refuse(Refused::Unusable(why)),
        };
    let found = app.db.read_now(|tx| {
        let Some(project) = fees::project(tx, project_id)? else { return Ok(None) };
        let item = fees::items(tx, project_id)?.into_iter().next();
        Ok(item.map(|item| (project, item)))
    })?;
    let Some((project, item)) = found else { return refuse(Refused::UnknownProject) };
    let bad = lines(&complaints);
    let mut draft = Draft {
        project,
        item,
        file_name: file_name.to_owned(),
        digest: Digest::of(&bytes),
        rows: people.len() + bad,
        good: people.len(),
        new: 0,
        complaints,
        warnings,
        bytes,
        people,
        bad,
    };
    app.db.read_now(|tx| compare(tx, &mut draft))?;
    Ok(draft)
}

/// Keeps the bytes of a draft, so that [`examine_again`] finds them.
///
/// # Errors
/// A fault when they cannot be written.
pub fn keep(app: &App, draft: &Draft) -> Result<(), Fault> {
    app.files.put(&draft.bytes).map(drop)
}

/// Examines a file whose bytes were kept.
///
/// # Errors
/// [`Refused::FileGone`]; else as [`examine`].
pub fn examine_again(
    app: &App,
    project_id: i64,
    file_name: &str,
    digest: &Digest,
) -> outcome::Result<Draft, Refused> {
    match app.files.get(digest)? {
        Some(bytes) => examine(app, project_id, file_name, bytes),
        None => refuse(Refused::FileGone),
    }
}

/// What the bytes of a file say, as of `today`. Of the characters `pictured` there are pictures.
pub(super) fn read(
    bytes: &[u8],
    today: Date,
    pictured: &BTreeSet<char>,
) -> Result<Reading, Unusable> {
    let sheet = tables::read(bytes, &tables::Limits::default()).map_err(Unusable::Unreadable)?;
    let reading = rules::read(&sheet, today, |text| {
        let mut lacking = pdf::fonts::lacking(text);
        lacking.retain(|it| !pictured.contains(it));
        lacking
    });
    if reading.is_about_headings(sheet.headings_line) {
        return Err(Unusable::Headings(reading.complaints));
    }
    Ok(reading)
}

/// Says of each good row what the ledger has to say: who is new, whose amount may not change, who
/// goes by another name.
fn compare(tx: &ReadTx<'_>, draft: &mut Draft) -> Result<(), Fault> {
    for entry in &draft.people {
        let known = Known::find(tx, &draft.item, &entry.document)?;
        if let Some(person) = &known.person
            && person.name.shown() != entry.name.shown()
        {
            draft.warnings.push(other_name(entry, person));
        }
        let Some(due) = &known.due else {
            draft.new += 1;
            continue;
        };
        if let Err(obstacle) = amount(tx, &draft.item, entry, Some(due))? {
            let wanted = entry.amount.unwrap_or(draft.item.standard).to_string();
            let owed = due.amount.to_string();
            draft.complaints.push(obstacle.complaint(entry.line, &wanted, &owed));
        }
    }
    draft.complaints.sort_by_key(|it| it.line);
    draft.warnings.sort_by_key(|it| it.line);
    draft.good = draft.rows - lines(&draft.complaints);
    Ok(())
}

fn other_name(entry: &Entry, person: &Person) -> Complaint {
    Complaint {
        line: entry.line,
        column: Field::Name.label().to_owned(),
        read: entry.name.given().to_owned(),
        reason: format!("与系统中同一证件的姓名“{}”不同，导入后以名册为准", person.name.shown()),
        advice: "请对照证件核对姓名和证件号".to_owned(),
    }
}

/// How many lines complaints are about; they stand by line.
fn lines(complaints: &[Complaint]) -> usize {
    complaints.chunk_by(|one, other| one.line == other.line).count()
}
