//! The appliance, assembled: everything a request, a job or a command needs.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::SignedDuration;

use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::config::{Config, Mode, WrongConfig};
use crate::base::outcome::{self, Error, Fault, refuse};
use crate::base::values::CentreCode;
use crate::machinery::db::{Db, ReadTx};
use crate::machinery::files::Files;
use crate::machinery::gateway::Gateway;
use crate::machinery::gateway::absent::Absent;
use crate::machinery::gateway::unified::{Unified, UnifiedSettings};
use crate::machinery::keys::{self, Keys};

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

/// Why a folder is not opened. Words for the operator.
#[derive(Debug)]
pub enum NotOpened {
    /// There is no data folder.
    NoFolder(PathBuf),
    /// A setting is wrong.
    Config(WrongConfig),
    /// A key is missing, damaged or exposed.
    Keys(keys::Refused),
    /// Production refuses what only training and demonstration may use.
    Pretends(&'static str),
    /// The platform's address is set, but its public key is not known.
    PlatformKeyMissing,
}

impl fmt::Display for NotOpened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotOpened::NoFolder(dir) => write!(f, "{} is no data folder of Kaowu", dir.display()),
            NotOpened::Config(wrong) => wrong.fmt(f),
            NotOpened::Keys(refused) => refused.fmt(f),
            NotOpened::Pretends(what) => write!(f, "a production folder may not use {what}"),
            NotOpened::PlatformKeyMissing => {
                f.write_str("platform_url is set, but keys/platform-theirs.pub is missing")
            }
        }
    }
}

impl App {
    /// Opens the folder in `dir` with what its settings say.
    ///
    /// # Errors
    /// [`NotOpened`] when something of it cannot be used, a fault when it cannot be read.
    pub fn open(dir: &Path, clock: Clock, chance: Chance) -> outcome::Result<App, NotOpened> {
        if !database(dir).exists() {
            return refuse(NotOpened::NoFolder(dir.to_owned()));
        }
        let config = match Config::read(dir) {
            Ok(config) => config,
            Err(wrong) => return refuse(NotOpened::Config(wrong)),
        };
        App::with(dir, config, clock, chance)
    }

    /// Opens the folder in `dir` with these settings instead of its own.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn with(
        dir: &Path,
        config: Config,
        clock: Clock,
        chance: Chance,
    ) -> outcome::Result<App, NotOpened> {
        let keys = match Keys::open(&dir.join("keys")) {
            Ok(keys) => keys,
            Err(Error::Refused(why)) => return refuse(NotOpened::Keys(why)),
            Err(Error::Fault(fault)) => return Err(fault.into()),
        };
        let db = Db::open(&database(dir), clock.clone())?;
        let folder = db.read_now(|tx| Folder::read(tx, dir))?;
        if let Some(what) = pretence(&config, &folder) {
            return refuse(NotOpened::Pretends(what));
        }
        clock.set_shift(folder.shift);
        let Some(gateway) = gateway(&config, &keys, &clock, &chance)? else {
            return refuse(NotOpened::PlatformKeyMissing);
        };
        std::fs::create_dir_all(dir.join("tmp"))?;
        Ok(App {
            files: Files::open(dir.join("files"))?,
            config: Arc::new(config),
            folder: Arc::new(folder),
            db,
            keys: Arc::new(keys),
            gateway,
            clock,
            chance,
        })
    }
}

/// What a production folder is set to that only training may use.
pub fn pretence(config: &Config, folder: &Folder) -> Option<&'static str> {
    if folder.mode.may_pretend() {
        return None;
    }
    if !config.captcha_answer.is_empty() {
        return Some("a fixed captcha answer (captcha_answer)");
    }
    if !folder.shift.is_zero() {
        return Some("a shifted clock (the fact clock_shift_s)");
    }
    // The simulated platform speaks plain HTTP on this machine; a real one never does.
    config.platform_url.starts_with("http://").then_some("the simulated platform (platform_url)")
}

/// The platform that is configured. `None`: its public key is missing.
///
/// # Errors
/// A fault when its address or our merchant number is none.
pub fn gateway(
    config: &Config,
    keys: &Keys,
    clock: &Clock,
    chance: &Chance,
) -> Result<Option<Arc<dyn Gateway>>, Fault> {
    if config.platform_url.is_empty() {
        return Ok(Some(Arc::new(Absent)));
    }
    let Some(theirs) = keys.theirs() else { return Ok(None) };
    let settings = UnifiedSettings {
        base_url: config.platform_url.clone(),
        merchant: config.platform_merchant.clone(),
        our_key: keys.platform_private()?,
        platform_public: *theirs.bytes(),
    };
    Ok(Some(Arc::new(Unified::new(settings, clock.clone(), chance.clone())?)))
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
