//! What the database file can be asked about itself.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::schema::SCHEMA;
use super::transaction::ReadTx;
use crate::base::outcome::Fault;
use crate::base::values::Digest;

/// What SQLite finds broken in the file, page by page and index by index; empty when it is whole.
///
/// # Errors
/// A fault when the file cannot be read at all.
pub fn broken_pages(tx: &ReadTx<'_>) -> Result<Vec<String>, Fault> {
    let said: Vec<String> = tx.all("pragma integrity_check(100)", (), |row| row.get(0))?;
    Ok(said.into_iter().filter(|it| it != "ok").collect())
}

/// Rows that refer to a row which is not there.
///
/// # Errors
/// A fault when the file cannot be read.
pub fn dangling(tx: &ReadTx<'_>) -> Result<Vec<String>, Fault> {
    tx.all("pragma foreign_key_check", (), |row| {
        let (table, row_no, parent): (String, Option<i64>, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let row_no = row_no.map_or_else(String::new, |it| format!(" {it}"));
        Ok(format!("{table}{row_no} refers to a row of {parent} that is not there"))
    })
}

/// Where the file's tables, indexes and triggers are not those of `schema.sql`. How they are set
/// and what their comments say makes no difference.
///
/// # Errors
/// A fault when the file cannot be read.
pub fn schema_differences(tx: &ReadTx<'_>) -> Result<Vec<String>, Fault> {
    let model = Connection::open_in_memory()?;
    model.execute_batch(SCHEMA)?;
    let (mut found, wanted) = (objects(tx.conn())?, objects(&model)?);
    let mut said = Vec::new();
    for (name, sql) in wanted {
        match found.remove(&name) {
            None => said.push(format!("{name} is missing")),
            Some(other) if other != sql => said.push(format!("{name} is not as it was made")),
            Some(_) => {}
        }
    }
    said.extend(found.into_keys().map(|name| format!("{name} is not one of ours")));
    Ok(said)
}

/// Shows every digest of a file in `files/` that a row names, with its table and row number. Which
/// columns hold one, the comments of `schema.sql` say.
///
/// # Errors
/// A fault when the file cannot be read, or a digest is none.
pub fn named_files(tx: &ReadTx<'_>, mut each: impl FnMut(&str, i64, Digest)) -> Result<(), Fault> {
    for (table, column) in file_columns(SCHEMA) {
        let sql = "select 1 from pragma_table_xinfo(?1) where name = ?2";
        let there = tx.conn().query_row(sql, [table, column], |_| Ok(())).optional()?;
        if there.is_none() {
            continue;
        }
        let sql = format!("select rowid, {column} from {table} where {column} is not null");
        let mut statement = tx.conn().prepare(&sql)?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            each(table, row.get(0)?, row.get(1)?);
        }
    }
    Ok(())
}

/// The tables and columns of a schema whose comment says `in files/`.
fn file_columns(schema: &str) -> Vec<(&str, &str)> {
    let (mut table, mut found) = ("", Vec::new());
    for line in schema.lines() {
        if let Some(name) = line.strip_prefix("create table ") {
            table = name.split([' ', '(']).next().unwrap_or(name);
        } else if let Some((column, comment)) = line.split_once("--") {
            let column = column.split_whitespace().next();
            if comment.contains("in files/") && line.starts_with(' ') {
                found.extend(column.map(|column| (table, column)));
            }
        }
    }
    found
}

fn objects(conn: &Connection) -> Result<BTreeMap<String, String>, Fault> {
    let mut statement = conn.prepare(
        "select type || ' ' || name, sql
           from sqlite_schema
          where sql is not null and name not like 'sqlite~_%' escape '~'",
    )?;
    let rows =
        statement.query_map((), |row| Ok((row.get(0)?, plain(&row.get::<_, String>(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
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

#[cfg(test)]
mod tests {
    use super::{SCHEMA, file_columns};

    #[test]
    fn the_schema_tells_which_columns_name_files() {
        let found = file_columns(SCHEMA);
        for wanted in [("receipts", "paper"), ("rosters", "file_digest")] {
            assert!(found.contains(&wanted), "{wanted:?} is not in {found:?}");
        }
    }
}
