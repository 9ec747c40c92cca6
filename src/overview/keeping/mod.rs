//! Keeping the data folder: proving that it is what it should be.
//!
//! Words: a *finding* is one line of the proof: good, to be looked at, or wrong; an *invariant* is
//! what must be true of the books at any moment; a *stray* is a row that the audit log does not
//! account for.
//!
//! It promises to read only: it takes no lock and changes nothing, so that it may be run at any
//! time beside the running appliance, and on a folder that is damaged or cannot be written. (SQLite
//! may leave the empty helpers of its write-ahead log.)

mod books;
mod findings;
mod folder;
pub mod ledger;
mod platform;
mod stored;

use std::path::Path;

use crate::app::{self, Folder, NotOpened};
use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::config::{Config, WrongConfig};
use crate::base::outcome::{Error, Fault};
use crate::machinery::db::Reading;

pub use self::findings::{Finding, Grade, Report};

/// What is to be proved.
pub struct Task<'t> {
    /// The data folder.
    pub dir: &'t Path,
    /// Its settings, or why they cannot be used.
    pub config: Result<Config, WrongConfig>,
    /// Is the platform asked, too?
    pub with_platform: bool,
    /// The time; the folder's own shift is put on it.
    pub clock: Clock,
    /// The dice, for the seals of what is asked of the platform.
    pub chance: Chance,
}

/// Proves a data folder. `progress` hears how far long work is.
pub fn check(task: &Task<'_>, progress: &dyn Fn(&str)) -> Report {
    let mut report = Report::default();
    folder::check(task, &mut report);
    let opened = Reading::open(&app::database(task.dir), task.clock.clone());
    let mut reading = match opened {
        Ok(reading) => reading,
        Err(fault) => {
            report.wrong("database", format!("cannot be read: {fault}"), books::RESTORE);
            return report;
        }
    };
    match reading.look(|tx| Folder::read(tx, task.dir)) {
        Ok(facts) => {
            task.clock.set_shift(facts.shift);
            folder::facts(task, &facts, &mut report);
        }
        Err(fault) => report.wrong("folder", fault.to_string(), books::RESTORE),
    }
    books::check(&mut reading, &mut report, progress);
    stored::check(&mut reading, task.dir, &task.clock, &mut report, progress);
    if task.with_platform
        && let Err(fault) = ask_platform(task, &mut reading, &mut report, progress)
    {
        let todo = "mend what is said above, then check again";
        report.wrong("platform", fault.to_string(), todo);
    }
    report
}

fn ask_platform(
    task: &Task<'_>,
    reading: &mut Reading,
    report: &mut Report,
    progress: &dyn Fn(&str),
) -> Result<(), Fault> {
    let Ok(config) = &task.config else {
        return Err(Fault::new("not asked, for the settings cannot be read"));
    };
    if config.platform_url.is_empty() {
        return Err(Fault::new("none is configured (platform_url in kaowu.toml)"));
    }
    let keys = match folder::keys(task.dir) {
        Ok(keys) => keys,
        Err(Error::Refused(why)) => return Err(Fault::new(why.to_string())),
        Err(Error::Fault(fault)) => return Err(fault),
    };
    let Some(gateway) = app::gateway(config, &keys, &task.clock, &task.chance)? else {
        return Err(Fault::new(NotOpened::PlatformKeyMissing.to_string()));
    };
    platform::check(gateway.as_ref(), reading, &task.clock, report, progress)
}
