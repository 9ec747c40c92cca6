//! The folder around the database: settings, keys, disk, clock.

use std::fs;
use std::path::Path;

use super::{Report, Task};
use crate::app::{self, Folder};
use crate::base::outcome::{self, Error};
use crate::machinery::keys::{Keys, Refused};

/// Below this much free space staff are told: a day of payments and its backup fit several times.
const FREE_BYTES_MIN: u64 = 2 << 30;
/// Below this much a payment day does not fit.
const FREE_BYTES_NONE: u64 = 64 << 20;

/// Settings, keys and disk: what can be looked at without the database.
pub(super) fn check(task: &Task<'_>, report: &mut Report) {
    match &task.config {
        Ok(_) => report.good("settings", "can be used"),
        Err(wrong) => report.wrong(
            "settings",
            wrong.to_string(),
            "mend kaowu.toml, or the KAOWU_… variable of that name",
        ),
    }
    check_privacy(task.dir, report);
    check_keys(task.dir, report);
    check_disk(task.dir, report);
}

/// The folder is full of people's names and numbers: its owner alone may look into it.
fn check_privacy(dir: &Path, report: &mut Report) {
    let todo = "run chmod -R go= on the data folder";
    let good = "its owner alone may look into it";
    report.each_wrong("privacy", exposed(dir), good, todo);
}

/// What others than its owner may look into: nothing, when the folder itself is closed to them.
#[cfg(unix)]
fn exposed(dir: &Path) -> Vec<String> {
    if !is_exposed(dir) {
        return Vec::new();
    }
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let paths = entries.flatten().map(|it| it.path()).filter(|it| is_exposed(it));
    let mut said: Vec<String> =
        paths.map(|it| format!("others may look into {}", it.display())).collect();
    said.sort();
    said
}

#[cfg(unix)]
fn is_exposed(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|it| it.permissions().mode() & 0o077 != 0)
}

/// Elsewhere the folder's own list of who may enter protects it.
#[cfg(not(unix))]
fn exposed(_: &Path) -> Vec<String> {
    Vec::new()
}

/// Opens the folder's keys.
pub(super) fn keys(dir: &Path) -> outcome::Result<Keys, Refused> {
    Keys::open(&dir.join("keys"))
}

fn check_keys(dir: &Path, report: &mut Report) {
    let restore = "put the folder `keys` back as it was, readable by its owner alone";
    let opened = match keys(dir) {
        Ok(keys) => keys,
        Err(Error::Refused(why)) => return report.wrong("keys", why.to_string(), restore),
        Err(Error::Fault(fault)) => return report.wrong("keys", fault.to_string(), restore),
    };
    let exposed = exposed_keys(dir);
    let good =
        format!("{} keys, the private ones readable by their owner alone", opened.list().len());
    report.each_wrong("keys", exposed, &good, "run chmod 600 on it; then replace that key");
}

/// Private keys that others than their owner may read: those, too, that are opened only when needed.
#[cfg(unix)]
fn exposed_keys(dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(dir.join("keys")) else { return Vec::new() };
    let private =
        entries.flatten().filter(|it| it.path().extension().is_some_and(|it| it == "key"));
    let exposed = private.filter(|it| is_exposed(&it.path()));
    let mut said: Vec<String> =
        exposed.map(|it| format!("others may read {}", it.path().display())).collect();
    said.sort();
    said
}

/// Elsewhere the folder's own list of who may enter protects the keys.
#[cfg(not(unix))]
fn exposed_keys(_: &Path) -> Vec<String> {
    Vec::new()
}

fn check_disk(dir: &Path, report: &mut Report) {
    let todo = "make room on the disk that holds the data folder";
    match rustix::fs::statvfs(dir) {
        Ok(disk) => {
            // What the administrator alone may still use is not ours.
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let said = format!("{:.1} GB free", free as f64 / f64::from(1 << 30));
            match free {
                0..FREE_BYTES_NONE => report.wrong("disk", said, todo),
                FREE_BYTES_NONE..FREE_BYTES_MIN => report.look("disk", said, todo),
                FREE_BYTES_MIN.. => report.good("disk", said),
            }
        }
        Err(error) => report.look("disk", format!("its free space is not known: {error}"), todo),
    }
}

/// What the folder says of itself: mode and clock.
pub(super) fn facts(task: &Task<'_>, facts: &Folder, report: &mut Report) {
    let (mode, shift) = (facts.mode.name(), facts.shift);
    let pretends = task.config.as_ref().ok().and_then(|it| app::pretence(it, facts));
    match pretends {
        Some(what) => report.wrong(
            "mode",
            format!("a production folder may not use {what}"),
            "take it out of kaowu.toml and the environment",
        ),
        None => report.good("mode", format!("{mode}, centre {}", facts.centre)),
    }
    if shift.is_zero() {
        report.good("clock", "the house's time is the machine's");
    } else if facts.mode.may_pretend() {
        report.good("clock", format!("{mode}: the house's time is {shift:#} from the machine's"));
    }
}
