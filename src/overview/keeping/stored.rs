//! The files: each is what its name says, and each that a row names is there.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::Report;
use super::books::RESTORE;
use crate::base::clock::Clock;
use crate::base::outcome::Fault;
use crate::base::values::Digest;
use crate::machinery::db::{Reading, named_files};

/// How many files are gone through before progress is told again.
const TELL_EVERY: usize = 2_000;
/// Bytes are put before the row that names them: a file this young may get its row just now.
const YOUNG: SignedDuration = SignedDuration::from_mins(2);

/// What lies in the folder, compared with what rows name.
#[derive(Default)]
struct Shelves {
    wrong: Vec<String>,
    orphans: Vec<String>,
    files: usize,
}

pub(super) fn check(
    reading: &mut Reading,
    dir: &Path,
    clock: &Clock,
    report: &mut Report,
    progress: &dyn Fn(&str),
) {
    match compare(reading, &dir.join("files"), clock, progress) {
        Ok(Shelves { wrong, orphans, files }) => {
            let good = format!("{files} files are what their names say, and none is missing");
            report.each_wrong("files", wrong, &good, RESTORE);
            if let Some(first) = orphans.first() {
                let said = format!("{} that no row names, such as {first}", orphans.len());
                let todo = "nothing needs them: an interrupted upload left them behind";
                report.look("files", said, todo);
            }
        }
        Err(fault) => report.wrong("files", format!("cannot be read: {fault}"), RESTORE),
    }
}

fn compare(
    reading: &mut Reading,
    dir: &Path,
    clock: &Clock,
    progress: &dyn Fn(&str),
) -> Result<Shelves, Fault> {
    // Which row names a file; one is enough to tell what is missing.
    let mut named: BTreeMap<Digest, (String, i64, bool)> = BTreeMap::new();
    reading.look(|tx| {
        named_files(tx, |table, row, digest| {
            named.entry(digest).or_insert_with(|| (table.to_owned(), row, false));
        })
    })?;
    let mut shelves = Shelves::default();
    for path in lying(dir)? {
        shelves.files += 1;
        if shelves.files % TELL_EVERY == 0 {
            progress(&format!("{} files", shelves.files));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(wanted) = name.parse::<Digest>() else {
            shelves.orphans.push(name);
            continue;
        };
        match digest(&path) {
            Ok(found) if found == wanted => {}
            Ok(_) => shelves.wrong.push(format!("{} is damaged", path.display())),
            Err(error) => shelves.wrong.push(format!("{} cannot be read: {error}", path.display())),
        }
        match named.get_mut(&wanted) {
            Some(known) => known.2 = true,
            None if is_young(&path, clock) => {}
            None => shelves.orphans.push(name),
        }
    }
    for (digest, (table, row, _)) in named.iter().filter(|(_, it)| !it.2) {
        shelves.wrong.push(format!("{digest} is missing; {table} row {row} names it"));
    }
    Ok(shelves)
}

/// Every file on the shelves, in the order of names.
fn lying(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for shelf in entries(dir)? {
        if shelf.file_type()?.is_dir() {
            found.extend(entries(&shelf.path())?.iter().map(DirEntry::path));
        } else {
            found.push(shelf.path());
        }
    }
    found.sort();
    Ok(found)
}

/// What is in a folder; nothing where there is none.
fn entries(dir: &Path) -> io::Result<Vec<DirEntry>> {
    match fs::read_dir(dir) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn digest(path: &Path) -> io::Result<Digest> {
    let (mut file, mut hasher) = (File::open(path)?, Sha256::new());
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(Digest::from_bytes(hasher.finalize().into()));
        }
        hasher.update(&piece[..read]);
    }
}

fn is_young(path: &Path, clock: &Clock) -> bool {
    let made = fs::metadata(path).and_then(|it| it.modified()).ok();
    let made = made.and_then(|it| Timestamp::try_from(it).ok());
    made.is_some_and(|it| clock.wall().duration_since(it).abs() < YOUNG)
}
