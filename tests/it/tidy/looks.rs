//! How a page looks stands in the style sheets, and what it does in scripts of ours: the strict
//! content policy would drop anything written into the page.

use std::collections::BTreeSet;

use super::File;
use super::html::{Tag, VALUE, tags};

pub fn complaints(files: &[File]) -> Vec<String> {
    let sheets = files.iter().filter(|(path, _)| path.ends_with(".css"));
    let known: BTreeSet<&str> = sheets.flat_map(|(_, css)| classes(css)).collect();
    let mut said = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("web/pages/")) {
        for tag in tags(text) {
            let mut say = |what: String| said.push(format!("{path}:{}: looks: {what}", tag.line));
            for what in inline(&tag) {
                say(what);
            }
            for class in tag.value("class").unwrap_or("").split_whitespace() {
                if !is_known(class, &known) {
                    say(format!("no style sheet knows the class {}", class.replace(VALUE, "…")));
                }
            }
        }
    }
    said
}

/// Style and script that stand in the page itself.
fn inline(tag: &Tag) -> Vec<String> {
    let mut found = Vec::new();
    if tag.name == "style" {
        found.push("a style sheet in the page".into());
    }
    if tag.name == "script" && tag.value("src").is_none() {
        found.push("a script in the page".into());
    }
    for (name, value) in &tag.attributes {
        if name == "style" || name.starts_with("on") {
            found.push(format!("{name}= in the page"));
        }
        if value.trim_start().to_lowercase().starts_with("javascript:") {
            found.push(format!("a script in {name}="));
        }
    }
    found
}

/// A class that is partly a value is known when some class begins and ends like it.
fn is_known(class: &str, known: &BTreeSet<&str>) -> bool {
    let Some((head, _)) = class.split_once(VALUE) else { return known.contains(class) };
    let tail = class.rsplit(VALUE).next().unwrap_or("");
    known.iter().any(|it| it.starts_with(head) && it.ends_with(tail))
}

/// The class names of a style sheet; a dot before a digit is a number.
fn classes(css: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = css;
    while let Some(at) = rest.find(['.', '/']) {
        if rest[at..].starts_with("/*") {
            rest = rest[at..].split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        let name = &rest[at + 1..];
        let starts = |it: char| it.is_alphabetic() || matches!(it, '_' | '-');
        if rest[at..].starts_with('.') && name.starts_with(starts) {
            let ends = |it: char| !it.is_alphanumeric() && !matches!(it, '_' | '-');
            found.push(&name[..name.find(ends).unwrap_or(name.len())]);
        }
        rest = name;
    }
    found
}

#[test]
fn style_and_script_in_a_page_are_caught() {
    super::catches(
        complaints,
        &[(
            "web/pages/orders/site/pay.html",
            "<p style=\"color: red\">\n<style></style>\n<button onclick='x()'>\n<script>x()</script>\n\
             <script src=\"/assets/a.js\"></script><a href=\"javascript:x()\">",
        )],
        &[
            "web/pages/orders/site/pay.html:1: looks: style= in the page",
            "web/pages/orders/site/pay.html:2: looks: a style sheet",
            "web/pages/orders/site/pay.html:3: looks: onclick= in the page",
            "web/pages/orders/site/pay.html:4: looks: a script in the page",
            "web/pages/orders/site/pay.html:5: looks: a script in href=",
        ],
    );
}

#[test]
fn a_class_without_a_style_is_caught() {
    super::catches(
        complaints,
        &[
            (
                "web/assets/kaowu.css",
                "/* .k-note */ .k-tag--due, a.k-tag { margin: .5rem } .k-x:hover{}",
            ),
            (
                "web/pages/orders/site/pay.html",
                "<p class=\"k-tag k-tag--{{ state }} {% if a %}k-x{% endif %} {{ all }}\">\n\
                 <p class=\"k-note\"><p class=\"k-way--{{ way }}\">",
            ),
        ],
        &[
            "web/pages/orders/site/pay.html:2: looks: no style sheet knows the class k-note",
            "web/pages/orders/site/pay.html:2: looks: no style sheet knows the class k-way--…",
        ],
    );
}
