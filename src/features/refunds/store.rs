//! Refunds, their numbers and their tries, as they lie in the database.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Row, params};

use super::rules::{Afterwards, Decided, Draft, Reason, Refund, State, Transfer, Tries, pause};
use crate::base::outcome::Fault;
use crate::base::values::RefundNo;
use crate::machinery::db::{ReadTx, WriteTx};

const REFUND: &str = "select r.id, r.refund_no, r.trade_no, r.order_no, r.candidate_id, r.amount,
            r.afterwards, r.reason, r.words, r.state, r.asked_at, r.asked_by, r.decided_at,
            r.decided_by, r.decided_why, r.sent_at, r.failure, r.voucher_no, r.voucher_at,
            r.voucher_by, r.confirmed_by, r.ended_at, coalesce(t.tries, 0), t.tried_at, t.trouble
       from refunds r
       left join refund_tries t on t.refund_id = r.id";

pub(super) fn insert(tx: &WriteTx<'_>, draft: &Draft) -> Result<i64, Fault> {
    let id = tx.insert(
        "insert into refunds
             (refund_no, trade_no, order_no, candidate_id, amount, afterwards, reason, words, state,
              asked_at, asked_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'asked', ?9, ?10)",
        params![
            draft.no,
            draft.trade_no,
            draft.order_no,
            draft.candidate_id,
            draft.amount,
            draft.afterwards.map(Afterwards::name),
            draft.reason.name(),
            draft.words,
            tx.now(),
            draft.asked_by
        ],
    )?;
    insert_number(tx, id, &draft.no)?;
    Ok(id)
}

fn insert_number(tx: &WriteTx<'_>, id: i64, no: &RefundNo) -> Result<(), Fault> {
    tx.insert(
        "insert into refund_numbers (refund_id, refund_no, drawn_at)
         values (?1, ?2, ?3)",
        params![id, no, tx.now()],
    )?;
    Ok(())
}

/// Writes down all that may change of a refund. Compare and set: `before` was read in the same
/// transaction.
pub(super) fn change(tx: &WriteTx<'_>, before: &Refund, after: &Refund) -> Result<(), Fault> {
    let decided = after.decided.as_ref();
    let transfer = after.transfer.as_ref();
    let changed = tx.run(
        "update refunds
            set state = ?3, refund_no = ?4, decided_at = ?5, decided_by = ?6, decided_why = ?7,
                sent_at = ?8, failure = ?9, voucher_no = ?10, voucher_at = ?11, voucher_by = ?12,
                confirmed_by = ?13, ended_at = ?14
          where id = ?1 and state = ?2",
        params![
            before.id,
            before.state.name(),
            after.state.name(),
            after.no,
            decided.map(|it| it.at),
            decided.map(|it| it.by),
            decided.and_then(|it| it.why.as_ref()),
            after.sent_at,
            after.failure,
            transfer.map(|it| &it.voucher),
            transfer.map(|it| it.at),
            transfer.map(|it| it.by),
            transfer.and_then(|it| it.confirmed_by),
            after.ended_at
        ],
    )?;
    assert_eq!(changed, 1, "a refund read in this transaction is still what it was");
    if after.no != before.no {
        insert_number(tx, before.id, &after.no)?;
    }
    if after.state != before.state {
        tx.run("delete from refund_tries where refund_id = ?1", [before.id])?;
    }
    Ok(())
}

pub(super) fn number_failed(tx: &WriteTx<'_>, no: &RefundNo) -> Result<(), Fault> {
    tx.run(
        "update refund_numbers
            set failed_at = ?2
          where refund_no = ?1",
        params![no, tx.now()],
    )?;
    Ok(())
}

pub(super) fn remember_try(
    tx: &WriteTx<'_>,
    id: i64,
    tries: i64,
    trouble: Option<&str>,
) -> Result<(), Fault> {
    tx.run(
        "insert into refund_tries (refund_id, tries, tried_at, next_at, trouble)
         values (?1, ?2, ?3, ?4, ?5)
             on conflict (refund_id) do update
            set tries = excluded.tries,
                tried_at = excluded.tried_at,
                next_at = excluded.next_at,
                trouble = excluded.trouble",
        params![id, tries, tx.wall(), tx.wall() + pause(tries), trouble],
    )?;
    Ok(())
}

