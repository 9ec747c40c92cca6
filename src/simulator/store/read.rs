//! Rows to books.

use std::collections::HashMap;

use rusqlite::types::Type;
use rusqlite::{Connection, Row};

use super::super::core::attempt::{self, Attempt, Channel};
use super::super::core::fault::Fault as Trouble;
use super::super::core::faults::{Faults, Scope, Switch};
use super::super::core::forgery::Forgery;
use super::super::core::notice::Notice;
use super::super::core::order::{self, Order, Payment};
use super::super::core::refund::{self, Refund};
use super::super::core::{Books, Key};
use crate::base::outcome::Fault;
use crate::base::values::Fen;

/// All that was ever written down.
pub(super) fn books(conn: &Connection) -> Result<Books, Fault> {
    let mut orders = all(
        conn,
        "select merchant, order_no, amount, subject, payer, attach, asked_expiry, expires_at,
                return_url, notify_url, token, created_at, state, closed_at
           from orders",
        order,
    )?;
    let mut attempts = grouped(
        conn,
        "select merchant, order_no, code, channel, shown_at, state
           from attempts
          order by place",
        attempt,
    )?;
    let mut payments = grouped(
        conn,
        "select p.merchant, p.order_no, p.serial, p.trade_no, p.place, p.amount, a.channel, p.bank,
                p.paid_at
           from payments p
           join attempts a using (merchant, order_no, place)
          order by p.serial",
        payment,
    )?;
    let mut refunds = grouped(
        conn,
        "select merchant, order_no, refund_no, trade_no, amount, reason, asked_at, ready_at, outcome,
                state, finished_at
           from refunds
          order by rowid",
        refund,
    )?;
    let mut notices = grouped(
        conn,
        "select p.merchant, p.order_no, n.serial, n.trade_no, n.since, n.tries, n.due_at, n.heard_at
           from notices n
           join payments p using (trade_no)
          order by n.serial",
        notice,
    )?;
    let mut forgeries = grouped(
        conn,
        "select merchant, order_no, serial, trade_no, amount, made_at, due_at, believed
           from forgeries
          order by serial",
        forgery,
    )?;
    for order in &mut orders {
        let key = order.key();
        order.attempts = attempts.remove(&key).unwrap_or_default();
        order.payments = payments.remove(&key).unwrap_or_default();
        order.refunds = refunds.remove(&key).unwrap_or_default();
        order.notices = notices.remove(&key).unwrap_or_default();
        order.forgeries = forgeries.remove(&key).unwrap_or_default();
    }
    Ok(Books::restored(orders, faults(conn)?))
}

/// The faults that are switched on. One of a code that is not known is left out: it hits nobody.
fn faults(conn: &Connection) -> Result<Faults, Fault> {
    let sql = "select fault, merchant, order_no, measure, since
                 from faults";
    let switches = all(conn, sql, |row| {
        let (code, merchant, no): (String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let scope = if no.is_empty() { Scope::All } else { Scope::Order((merchant, no)) };
        let switch = Switch { measure: row.get(3)?, since: row.get(4)? };
        Ok(Trouble::from_code(&code).map(|fault| (fault, scope, switch)))
    })?;
    Ok(Faults::restored(switches.into_iter().flatten().collect()))
}

/// Every row of a query.
pub(super) fn all<T>(
    conn: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Fault> {
    let found: rusqlite::Result<Vec<T>> = conn.prepare_cached(sql)?.query_map([], read)?.collect();
    Ok(found?)
}

/// Every row of a query, by the order that its first two columns name.
fn grouped<T>(
    conn: &Connection,
    sql: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<HashMap<Key, Vec<T>>, Fault> {
    let mut groups: HashMap<Key, Vec<T>> = HashMap::new();
    for (key, value) in all(conn, sql, |row| Ok(((row.get(0)?, row.get(1)?), read(row)?)))? {
        groups.entry(key).or_default().push(value);
    }
    Ok(groups)
}

fn order(row: &Row<'_>) -> rusqlite::Result<Order> {
    Ok(Order {
        merchant: row.get(0)?,
        order_no: row.get(1)?,
        amount: fen(row, 2)?,
        subject: row.get(3)?,
        payer: row.get(4)?,
        attach: row.get(5)?,
        asked_expiry: row.get(6)?,
        expires_at: row.get(7)?,
        return_url: row.get(8)?,
        notify_url: row.get(9)?,
        token: row.get(10)?,
        created_at: row.get(11)?,
        state: one_of(row, 12, &order::State::ALL, order::State::code)?,
        closed_at: row.get(13)?,
        attempts: Vec::new(),
        payments: Vec::new(),
        refunds: Vec::new(),
        notices: Vec::new(),
        forgeries: Vec::new(),
    })
}

fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        code: row.get(2)?,
        channel: one_of(row, 3, &Channel::ALL, Channel::code)?,
        shown_at: row.get(4)?,
        state: one_of(row, 5, &attempt::State::ALL, attempt::State::code)?,
    })
}

fn payment(row: &Row<'_>) -> rusqlite::Result<Payment> {
    Ok(Payment {
        serial: row.get::<_, i64>(2)? as u64,
        trade_no: row.get(3)?,
        attempt: row.get::<_, i64>(4)? as usize,
        amount: fen(row, 5)?,
        channel: one_of(row, 6, &Channel::ALL, Channel::code)?,
        bank: row.get(7)?,
        paid_at: row.get(8)?,
    })
}

fn refund(row: &Row<'_>) -> rusqlite::Result<Refund> {
    Ok(Refund {
        refund_no: row.get(2)?,
        trade_no: row.get(3)?,
        amount: fen(row, 4)?,
        reason: row.get(5)?,
        asked_at: row.get(6)?,
        ready_at: row.get(7)?,
        outcome: one_of(row, 8, &refund::Event::ALL, refund::Event::code)?,
        state: one_of(row, 9, &refund::State::ALL, refund::State::code)?,
        finished_at: row.get(10)?,
    })
}

fn notice(row: &Row<'_>) -> rusqlite::Result<Notice> {
    Ok(Notice {
        serial: row.get::<_, i64>(2)? as u64,
        trade_no: row.get(3)?,
        since: row.get(4)?,
        tries: row.get(5)?,
        due_at: row.get(6)?,
        heard_at: row.get(7)?,
    })
}

fn forgery(row: &Row<'_>) -> rusqlite::Result<Forgery> {
    Ok(Forgery {
        serial: row.get::<_, i64>(2)? as u64,
        trade_no: row.get(3)?,
        amount: fen(row, 4)?,
        made_at: row.get(5)?,
        due_at: row.get(6)?,
        believed: row.get(7)?,
    })
}

fn fen(row: &Row<'_>, column: usize) -> rusqlite::Result<Fen> {
    let fen: i64 = row.get(column)?;
    Fen::new(fen).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, fen))
}

/// The value whose code stands in the column.
fn one_of<T: Copy>(
    row: &Row<'_>,
    column: usize,
    choices: &[T],
    code: impl Fn(T) -> &'static str,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    let unknown = || {
        let what = "a code that the books do not know";
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, what.into())
    };
    choices.iter().copied().find(|it| code(*it) == text).ok_or_else(unknown)
}
