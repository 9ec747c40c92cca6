//! Rooms stand on floors; each uses only what lies below it.

use super::rust::{is_word, line_at, read_shipped};
use super::{File, module, room};

/// From the ground up. A new room must be put on one of them.
const FLOORS: &[&[&str]] = &[
    &["values", "clock", "chance", "outcome", "config"],
    &["db", "files", "pdf", "tables", "keys"],
    &["gateway", "fiscal", "mail", "rounds"],
    &["app"],
    &["web"],
    &["identity"],
    &["staff"],
    &["plans", "windows", "bulletin"],
    &["candidates"],
    &["receipts", "fees", "refunds"],
    &["scores", "orders"],
    &["casework", "exceptions"],
    &[
        "graduation",
        "photo",
        "exemptions",
        "transfers",
        "changes",
        "reconciliation",
        "counter",
        "rosters",
    ],
    &["home", "desk", "reports", "archive", "central", "keeping", "training"],
    &["server", "door", "jobs"],
    &["cli"],
    &["main"],
];

pub fn complaints(files: &[File]) -> Vec<String> {
    let mut said = Vec::new();
    for (path, text) in files {
        let Some(home) = module(path) else { continue };
        let Some(user) = room(&home) else { continue };
        if user != "simulator" && floor(user).is_none() {
            said.push(format!("{path}:1: floors: {user} stands on no floor; add it to FLOORS"));
            continue;
        }
        for (line, used) in paths(&read_shipped(path, text).code, &home) {
            let used: Vec<&str> = used.iter().map(String::as_str).collect();
            if let Some(wrong) = wrong(&home, user, &used) {
                said.push(format!("{path}:{line}: floors: {user} uses {wrong}"));
            }
        }
    }
    said.dedup();
    said
}

/// What is wrong with a room's use of a path, if anything is.
fn wrong(home: &[&str], user: &str, path: &[&str]) -> Option<String> {
    let used = room(path)?;
    if used == user {
        return None;
    }
    match (user, used) {
        // The platform in a box knows nothing of ours but words, what stands on the wire, and what
        // a page looks like.
        ("simulator", "web") if path.get(1) == Some(&"assets") => None,
        ("simulator", "gateway") if path.get(2) == Some(&"wire") => None,
        ("simulator", _) if floor(used) == Some(0) => None,
        ("simulator", _) => Some(format!("{used}, which is not the platform's")),
        (_, "simulator") if matches!(home.first(), Some(&"entry" | &"main")) => None,
        (_, "simulator") => Some("the simulator, which only entry may".into()),
        _ => match (floor(user), floor(used)) {
            (_, None) => Some(format!("{used}, which stands on no floor")),
            // Words are made of words.
            (Some(0), Some(0)) => None,
            (mine, its) if its < mine => None,
            _ => Some(format!("{used}, which is not below it")),
        },
    }
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Every path of this crate that the code of the module `home` names, from the root, by line.
pub fn paths(code: &str, home: &[&str]) -> Vec<(usize, Vec<String>)> {
    let tokens = tokens(code);
    let word = |at: usize| tokens.get(at).map_or("", |(_, it)| *it);
    let mut found = Vec::new();
    // Whether each open brace is that of an inline module, in which `super` is this file.
    let mut braces = Vec::new();
    for at in 0..tokens.len() {
        match word(at) {
            "{" => braces.push(at > 1 && word(at - 2) == "mod"),
            "}" => drop(braces.pop()),
            "crate" | "kaowu" if at == 0 || word(at - 1) != "::" => {
                let mut leaves = Vec::new();
                tree(&tokens, at + 1, &mut Vec::new(), &mut leaves);
                found.extend(leaves);
            }
            "super" if at == 0 || word(at - 1) != "::" => {
                let inline = braces.iter().filter(|it| **it).count();
                let mut from: Vec<&str> = home.to_vec();
                from.extend(std::iter::repeat_n("inline", inline));
                let ups = (0..).take_while(|n| word(at + 2 * n) == "super").count();
                from.truncate(from.len().saturating_sub(ups));
                let mut from: Vec<String> = from.into_iter().map(str::to_owned).collect();
                let mut leaves = Vec::new();
                tree(&tokens, at + 2 * ups - 1, &mut from, &mut leaves);
                found.extend(leaves);
            }
            _ => {}
        }
    }
    found.iter().map(|(byte, path)| (line_at(code, *byte), path.clone())).collect()
}

/// Follows `::a::{b, c::d}` from a token, and gives the place after it.
fn tree(
    tokens: &[(usize, &str)],
    mut at: usize,
    path: &mut Vec<String>,
    leaves: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let word = |at: usize| tokens.get(at).map_or("", |(_, it)| *it);
    let depth = path.len();
    while word(at) == "::" && word(at + 1).starts_with(is_word) {
        path.push(word(at + 1).to_owned());
        at += 2;
    }
    if word(at) == "::" && word(at + 1) == "{" {
        at += 2;
        while at < tokens.len() && word(at) != "}" {
            let before = path.len();
            if word(at) != "self" {
                path.push(word(at).to_owned());
            }
            at = tree(tokens, at + 1, path, leaves);
            path.truncate(before);
            while !matches!(word(at), "," | "}" | "") {
                at += 1;
            }
            at += usize::from(word(at) == ",");
        }
        at += 1;
    } else if let Some((byte, _)) = tokens.get(at.saturating_sub(1)) {
        leaves.push((*byte, path.clone()));
    }
    path.truncate(depth);
    at
}

/// Names, `::` and single signs, each with the byte it stands at.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = code[at..].chars().next() {
        let length = if is_word(first) {
            code[at..].find(|it| !is_word(it)).unwrap_or(code.len() - at)
        } else if code[at..].starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            found.push((at, &code[at..at + length]));
        }
        at += length;
    }
    found
}