pub(super) fn find(tx: &ReadTx<'_>, id: i64) -> Result<Option<Refund>, Fault> {
    tx.one(&format!("{REFUND} where r.id = ?1"), [id], read)
}

/// The refund that has, or once had, this number.
pub(super) fn by_no(tx: &ReadTx<'_>, no: &RefundNo) -> Result<Option<Refund>, Fault> {
    tx.one(
        &format!(
            "{REFUND} where r.id = (select refund_id from refund_numbers where refund_no = ?1)"
        ),
        [no],
        read,
    )
}

/// The numbers that failed, the oldest first, with when we learnt of it.
pub(super) fn failed_numbers(tx: &ReadTx<'_>, id: i64) -> Result<Vec<(String, Timestamp)>, Fault> {
    tx.all(
        "select refund_no, failed_at
           from refund_numbers
          where refund_id = ?1 and failed_at is not null
          order by id",
        [id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

pub(super) fn of_trade(tx: &ReadTx<'_>, trade_no: &str) -> Result<Vec<Refund>, Fault> {
    tx.all(&format!("{REFUND} where r.trade_no = ?1 order by r.id desc"), [trade_no], read)
}

pub(super) fn open(tx: &ReadTx<'_>) -> Result<Vec<Refund>, Fault> {
    tx.all(
        &format!("{REFUND} where r.state not in ('refunded', 'declined') order by r.id"),
        (),
        read,
    )
}

/// Those in a state whose next try has come, the longest waiting first.
pub(super) fn to_try(tx: &ReadTx<'_>, state: State, limit: i64) -> Result<Vec<i64>, Fault> {
    tx.all(
        "select r.id
           from refunds r
           left join refund_tries t on t.refund_id = r.id
          where r.state not in ('refunded', 'declined')
            and r.state = ?1
            and coalesce(t.next_at, '') <= ?2
          order by coalesce(t.next_at, ''), r.id
          limit ?3",
        params![state.name(), tx.wall(), limit],
        |row| row.get(0),
    )
}

pub(super) fn ended_between(
    tx: &ReadTx<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Refund>, Fault> {
    tx.all(
        &format!("{REFUND} where r.ended_at >= ?1 and r.ended_at < ?2 order by r.ended_at, r.id"),
        params![from, until],
        read,
    )
}

/// A page of all of them, newest first.
pub(super) fn list(tx: &ReadTx<'_>, before: Option<i64>, limit: i64) -> Result<Vec<Refund>, Fault> {
    tx.all(
        &format!("{REFUND} where (?1 is null or r.id < ?1) order by r.id desc limit ?2"),
        params![before, limit],
        read,
    )
}

fn named<T>(row: &Row<'_>, column: usize, read: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    read(&name).ok_or(rusqlite::Error::InvalidColumnType(column, name, Type::Text))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Refund> {
    let afterwards: Option<String> = row.get(6)?;
    Ok(Refund {
        id: row.get(0)?,
        no: row.get(1)?,
        trade_no: row.get(2)?,
        order_no: row.get(3)?,
        candidate_id: row.get(4)?,
        amount: row.get(5)?,
        afterwards: afterwards.and_then(|it| Afterwards::from_name(&it)),
        reason: named(row, 7, Reason::from_name)?,
        words: row.get(8)?,
        state: named(row, 9, State::from_name)?,
        asked_at: row.get(10)?,
        asked_by: row.get(11)?,
        decided: decided(row)?,
        sent_at: row.get(15)?,
        failure: row.get(16)?,
        transfer: transfer(row)?,
        ended_at: row.get(21)?,
        tries: Tries { count: row.get(22)?, last_at: row.get(23)?, trouble: row.get(24)? },
    })
}

fn decided(row: &Row<'_>) -> rusqlite::Result<Option<Decided>> {
    let (at, by): (Option<Timestamp>, Option<i64>) = (row.get(12)?, row.get(13)?);
    let why = row.get(14)?;
    Ok(at.zip(by).map(|(at, by)| Decided { at, by, why }))
}

fn transfer(row: &Row<'_>) -> rusqlite::Result<Option<Transfer>> {
    let (voucher, at, by): (Option<String>, Option<Timestamp>, Option<i64>) =
        (row.get(17)?, row.get(18)?, row.get(19)?);
    let confirmed_by = row.get(20)?;
    Ok(voucher.zip(at).zip(by).map(|((voucher, at), by)| Transfer {
        voucher,
        at,
        by,
        confirmed_by,
    }))
}
