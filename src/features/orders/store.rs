//! Orders, payments and notices, as they lie in the database.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::rules::{Fate, Order, Payment, Road, State, Verdict};
use crate::base::outcome::Fault;
use crate::base::values::{Fen, OrderNo};
use crate::machinery::db::{ReadTx, WriteTx};
use crate::machinery::gateway::Success;

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
}

/// Which orders a list shows.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Only these states; empty: all.
    pub states: Vec<State>,
    /// An order's or trade's number, or the beginning of a payer's name; empty: any.
    pub text: String,
    /// Only orders placed before the one with this number (the last one of the page before).
    pub before: Option<i64>,
}

pub(super) fn insert(tx: &WriteTx<'_>, draft: &Draft<'_>) -> Result<(), Fault> {
    tx.insert(
        "insert into orders
             (order_no, due_id, candidate_id, amount, subject, payer, state, placed_at, expires_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, 'created', ?7, ?8)",
        params![
            draft.no,
            draft.due_id,
            draft.candidate_id,
            draft.amount,
            draft.subject,
            draft.payer,
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

pub(super) fn knows_trade(tx: &ReadTx<'_>, trade_no: &str) -> Result<bool, Fault> {
    Ok(tx.count("select count(*) from payments where trade_no = ?1", [trade_no])? > 0)
}

pub(super) fn insert_payment(
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
pub(super) fn payments(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Vec<Payment>, Fault> {
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

/// A notice as it is to be kept.
pub(super) struct Received<'n> {
    pub(super) headers: &'n str,
    pub(super) body: &'n [u8],
    pub(super) verdict: Verdict,
    pub(super) order_no: Option<&'n OrderNo>,
}

pub(super) fn keep_notice(tx: &WriteTx<'_>, notice: &Received<'_>) -> Result<i64, Fault> {
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
pub(super) fn notices(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Vec<(Timestamp, Verdict)>, Fault> {
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

/// A page of the list, newest first.
pub(super) fn list(tx: &ReadTx<'_>, sought: &Sought, limit: i64) -> Result<Vec<Order>, Fault> {
    let states: Vec<&str> = sought.states.iter().map(|it| it.name()).collect();
    let text = sought.text.trim();
    let like = format!("{}%", text.replace(['%', '_', '\\'], ""));
    tx.all(
        &format!(
            "{ORDER}
              where (?1 = '' or instr(?1, ',' || o.state || ',') > 0)
                and (?2 = '' or o.order_no = ?2 or o.payer like ?3
                     or o.order_no in (select order_no from payments where trade_no = ?2))
                and (?4 is null or o.id < ?4)
              order by o.id desc
              limit ?5"
        ),
        params![
            if states.is_empty() { String::new() } else { format!(",{},", states.join(",")) },
            text,
            like,
            sought.before,
            limit
        ],
        read,
    )
}

/// How many orders are in each state.
pub(super) fn counts(tx: &ReadTx<'_>) -> Result<Vec<(State, i64)>, Fault> {
    tx.all("select state, count(*) from orders group by state", (), |row| {
        Ok((named(row, 0, State::from_name)?, row.get(1)?))
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

pub(super) fn takings(tx: &ReadTx<'_>, since: Timestamp) -> Result<Takings, Fault> {
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
