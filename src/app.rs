//! The appliance, assembled: everything a request, a job or a command needs.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::SignedDuration;

use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::config::{Config, Mode};
use crate::base::outcome::Fault;
use crate::base::values::CentreCode;
use crate::machinery::db::{Db, ReadTx};
use crate::machinery::files::Files;
use crate::machinery::gateway::Gateway;
use crate::machinery::keys::Keys;

/// The appliance on one data folder. Clones share everything.
#[derive(Clone)]
pub struct App {
    /// What the operator set.
    pub config: Arc<Config>,
    /// What the folder is; fixed when it was made.
    pub folder: Arc<Folder>,
    /// The data.
    pub db: Db,
    /// Bytes by digest.
    pub files: Files,
    /// The folder's keys.
    pub keys: Arc<Keys>,
    /// The payment platform.
    pub gateway: Arc<dyn Gateway>,
    /// The time.
    pub clock: Clock,
    /// The dice.
    pub chance: Chance,
}

/// The facts of a data folder.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it lies.
    pub dir: PathBuf,
    /// What it is for.
    pub mode: Mode,
    /// Whose it is.
    pub centre: CentreCode,
    /// Which of the centre's machines: 1 to 99; part of each order number.
    pub machine: u8,
    /// Raised by every restore: 1 to 99; part of each order number.
    pub incarnation: u8,
    /// Drawn when the folder was made; names its cookies, so that two folders on one host do not
    /// meet.
    pub id: String,
    /// How far training has moved the clock.
    pub shift: SignedDuration,
}

/// Where the database of a folder lies.
pub fn database(dir: &Path) -> PathBuf {
    dir.join("kaowu.sqlite")
}

impl Folder {
    /// Reads the facts of the folder in `dir`.
    ///
    /// # Errors
    /// A fault when one is missing or not what it should be: the folder was not made by `init`.
    pub fn read(tx: &ReadTx<'_>, dir: &Path) -> Result<Folder, Fault> {
        let fact = |name: &'static str| {
            tx.fact(name)?.ok_or_else(|| Fault::new(format!("the folder lacks the fact '{name}'")))
        };
        let number = |name| {
            let text: String = fact(name)?;
            text.parse().map_err(|_| Fault::new(format!("the fact '{name}' is no number up to 99")))
        };
        let shift = tx.fact("clock_shift_s")?.and_then(|it| it.parse().ok()).unwrap_or(0);
        Ok(Folder {
            dir: dir.to_owned(),
            mode: Mode::from_name(&fact("mode")?)
                .ok_or_else(|| Fault::new("the folder's mode is not known"))?,
            centre: fact("centre_code")?
                .parse()
                .map_err(|_| Fault::new("the folder's centre code is not six digits"))?,
            machine: number("machine_no")?,
            incarnation: number("incarnation")?,
            id: fact("folder_id")?,
            shift: SignedDuration::from_secs(shift),
        })
    }

    /// A cookie's name, this folder's own.
    pub fn cookie(&self, purpose: &str) -> String {
        format!("kaowu-{purpose}-{}", self.id)
    }
}

/// The lock that `serve` holds on its folder; released when dropped, or when the process ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the folder's lock.
    ///
    /// # Errors
    /// `None` inside when another process holds it; a fault when the file cannot be opened.
    pub fn take(dir: &Path) -> Result<Option<Lock>, Fault> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join("kaowu.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
