//! What installs the appliance, tried below a folder of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[test]
fn installing_twice_updates_the_program_and_leaves_the_data() {
    let root = tempfile::tempdir().unwrap();
    let program = root.path().join("built");
    fs::write(&program, "first").unwrap();
    assert!(install(root.path(), &program).status.success());
    let settings = root.path().join("var/lib/kaowu/kaowu.toml");
    fs::write(&settings, "port = 443\n").unwrap();

    fs::write(&program, "second").unwrap();
    let again = install(root.path(), &program);

    assert!(again.status.success(), "{again:?}");
    let installed = root.path().join("usr/local/bin/kaowu");
    assert_eq!(fs::read_to_string(&installed).unwrap(), "second");
    assert_eq!(mode(&installed), 0o755);
    assert_eq!(fs::read_to_string(&settings).unwrap(), "port = 443\n");
    assert_eq!(mode(&root.path().join("var/lib/kaowu")), 0o700);
    assert!(root.path().join("usr/local/share/kaowu/kaowu.toml").exists());
    assert!(root.path().join("etc/systemd/system/kaowu.service").exists());
    assert_eq!(fs::read_dir(installed.parent().unwrap()).unwrap().count(), 1, "left-overs");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let root = tempfile::tempdir().unwrap();

    let output = install(root.path(), &root.path().join("nothing"));

    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: there is no program "), "{said}");
    assert!(said.contains("\nhint: "), "{said}");
}

#[test]
fn the_unit_starts_what_is_installed_where_it_is_installed() {
    let unit = fs::read_to_string(packaging().join("kaowu.service")).unwrap();
    for line in [
        "ExecStart=/usr/local/bin/kaowu serve",
        "Environment=KAOWU_DATA=/var/lib/kaowu",
        "Environment=MALLOC_MMAP_THRESHOLD_=4194304",
        "LimitNOFILE=65536",
        "User=kaowu",
    ] {
        assert!(unit.lines().any(|it| it == line), "no {line}");
    }
}

fn install(root: &Path, program: &Path) -> Output {
    let script = packaging().join("install.sh");
    Command::new("sh").arg(script).arg(program).env("DESTDIR", root).output().unwrap()
}

fn packaging() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
