//! Books to rows.

use rusqlite::{Connection, ToSql, Transaction, params};

use super::super::core::attempt::Attempt;
use super::super::core::faults::{Faults, Scope};
use super::super::core::forgery::Forgery;
use super::super::core::notice::Notice;
use super::super::core::order::{Order, Payment};
use super::super::core::refund::Refund;
use crate::base::outcome::Fault;

/// Writes every order that changed, with all that belongs to it, and the faults if they changed,
/// in one transaction.
pub(super) fn books(
    conn: &mut Connection,
    changed: &[&Order],
    faults: Option<&Faults>,
) -> Result<(), Fault> {
    if changed.is_empty() && faults.is_none() {
        return Ok(());
    }
    let tx = conn.transaction()?;
    if let Some(faults) = faults {
        write_faults(&tx, faults)?;
    }
    for order in changed {
        write_order(&tx, order)?;
        for (place, attempt) in order.attempts.iter().enumerate() {
            write_attempt(&tx, order, place, attempt)?;
        }
        for payment in &order.payments {
            write_payment(&tx, order, payment)?;
        }
        for refund in &order.refunds {
            write_refund(&tx, order, refund)?;
        }
        for notice in &order.notices {
            write_notice(&tx, notice)?;
        }
        for forgery in &order.forgeries {
            write_forgery(&tx, order, forgery)?;
        }
    }
    Ok(tx.commit()?)
}

fn run(tx: &Transaction<'_>, sql: &str, params: &[&dyn ToSql]) -> Result<(), Fault> {
    tx.prepare_cached(sql)?.execute(params)?;
    Ok(())
}

fn write_order(tx: &Transaction<'_>, it: &Order) -> Result<(), Fault> {
    run(
        tx,
        "insert into orders (merchant, order_no, amount, subject, payer, attach, asked_expiry,
                             expires_at, return_url, notify_url, token, created_at, state, closed_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             on conflict (merchant, order_no) do update
            set return_url = excluded.return_url,
                notify_url = excluded.notify_url,
                state = excluded.state,
                closed_at = excluded.closed_at",
        params![
            it.merchant,
            it.order_no,
            it.amount.fen(),
            it.subject,
            it.payer,
            it.attach,
            it.asked_expiry,
            it.expires_at,
            it.return_url,
            it.notify_url,
            it.token,
            it.created_at,
            it.state.code(),
            it.closed_at
        ],
    )
}

fn write_attempt(
    tx: &Transaction<'_>,
    order: &Order,
    place: usize,
    it: &Attempt,
) -> Result<(), Fault> {
    let (channel, state) = (it.channel.code(), it.state.code());
    run(
        tx,
        "insert into attempts (merchant, order_no, place, code, channel, shown_at, state)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             on conflict (merchant, order_no, place) do update
            set state = excluded.state",
        params![order.merchant, order.order_no, place as i64, it.code, channel, it.shown_at, state],
    )
}

fn write_payment(tx: &Transaction<'_>, order: &Order, it: &Payment) -> Result<(), Fault> {
    run(
        tx,
        "insert into payments (serial, trade_no, merchant, order_no, place, amount, bank, paid_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             on conflict (serial) do nothing",
        params![
            it.serial as i64,
            it.trade_no,
            order.merchant,
            order.order_no,
            it.attempt as i64,
            it.amount.fen(),
            it.bank,
            it.paid_at
        ],
    )
}

fn write_refund(tx: &Transaction<'_>, order: &Order, it: &Refund) -> Result<(), Fault> {
    run(
        tx,
        "insert into refunds (merchant, refund_no, order_no, trade_no, amount, reason, asked_at,
                              ready_at, outcome, state, finished_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             on conflict (merchant, refund_no) do update
            set state = excluded.state,
                finished_at = excluded.finished_at",
        params![
            order.merchant,
            it.refund_no,
            order.order_no,
            it.trade_no,
            it.amount.fen(),
            it.reason,
            it.asked_at,
            it.ready_at,
            it.outcome.code(),
            it.state.code(),
            it.finished_at
        ],
    )
}

fn write_notice(tx: &Transaction<'_>, it: &Notice) -> Result<(), Fault> {
    run(
        tx,
        "insert into notices (serial, trade_no, since, tries, due_at, heard_at)
         values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (serial) do update
            set tries = excluded.tries,
                due_at = excluded.due_at,
                heard_at = excluded.heard_at",
        params![it.serial as i64, it.trade_no, it.since, it.tries, it.due_at, it.heard_at],
    )
}

fn write_forgery(tx: &Transaction<'_>, order: &Order, it: &Forgery) -> Result<(), Fault> {
    run(
        tx,
        "insert into forgeries (serial, merchant, order_no, trade_no, amount, made_at, due_at,
                                believed)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             on conflict (serial) do update
            set due_at = excluded.due_at,
                believed = excluded.believed",
        params![
            it.serial as i64,
            order.merchant,
            order.order_no,
            it.trade_no,
            it.amount.fen(),
            it.made_at,
            it.due_at,
            it.believed
        ],
    )
}

fn write_faults(tx: &Transaction<'_>, faults: &Faults) -> Result<(), Fault> {
    run(tx, "delete from faults", &[])?;
    for (fault, scope, switch) in faults.switches() {
        let (merchant, no) = match scope {
            Scope::All => ("", ""),
            Scope::Order((merchant, no)) => (merchant.as_str(), no.as_str()),
        };
        run(
            tx,
            "insert into faults (fault, merchant, order_no, measure, since)
             values (?1, ?2, ?3, ?4, ?5)",
            params![fault.code(), merchant, no, switch.measure, switch.since],
        )?;
    }
    Ok(())
}
