//! `rules.rs` says what is so and what follows: no web, no database, no clock, no chance.

use super::floors::paths;
use super::rust::{lines_with, read_shipped};
use super::{File, is_drawer, module};

/// Wings that are no business of a rule.
const WINGS: &[&str] = &["machinery", "app", "web", "simulator"];

/// Crates and words that are none either.
const WORDS: &[&str] = &["rocket", "rusqlite", "async ", "Clock", "Chance", "ReadTx", "WriteTx"];

pub fn complaints(files: &[File]) -> Vec<String> {
    let mut said = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| is_drawer(path, "rules")) {
        let Some(home) = module(path) else { continue };
        let code = read_shipped(path, text).code;
        for (line, used) in paths(&code, &home) {
            let wing = used.first().map_or("", String::as_str);
            // A sheet is a value: no file is opened where it is read.
            let is_sheet = used.get(1).is_some_and(|it| it == "tables");
            if WINGS.contains(&wing) && home.first() != Some(&wing) && !is_sheet {
                said.push(format!("{path}:{line}: purity: rules know no {wing}"));
            }
        }
        for word in WORDS {
            let found = lines_with(&code, word).into_iter();
            let word = word.trim();
            said.extend(found.map(|it| format!("{path}:{it}: purity: rules know no {word}")));
        }
    }
    said.dedup();
    said
}

#[test]
fn a_rule_that_looks_out_of_the_window_is_caught() {
    super::catches(
        complaints,
        &[
            ("src/features/orders/rules.rs", "use crate::base::clock::Clock;\n"),
            ("src/features/orders/rules/fee.rs", "use crate::{web::Posted};\nasync fn f() {}\n"),
            ("src/features/fees/rules.rs", "fn f(tx: &rusqlite::Row) {}\n"),
            ("src/features/staff/rules.rs", "/// No `Clock` and no rocket.\nstruct Clockwork;\n"),
            ("src/features/staff/store.rs", "use rusqlite::Row;\n"),
            ("src/features/rosters/rules.rs", "use crate::machinery::tables::Sheet;\n"),
        ],
        &[
            "src/features/orders/rules.rs:1: purity: rules know no Clock",
            "src/features/orders/rules/fee.rs:1: purity: rules know no web",
            "src/features/orders/rules/fee.rs:2: purity: rules know no async",
            "src/features/fees/rules.rs:1: purity: rules know no rusqlite",
        ],
    );
}
