//! What every page and sheet keeps to, so that it works under the strict policy and without a script.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &str, kind: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("its entries can be read").path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|it| it == kind) => {
                    let text = fs::read_to_string(&path).expect("it is text");
                    found.push((path, text));
                }
                false => {}
            }
        }
    }
    assert!(!found.is_empty(), "no .{kind} in {folder}");
    found
}

/// The values between `from` and `to`, as often as they stand in `text`.
fn between<'a>(text: &'a str, from: &'a str, to: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(from).skip(1).filter_map(move |rest| rest.split(to).next())
}

#[test]
fn no_page_carries_a_style_a_script_or_a_refresh() {
    for (path, page) in files("web/pages", "html") {
        let page = page.to_lowercase();
        for sin in [" style=", "<style", " onclick=", " onsubmit=", " onload=", "javascript:"] {
            assert!(!page.contains(sin), "{}: {sin}", path.display());
        }
        assert!(!page.contains("http-equiv=\"refresh\""), "{} refreshes itself", path.display());
        for script in between(&page, "<script", ">") {
            assert!(script.contains(" src="), "{}: a script stands in the page", path.display());
        }
    }
}

#[test]
fn every_asset_that_a_page_names_is_embedded() {
    let mut named = BTreeSet::new();
    for (_, page) in files("web/pages", "html") {
        named.extend(between(&page, "asset(\"", "\"").map(str::to_owned));
    }

    for name in named {
        assert!(kaowu::web::assets::href(&name).ends_with(&name));
    }
}

#[test]
fn every_icon_that_a_page_names_is_drawn() {
    let sheets = files("web/assets/css", "css");
    let is_drawn =
        |icon: &str| sheets.iter().any(|(_, it)| it.contains(&format!(".k-i-{icon} {{")));
    for (path, page) in files("web/pages", "html") {
        for icon in between(&page, "k-i-", "\"").filter(|it| !it.contains('{')) {
            assert!(is_drawn(icon), "{}: {icon}", path.display());
        }
    }
}

#[test]
fn a_sheet_names_no_other_file() {
    for (path, sheet) in files("web/assets", "css") {
        for address in between(&sheet, "url(", ")") {
            let inside = address.trim_start_matches(['"', '\'']);
            let here = inside.starts_with("data:") || inside.starts_with('#');
            assert!(here, "{}: {address}", path.display());
        }
        assert!(!sheet.contains("@import"), "{} imports", path.display());
    }
}
