//! Money that the platform reported, as it lies in the database.

use jiff::Timestamp;
use rusqlite::params;

use super::named;
use crate::base::outcome::Fault;
use crate::base::values::OrderNo;
use crate::features::orders::rules::{Fate, Order, Payment, Road};
use crate::machinery::db::{ReadTx, WriteTx};
use crate::machinery::gateway::Success;

pub(in crate::features::orders) fn knows_trade(
    tx: &ReadTx<'_>,
    trade_no: &str,
) -> Result<bool, Fault> {
    Ok(tx.count("select count(*) from payments where trade_no = ?1", [trade_no])? > 0)
}

pub(in crate::features::orders) fn insert_payment(
    tx: &WriteTx<'_>,
    order: &Order,
    success: &Success,
    road: Road,
    fate: Fate,
) -> Result<(), Fault> {
    tx.insert(
        "insert into payments
             (trade_no, order_no, due_id, amount, channel, paid_at, learnt_at, learnt_by, fate)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            success.trade_no,
            order.no,
            order.due_id,
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

/// The successes of an order, oldest first.
pub(in crate::features::orders) fn payments(
    tx: &ReadTx<'_>,
    no: &OrderNo,
) -> Result<Vec<Payment>, Fault> {
    tx.all(
        "select trade_no, order_no, amount, channel, paid_at, learnt_at, learnt_by, fate
           from payments
          where order_no = ?1
          order by id",
        [no],
        |row| {
            Ok(Payment {
                trade_no: row.get(0)?,
                order_no: row.get(1)?,
                amount: row.get(2)?,
                channel: row.get(3)?,
                paid_at: row.get(4)?,
                learnt_at: row.get(5)?,
                learnt_by: named(row, 6, Road::from_name)?,
                fate: named(row, 7, Fate::from_name)?,
            })
        },
    )
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
        "select count(*) filter (where fate = 'counted' and paid_at >= ?1),
                coalesce(sum(amount) filter (where fate = 'counted' and paid_at >= ?1), 0),
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
