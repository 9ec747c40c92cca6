//! Payments, read where they lie until the room of orders lists them.

use jiff::Timestamp;
use rusqlite::params;

use crate::base::outcome::Fault;
use crate::features::reconciliation::rules::{Entry, What};
use crate::machinery::db::ReadTx;

pub(in super::super) fn payments_between(
    tx: &ReadTx<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Entry>, Fault> {
    tx.all(
        "select trade_no, order_no, amount, channel, paid_at
           from payments
          where paid_at >= ?1 and paid_at < ?2",
        params![from, until],
        |row| {
            let number: String = row.get(0)?;
            Ok(Entry {
                what: What::Payment,
                trade_no: number.clone(),
                number,
                order_no: row.get(1)?,
                fen: row.get(2)?,
                channel: row.get(3)?,
                at: row.get(4)?,
                attach: String::new(),
            })
        },
    )
}

pub(in super::super) fn payment(
    tx: &ReadTx<'_>,
    trade_no: &str,
) -> Result<Option<(Timestamp, i64)>, Fault> {
    let sql = "select paid_at, amount from payments where trade_no = ?1";
    tx.one(sql, [trade_no], |row| Ok((row.get(0)?, row.get(1)?)))
}
