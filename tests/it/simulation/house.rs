//! The house: a real appliance on a folder in memory, that can be cut off and opened again.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};
use kaowu::app::{App, Folder, database};
use kaowu::base::chance::Chance;
use kaowu::base::clock::Clock;
use kaowu::base::config::Config;
use kaowu::base::outcome::{Fault, Never, Result};
use kaowu::base::values::{Fen, IdDocument};
use kaowu::features::fees::rules::{ItemTexts, NewItem, NewProject, ProjectTexts};
use kaowu::features::staff::{self, rules::DutyKind};
use kaowu::features::windows::rules::Interval;
use kaowu::features::{candidates, fees, receipts, windows};
use kaowu::machinery::db::{Actor, Db, WriteTx};
use kaowu::machinery::files::Files;
use kaowu::machinery::keys::Keys;
use tempfile::TempDir;

use super::copies::Copy;
use super::line::Line;
use super::town::{Shared, between, happens, instant, locked};

/// How many people pay on a day.
pub const PEOPLE: i64 = 20;

const CENTRE: &str = "上海市云间区教育考试中心";

pub struct House {
    pub app: App,
    /// Who may owe something, the same people every day.
    people: Vec<i64>,
    /// Who may ask for refunds and decide on them.
    pub officers: Vec<i64>,
    pub town: Shared,
    pub home: TempDir,
    /// How often a folder was made for it.
    pub folders: u32,
    /// The newest copy of the folder.
    pub copy: Option<Copy>,
}

/// A day of paying.
#[derive(Clone, Debug)]
pub struct Day {
    /// Its number in the folder, from 0.
    pub number: i64,
    /// Person and due.
    pub dues: Vec<(i64, i64)>,
    /// The window, in seconds since 1970.
    pub opens: i64,
    pub closes: i64,
}

impl House {
    /// A new house, with people and nothing owed.
    pub fn new(seed: u64, town: &Shared) -> House {
        let shm = Path::new("/dev/shm");
        let home = if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() };
        let home = home.unwrap();
        let dir = home.path().join("0");
        std::fs::create_dir(&dir).unwrap();
        let clock = Clock::standing(instant(locked(town).now));
        let db = Db::open(&database(&dir), clock.clone()).unwrap();
        act(&db, |tx| {
            for (fact, value) in [
                ("mode", "training"),
                ("centre_code", "310199"),
                ("machine_no", "1"),
                ("incarnation", "1"),
                ("folder_id", "simulation"),
            ] {
                tx.set_fact(fact, value)?;
            }
            tx.note("folder.made", "folder");
            Ok(())
        });
        let (people, officers) = (act(&db, register), act(&db, employ));
        let line = Arc::new(Line { town: town.clone() });
        let app = App {
            config: Arc::new(Config { centre_name: CENTRE.into(), ..Config::default() }),
            folder: Arc::new(db.read_now(|tx| Folder::read(tx, &dir)).unwrap()),
            db,
            files: Files::open(dir.join("files")).unwrap(),
            keys: keys(),
            gateway: line,
            clock,
            chance: Chance::seeded(seed),
        };
        let town = town.clone();
        let house = House { app, people, officers, town, home, folders: 0, copy: None };
        house.keeps_log_short();
        house
    }

    /// Sets the house's clock by the true time and its error.
    pub fn set_clock(&self) {
        let town = locked(&self.town);
        let by = instant(town.now + town.ours_ahead).duration_since(self.app.clock.wall());
        self.app.clock.pass(by);
    }

    /// A new project: everybody owes for it. Too few receipt numbers are there at first.
    pub fn opens_day(&self, number: i64) -> Day {
        let (people, chance) = (self.people.clone(), self.app.chance.clone());
        let dice = locked(&self.town).dice.clone();
        let opens = locked(&self.town).now + 3600;
        let closes = opens + between(&dice, 20, 150) * 60;
        let low = 1000 * number + 1;
        let dues = act(&self.app.db, move |tx| {
            let project = fees::set_up(tx, &project(number), &item(), &chance).unwrap();
            let hours = Interval { opens_at: instant(opens), closes_at: instant(closes) };
            windows::set(tx, &fees::rules::business(project), &[hours]).unwrap();
            receipts::add_segment(tx, "31010126", low, low + 9).unwrap();
            let item = fees::items(tx, project)?[0].id;
            let owe = |person: i64| {
                let fen = if happens(&dice, 300) { between(&dice, 1, 90_000) } else { 10_000 };
                (person, fees::owe(tx, person, item, Fen::of(fen), None).unwrap().0)
            };
            Ok(people.into_iter().map(owe).collect())
        });
        Day { number, dues, opens, closes }
    }

    /// The numbers that were missing are there.
    pub fn gets_numbers(&self, day: &Day) {
        let low = 1000 * day.number + 11;
        act(&self.app.db, move |tx| {
            receipts::add_segment(tx, "31010126", low, low + 400).unwrap();
            Ok(())
        });
    }

    /// From now on the file may not grow: an act that needs room meets a full disk.
    pub fn disk_is_full(&self) {
        // Smaller than it is: SQLite takes what it is now.
        self.says_to_writer("pragma max_page_count = 1");
    }

    /// There is room again.
    pub fn disk_has_room(&self) {
        self.says_to_writer("pragma max_page_count = 1073741823");
    }

    /// The next write meets a disk that cannot be written; the writer then opens the file anew.
    pub fn disk_fails_once(&self) {
        self.says_to_writer("pragma query_only = 1");
    }

    /// Keeps the write-ahead log short: it is copied with each crash.
    pub fn keeps_log_short(&self) {
        self.says_to_writer("pragma wal_autocheckpoint = 100");
    }

    fn says_to_writer(&self, pragma: &'static str) {
        // A writer that has just failed may fail at this too; it mends itself all the same.
        drop(self.app.db.keep_now(move |tx| tx.one(pragma, (), |_| Ok(()))));
    }
}

