//! Where a demonstration may be made, what it throws away, and what a broken start leaves.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rusqlite::{Connection, OpenFlags};

use super::Demo;

fn kaowu(words: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaowu"));
    command.args(words).arg("--data").arg(folder).output().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
}

fn asked(folder: &Path, sql: &str) -> String {
    let conn = Connection::open(folder.join("kaowu.sqlite")).unwrap();
    conn.query_row(sql, (), |row| row.get(0)).unwrap()
}

fn has_orders(folder: &Path) -> bool {
    let file = folder.join("kaowu.sqlite");
    let Ok(conn) = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY) else {
        return false;
    };
    let found = conn.query_row("select count(*) from orders", (), |row| row.get::<_, i64>(0));
    found.is_ok_and(|it| it > 0)
}

const ID: &str = "select value from house where fact = 'folder_id'";

#[test]
fn a_strangers_folder_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("studies");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("thesis.txt"), "precious").unwrap();

    let init = ["init", "--centre", "310117", "--name", "云间"];
    for words in [&["demo", "--port", "0"][..], &["demo", "--port", "0", "--fresh"], &init] {
        let ended = kaowu(words, &folder);

        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{words:?}: {said}");
        assert!(said.contains("is not empty") && said.contains("hint: "), "{said}");
        assert_eq!(names(&folder), ["thesis.txt"]);
    }
    let file = folder.join("thesis.txt");
    let ended = kaowu(&["demo", "--port", "0"], &file);
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains(&format!("{} is no folder", file.display())), "{said}");
    assert_eq!(fs::read_to_string(file).unwrap(), "precious");
}

#[test]
fn a_data_folder_that_is_no_demonstration_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("centre");
    let init = ["init", "--centre", "310117", "--name", "云间", "--training"];
    assert!(kaowu(&init, &folder).status.success());

    for words in [&["demo", "--port", "0"][..], &["demo", "--port", "0", "--fresh"]] {
        let said = String::from_utf8(kaowu(words, &folder).stderr).unwrap();
        assert!(said.contains("is no demonstration"), "{said}");
    }

    assert_eq!(asked(&folder, "select value from house where fact = 'mode'"), "training");
    assert_eq!(asked(&folder, "select count(*) || '' from candidates"), "0");
}

#[test]
fn starting_over_throws_away_our_own_files_alone() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    assert!(Demo::start_in(&folder, &[]).stop().success());
    let before = asked(&folder, ID);
    fs::write(folder.join("thesis.txt"), "precious").unwrap();
    fs::write(folder.join("files/ours"), "of the first demonstration").unwrap();

    assert!(Demo::start_in(&folder, &["--fresh"]).stop().success());

    assert_ne!(asked(&folder, ID), before);
    assert_eq!(fs::read_to_string(folder.join("thesis.txt")).unwrap(), "precious");
    assert!(!folder.join("files/ours").exists());
}

#[test]
fn a_start_that_was_cut_off_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    let mut first = Command::new(env!("CARGO_BIN_EXE_kaowu"))
        .args(["demo", "--json", "--port", "0", "--data"])
        .arg(&folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Everybody is written down, and the past of some has been played.
    while !has_orders(&folder) {
        assert!(first.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    first.kill().unwrap();
    first.wait().unwrap();

    assert!(Demo::start_in(&folder, &[]).stop().success());

    assert_eq!(asked(&folder, "select count(*) || '' from candidates"), "624");
    assert_eq!(asked(&folder, "select count(*) || '' from orders"), "10");
    let receipt = "select count(*) || '' from receipts r join orders o using (order_no)
                    where o.payer = '孙丽'";
    assert_eq!(asked(&folder, receipt), "1", "what the list promises");
}

#[test]
fn a_port_that_is_taken_is_named_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    let platform = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = platform.local_addr().unwrap().port();

    let ended = kaowu(&["demo", "--port", &(port - 1).to_string()], &folder);

    let said = String::from_utf8(ended.stderr).unwrap();
    let is_told = |port: u16| said.contains(&format!("error: port {port} is taken\nhint: "));
    assert!(is_told(port) || is_told(port - 1), "{said}");
    assert!(!folder.join("kaowu.sqlite").exists());
}

#[test]
fn the_platform_of_a_killed_start_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    assert!(Demo::start_in(&folder, &[]).stop().success());
    let mut orphan = Command::new(env!("CARGO_BIN_EXE_kaowu"))
        .args(["platform-simulator", "--with-parent", "--port", "0", "--data"])
        .arg(folder.join("platform"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(orphan.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("serves"), "{line}");

    let mut next = Command::new(env!("CARGO_BIN_EXE_kaowu"))
        .args(["demo", "--json", "--port", "0", "--data"])
        .arg(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(next.stderr.take().unwrap()).read_line(&mut said).unwrap();
    assert!(said.contains("waiting for the simulated platform"), "{said}");
    drop(orphan.stdin.take());
    orphan.wait().unwrap();

    let mut ready = String::new();
    BufReader::new(next.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    next.kill().unwrap();
    next.wait().unwrap();
    assert!(ready.contains("console_url"), "{ready}");
}

#[test]
fn a_start_that_is_just_ending_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    let mut first = Demo::start_in(&folder, &[]);
    // Killed, and not waited for: it may still hold the folder when the next start looks.
    first.child.kill().unwrap();

    let next = Demo::start_in(&folder, &[]);

    assert!(next.stop().success());
}

#[test]
fn hours_that_staff_have_set_stay_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo");
    assert!(Demo::start_in(&folder, &[]).stop().success());
    let hours = "select group_concat(opens_at || ' ' || closes_at) from windows
                  where business = (select 'project ' || id from projects where code = 'zz2026')";
    let made = asked(&folder, hours);

    // A year on: what the stage had set is over, and is moved.
    let later = ["--at", "2037-05-01T10:00:00+08:00"];
    let demo = Demo::start_in(&folder, &later);
    assert!(demo.said("hours").contains("已改到今天前后"));
    assert!(demo.stop().success());
    assert_ne!(asked(&folder, hours), made);

    // What another hand has set is not.
    let conn = Connection::open(folder.join("kaowu.sqlite")).unwrap();
    let shut = "delete from windows
                 where business = (select 'project ' || id from projects where code = 'zz2026');
                insert into windows (business, opens_at, closes_at)
                select 'project ' || id, '2037-06-01T01:00:00Z', '2037-06-01T12:00:00Z'
                  from projects
                 where code = 'zz2026'";
    conn.execute_batch(shut).unwrap();
    drop(conn);
    let set = asked(&folder, hours);
    let demo = Demo::start_in(&folder, &[]);
    assert!(demo.said("hours").contains("由工作人员设置"));
    assert!(demo.stop().success());
    assert_eq!(asked(&folder, hours), set);
}
