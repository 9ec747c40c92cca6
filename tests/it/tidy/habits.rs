//! Small habits: length, left-overs, globs, and no `unwrap` in what is shipped.

use super::File;
use super::rust::{line_at, lines_with, read, read_shipped};

const LINES_MAX: usize = 400;

/// Marks of unfinished work, put together here so that this file does not carry them.
const LEFT_OVERS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

pub fn complaints(files: &[File]) -> Vec<String> {
    let mut said = Vec::new();
    for (path, text) in files {
        let lines = text.lines().count();
        if lines > LINES_MAX && !path.starts_with("web/assets/") && path != "schema.sql" {
            said.push(format!("{path}:{LINES_MAX}: length: {lines} lines; split it by noun"));
        }
        if !path.contains("/vendor/") {
            for mark in LEFT_OVERS {
                let found = lines_with(text, mark).into_iter();
                said.extend(found.map(|line| format!("{path}:{line}: left over: {mark}")));
            }
        }
        if path.ends_with(".rs") {
            let code = read(text).code;
            let globs = globs(&code, &read_shipped(path, text).code).into_iter();
            said.extend(globs.map(|line| format!("{path}:{line}: globs: name what is used")));
        }
        if path.starts_with("src/") {
            let found = lines_with(&read_shipped(path, text).code, ".unwrap()").into_iter();
            said.extend(found.map(|line| format!("{path}:{line}: unwrap: say why it cannot fail")));
        }
    }
    said
}

/// Lines of the `use` items that end in a star. Tests beside their code may take all of it.
fn globs(code: &str, shipped: &str) -> Vec<usize> {
    let shipped = stars(shipped);
    let mut found = stars(code);
    found.retain(|it| it.1 != "use super::*" || shipped.contains(it));
    found.into_iter().map(|(line, _)| line).collect()
}

/// The `use` items that end in a star, with their lines.
fn stars(code: &str) -> Vec<(usize, &str)> {
    code.match_indices("use ")
        .filter(|(at, _)| code[..*at].chars().next_back().is_none_or(|it| " \n{};)".contains(it)))
        .map(|(at, _)| (line_at(code, at), code[at..].split(';').next().unwrap_or_default()))
        .filter(|(_, item)| item.contains('*'))
        .collect()
}

#[test]
fn bad_habits_are_caught() {
    let long = "\n".repeat(401);
    let to_do = format!("// {}: pay\n", LEFT_OVERS[0]);
    super::catches(
        complaints,
        &[
            ("src/features/orders/mod.rs", "pub use rules::*;\nfn f() { g().unwrap(); }\n"),
            ("src/features/fees/mod.rs", "#[cfg(test)]\nmod tests { use super::{a, b::*}; }\n"),
            (
                "src/web/form.rs",
                "#[cfg(test)]\nmod tests { use super::*; fn f() { g().unwrap() } }\n",
            ),
            ("src/web/csrf.rs", "mod deep { use super::*; }\n"),
            ("src/web/page.rs", &to_do),
            ("web/pages/orders/site/pay.html", &to_do),
            ("tests/it/orders.rs", &long),
            ("src/base/clock.rs", "fn f() { let because = 2 * 3; }\n// Do not use *.\n"),
        ],
        &[
            "src/features/orders/mod.rs:1: globs",
            "src/features/orders/mod.rs:2: unwrap",
            "src/features/fees/mod.rs:2: globs",
            "src/web/csrf.rs:1: globs",
            "src/web/page.rs:1: left over",
            "web/pages/orders/site/pay.html:1: left over",
            "tests/it/orders.rs:400: length: 401 lines",
        ],
    );
}
