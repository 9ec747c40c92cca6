//! `kaowu check`: a sound folder is said to be sound, and whatever is broken by hand is named.

mod broken;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kaowu::app::database;
use kaowu::base::clock::Clock;
use kaowu::machinery::db::Reading;
use kaowu::overview::keeping::ledger::{
    self, EXPIRY, INVARIANTS, complaints, complaints_of_due, complaints_of_order,
};
use rusqlite::Connection;
use serde_json::Value;

use self::broken::BROKEN;
use crate::demo::Demo;

/// A demonstration that was stopped, and copies of it to break.
struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    fn new() -> Folder {
        let dir = tempfile::tempdir().unwrap();
        assert!(Demo::start_in(&dir.path().join("sound"), &[]).stop().success());
        Folder { dir }
    }

    fn sound(&self) -> PathBuf {
        self.dir.path().join("sound")
    }

    /// A copy in which `sql` was run by another hand than ours.
    fn broken(&self, sql: &str) -> PathBuf {
        let copy = self.dir.path().join("copy");
        drop(fs::remove_dir_all(&copy));
        copy_folder(&self.sound(), &copy);
        let conn = Connection::open(database(&copy)).unwrap();
        conn.pragma_update(None, "foreign_keys", false).unwrap();
        conn.execute_batch(sql).unwrap_or_else(|it| panic!("{it} in {sql}"));
        copy
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to)
        } else {
            fs::copy(from, to).map(|_| ()).unwrap()
        }
    }
}

fn check(folder: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaowu"))
        .args(["check", "--data"])
        .arg(folder)
        .args(more)
        .output()
        .unwrap()
}

/// What `kaowu check --json` says.
fn report(folder: &Path, more: &[&str]) -> Value {
    let output = check(folder, &[&["--json"], more].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let sound = report["sound"].as_bool().unwrap();
    assert_eq!(output.status.code(), Some(if sound { 0 } else { 1 }), "{report}");
    report
}

/// The lines of a grade: what was looked at, and what was found.
fn said(report: &Value, grade: &str) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    let of_grade = findings.iter().filter(|it| it["grade"] == grade);
    of_grade.map(|it| format!("{}: {}", text(it, "what"), text(it, "said"))).collect()
}

fn reading(folder: &Path) -> Reading {
    let clock = Clock::real();
    let mut reading = Reading::open(&database(folder), clock.clone()).unwrap();
    let facts = reading.look(|tx| kaowu::app::Folder::read(tx, folder)).unwrap();
    clock.set_shift(facts.shift);
    reading
}

#[test]
fn each_invariant_that_is_broken_by_hand_is_named() {
    let folder = Folder::new();
    assert_eq!(reading(&folder.sound()).look(complaints).unwrap(), []);
    for invariant in INVARIANTS {
        let broken = BROKEN.iter().any(|(name, ..)| *name == invariant.name);
        assert!(broken, "nobody breaks {:?}", invariant.name);
    }

    for (name, sql, about) in BROKEN {
        let copy = folder.broken(sql);
        let said = reading(&copy).look(complaints).unwrap();
        let named = said.iter().any(|it| it.what == *name && it.about.starts_with(about));
        assert!(named, "{name} about {about}: {sql}\n{said:#?}");
    }
}

#[test]
fn the_books_of_one_due_can_be_asked_alone() {
    let folder = Folder::new();
    let copy = folder.broken(
        "update orders set state = 'closed', closed_at = paid_at, paid_at = null
          where id = (select min(id) from orders where state = 'paid')",
    );

    let (mine, others) = reading(&copy)
        .look(|tx| {
            let all = complaints(tx)?;
            let no = all[0].about.trim_start_matches("order ").parse().unwrap();
            let due = "select due_id from orders where order_no = ?1";
            let due: i64 = tx.one(due, [&no], |row| row.get(0))?.unwrap();
            let mine = complaints_of_order(tx, &no)?;
            assert_eq!(mine, complaints_of_due(tx, due)?);
            assert_eq!(mine, all);
            Ok((mine, complaints_of_due(tx, due + 1)?))
        })
        .unwrap();

    assert_eq!(mine[0].what, "paid orders have money");
    assert_eq!(others, []);
}

#[test]
fn a_failed_question_excuses_an_order_for_a_while() {
    let folder = Folder::new();
    let late = |asked: &str| {
        folder.broken(&format!(
            "update orders set expires_at = '2020-03-13T02:24:00Z' where state = 'awaiting_payment';
             delete from order_questions;
             insert into order_questions (order_id, asked_at, trouble)
             select id, strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '{asked}'), 'no answer'
               from orders where state = 'awaiting_payment' limit 1"
        ))
    };
    let overdue = |copy: &Path| {
        let said = reading(copy).look(complaints).unwrap();
        said.iter().filter(|it| it.what == EXPIRY).count()
    };

    assert_eq!(overdue(&late("-1 minutes")), 0);
    assert!(overdue(&late("-6 minutes")) > 1);
}

