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

/// The forged notices that nobody of staff has taken note of.
pub(in crate::features::orders) fn forged(tx: &ReadTx<'_>) -> Result<Forgeries, Fault> {
    let found = tx.one(
        "select count(*), coalesce(max(id), 0), min(received_at), max(received_at),
                group_concat(distinct coalesce(address, '—'))
           from notices
          where verdict = 'forged' and seen_at is null",
        (),
        |row| {
            let from: Option<String> = row.get(4)?;
            Ok(Forgeries {
                count: row.get(0)?,
                last: row.get(1)?,
                first_at: row.get(2)?,
                last_at: row.get(3)?,
                from: from.unwrap_or_default().replace(',', "、"),
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Takes note of the forged ones up to the one with this number. Returns how many they were.
pub(in crate::features::orders) fn see_forged(
    tx: &WriteTx<'_>,
    last: i64,
    by: i64,
) -> Result<usize, Fault> {
    tx.run(
        "update notices
            set seen_at = ?2, seen_by = ?3
          where verdict = 'forged' and seen_at is null and id <= ?1",
        params![last, tx.now(), by],
    )
}

/// Forged notices that nobody has taken note of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgeries {
    /// How many.
    pub count: i64,
    /// The number of the last one.
    pub last: i64,
    /// The wall's time of the first one; `None`: there are none.
    pub first_at: Option<Timestamp>,
    /// The wall's time of the last one.
    pub last_at: Option<Timestamp>,
    /// The addresses they came from.
    pub from: String,
}
