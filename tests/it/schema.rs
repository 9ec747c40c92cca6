//! `schema.sql` is what a new folder gets. It explains itself, and the released steps lead to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kaowu::features::fees::rules::DueState;
use kaowu::features::orders::rules::Fate;
use kaowu::features::receipts::rules::Colour;
use kaowu::features::reconciliation::rules::{Kind, Remedy, Road, State, What};
use kaowu::features::refunds::rules::{Afterwards, Reason, State as RefundState};
use rusqlite::Connection;

/// A table, its column that holds a state, and the names that the code has for its states.
type States = (&'static str, &'static str, fn() -> Vec<&'static str>);

/// Every column called `state`, and others whose check lists the names of one of our enums:
/// `("orders", "state", || State::ALL.iter().map(|it| it.name()).collect())`.
const STATES: &[States] = &[
    ("dues", "state", || DueState::ALL.iter().map(|it| it.name()).collect()),
    ("differences", "state", || State::ALL.iter().map(|it| it.name()).collect()),
    ("differences", "kind", || Kind::ALL.iter().map(|it| it.name()).collect()),
    ("differences", "remedy", || Remedy::ALL.iter().map(|it| it.name()).collect()),
    ("differences", "what", || What::ALL.iter().map(|it| it.name()).collect()),
    ("statements", "road", || Road::ALL.iter().map(|it| it.name()).collect()),
    ("payments", "fate", || Fate::ALL.iter().map(|it| it.name()).collect()),
    ("receipts", "colour", || Colour::ALL.iter().map(|it| it.name()).collect()),
    ("refunds", "afterwards", || Afterwards::ALL.iter().map(|it| it.name()).collect()),
    ("refunds", "reason", || Reason::ALL.iter().map(|it| it.name()).collect()),
    ("refunds", "state", || RefundState::ALL.iter().map(|it| it.name()).collect()),
];

/// Columns called `state` whose room has no enum yet. Empty once every room is furnished.
const AWAITED: &[(&str, &str)] = &[("mail_tries", "state"), ("orders", "state")];

#[test]
fn a_new_database_can_be_made_and_is_sound() {
    let database = made(&schema());
    let answer: String = database.query_row("pragma integrity_check", [], |it| it.get(0)).unwrap();
    assert_eq!(answer, "ok");
    let mut broken = database.prepare("pragma foreign_key_check").unwrap();
    assert!(!broken.exists([]).unwrap());
}

#[test]
fn every_table_is_strict() {
    assert_eq!(lax_tables(&made(&schema())), [""; 0]);
}

#[test]
fn every_column_says_what_it_holds() {
    assert_eq!(silent_columns(&schema()), [""; 0]);
}

#[test]
fn the_states_of_the_code_are_those_of_the_checks() {
    assert_eq!(state_complaints(&schema(), STATES, AWAITED), [""; 0]);
}

#[test]
fn released_steps_lead_to_the_same_database() {
    let steps = steps();
    for (number, step) in (2..).zip(&steps) {
        let name = step.file_name().unwrap().to_string_lossy();
        assert!(name.starts_with(&format!("{number:04}_")), "{name} should be number {number}");
    }
    if steps.is_empty() {
        // Before the first released change there is one way only.
        return;
    }
    // The schema as it was first released; laid down with the first step and never edited.
    let first = root().join("tests/files/schema/0001_first.sql");
    let database = made(&fs::read_to_string(first).expect("steps need the first release's schema"));
    for step in &steps {
        let step = fs::read_to_string(step).unwrap();
        database.execute_batch(&step).unwrap_or_else(|it| panic!("{it} in\n{step}"));
    }
    assert_eq!(objects(&database), objects(&made(&schema())));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema() -> String {
    fs::read_to_string(root().join("schema.sql")).expect("schema.sql stands at the root")
}

/// The released steps, in their order. The folder is missing until there is one.
fn steps() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root().join("src/machinery/db/steps")) else {
        return Vec::new();
    };
    let paths = entries.map(|it| it.unwrap().path());
    let mut steps: Vec<PathBuf> =
        paths.filter(|it| it.extension().is_some_and(|it| it == "sql")).collect();
    steps.sort();
    steps
}

fn made(schema: &str) -> Connection {
    let database = Connection::open_in_memory().unwrap();
    database.execute_batch(schema).unwrap_or_else(|it| panic!("schema.sql: {it}"));
    database
}

/// Every object of a database with its definition, free of comments and of how it is set.
fn objects(database: &Connection) -> BTreeMap<String, String> {
    let mut query = database
        .prepare("select type || ' ' || name, sql from sqlite_schema where sql is not null")
        .unwrap();
    let rows = query
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .unwrap();
    rows.map(|it| it.unwrap()).map(|(name, sql)| (name, plain(&sql))).collect()
}

