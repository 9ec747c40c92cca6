//! What the platform posted to us, as it lies in the database.

use jiff::Timestamp;
use rusqlite::params;

use super::named;
use crate::base::outcome::Fault;
use crate::base::values::OrderNo;
use crate::features::orders::rules::Verdict;
use crate::machinery::db::{ReadTx, WriteTx};

/// A notice as it is to be kept.
pub(in crate::features::orders) struct Received<'n> {
    pub(in crate::features::orders) headers: &'n str,
    pub(in crate::features::orders) body: &'n [u8],
    pub(in crate::features::orders) verdict: Verdict,
    pub(in crate::features::orders) order_no: Option<&'n OrderNo>,
}

pub(in crate::features::orders) fn keep_notice(
    tx: &WriteTx<'_>,
    notice: &Received<'_>,
) -> Result<i64, Fault> {
    tx.insert(
        "insert into notices (received_at, address, headers, body, verdict, order_no)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            tx.wall(),
            tx.by().address.map(|it| it.to_string()),
            notice.headers,
            notice.body,
            notice.verdict.name(),
            notice.order_no
        ],
    )
}

/// What the platform told us of an order: when, and what it was found to be.
pub(in crate::features::orders) fn notices(
    tx: &ReadTx<'_>,
    no: &OrderNo,
) -> Result<Vec<(Timestamp, Verdict)>, Fault> {
    tx.all(
        "select received_at, verdict
           from notices
          where order_no = ?1
          order by id",
        [no],
        |row| {
            let of_name = |name: &str| Verdict::ALL.into_iter().find(|it| it.name() == name);
            Ok((row.get(0)?, named(row, 1, of_name)?))
        },
    )
}
