//! Each page lies where its handler does, and every page has one.

use std::collections::BTreeSet;

use super::html::named_pages;
use super::rust::read_shipped;
use super::{File, module, room};

const PAGES: &str = "web/pages/";

pub fn complaints(files: &[File]) -> Vec<String> {
    let mut said = Vec::new();
    let mut used = BTreeSet::new();
    let exists = |page: &str| files.iter().any(|(path, _)| path.strip_prefix(PAGES) == Some(page));
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("src/")) {
        for template in templates(path, text) {
            let line = template.line;
            let Some(page) = template.page else {
                said.push(format!("{path}:{line}: pages: a page in a string; give it a file"));
                continue;
            };
            if !page.ends_with(".html") {
                continue;
            }
            if !belongs(path, &page) {
                said.push(format!("{path}:{line}: pages: {PAGES}{page} lies elsewhere"));
            }
            if !exists(&page) {
                said.push(format!("{path}:{line}: pages: there is no {PAGES}{page}"));
            }
            used.insert(page);
        }
    }
    for (path, text) in files {
        let Some(page) = path.strip_prefix(PAGES) else { continue };
        for other in named_pages(text).into_iter().filter(|it| !exists(it)) {
            said.push(format!("{path}:1: pages: there is no {PAGES}{other}"));
        }
        // A page of a layout is used when another page names it; all else needs a struct.
        let named = || files.iter().any(|(_, text)| named_pages(text).iter().any(|it| it == page));
        if !used.contains(page) && !named() {
            said.push(format!("{path}:1: pages: no struct and no page names it"));
        }
    }
    said
}

/// A struct's template.
struct Template {
    line: usize,
    /// `None` when the page stands in the source.
    page: Option<String>,
}

/// The `#[template(…)]` attributes of a source.
fn templates(path: &str, text: &str) -> Vec<Template> {
    let source = read_shipped(path, text);
    let lines: Vec<&str> = source.code.lines().collect();
    let mut found = Vec::new();
    for (at, _) in lines.iter().enumerate().filter(|(_, it)| it.contains("[template(")) {
        let length = lines[at..].iter().take_while(|it| !it.contains(")]")).count();
        let (first, last) = (at + 1, at + 1 + length);
        let in_source = lines[at..last].iter().any(|it| it.contains("source"));
        let mut inside = source.literals.iter().filter(|(line, _)| (first..=last).contains(line));
        let page = inside.next().filter(|_| !in_source).map(|(_, page)| page.clone());
        found.push(Template { line: first, page });
    }
    found
}

/// Whether a page may belong to a source: `<room>/<face>/…` by the room and the face.
fn belongs(path: &str, page: &str) -> bool {
    let module = module(path).unwrap_or_default();
    let Some(room) = room(&module) else { return false };
    let face = module.iter().rev().find(|it| matches!(**it, "site" | "console"));
    match (room, face) {
        ("web", _) => ["errors/", "layout/", "web/"].iter().any(|it| page.starts_with(it)),
        ("simulator", _) => page.starts_with("simulator/"),
        (room, Some(face)) => page.starts_with(&format!("{room}/{face}/")),
        // A noun of the trade (the queue, the captcha) shows itself on either face.
        (room, None) => {
            ["site", "console"].iter().any(|it| page.starts_with(&format!("{room}/{it}/")))
        }
    }
}

#[test]
fn a_page_in_the_wrong_place_is_caught() {
    let show =
        "\n#[derive(Template)]\n#[template(path = \"orders/site/show.html\")]\nstruct Show;\n";
    super::catches(
        complaints,
        &[
            ("src/features/orders/site.rs", show),
            ("src/features/orders/console/search.rs", show),
            ("src/features/fees/site.rs", "#[template(path = \"fees/site/gone.html\")]"),
            ("src/web/errors.rs", "#[template(\n    source = \"<p>\",\n    ext = \"html\"\n)]"),
            ("web/pages/orders/site/show.html", "{% extends \"layout/site.html\" %}"),
            ("web/pages/layout/site.html", "{% import \"layout/parts.html\" as parts %}"),
            ("web/pages/orders/site/old.html", ""),
        ],
        &[
            "src/features/orders/console/search.rs:3: pages: web/pages/orders/site/show.html lies",
            "src/features/fees/site.rs:1: pages: there is no web/pages/fees/site/gone.html",
            "src/web/errors.rs:1: pages: a page in a string",
            "web/pages/layout/site.html:1: pages: there is no web/pages/layout/parts.html",
            "web/pages/orders/site/old.html:1: pages: no struct and no page names it",
        ],
    );
}
