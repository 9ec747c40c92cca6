//! Every source is part of something: a test that no `mod` line names would never run.

use super::File;
use super::rust::{lines_with, read};

pub fn complaints(files: &[File]) -> Vec<String> {
    let sources = files.iter().filter(|(path, _)| path.ends_with(".rs"));
    sources
        .clone()
        .filter(|(path, _)| !is_root(path))
        .filter(|(path, _)| !sources.clone().any(|(other, text)| names(other, text, path)))
        .map(|(path, _)| format!("{path}:1: orphans: no mod line names it"))
        .collect()
}

/// Cargo finds these by itself.
fn is_root(path: &str) -> bool {
    matches!(path, "src/lib.rs" | "src/main.rs" | "tests/it/main.rs" | "tests/bench/main.rs")
}

/// Whether a source has the `mod` line of another: in the same folder, or one above.
fn names(parent: &str, text: &str, path: &str) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let beside = parent.rsplit_once('/').map(|(folder, _)| folder);
    let source = || read(text);
    // `#[path = "capitals_tests.rs"]`
    if beside == Some(folder) && source().literals.iter().any(|(_, it)| it == file) {
        return true;
    }
    let (home, name) = match file {
        "mod.rs" => folder.rsplit_once('/').unwrap_or(("", folder)),
        _ => (folder, file.trim_end_matches(".rs")),
    };
    let heads = ["mod.rs", "lib.rs", "main.rs"].map(|head| format!("{home}/{head}"));
    let is_head = heads.iter().any(|it| it == parent) || parent == format!("{home}.rs");
    is_head && !lines_with(&source().code, &format!("mod {name};")).is_empty()
}

#[test]
fn a_source_that_nothing_names_is_caught() {
    super::catches(
        complaints,
        &[
            ("tests/it/main.rs", "mod tidy;\n// mod orders;\n"),
            ("tests/it/tidy/mod.rs", "mod floors;\n"),
            ("tests/it/tidy/floors.rs", ""),
            ("tests/it/orders.rs", ""),
            ("src/lib.rs", "pub mod base;\n"),
            ("src/base/mod.rs", "pub mod capitals;\n"),
            ("src/base/capitals.rs", "#[cfg(test)]\n#[path = \"capitals_tests.rs\"]\nmod tests;\n"),
            ("src/base/capitals_tests.rs", ""),
            ("src/base/capitals/big.rs", ""),
        ],
        &["tests/it/orders.rs:1: orphans", "src/base/capitals/big.rs:1: orphans"],
    );
}
