//! SQL stands in stores, in the database's own room, in the reports and in the ledger's invariants;
//! nowhere else.

use super::rust::{line_at, read_shipped};
use super::{File, is_drawer};

/// How a statement begins. Ours are lower case; a shouted one is still a statement.
const BEGINNINGS: &[&str] = &[
    "select ",
    "insert into ",
    "insert or ",
    "replace into ",
    "delete from ",
    "create table ",
    "create index ",
    "alter table ",
    "drop table ",
    "pragma ",
    "vacuum",
];

/// The verbs of a transaction that take SQL first.
const VERBS: &[&str] = &[".run(", ".one(", ".all("];

pub fn complaints(files: &[File]) -> Vec<String> {
    let mut said = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("src/")) {
        let source = read_shipped(path, text);
        if may_only_read(path) {
            for (line, text) in source.literals.iter().filter(|(_, it)| is_change(it)) {
                said.push(format!("{path}:{line}: sql: here is only read, not {:?}", head(text)));
            }
        } else if !may_hold_sql(path) {
            for (line, text) in source.literals.iter().filter(|(_, it)| is_sql(it)) {
                said.push(format!("{path}:{line}: sql: {:?} outside a store", head(text)));
            }
            for line in calls(&source.code) {
                said.push(format!("{path}:{line}: sql: a statement is run outside a store"));
            }
        }
        for word in ["pub mod store", "pub(crate) mod store", "pub(super) mod store"] {
            for (at, _) in source.code.match_indices(word) {
                let line = line_at(&source.code, at);
                said.push(format!("{path}:{line}: sql: a store is private to its room"));
            }
        }
    }
    said
}

/// The reports and the ledger's invariants look over all rooms, and change nothing.
pub fn may_only_read(path: &str) -> bool {
    path.starts_with("src/overview/reports/")
        || path.starts_with("src/overview/keeping/") && is_drawer(path, "ledger")
}

fn may_hold_sql(path: &str) -> bool {
    is_drawer(path, "store") || path.starts_with("src/machinery/db/")
}

/// Whether a literal is a statement.
pub fn is_sql(literal: &str) -> bool {
    let text = plain(literal);
    let update = text.starts_with("update ") && text.contains(" set ");
    let with = text.starts_with("with ") && text.contains("select ");
    update || with || BEGINNINGS.iter().any(|it| text.starts_with(it))
}

fn is_change(literal: &str) -> bool {
    is_sql(literal) && !["select ", "with "].iter().any(|it| plain(literal).starts_with(it))
}

/// Lower case, with single spaces.
fn plain(literal: &str) -> String {
    let text = literal.replace("\\n", " ");
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ") + " "
}

fn head(literal: &str) -> String {
    literal.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
}

/// Lines on which a verb is given a text, or a text that is put together.
fn calls(code: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    for verb in VERBS {
        for (at, _) in code.match_indices(verb) {
            let given = code[at + verb.len()..].trim_start().trim_start_matches('&');
            if ["\"", "r\"", "format!(", "concat!("].iter().any(|it| given.starts_with(it)) {
                lines.push(line_at(code, at));
            }
        }
    }
    lines
}

#[test]
fn sql_in_a_face_is_caught() {
    super::catches(
        complaints,
        &[
            ("src/features/orders/site.rs", "\nconst ALL: &str = \"select no from orders\";\n"),
            ("src/features/orders/mod.rs", "fn f() { tx.run(\n  &format!(\"{HEAD} ok\"), []); }\n"),
            ("src/machinery/mail/smtp.rs", "f(\"UPDATE outbox\n SET sent = 1\");"),
        ],
        &[
            "src/features/orders/site.rs:2: sql: \"select no from orders\" outside a store",
            "src/features/orders/mod.rs:1: sql: a statement is run outside a store",
            "src/machinery/mail/smtp.rs:1: sql: \"UPDATE outbox SET sent\" outside a store",
        ],
    );
}

#[test]
fn stores_may_and_others_must_not_open_them() {
    super::catches(
        complaints,
        &[
            ("src/features/orders/store.rs", "tx.run(\"delete from orders\", [])"),
            ("src/simulator/store/bills.rs", "tx.all(\"select 1\", [])"),
            ("src/machinery/db/backup.rs", "tx.run(\"vacuum into ?1\", [])"),
            ("src/features/orders/rules.rs", "//! We select one.\nf(\"selected\"); job.run(clock)"),
            ("src/features/fees/mod.rs", "pub mod store;\n"),
            ("src/overview/reports/lists.rs", "f(\"select 1\"); g(\"delete from fees\")"),
            ("src/overview/keeping/ledger.rs", "f(\"\nselect 1\"); g(\"update dues set n = 1\")"),
            ("src/overview/keeping/stored.rs", "f(\"select 1\")"),
        ],
        &[
            "src/features/fees/mod.rs:1: sql: a store is private",
            "src/overview/reports/lists.rs:1: sql: here is only read, not \"delete from fees\"",
            "src/overview/keeping/ledger.rs:2: sql: here is only read, not \"update dues set n\"",
            "src/overview/keeping/stored.rs:1: sql: \"select 1\" outside a store",
        ],
    );
}
