//! What a folder is: the facts fixed when it was made, and the few that commands may change.

use super::transaction::{ReadTx, WriteTx};
use crate::base::outcome::Fault;

impl ReadTx<'_> {
    /// A fact about this folder (`mode`, `centre_code`, `machine_no`, `incarnation`, `folder_id`,
    /// `clock_shift_s` …). `None` when it was never set.
    ///
    /// # Errors
    /// A fault when it cannot be read.
    pub fn fact(&self, fact: &str) -> Result<Option<String>, Fault> {
        self.one(
            "select value
               from house
              where fact = ?1",
            [fact],
            |row| row.get(0),
        )
    }
}

impl WriteTx<'_> {
    /// Sets a fact about this folder. The caller notes why.
    ///
    /// # Errors
    /// A fault when it cannot be written.
    pub fn set_fact(&self, fact: &str, value: &str) -> Result<(), Fault> {
        self.run(
            "insert into house (fact, value)
             values (?1, ?2)
             on conflict (fact) do update
                set value = excluded.value",
            [fact, value],
        )?;
        Ok(())
    }
}
