//! `kaowu demo` as a stranger runs it: the very program, on a folder of its own.

mod folder;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A demonstration that runs until it is dropped.
pub struct Demo {
    said: Value,
    child: Child,
    dir: Option<tempfile::TempDir>,
}

impl Demo {
    /// Makes one and starts it on free ports.
    pub fn start() -> Demo {
        let dir = tempfile::tempdir().unwrap();
        let mut demo = Demo::start_in(&dir.path().join("demo"), &[]);
        demo.dir = Some(dir);
        demo
    }

    /// Starts the one in `folder`, making it where there is none.
    pub fn start_in(folder: &Path, more: &[&str]) -> Demo {
        Demo::start_with(folder, more, &[])
    }

    /// [`Demo::start_in`] with settings from the environment.
    pub fn start_with(folder: &Path, more: &[&str], settings: &[(&str, &str)]) -> Demo {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kaowu"))
            .envs(settings.iter().copied())
            .args(["demo", "--json", "--port", "0", "--data"])
            .arg(folder)
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("the demonstration says: {line:?}"));
        Demo { said, child, dir: None }
    }

    /// What it said when it was ready.
    pub fn said(&self, key: &str) -> &str {
        self.said[key].as_str().unwrap_or_else(|| panic!("no {key} in {}", self.said))
    }

    /// Where its first page is.
    pub fn url(&self) -> &str {
        self.said("url")
    }

    /// Login and password of the account with this name.
    pub fn account(&self, name: &str) -> (String, String) {
        let accounts = self.said["accounts"].as_array().unwrap();
        let found = accounts.iter().find(|it| it["name"] == name).expect("one of the cast");
        let text = |key: &str| found[key].as_str().unwrap().to_owned();
        (text("login"), text("password"))
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// Kills it without a word.
    pub fn dies(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_second_start_finds_everything_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    let first = Demo::start_in(&folder, &[]);
    let accounts = first.said["accounts"].clone();
    assert!(first.stop().success());
    let lines = |sql: &str| {
        let conn = rusqlite::Connection::open(folder.join("kaowu.sqlite")).unwrap();
        conn.query_row(sql, (), |row| row.get::<_, i64>(0)).unwrap()
    };
    let people = lines("select count(*) from candidates");
    assert_eq!(people, 624);

    let second = Demo::start_in(&folder, &[]);

    assert_eq!(second.said["accounts"], accounts);
    assert_eq!(lines("select count(*) from candidates"), people);
    second.dies();
    let third = Demo::start_in(&folder, &[]);
    assert_eq!(lines("select count(*) from candidates"), people);
    assert!(third.stop().success());
    let conn = rusqlite::Connection::open(folder.join("kaowu.sqlite")).unwrap();
    assert_eq!(kaowu::machinery::db::first_broken_line(&conn).unwrap(), None);
}

#[test]
fn the_cast_has_lived_what_its_stories_tell() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    assert!(Demo::start_in(&folder, &[]).stop().success());
    let conn = rusqlite::Connection::open(folder.join("kaowu.sqlite")).unwrap();
    let story = |name: &str| -> Vec<String> {
        let sql = "select d.state || ' ' || coalesce(group_concat(o.state || ':' || coalesce(p.fate, '-')), '')
                     from candidates c
                     join dues d on d.candidate_id = c.id
                     left join orders o on o.due_id = d.id
                     left join payments p on p.order_no = o.order_no
                    where c.name_shown = ?1
                    group by d.id";
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([name], |row| row.get(0)).unwrap();
        rows.map(|it| it.unwrap()).collect()
    };
    assert_eq!(story("林晓禾"), ["unpaid "]);
    assert_eq!(story("孙丽"), ["paid paid:counted"]);
    assert_eq!(story("王建国"), ["unpaid awaiting_payment:-"]);
    // No notice ever comes; whoever asks finds the money.
    assert_eq!(story("周晓"), ["unpaid closed:-"]);
    assert_eq!(story("冯子墨"), ["paid paid:counted"]);
    assert_eq!(story("卫一鸣"), ["paid paid:counted"]);
    assert_eq!(story("沈之遥"), ["unpaid closed:to_refund"]);
}

#[test]
fn two_cannot_serve_one_folder() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    let first = Demo::start_in(&folder, &[]);
    let second = Command::new(env!("CARGO_BIN_EXE_kaowu"))
        .args(["demo", "--json", "--port", "0", "--data"])
        .arg(&folder)
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("error: ") && said.contains("hint: "), "{said}");
    assert!(first.stop().success());
}

#[test]
fn the_platform_tells_one_twice_and_a_stranger_forges_for_another() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    let demo = Demo::start_in(&folder, &[]);
    let conn = rusqlite::Connection::open(folder.join("kaowu.sqlite")).unwrap();
    let verdicts = |name: &str| -> Vec<String> {
        let sql = "select n.verdict
                     from notices n
                     join orders o on instr(cast(n.body as text), o.order_no) > 0
                     join candidates c on c.id = o.candidate_id
                    where c.name_shown = ?1
                    order by n.id";
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([name], |row| row.get(0)).unwrap();
        rows.map(|it| it.unwrap()).collect()
    };

    let patience = std::time::Instant::now() + std::time::Duration::from_secs(40);
    while (verdicts("褚思远").len() < 2 || verdicts("蒋安琪").is_empty())
        && std::time::Instant::now() < patience
    {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }

    // Our own question may have been faster than the first of them.
    let told = verdicts("褚思远");
    assert_eq!((told.len(), told[1].as_str()), (2, "known"));
    assert!(["settled", "known"].contains(&told[0].as_str()), "{told:?}");
    let payments = "select count(*) from payments p join orders o using (order_no)
                     where o.payer = '褚思远' and p.fate = 'counted'";
    assert_eq!(conn.query_row(payments, (), |row| row.get::<_, i64>(0)).unwrap(), 1);
    assert_eq!(verdicts("蒋安琪"), ["forged"]);
    assert!(demo.stop().success());
}

#[test]
fn a_demonstration_marked_to_start_over_does() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    assert!(Demo::start_in(&folder, &[]).stop().success());
    let file = folder.join("kaowu.sqlite");
    let fact = |sql: &str| -> String {
        let conn = rusqlite::Connection::open(&file).unwrap();
        conn.query_row(sql, (), |row| row.get(0)).unwrap()
    };
    let id = "select value from house where fact = 'folder_id'";
    let before = fact(id);
    let conn = rusqlite::Connection::open(&file).unwrap();
    conn.execute("insert into house (fact, value) values ('start_over', 'asked')", ()).unwrap();
    drop(conn);

    let again = Demo::start_in(&folder, &[]);

    assert_ne!(fact(id), before, "another folder");
    assert_eq!(fact("select count(*) || '' from house where fact = 'start_over'"), "0");
    assert!(again.stop().success());
}