#[test]
fn looking_up_or_sideways_is_caught() {
    super::catches(
        complaints,
        &[
            ("src/web/chrome.rs", "\nuse crate::features::orders::Order;\n"),
            ("src/features/fees/mod.rs", "use super::receipts;\nuse crate::base::values::Fen;\n"),
            ("src/machinery/db/mod.rs", "fn f(it: crate::app::App) {}\n"),
            (
                "src/features/orders/store.rs",
                "use crate::{base::{clock::Clock, values::Fen}, overview::desk};\nuse super::rules;\n",
            ),
        ],
        &[
            "src/web/chrome.rs:2: floors: web uses orders, which is not below it",
            "src/features/fees/mod.rs:1: floors: fees uses receipts, which is not below it",
            "src/machinery/db/mod.rs:1: floors: db uses app, which is not below it",
            "src/features/orders/store.rs:1: floors: orders uses desk, which is not below it",
        ],
    );
}

#[test]
fn the_platform_keeps_to_itself() {
    super::catches(
        complaints,
        &[
            (
                "src/simulator/store.rs",
                "use crate::machinery::db::Db;\nuse crate::base::values::Fen;\n",
            ),
            ("src/simulator/phone.rs", "use crate::web::assets;\nuse crate::web::Posted;\n"),
            (
                "src/simulator/api.rs",
                "use crate::machinery::gateway::{Bill, wire::{self, Seal}};\n",
            ),
            ("src/overview/training/mod.rs", "use crate::simulator::Platform;\n"),
            ("src/entry/cli/demo.rs", "use crate::simulator::Platform;\n"),
        ],
        &[
            "src/simulator/store.rs:1: floors: simulator uses db",
            "src/simulator/phone.rs:2: floors: simulator uses web",
            "src/simulator/api.rs:1: floors: simulator uses gateway",
            "src/overview/training/mod.rs:1: floors: training uses the simulator",
        ],
    );
}

#[test]
fn a_room_on_no_floor_is_caught() {
    super::catches(
        complaints,
        &[
            ("src/features/helpers/mod.rs", ""),
            ("src/features/orders/mod.rs", "mod deep { use super::super::gifts::Gift; }\n"),
        ],
        &[
            "src/features/helpers/mod.rs:1: floors: helpers stands on no floor",
            "src/features/orders/mod.rs:1: floors: orders uses gifts, which stands on no floor",
        ],
    );
}
