//! Money that the platform reported, as it lies in the database.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::named;
use crate::base::outcome::Fault;
use crate::base::values::OrderNo;
use crate::features::orders::rules::{Fate, Payment, Road};
use crate::machinery::db::{ReadTx, WriteTx};
use crate::machinery::gateway::Success;

const PAYMENT: &str = "select trade_no, order_no, due_id, amount, channel, paid_at, learnt_at,
            learnt_by, fate, counted_at
       from payments";

pub(in crate::features::orders) fn knows_trade(
    tx: &ReadTx<'_>,
    trade_no: &str,
) -> Result<bool, Fault> {
    Ok(tx.count("select count(*) from payments where trade_no = ?1", [trade_no])? > 0)
}

/// A success, before it has a row.
pub(in crate::features::orders) struct Reported<'p> {
    pub(in crate::features::orders) success: &'p Success,
    pub(in crate::features::orders) due_id: Option<i64>,
    pub(in crate::features::orders) road: Road,
    pub(in crate::features::orders) fate: Fate,
}

pub(in crate::features::orders) fn insert_payment(
    tx: &WriteTx<'_>,
    reported: &Reported<'_>,
) -> Result<(), Fault> {
    let Reported { success, due_id, road, fate } = reported;
    tx.insert(
        "insert into payments
             (trade_no, order_no, due_id, amount, channel, paid_at, learnt_at, learnt_by, fate,
              counted_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, iif(?9 = 'counted', ?7, null))",
        params![
            success.trade_no,
            success.order_no,
            due_id,
            success.amount,
            success.channel.code(),
            success.paid_at,
            tx.now(),
            road.name(),
            fate.name()
        ],
    )?;
    Ok(())
}

/// Moves money on. Compare and set: the caller has read it in the same transaction.
pub(in crate::features::orders) fn move_fate(
    tx: &WriteTx<'_>,
    payment: &Payment,
    to: Fate,
) -> Result<(), Fault> {
    let moved = tx.run(
        "update payments
            set fate = ?3
          where trade_no = ?1 and fate = ?2",
        params![payment.trade_no, payment.fate.name(), to.name()],
    )?;
    assert_eq!(moved, 1, "a payment read in this transaction is still what it was");
    Ok(())
}

pub(in crate::features::orders) fn payment(
    tx: &ReadTx<'_>,
    trade_no: &str,
) -> Result<Option<Payment>, Fault> {
    tx.one(&format!("{PAYMENT} where trade_no = ?1"), [trade_no], read)
}

/// The successes of an order, oldest first.
pub(in crate::features::orders) fn payments(
    tx: &ReadTx<'_>,
    no: &OrderNo,
) -> Result<Vec<Payment>, Fault> {
    tx.all(&format!("{PAYMENT} where order_no = ?1 order by id"), [no], read)
}

/// The successes for a due, by whichever order, oldest first.
pub(in crate::features::orders) fn payments_of_due(
    tx: &ReadTx<'_>,
    due_id: i64,
) -> Result<Vec<Payment>, Fault> {
    tx.all(&format!("{PAYMENT} where due_id = ?1 order by id"), [due_id], read)
}

pub(in crate::features::orders) fn payments_between(
    tx: &ReadTx<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Payment>, Fault> {
    tx.all(
        &format!("{PAYMENT} where paid_at >= ?1 and paid_at < ?2 order by paid_at, id"),
        params![from, until],
        read,
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Payment> {
    Ok(Payment {
        trade_no: row.get(0)?,
        order_no: row.get(1)?,
        due_id: row.get(2)?,
        amount: row.get(3)?,
        channel: row.get(4)?,
        paid_at: row.get(5)?,
        learnt_at: row.get(6)?,
        learnt_by: named(row, 7, Road::from_name)?,
        fate: named(row, 8, Fate::from_name)?,
        counted_at: row.get(9)?,
    })
}

/// What came in, and what of it is to be given back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Takings {
    /// Payments counted since the instant that was asked for.
    pub payments: i64,
    /// What they come to, in fen.
    pub fen: i64,
    /// Payments that wait for their refund, whenever they came.
    pub to_refund: i64,
    /// What those come to, in fen.
    pub to_refund_fen: i64,
    /// When the first of those was learnt of.
    pub oldest_to_refund: Option<Timestamp>,
}

pub(in crate::features::orders) fn takings(
    tx: &ReadTx<'_>,
    since: Timestamp,
) -> Result<Takings, Fault> {
    let found = tx.one(
        "select count(*) filter (where counted_at is not null and paid_at >= ?1),
                coalesce(sum(amount) filter (where counted_at is not null and paid_at >= ?1), 0),
                count(*) filter (where fate = 'to_refund'),
                coalesce(sum(amount) filter (where fate = 'to_refund'), 0),
                min(learnt_at) filter (where fate = 'to_refund')
           from payments",
        [since],
        |row| {
            Ok(Takings {
                payments: row.get(0)?,
                fen: row.get(1)?,
                to_refund: row.get(2)?,
                to_refund_fen: row.get(3)?,
                oldest_to_refund: row.get(4)?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}
