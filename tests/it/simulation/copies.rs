//! Copies of the folder, and a house that comes back as one of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kaowu::app::{App, Folder, database};
use kaowu::base::outcome::{Never, Result};
use kaowu::features::orders::{self, rules::Road};
use kaowu::machinery::db::{Actor, Db};
use kaowu::machinery::files::Files;
use kaowu::machinery::gateway::Standing;

use super::errands::Ending;
use super::house::{House, act};
use super::town::{instant, locked};

/// How far the platform's clock may be from ours, in seconds: the question what came since a copy
/// begins so much earlier.
const CLOCKS_APART: i64 = 8 * 3600;

/// A copy of the folder.
#[derive(Clone, Debug)]
pub struct Copy {
    dir: PathBuf,
    /// The true time it was made.
    pub made_at: i64,
}

impl House {
    /// Copies the folder. No transaction is under way: acts wait for the line outside of them.
    pub fn copies(&mut self) {
        let (here, there) = (self.app.folder.dir.clone(), self.new_dir());
        duplicate(&here, &there);
        let made_at = locked(&self.town).now;
        if let Some(older) = self.copy.replace(Copy { dir: there, made_at }) {
            std::fs::remove_dir_all(older.dir).unwrap();
        }
        locked(&self.town).write("the folder is copied");
    }

    /// Cut off at this instant, and opened again with what lies on the disk now. Errands must have
    /// let go of the house before.
    pub fn crashes(&mut self) {
        let here = self.app.folder.dir.clone();
        self.comes_back_as(&here);
    }

    /// Opened again with the copy, and with the next incarnation.
    pub fn is_restored(&mut self, copy: &Copy) {
        let incarnation = self.app.folder.incarnation + 1;
        self.comes_back_as(&copy.dir);
        act(&self.app.db, move |tx| {
            tx.set_fact("incarnation", &incarnation.to_string())?;
            tx.note("folder.restored", "folder");
            Ok(())
        });
        let dir = self.app.folder.dir.clone();
        let folder = self.app.db.read_now(|tx| Folder::read(tx, &dir));
        self.app.folder = Arc::new(folder.unwrap());
    }

    fn comes_back_as(&mut self, origin: &Path) {
        let (here, there) = (self.app.folder.dir.clone(), self.new_dir());
        duplicate(origin, &there);
        let db = Db::open(&database(&there), self.app.clock.clone()).unwrap();
        self.app = App {
            folder: Arc::new(db.read_now(|tx| Folder::read(tx, &there)).unwrap()),
            db,
            files: Files::open(there.join("files")).unwrap(),
            ..self.app.clone()
        };
        self.keeps_log_short();
        std::fs::remove_dir_all(here).unwrap();
    }

    fn new_dir(&mut self) -> PathBuf {
        self.folders += 1;
        let dir = self.home.path().join(self.folders.to_string());
        std::fs::create_dir(&dir).unwrap();
        dir
    }
}

/// The database and its log, as they lie on the disk.
fn duplicate(from: &Path, to: &Path) {
    assert!(database(from).exists(), "a house has a database");
    for ending in ["", "-wal"] {
        let name = format!("kaowu.sqlite{ending}");
        if from.join(&name).exists() {
            std::fs::copy(from.join(&name), to.join(name)).unwrap();
        }
    }
}

/// What a restored house asks before anything else: which money came since the copy was made.
pub fn catch_up(app: &App, made_at: i64) -> Ending {
    let Ok(found) = app.gateway.since(instant(made_at - CLOCKS_APART)) else {
        return Ending::Unanswered;
    };
    let house = orders::House::of(app);
    for one in found {
        let Standing::Paid(successes) = one.standing else { continue };
        let house = house.clone();
        let settled: Result<(), Never> = app.db.write_now(Actor::Operator, move |tx| {
            for success in &successes {
                orders::settle(tx, success, Road::Question, &house)?;
            }
            Ok(())
        });
        if let Err(error) = settled {
            return Ending::Faulty(error.into());
        }
    }
    Ending::Done
}