#[test]
fn a_sound_folder_is_good_in_every_line() {
    let folder = Folder::new();

    let output = check(&folder.sound(), &[]);

    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    // How much room this machine's disk has is not the folder's doing.
    let other = |it: &&str| !it.starts_with("good ") && !it.contains("GB free");
    let other: Vec<&str> = text.lines().filter(other).collect();
    let summary = other.last().unwrap();
    assert!(summary.ends_with(", 0 wrong"), "{text}");
    let kept = ledger::INVARIANTS.iter().all(|it| text.contains(it.holds));
    assert!(kept, "{text}");
    assert_eq!(said(&report(&folder.sound(), &[]), "wrong"), [""; 0]);
}

#[test]
fn rows_that_another_hand_wrote_are_named() {
    let folder = Folder::new();
    for (sql, wanted) in [
        (
            "update candidates set phone = '13900000000' where id = 3",
            "rows: candidates row 3 (candidate 3) was changed behind kaowu's back; line ",
        ),
        ("update payments set amount = amount + 100 where id = 1", "rows: payments row 1 (order "),
        ("update house set value = '2' where fact = 'incarnation'", "rows: house row "),
        (
            "insert into announcements (id, title, body, published_at)
             values (9000, '停考', '停考', '2026-03-13T02:24:00Z')",
            "rows: announcements row 9000 was added behind kaowu's back; no line of the log knows it",
        ),
        ("delete from windows where id = 1", "rows: windows row 1 was deleted behind"),
        (
            "drop trigger audit_is_not_erased;
             delete from audit where line = (select max(line) from audit where rows is not null)",
            "schema: trigger audit_is_not_erased is missing",
        ),
        (
            "drop trigger audit_is_not_rewritten;
             update audit set about = 'nobody' where line = 5",
            "audit log: line 5 does not follow from the one before",
        ),
        ("drop index orders_by_due", "schema: index orders_by_due is missing"),
        ("delete from candidates where id = 1", "references: dues "),
    ] {
        let report = report(&folder.broken(sql), &[]);
        let wrong = said(&report, "wrong");
        assert!(wrong.iter().any(|it| it.starts_with(wanted)), "{wanted}: {wrong:#?}");
    }
}

#[test]
fn what_lies_around_the_database_is_looked_at() {
    let folder = Folder::new();
    let nothing = "select 1";
    let missing = "0".repeat(64);
    let copy = folder.broken(&format!("update receipts set paper = '{missing}' where id = 1"));
    let wrong = said(&report(&copy, &[]), "wrong");
    let wanted = format!("files: {missing} is missing; receipts row 1 names it");
    assert!(wrong.contains(&wanted), "{wrong:#?}");

    let copy = folder.broken(nothing);
    let shelf = copy.join("files/00");
    fs::create_dir_all(&shelf).unwrap();
    let file = fs::File::create(shelf.join(&missing)).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    let damaged = report(&copy, &[]);
    assert!(said(&damaged, "wrong")[0].ends_with("is damaged"), "{damaged}");
    assert!(said(&damaged, "look at this")[0].contains("1 that no row names"), "{damaged}");

    let copy = folder.broken(nothing);
    fs::write(copy.join("kaowu.toml"), "centre_nam = \"x\"\n").unwrap();
    let wrong = said(&report(&copy, &[]), "wrong");
    assert!(wrong[0].contains("did you mean 'centre_name'?"), "{wrong:#?}");

    let copy = folder.broken(nothing);
    fs::write(copy.join("kaowu.sqlite"), "no database at all, but long enough to be read as one")
        .unwrap();
    let output = check(&copy, &[]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("error: ") && error.contains("hint: "), "{error}");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_wrong() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let key = folder.sound().join("keys/receipts.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();

    let wrong = said(&report(&folder.sound(), &[]), "wrong");

    assert!(wrong[0].starts_with("keys: others may read "), "{wrong:#?}");
}

#[test]
fn the_two_books_are_compared_trade_by_trade() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    let demo = Demo::start_in(&folder, &[]);
    let beside = report(&folder, &["--platform"]);
    assert!(
        said(&beside, "good").iter().any(|it| it.contains("agree, trade by trade")),
        "{beside}"
    );

    let conn = Connection::open(database(&folder)).unwrap();
    let hand = "update payments set amount = amount + 1 where id = 1;
                update payments set trade_no = 'T-invented' where id = 2";
    conn.execute_batch(hand).unwrap();
    drop(conn);
    let wrong = said(&report(&folder, &["--platform"]), "wrong");
    let of_platform =
        |end: &str| wrong.iter().any(|it| it.starts_with("platform: trade ") && it.contains(end));
    assert!(of_platform(" yuan by order "), "{wrong:#?}");
    assert!(of_platform("are not here"), "{wrong:#?}");
    assert!(of_platform("are not there"), "{wrong:#?}");

    assert!(demo.stop().success());
    let wrong = said(&report(&folder, &["--platform"]), "wrong");
    assert!(wrong.contains(&"platform: the platform does not answer".to_owned()), "{wrong:#?}");
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let output = check(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("is no data folder of Kaowu"), "{error}");
    assert_eq!(check(dir.path(), &["--loud"]).status.code(), Some(2));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "checking makes nothing");
}
