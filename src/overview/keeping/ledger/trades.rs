//! The online payments as the comparison with the platform needs them.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use crate::base::outcome::Fault;
use crate::base::values::{Fen, OrderNo};
use crate::machinery::db::ReadTx;

/// How long after its closing late money for an order may be unheard of: by then the statements of
/// two days have come.
const LATE_WITHIN: SignedDuration = SignedDuration::from_hours(48);

/// An online payment in our books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::overview::keeping) struct Trade {
    pub(in crate::overview::keeping) trade_no: String,
    pub(in crate::overview::keeping) order_no: OrderNo,
    pub(in crate::overview::keeping) amount: Fen,
}

/// Every online payment, whatever became of it, in the order of its number.
pub(in crate::overview::keeping) fn trades(tx: &ReadTx<'_>) -> Result<Vec<Trade>, Fault> {
    let sql = "select trade_no, order_no, amount from payments order by trade_no";
    tx.all(sql, (), |row| {
        Ok(Trade { trade_no: row.get(0)?, order_no: row.get(1)?, amount: row.get(2)? })
    })
}

/// What the counted online payments come to, in fen.
pub(in crate::overview::keeping) fn counted_online(tx: &ReadTx<'_>) -> Result<i64, Fault> {
    tx.count("select coalesce(sum(amount), 0) from payments where fate = 'counted'", ())
}

/// When the first order was placed.
pub(in crate::overview::keeping) fn first_order(
    tx: &ReadTx<'_>,
) -> Result<Option<Timestamp>, Fault> {
    let first = tx.one("select min(placed_at) from orders", (), |row| row.get(0))?;
    Ok(first.flatten())
}

/// The numbers of all orders, oldest first.
pub(in crate::overview::keeping) fn order_numbers(tx: &ReadTx<'_>) -> Result<Vec<OrderNo>, Fault> {
    tx.all("select order_no from orders order by id", (), |row| row.get(0))
}

/// Whether what the platform knows of an order is still to be asked for: it is open, or closed so
/// lately that the payer's next look or the day's statement brings late money in. `None`: it is not
/// here.
pub(in crate::overview::keeping) fn is_awaited(
    tx: &ReadTx<'_>,
    no: &OrderNo,
) -> Result<Option<bool>, Fault> {
    let sql = "select state in ('created', 'awaiting_payment')
                      or state = 'closed' and closed_at > ?2
                 from orders
                where order_no = ?1";
    tx.one(sql, params![no, tx.now() - LATE_WITHIN], |row| row.get(0))
}
