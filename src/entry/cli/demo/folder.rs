//! A demonstration's folder: made whole or begun anew, and never a stranger's.
//!
//! While it is being made a mark lies in it ([`UNFINISHED`]). A start that finds the mark throws
//! away what there is, so that no demonstration runs that was cut off half-way.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::is_to_start_over;
use crate::app::{Lock, database};
use crate::base::clock::Clock;
use crate::base::config::Mode;
use crate::base::outcome::Fault;
use crate::entry::cli::{Done, Failed, init};
use crate::machinery::db::Db;

/// Lies in the folder until all of it was made.
const UNFINISHED: &str = "demo-unfinished";

/// What a demonstration has in its folder beside lock and mark. Nothing else is ever removed.
const OURS: [&str; 10] = [
    "kaowu.sqlite",
    "kaowu.sqlite-wal",
    "kaowu.sqlite-shm",
    "kaowu.toml",
    super::PASSWORDS,
    "files",
    "keys",
    "mail",
    "platform",
    "tmp",
];

/// A folder that is ours as long as this lasts.
pub(super) struct Held {
    dir: PathBuf,
    is_to_make: bool,
    _lock: Lock,
}

/// Takes a folder: a demonstration's, or one that is free. Nothing of it is changed.
pub(super) fn take(dir: &Path, fresh: bool) -> Result<Held, Failed> {
    let is_unfinished = dir.join(UNFINISHED).exists();
    let has_data = database(dir).exists();
    if !is_unfinished && !has_data {
        init::must_be_free(dir)?;
    }
    fs::create_dir_all(dir).map_err(|error| Failed::at(dir, &error))?;
    let Some(lock) = lock(dir)? else {
        let what = format!("{} is being served by another process", dir.display());
        return Err(Failed::new(what, "stop that one first, or choose another folder with --data"));
    };
    let is_whole = has_data && !is_unfinished;
    if is_whole {
        must_be_demonstration(dir)?;
    }
    let is_to_make = !is_whole || fresh || is_to_start_over(dir)?;
    Ok(Held { dir: dir.to_owned(), is_to_make, _lock: lock })
}

/// How long a start that was killed may take to let go of its folder.
const ENDS_WITHIN: Duration = Duration::from_secs(2);
/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The folder's lock; `None` while another process goes on holding it.
fn lock(dir: &Path) -> Result<Option<Lock>, Fault> {
    let begun = Instant::now();
    loop {
        let lock = Lock::take(dir)?;
        if lock.is_some() || begun.elapsed() > ENDS_WITHIN {
            return Ok(lock);
        }
        sleep(LOOK_EVERY);
    }
}

fn must_be_demonstration(dir: &Path) -> Done {
    let mode = Db::open(&database(dir), Clock::real())?.read_now(|tx| tx.fact("mode"))?;
    if mode.as_deref() == Some(Mode::Demo.name()) {
        return Ok(());
    }
    let what = format!("{} is no demonstration", dir.display());
    Err(Failed::new(what, "choose another folder with --data; kaowu serve runs that one"))
}

impl Held {
    /// Is the demonstration to be made, or made anew?
    pub(super) fn is_to_make(&self) -> bool {
        self.is_to_make
    }

    /// Throws away what an earlier demonstration left.
    pub(super) fn clear(&self) -> Done {
        let mark = self.dir.join(UNFINISHED);
        File::create(&mark).and_then(|it| it.sync_all()).map_err(|it| Failed::at(&mark, &it))?;
        self.sync()?;
        for name in OURS {
            let path = self.dir.join(name);
            let removed = if path.is_dir() && !path.is_symlink() {
                fs::remove_dir_all(&path)
            } else {
                fs::remove_file(&path)
            };
            match removed {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(Failed::at(&path, &error)),
            }
        }
        Ok(())
    }

    /// All was made: the next start goes on with it.
    pub(super) fn is_whole_now(&self) -> Result<(), Fault> {
        match fs::remove_file(self.dir.join(UNFINISHED)) {
            Ok(()) => self.sync(),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts the folder's names on the disk.
    fn sync(&self) -> Result<(), Fault> {
        Ok(File::open(&self.dir)?.sync_all()?)
    }
}