/// SQL without comments and line ends, and with one way to set a comma and a bracket.
fn plain(sql: &str) -> String {
    let lines = sql.lines().map(|it| it.split("--").next().unwrap_or(it));
    let mut text = lines.collect::<Vec<_>>().join(" ");
    for sign in [",", "(", ")"] {
        text = text.split(sign).map(str::trim).collect::<Vec<_>>().join(sign);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lax_tables(database: &Connection) -> Vec<String> {
    let mut query = database
        .prepare(
            "select name
               from pragma_table_list
              where schema = 'main' and type = 'table' and not strict and name not like 'sqlite~_%' escape '~'",
        )
        .unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(|it| it.unwrap()).collect()
}

/// Columns without a comment on their line, or on a line that continues it.
fn silent_columns(schema: &str) -> Vec<String> {
    let database = made(schema);
    let mut silent = Vec::new();
    for (table, lines) in tables(schema) {
        let columns = columns(&database, &table);
        let mut spoken = BTreeSet::new();
        let mut current = String::new();
        for line in lines {
            let first =
                line.split(|it: char| !(it.is_alphanumeric() || it == '_')).next().unwrap_or("");
            if columns.contains(first) {
                current = first.to_owned();
            } else if ["check", "primary", "unique", "foreign", "constraint"].contains(&first) {
                current.clear();
            }
            if line.split_once("--").is_some_and(|(_, comment)| !comment.trim().is_empty()) {
                spoken.insert(current.clone());
            }
        }
        silent.extend(columns.difference(&spoken).map(|it| format!("{table}.{it}")));
    }
    silent
}

/// Each table of the schema with the lines between its brackets.
fn tables(schema: &str) -> Vec<(String, Vec<&str>)> {
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    let mut inside = false;
    for line in schema.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("create table ") {
            let name = name.strip_prefix("if not exists ").unwrap_or(name);
            found.push((name.split([' ', '(']).next().unwrap_or(name).to_owned(), Vec::new()));
            inside = true;
        } else if line.starts_with(')') {
            inside = false;
        } else if let (true, Some((_, lines))) = (inside, found.last_mut()) {
            lines.push(line);
        }
    }
    found
}

fn columns(database: &Connection, table: &str) -> BTreeSet<String> {
    let mut query = database.prepare("select name from pragma_table_xinfo(?1)").unwrap();
    query.query_map([table], |row| row.get(0)).unwrap().map(|it| it.unwrap()).collect()
}

/// Where the names of a state in the code and in the schema's check differ, or nobody compared.
fn state_complaints(schema: &str, states: &[States], awaited: &[(&str, &str)]) -> Vec<String> {
    let mut checks = BTreeMap::new();
    for (table, lines) in tables(schema) {
        for (column, names) in lists(&plain(&lines.join("\n"))) {
            checks.insert((table.clone(), column), names);
        }
    }
    let mut said = Vec::new();
    for (table, column, names) in states {
        let names: BTreeSet<String> = names().into_iter().map(str::to_owned).collect();
        match checks.remove(&((*table).to_owned(), (*column).to_owned())) {
            Some(list) if list == names => {}
            Some(list) => said.push(format!("{table}.{column}: code {names:?}, schema {list:?}")),
            None => said.push(format!("{table}.{column}: no check lists its names")),
        }
    }
    for (table, column) in checks.keys().filter(|(_, column)| column == "state") {
        if !awaited.contains(&(table, column)) {
            said.push(format!("{table}.{column}: its names are not in STATES"));
        }
    }
    said
}

/// The `check (column in ('a', 'b'))` of a table's text, which has no line ends.
fn lists(table: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for check in table.split("check(").skip(1) {
        let Some((column, rest)) = check.split_once(" in('") else { continue };
        if !column.chars().all(|it| it.is_alphanumeric() || it == '_') {
            continue;
        }
        let names = rest.split(')').next().unwrap_or("").split(',');
        found.push((column.to_owned(), names.map(|it| it.replace('\'', "")).collect()));
    }
    found
}

#[test]
fn a_silent_column_and_a_lax_table_are_caught() {
    let schema = "create table orders (\n  order_no text not null, -- Twenty-eight digits.\n  \
                  state text not null,\n  amount integer check (0 < amount\n    and amount < 9), -- Fen.\n  \
                  check (state <> '') -- Never empty.\n) strict;\n\
                  create table gifts (\n  gift text -- What was given.\n);\n";
    assert_eq!(silent_columns(schema), ["orders.state"]);
    assert_eq!(lax_tables(&made(schema)), ["gifts"]);
}

#[test]
fn states_that_drift_apart_are_caught() {
    let schema = "create table orders (\n  state text not null -- Its life.\n    \
                  check (state in ('created', 'paid')),\n  \
                  way text not null check (way in ('a', 'b')) -- How.\n) strict;\n";
    let orders: States = ("orders", "state", || vec!["paid", "created"]);
    assert_eq!(state_complaints(schema, &[orders], &[]), [""; 0]);
    assert_eq!(state_complaints(schema, &[], &[("orders", "state")]), [""; 0]);

    let (way, dues): (States, States) =
        (("orders", "way", || vec!["a"]), ("dues", "state", || vec!["due"]));
    assert_eq!(
        state_complaints(schema, &[way, dues], &[]),
        [
            "orders.way: code {\"a\"}, schema {\"a\", \"b\"}",
            "dues.state: no check lists its names",
            "orders.state: its names are not in STATES",
        ]
    );
}

#[test]
fn how_a_table_is_set_makes_no_difference() {
    let one = "create table a (\n  b text, -- B.\n  c text -- C.\n) strict;";
    let other = "create table a (b text,c text) strict;";
    assert_eq!(objects(&made(one)), objects(&made(other)));
}
