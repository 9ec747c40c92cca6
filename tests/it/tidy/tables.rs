//! Each room's tables are named in its own store alone.
//!
//! Whose a table is, `schema.sql` says: a heading `-- room: orders` owns all tables under it.

use std::collections::BTreeMap;

use super::rust::{is_word, read_shipped};
use super::sql::may_only_read;
use super::{File, module, room};

/// Words after which a table is named.
const BEFORE: &[&str] = &["from", "join", "into", "update", "table"];

/// Words that end a list of tables.
const AFTER: &[&str] =
    &["where", "set", "on", "order", "group", "limit", "values", "select", "using"];

pub fn complaints(files: &[File]) -> Vec<String> {
    let mut said = Vec::new();
    let schema = files.iter().find(|(path, _)| path == "schema.sql");
    let owners = owners(schema.map_or("", |(_, text)| text), &mut said);
    for (path, text) in files {
        let Some(mine) = module(path).and_then(|it| room(&it)) else { continue };
        // The platform has a database of its own; who only reads may read anybody's.
        if mine == "simulator" || may_only_read(path) {
            continue;
        }
        for (line, literal) in read_shipped(path, text).literals {
            for table in named(&literal) {
                let Some(owner) = owners.get(table.as_str()).filter(|it| *it != mine) else {
                    continue;
                };
                said.push(format!("{path}:{line}: tables: {table} is {owner}'s"));
            }
        }
    }
    said
}

/// The room of each table of the schema.
fn owners(schema: &str, said: &mut Vec<String>) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    let mut owner = None;
    for (line, text) in (1..).zip(schema.lines()) {
        if let Some(room) = text.trim().strip_prefix("-- room:") {
            owner = room.split(|it| !is_word(it)).find(|it| !it.is_empty());
        }
        let text = text.trim().to_lowercase();
        let Some(name) = text.strip_prefix("create table ") else { continue };
        let name = name.strip_prefix("if not exists ").unwrap_or(name);
        let name: String = name.chars().take_while(|it| is_word(*it)).collect();
        match owner {
            Some(room) => drop(owners.insert(name, room.to_owned())),
            None => said.push(format!("schema.sql:{line}: tables: {name} stands under no room")),
        }
    }
    owners
}

/// The tables that a statement, or a part of one, names.
fn named(literal: &str) -> Vec<String> {
    let lower = literal.to_lowercase();
    let mut found = Vec::new();
    let (mut listing, mut wanted) = (false, false);
    let mut rest = lower.as_str();
    while let Some(first) = rest.chars().next() {
        let length = if is_word(first) {
            rest.find(|it| !is_word(it)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let word = &rest[..length];
        match word {
            _ if BEFORE.contains(&word) => (listing, wanted) = (word == "from", true),
            _ if AFTER.contains(&word) => (listing, wanted) = (false, false),
            "," => wanted = listing,
            "(" | ")" => wanted = false,
            _ if wanted && is_word(first) => {
                found.push(word.to_owned());
                wanted = false;
            }
            _ => {}
        }
        rest = &rest[length..];
    }
    found
}

#[test]
fn reaching_into_anothers_tables_is_caught() {
    let schema = "-- room: orders\ncreate table orders (\n) strict;\n\
                  -- room: fees\n-- What is owed.\ncreate table if not exists dues (\n) strict;\n";
    super::catches(
        complaints,
        &[
            ("schema.sql", schema),
            ("src/features/orders/store.rs", "f(\"select 1 from orders o, dues d\");\n"),
            ("src/features/fees/store.rs", "\nf(\"select 1 from dues\n join orders on 1\");\n"),
            ("src/overview/desk/store.rs", "f(\"update orders set n = 1\"); f(\"wants orders\")"),
            ("src/overview/reports/store.rs", "f(\"select 1 from orders, dues\");\n"),
            ("src/overview/keeping/ledger/dues.rs", "f(\"select 1 from orders, dues\");\n"),
            ("src/overview/keeping/files.rs", "f(\"select 1 from orders\");\n"),
            ("src/simulator/store.rs", "f(\"select 1 from orders\");\n"),
        ],
        &[
            "src/features/orders/store.rs:1: tables: dues is fees's",
            "src/features/fees/store.rs:2: tables: orders is orders's",
            "src/overview/desk/store.rs:1: tables: orders is orders's",
            "src/overview/keeping/files.rs:1: tables: orders is orders's",
        ],
    );
}

#[test]
fn a_table_of_no_room_is_caught() {
    super::catches(
        complaints,
        &[("schema.sql", "-- Gifts.\ncreate table gifts (\n) strict;\n")],
        &["schema.sql:2: tables: gifts stands under no room"],
    );
}
