//! Rows against the log: each line of the log holds digests of the rows it wrote, so the last one
//! of a row tells what the row must be now. A row that is something else was changed by another
//! hand than ours.
//!
//! A log may have millions of lines. What they say of the rows is gathered in a temporary database
//! of its own, which SQLite keeps on the disk where it is large, and compared in order: memory does
//! not grow with the log.

use std::cmp::Ordering;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::HOUSEKEEPING;
use super::audit::{columns_digest, walk};
use super::transaction::ReadTx;
use crate::base::outcome::Fault;

/// How many lines or rows are gone through before progress is told again.
const TELL_EVERY: i64 = 100_000;

/// A row that is not what the log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// In which table.
    pub table: String,
    /// Its row number.
    pub row: i64,
    /// What is the matter with it.
    pub how: &'static str,
    /// Whom or what it concerns, as far as the row itself says.
    pub concerns: Option<String>,
    /// The line that wrote it last, and what that line says: act, thing, time.
    pub written_by: Option<(i64, String)>,
}

/// What came of putting the log to the proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogProof {
    /// How many lines it has.
    pub lines: i64,
    /// The first line that does not follow from the one before.
    pub first_broken: Option<i64>,
    /// How many rows were compared.
    pub rows: i64,
    /// The rows that are not what the log says, up to the limit.
    pub strays: Vec<Stray>,
    /// How many more there are.
    pub more: i64,
}

/// Follows the whole chain of the log, and compares every row of every audited table with the last
/// digest that the log has of it. Names at most `limit` strays, and counts the others.
///
/// # Errors
/// A fault when the database or the temporary one cannot be read or written.
pub fn prove_log(
    tx: &ReadTx<'_>,
    limit: usize,
    progress: &dyn Fn(&str),
) -> Result<LogProof, Fault> {
    let mut proof = LogProof::default();
    let said = gather(tx, &mut proof, progress)?;
    for table in tables(tx, &said)? {
        let there = tx.conn().table_exists(None, table.as_str())?;
        compare(tx, &said, &Table { name: table, there }, limit, &mut proof, progress)?;
    }
    Ok(proof)
}

struct Table {
    name: String,
    there: bool,
}

/// Follows the chain and puts down the last digest of each row, in a database of its own.
fn gather(
    tx: &ReadTx<'_>,
    proof: &mut LogProof,
    progress: &dyn Fn(&str),
) -> Result<Connection, Fault> {
    let said = Connection::open("")?;
    said.execute_batch(
        "pragma journal_mode = off;
         pragma cache_size = -32768;
         create table said (
           name text not null, row integer not null, digest text, line integer not null,
           primary key (name, row)
         ) strict, without rowid;
         begin",
    )?;
    let mut put = said.prepare("insert or replace into said values (?1, ?2, ?3, ?4)")?;
    proof.first_broken = walk(tx.conn(), |line| {
        proof.lines += 1;
        if proof.lines % TELL_EVERY == 0 {
            progress(&format!("{} lines of the audit log", proof.lines));
        }
        let rows: Vec<(String, i64, Option<String>)> = match &line.rows {
            // What cannot be read was tampered with; then the chain is broken here as well.
            Some(rows) => serde_json::from_str(rows).unwrap_or_default(),
            None => Vec::new(),
        };
        for (table, row, digest) in rows {
            put.execute(params![table, row, digest, line.line])?;
        }
        Ok(())
    })?;
    drop(put);
    Ok(said)
}

/// The audited tables that exist, and those that the log speaks of.
fn tables(tx: &ReadTx<'_>, said: &Connection) -> Result<Vec<String>, Fault> {
    let mut tables: Vec<String> = tx.all(
        "select name
           from sqlite_schema
          where type = 'table' and name not like 'sqlite~_%' escape '~' and name <> 'audit'",
        (),
        |row| row.get(0),
    )?;
    let mut statement = said.prepare("select distinct name from said")?;
    for name in statement.query_map((), |row| row.get(0))? {
        tables.push(name?);
    }
    tables.retain(|it| !HOUSEKEEPING.contains(&it.as_str()));
    tables.sort();
    tables.dedup();
    Ok(tables)
}

/// What the log says of a row: digest and line.
struct Said {
    row: i64,
    digest: Option<String>,
    line: i64,
}