/// Runs an act of the office that must succeed.
pub fn act<T: Send + 'static>(
    db: &Db,
    work: impl FnOnce(&WriteTx<'_>) -> std::result::Result<T, Fault> + Send + 'static,
) -> T {
    let done: Result<T, Never> = db.write_now(Actor::Operator, move |tx| Ok(work(tx)?));
    done.unwrap()
}

fn register(tx: &WriteTx<'_>) -> std::result::Result<Vec<i64>, Fault> {
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let entry = candidates::rules::Entry {
            document: IdDocument::invented(jiff::civil::date(2007, 3, 12), 100 + number as u16),
            name: format!("林晓禾{number}").parse().unwrap(),
            phone: None,
            email: (number % 4 == 0).then(|| format!("p{number}@example.com").parse().unwrap()),
            initial_password: None,
        };
        people.push(candidates::register(tx, &entry)?.0);
    }
    Ok(people)
}

fn employ(tx: &WriteTx<'_>) -> std::result::Result<Vec<i64>, Fault> {
    let mut officers = Vec::new();
    for (login, name) in [("wufang", "吴芳"), ("zhengjie", "郑洁"), ("sunlan", "孙岚")] {
        let wish = staff::Wish {
            login: login.parse().unwrap(),
            name: name.parse().unwrap(),
            school: None,
            duties: [DutyKind::Finance].into_iter().collect(),
        };
        officers.push(staff::add(tx, &wish, "(none)").unwrap());
    }
    Ok(officers)
}

fn project(number: i64) -> NewProject {
    NewProject {
        code: format!("day{number}"),
        texts: ProjectTexts {
            title: "2026年专科自主招生网上缴费系统".into(),
            consequence: String::new(),
            shown: true,
        },
    }
}

fn item() -> NewItem {
    NewItem {
        code: "103040199".into(),
        texts: ItemTexts {
            name: "报名考试费".into(),
            unit: "人次".into(),
            standard: Fen::of(10_000),
        },
    }
}

/// One set of keys for all houses; nothing here is signed with them.
fn keys() -> Arc<Keys> {
    static KEYS: OnceLock<(TempDir, Arc<Keys>)> = OnceLock::new();
    let made = KEYS.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::standing(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(490_000));
        let keys = Keys::make(&dir.path().join("keys"), CENTRE, &clock).unwrap();
        (dir, Arc::new(keys))
    });
    made.1.clone()
}
