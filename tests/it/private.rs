//! A data folder is full of other people's names: nobody but its owner may look into it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::demo::Demo;

fn kaowu(words: &[&str], folder: &Path) -> Output {
    let mut command = Command::new("sh");
    // As on most machines: what one makes may be read by all.
    command.args(["-c", "umask 022; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_kaowu")]);
    command.args(words).arg("--data").arg(folder).output().unwrap()
}

/// What others than the owner may look into, the folder itself included.
fn open_to_others(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(path) = left.pop() {
        if fs::metadata(&path).unwrap().permissions().mode() & 0o077 != 0 {
            found.push(path.clone());
        }
        if path.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
        }
    }
    found
}

fn opens(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn whatever_is_made_is_its_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (centre, demo) = (dir.path().join("centre"), dir.path().join("demo"));
    let init = ["init", "--centre", "310117", "--name", "上海市云间区教育考试中心"];

    assert!(kaowu(&init, &centre).status.success());
    assert!(Demo::start_in(&demo, &[]).stop().success());

    assert_eq!(open_to_others(&centre), Vec::<PathBuf>::new());
    assert_eq!(open_to_others(&demo), Vec::<PathBuf>::new());
}

#[test]
fn a_folder_that_stood_open_is_said_so_and_closed_by_the_next_command() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("centre");
    let init = ["init", "--centre", "310117", "--name", "上海市云间区教育考试中心"];
    assert!(kaowu(&init, &folder).status.success());
    opens(&folder, 0o755);
    opens(&folder.join("kaowu.sqlite"), 0o644);
    opens(&folder.join("files"), 0o755);

    let checked = kaowu(&["check"], &folder);
    assert_eq!(checked.status.code(), Some(1));
    let said = String::from_utf8(checked.stdout).unwrap();
    for path in ["kaowu.sqlite", "files"] {
        let told = format!("others may look into {}", folder.join(path).display());
        assert!(said.contains(&told) && said.contains("chmod"), "{said}");
    }

    assert!(kaowu(&["staff", "list"], &folder).status.success());
    assert_eq!(open_to_others(&folder), Vec::<PathBuf>::new());
    assert!(kaowu(&["check"], &folder).status.success());
}

#[test]
fn a_centre_without_a_name_is_not_made() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("centre");

    let ended = kaowu(&["init", "--centre", "310117", "--name", " "], &folder);

    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("a centre has a name"));
    assert!(!folder.exists());
}

#[test]
fn a_command_that_is_refused_says_what_to_do_at_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("centre");
    let init = ["init", "--centre", "310117", "--name", "上海市云间区教育考试中心"];
    assert!(kaowu(&init, &folder).status.success());

    let add = ["staff", "add", "admin", "--name", "周敏", "--duty", "clerk"];
    let ended = kaowu(&add, &folder);

    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("hint: ") && said.contains("kaowu staff list"), "{said}");
    assert!(!said.contains("上一页"), "{said}");
}