/// Goes through a table and what the log says of it side by side, both in the order of rows.
fn compare(
    tx: &ReadTx<'_>,
    said: &Connection,
    table: &Table,
    limit: usize,
    proof: &mut LogProof,
    progress: &dyn Fn(&str),
) -> Result<(), Fault> {
    let mut told =
        said.prepare("select row, digest, line from said where name = ?1 order by row")?;
    let mut told = told.query([&table.name])?;
    // The name is SQLite's own, not a person's.
    let all = format!("select rowid, * from \"{}\" order by rowid", table.name);
    let empty = "select null where false";
    let mut statement = tx.conn().prepare(if table.there { &all } else { empty })?;
    let names: Vec<String> = statement.column_names().skip(1).map(str::to_owned).collect();
    let mut rows = statement.query(())?;
    let (mut row, mut word) = (rows.next()?, next(told.next()?)?);
    loop {
        let row_no: Option<i64> = row.map(|it| it.get(0)).transpose()?;
        let (how, number) = match (row_no, &word) {
            (None, None) => return Ok(()),
            (Some(row), Some(it)) => (row.cmp(&it.row), row.min(it.row)),
            (Some(row), None) => (Ordering::Less, row),
            (None, Some(it)) => (Ordering::Greater, it.row),
        };
        let (found, log) = (row.filter(|_| how.is_le()), word.as_ref().filter(|_| how.is_ge()));
        if let Some(wrong) = judge(found, log, names.len())? {
            if proof.strays.len() < limit {
                let concerns = found.and_then(|it| concerns(&table.name, &names, it));
                let written_by = log.map(|it| written(tx, it.line)).transpose()?;
                let table = table.name.clone();
                proof.strays.push(Stray { table, row: number, how: wrong, concerns, written_by });
            } else {
                proof.more += 1;
            }
        }
        if how.is_le() {
            proof.rows += 1;
            if proof.rows % TELL_EVERY == 0 {
                progress(&format!("{} rows against the audit log", proof.rows));
            }
            row = rows.next()?;
        }
        if how.is_ge() {
            word = next(told.next()?)?;
        }
    }
}

/// What is the matter with a row, and what the log says of it, where either may be missing.
fn judge(
    row: Option<&Row<'_>>,
    log: Option<&Said>,
    columns: usize,
) -> Result<Option<&'static str>, Fault> {
    let digest = row.map(|it| columns_digest(it, 1..columns + 1)).transpose()?;
    Ok(match (digest, log.map(|it| it.digest.as_deref())) {
        (None, None | Some(None)) => None,
        (None, Some(Some(_))) => Some("was deleted"),
        (Some(_), None) => Some("was added"),
        (Some(_), Some(None)) => Some("was added again after it was deleted"),
        (Some(is), Some(Some(was))) => (is != was).then_some("was changed"),
    })
}

fn next(row: Option<&Row<'_>>) -> Result<Option<Said>, Fault> {
    let read = |row: &Row<'_>| {
        Ok::<_, rusqlite::Error>(Said { row: row.get(0)?, digest: row.get(1)?, line: row.get(2)? })
    };
    Ok(row.map(read).transpose()?)
}

/// Whom or what a row is about: its order, its person or its due.
fn concerns(table: &str, names: &[String], row: &Row<'_>) -> Option<String> {
    let number = |name: &str| -> Option<i64> {
        let at = names.iter().position(|it| it == name)?;
        row.get(at + 1).ok()
    };
    if let Some(at) = names.iter().position(|it| it == "order_no")
        && let Ok(no) = row.get::<_, String>(at + 1)
    {
        return Some(format!("order {no}"));
    }
    if table == "candidates" {
        return number("id").map(|it| format!("candidate {it}"));
    }
    let person = number("candidate_id").map(|it| format!("candidate {it}"));
    person.or_else(|| number("due_id").map(|it| format!("due {it}")))
}

/// A line in few words.
fn written(tx: &ReadTx<'_>, line: i64) -> Result<(i64, String), Fault> {
    let sql = "select act || ' of ' || about || ' at ' || at from audit where line = ?1";
    let mut statement = tx.conn().prepare_cached(sql)?;
    let said = statement.query_row([line], |row| row.get(0)).optional()?;
    Ok((line, said.unwrap_or_default()))
}
