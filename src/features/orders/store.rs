//! Orders, payments and notices, as they lie in the database.

mod list;
mod notices;
mod payments;

use jiff::Timestamp;
use rusqlite::{Row, params};

pub use self::list::Sought;
pub(super) use self::list::{counts, list};
pub use self::notices::Forgeries;
pub(super) use self::notices::{Received, forged, keep_notice, notices, see_forged};
pub use self::payments::Takings;
pub(super) use self::payments::{
    Reported, insert_payment, knows_trade, move_fate, payment, payments, payments_between,
    payments_of_due, takings,
};

use super::rules::{Order, State};
use crate::base::outcome::Fault;
use crate::base::values::{Fen, OrderNo};
use crate::machinery::db::{ReadTx, WriteTx};

const ORDER: &str = "select o.id, o.order_no, o.due_id, o.candidate_id, o.amount, o.subject,
            o.payer, o.state, o.placed_at, o.expires_at, o.pay_url, o.paid_at, o.closed_at,
            q.asked_at, q.trouble
       from orders o
       left join order_questions q on q.order_id = o.id";

/// A new order, before it has a row.
pub(super) struct Draft<'d> {
    pub(super) no: &'d OrderNo,
    pub(super) due_id: i64,
    pub(super) candidate_id: i64,
    pub(super) amount: Fen,
    pub(super) subject: &'d str,
    pub(super) payer: &'d str,
    pub(super) expires_at: Timestamp,
    /// `Created`, or `Closed` for one that the platform knows and we had lost: what follows from
    /// its money is then what follows from late money.
    pub(super) state: State,
}

pub(super) fn insert(tx: &WriteTx<'_>, draft: &Draft<'_>) -> Result<(), Fault> {
    tx.insert(
        "insert into orders
             (order_no, due_id, candidate_id, amount, subject, payer, state, placed_at, expires_at,
              closed_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, case when ?7 = 'closed' then ?8 end)",
        params![
            draft.no,
            draft.due_id,
            draft.candidate_id,
            draft.amount,
            draft.subject,
            draft.payer,
            draft.state.name(),
            tx.now(),
            draft.expires_at
        ],
    )?;
    Ok(())
}

pub(super) fn find(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Option<Order>, Fault> {
    tx.one(&format!("{ORDER} where o.order_no = ?1"), [no], read)
}

/// All orders of a person, newest first.
pub(super) fn of_candidate(tx: &ReadTx<'_>, candidate: i64) -> Result<Vec<Order>, Fault> {
    tx.all(&format!("{ORDER} where o.candidate_id = ?1 order by o.id desc"), [candidate], read)
}

/// All orders for a due, newest first.
pub(super) fn of_due(tx: &ReadTx<'_>, due: i64) -> Result<Vec<Order>, Fault> {
    tx.all(&format!("{ORDER} where o.due_id = ?1 order by o.id desc"), [due], read)
}

pub(super) fn placed_since(
    tx: &ReadTx<'_>,
    candidate: i64,
    since: Timestamp,
) -> Result<i64, Fault> {
    tx.count(
        "select count(*)
           from orders
          where candidate_id = ?1 and placed_at > ?2",
        params![candidate, since],
    )
}

/// Open orders past their time, the oldest first.
pub(super) fn expired(tx: &ReadTx<'_>, limit: i64) -> Result<Vec<OrderNo>, Fault> {
    tx.all(
        "select order_no
           from orders
          where state in ('created', 'awaiting_payment') and expires_at <= ?1
          order by expires_at
          limit ?2",
        params![tx.now(), limit],
        |row| row.get(0),
    )
}

/// Open orders past their time that the platform did not answer for when it was asked last.
pub(super) fn unanswered(tx: &ReadTx<'_>) -> Result<Vec<Order>, Fault> {
    tx.all(
        &format!(
            "{ORDER}
              where o.state in ('created', 'awaiting_payment')
                and o.expires_at <= ?1
                and q.trouble is not null
              order by o.expires_at"
        ),
        [tx.now()],
        read,
    )
}

/// Open orders that nobody has asked about since, the longest unasked first. One asked about in a
/// time that has yet to come was asked about before the clock was set back.
pub(super) fn unasked(
    tx: &ReadTx<'_>,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<OrderNo>, Fault> {
    tx.all(
        "select o.order_no
           from orders o
           left join order_questions q on q.order_id = o.id
          where o.state in ('created', 'awaiting_payment')
            and (coalesce(q.asked_at, '') <= ?1 or q.asked_at > ?3)
          order by coalesce(q.asked_at, ''), o.id
          limit ?2",
        params![since, limit, tx.wall()],
        |row| row.get(0),
    )
}

/// Moves an order on. Compare and set: the caller has read it in the same transaction.
pub(super) fn move_state(
    tx: &WriteTx<'_>,
    order: &Order,
    to: State,
    paid_at: Option<Timestamp>,
) -> Result<(), Fault> {
    let closed_at = match to {
        State::Closed => order.closed_at.or(Some(tx.now())),
        State::Created | State::AwaitingPayment | State::Paid => order.closed_at,
    };
    let moved = tx.run(
        "update orders
            set state = ?3, paid_at = ?4, closed_at = ?5
          where order_no = ?1 and state = ?2",
        params![order.no, order.state.name(), to.name(), paid_at, closed_at],
    )?;
    assert_eq!(moved, 1, "an order read in this transaction is still what it was");
    Ok(())
}

pub(super) fn set_pay_url(tx: &WriteTx<'_>, no: &OrderNo, pay_url: &str) -> Result<(), Fault> {
    tx.run(
        "update orders
            set pay_url = ?2
          where order_no = ?1",
        params![no, pay_url],
    )?;
    Ok(())
}

pub(super) fn remember_question(
    tx: &WriteTx<'_>,
    no: &OrderNo,
    trouble: Option<&str>,
) -> Result<(), Fault> {
    tx.run(
        "insert into order_questions (order_id, asked_at, trouble)
         select id, ?2, ?3 from orders where order_no = ?1
             on conflict (order_id) do update
            set asked_at = excluded.asked_at,
                trouble = excluded.trouble",
        params![no, tx.wall(), trouble],
    )?;
    Ok(())
}

fn named<T>(
    row: &Row<'_>,
    column: usize,
    from_name: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    from_name(&name).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(column, name, rusqlite::types::Type::Text)
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Order> {
    Ok(Order {
        id: row.get(0)?,
        no: row.get(1)?,
        due_id: row.get(2)?,
        candidate_id: row.get(3)?,
        amount: row.get(4)?,
        subject: row.get(5)?,
        payer: row.get(6)?,
        state: named(row, 7, State::from_name)?,
        placed_at: row.get(8)?,
        expires_at: row.get(9)?,
        pay_url: row.get(10)?,
        paid_at: row.get(11)?,
        closed_at: row.get(12)?,
        asked_at: row.get(13)?,
        ask_trouble: row.get(14)?,
    })
}
