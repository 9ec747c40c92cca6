//! The rules of the house that the compiler does not know.
//!
//! A rule is a function from files to complaints, `file:line: rule: what is wrong`, so that each
//! can be tried on sins written for it. Below, every rule is put to the tree.

use std::fs;
use std::path::Path;

mod bodies;
mod floors;
mod habits;
mod html;
mod looks;
mod orphans;
mod pages;
mod purity;
mod rust;
mod sql;
mod tables;

/// A file of the tree: its path from the root with `/`, and its text.
type File = (String, String);

/// What a rule finds wrong in some files.
type Rule = fn(&[File]) -> Vec<String>;

const RULES: &[(&str, Rule)] = &[
    ("a room uses only the floors below its own", floors::complaints),
    ("sql stands in stores only", sql::complaints),
    ("a room's tables are named in its store alone", tables::complaints),
    ("rules are pure", purity::complaints),
    ("a body is read through Posted alone", bodies::complaints),
    ("each page lies where its handler does", pages::complaints),
    ("pages carry no style, no script and no unknown class", looks::complaints),
    ("every source is part of something", orphans::complaints),
    ("no file is longer than a sitting, and nothing is left over", habits::complaints),
];

#[test]
fn the_house_keeps_its_rules() {
    let files = tree();
    let said: Vec<String> = RULES
        .iter()
        .flat_map(|(rule, complaints)| {
            complaints(&files).into_iter().map(move |it| format!("{it}\n    ({rule})"))
        })
        .collect();
    assert!(said.is_empty(), "{} complaints:\n{}", said.len(), said.join("\n"));
}

#[test]
fn the_rules_see_the_whole_tree() {
    let files = tree();
    for seen in ["src/lib.rs", "src/base/clock.rs", "tests/it/tidy/mod.rs", "tests/bench/main.rs"] {
        assert!(files.iter().any(|(path, _)| path == seen), "{seen} is not looked at");
    }
    assert!(!files.iter().any(|(path, _)| path.contains("/files/")), "samples are not ours");
}

/// Every text the rules are about, in the order of its path.
fn tree() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for (folder, endings) in [
        ("src", &["rs"][..]),
        ("tests", &["rs", "js"]),
        ("web/pages", &["html"]),
        ("web/assets", &["css", "js"]),
        ("web/mail", &["txt"]),
    ] {
        gather(root, folder, endings, &mut files);
    }
    if let Ok(schema) = fs::read_to_string(root.join("schema.sql")) {
        files.push(("schema.sql".into(), schema));
    }
    files.sort();
    files
}

/// Adds the files of a folder, if there is such a folder. Samples and others' works stay outside.
fn gather(root: &Path, folder: &str, endings: &[&str], files: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return };
    for entry in entries {
        let name = entry.unwrap().file_name().into_string().expect("file names are plain");
        let path = format!("{folder}/{name}");
        if root.join(&path).is_dir() {
            if name != "files" && name != "fuzz" {
                gather(root, &path, endings, files);
            }
        } else if endings.iter().any(|it| name.ends_with(&format!(".{it}"))) {
            let text = fs::read_to_string(root.join(&path)).expect("sources are UTF-8");
            files.push((path, text));
        }
    }
}

/// The part of a path below `src/`, as module names: `["features", "orders", "store"]`.
fn module(path: &str) -> Option<Vec<&str>> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut names: Vec<&str> = inside.split('/').collect();
    if matches!(names.last(), Some(&"mod" | &"lib")) {
        names.pop();
    }
    Some(names)
}

/// Which room a module path leads to. `None` for the map and for a wing as a whole.
fn room<'p>(module: &[&'p str]) -> Option<&'p str> {
    match module {
        [] => None,
        ["base" | "machinery" | "features" | "overview" | "entry"] => None,
        ["base" | "machinery" | "features" | "overview" | "entry", room, ..] => Some(room),
        [room, ..] => Some(room),
    }
}

/// Whether a file is this drawer of its room: `rules.rs`, or a noun in the folder `rules/`.
fn is_drawer(path: &str, drawer: &str) -> bool {
    path.ends_with(&format!("/{drawer}.rs")) || path.contains(&format!("/{drawer}/"))
}

/// The files of a seeded sin, and a check that each of `wanted` is complained of.
#[cfg(test)]
fn catches(complaints: Rule, files: &[(&str, &str)], wanted: &[&str]) {
    let files: Vec<File> =
        files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
    let said = complaints(&files);
    for part in wanted {
        assert!(said.iter().any(|it| it.contains(part)), "nobody says {part:?}, but: {said:#?}");
    }
    assert_eq!(said.len(), wanted.len(), "other complaints than wanted: {said:#?}");
}
