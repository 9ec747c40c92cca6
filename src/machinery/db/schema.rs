//! What the file looks like: a new one gets `schema.sql`, an older one the steps it lacks.

use rusqlite::{Connection, TransactionBehavior};

use crate::base::outcome::Fault;

/// The whole database on one commented page.
pub const SCHEMA: &str = include_str!("../../../schema.sql");

/// "KAOW", so that `file` and we ourselves recognise the file.
const APPLICATION: i32 = 0x4b41_4f57;

/// The number of the last released step; `pragma user_version` of an up-to-date file.
pub const VERSION: i32 = 1;

/// The released changes since version 1, each with the version it leads to. Never edited.
pub const STEPS: &[(i32, &str)] = &[];

/// Makes a new file, or brings an older one up to date, in one transaction.
///
/// # Errors
/// A fault when the file is another program's, or was made by a newer Kaowu.
pub(super) fn bring_up_to_date(conn: &mut Connection) -> Result<(), Fault> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i32 = tx.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = tx.query_row("select count(*) from sqlite_schema", (), |row| row.get(0))?;
    if tables == 0 {
        tx.execute_batch(SCHEMA)?;
    } else if application != APPLICATION {
        return Err(Fault::new("the database file is not one of Kaowu's"));
    } else if version > VERSION {
        return Err(Fault::new(format!(
            "the data folder was made by a newer Kaowu (step {version}, this one knows {VERSION})"
        )));
    } else {
        for (_, step) in STEPS.iter().filter(|(number, _)| *number > version) {
            tx.execute_batch(step)?;
        }
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    Ok(tx.commit()?)
}
