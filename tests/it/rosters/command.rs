//! `kaowu import roster`: the same at the command line, beside a running appliance.

use std::path::PathBuf;
use std::process::{Command, Output};

use expect_test::expect;
use serde_json::Value;

use super::{THREE, count, files};
use crate::fees::set_up;
use crate::world::World;

/// A centre whose appliance runs, and a file beside it.
struct Desk {
    world: World,
    file: PathBuf,
}

impl Desk {
    fn with(bytes: &[u8]) -> Desk {
        let world = World::new();
        set_up(&world);
        let file = world.dir().join("名单.csv");
        std::fs::write(&file, bytes).unwrap();
        Desk { world, file }
    }

    fn imports(&self, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kaowu"))
            .args(["import", "roster"])
            .arg(&self.file)
            .args(["--project", "2026-ZZ", "--data"])
            .arg(self.world.dir())
            .args(more)
            .output()
            .unwrap()
    }

    /// What was said, the folder's place left out.
    fn told(&self, said: &[u8]) -> String {
        let said = String::from_utf8(said.to_vec()).unwrap();
        said.replace(&self.world.dir().display().to_string(), "…")
    }

    fn people(&self) -> i64 {
        count(&self.world, "select count(*) from dues")
    }
}

/// THREE with two rows spoilt.
fn spoilt() -> String {
    THREE.replace("19900000001", "1990000").replace("31019919880615118X", "310199198806151181")
}

#[test]
fn a_dry_run_lists_every_bad_row_and_changes_nothing() {
    let desk = Desk::with(spoilt().as_bytes());
    let errors = desk.world.dir().join("errors.csv");

    let run = desk.imports(&["--dry-run", "--errors", errors.to_str().unwrap()]);

    assert_eq!(run.status.code(), Some(1));
    expect![[r#"
        Reading …/名单.csv …
        bad: 第 2 行 手机号（D 列）“1990000”：手机号应为以 1 开头的 11 位数字；其他地区的号码请以 + 和区号开头，例如 +85261234567。请核对后重新填写。
        bad: 第 4 行 证件号（C 列）“310199************”：身份证号的校验位不对。请核对最后一位，再逐位核对其余数字。
        3 rows: 1 good (1 of them new), 2 bad, 0 warnings
        Dry run: nothing was changed.
    "#]].assert_eq(&desk.told(&run.stdout));
    expect![[r#"
        error: 2 of 3 rows cannot be loaded; nothing was changed
        hint: mend them and try again, or load the others with --good-rows-only
    "#]]
    .assert_eq(&desk.told(&run.stderr));
    assert_eq!(std::fs::read_to_string(errors).unwrap().lines().count(), 3);
    assert_eq!(desk.people(), 0);
    std::fs::write(&desk.file, THREE).unwrap();
    let clean = desk.imports(&["--dry-run"]);
    assert_eq!((clean.status.code(), desk.people()), (Some(0), 0));
    expect![[r#"
        Reading …/名单.csv …
        3 rows: 3 good (3 of them new), 0 bad, 0 warnings
        Dry run: nothing was changed.
    "#]]
    .assert_eq(&desk.told(&clean.stdout));
}

#[test]
fn all_rows_are_loaded_or_none_or_the_good_ones() {
    let desk = Desk::with(spoilt().as_bytes());

    assert_eq!((desk.imports(&[]).status.code(), desk.people()), (Some(1), 0));
    let good = desk.imports(&["--good-rows-only"]);
    assert_eq!((good.status.code(), desk.people()), (Some(0), 1));
    assert!(
        desk.told(&good.stdout)
            .contains("Loaded roster 1: 1 people, 1 new, 0 changed, 2 left out.")
    );
    std::fs::write(&desk.file, THREE).unwrap();
    let run = desk.imports(&[]);
    assert_eq!((run.status.code(), desk.people()), (Some(0), 3));
    expect![[r#"
        Reading …/名单.csv …
        3 rows: 3 good (2 of them new), 0 bad, 0 warnings
        Loaded roster 2: 3 people, 2 new, 0 changed, 0 left out.
    "#]]
    .assert_eq(&desk.told(&run.stdout));
}

#[test]
fn a_script_reads_one_object() {
    let desk = Desk::with(spoilt().as_bytes());

    let run = desk.imports(&["--json"]);
    assert_eq!(run.status.code(), Some(1));
    let said: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!((&said["rows"], &said["good"], &said["bad"]), (&3.into(), &1.into(), &2.into()));
    assert_eq!((&said["loaded"], &said["complaints"][0]["line"]), (&Value::Null, &2.into()));
    let run = desk.imports(&["--json", "--good-rows-only"]);
    let said: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!((&said["loaded"]["people"], &said["loaded"]["left_out"]), (&1.into(), &2.into()));
}

#[test]
fn what_cannot_be_loaded_at_all_says_what_to_do() {
    let desk = Desk::with(b"\xFF\xD8\xFF\xE0 no roster");
    let run = desk.imports(&[]);
    assert_eq!(run.status.code(), Some(1));
    let other = Command::new(env!("CARGO_BIN_EXE_kaowu"))
        .args(["import", "roster", "none.csv", "--project", "2026-XX", "--data"])
        .arg(desk.world.dir())
        .output()
        .unwrap();
    std::fs::write(&desk.file, THREE).unwrap();
    let file = desk.file.display().to_string();
    let unknown = Command::new(env!("CARGO_BIN_EXE_kaowu"))
        .args(["import", "roster", &file, "--project", "2026-XX", "--data"])
        .arg(desk.world.dir())
        .output()
        .unwrap();

    expect![[r#"
        error: …/名单.csv is no roster: 这是图片，不是表格。请上传 CSV 或 XLSX 文件。
        hint: mend the file; the console's page 导入名册 has a template
        error: cannot read none.csv: No such file or directory (os error 2)
        hint: check the path and the file's permissions
        error: there is no project '2026-XX'
        hint: choose one of: 2026-ZZ
    "#]]
    .assert_eq(&desk.told(&[run.stderr, other.stderr, unknown.stderr].concat()));
    let usage = Command::new(env!("CARGO_BIN_EXE_kaowu")).args(["import", "roster"]).output();
    assert_eq!(usage.unwrap().status.code(), Some(2));
}

#[test]
fn ten_thousand_rows_are_loaded_beside_a_running_appliance() {
    let desk = Desk::with(&files::gb18030(&files::roster_csv(10_000, &[])));
    let db = desk.world.app.db.clone();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let appliance = std::thread::spawn(move || {
        let mut longest = std::time::Duration::ZERO;
        while let Err(std::sync::mpsc::TryRecvError::Empty) = stopped.try_recv() {
            let begun = std::time::Instant::now();
            let written: kaowu::base::outcome::Result<(), kaowu::base::outcome::Never> = db
                .write_now(kaowu::machinery::db::Actor::Nobody, |tx| {
                    tx.note("door.refused", "somewhere");
                    Ok(())
                });
            written.unwrap();
            longest = longest.max(begun.elapsed());
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        longest
    });

    let run = desk.imports(&[]);
    stop.send(()).unwrap();
    let longest = appliance.join().expect("no write of the appliance was refused");
    println!("the appliance waited {longest:?} at most");

    assert_eq!(run.status.code(), Some(0), "{}", desk.told(&run.stderr));
    assert_eq!(desk.people(), 10_000);
}
