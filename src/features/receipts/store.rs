//! Receipts and number segments, as they lie in the database.

mod face;
mod segments;

use rusqlite::types::Type;
use rusqlite::{Row, params};

pub(super) use self::segments::{insert_segment, next_number, segments};

use super::rules::{Colour, Number, Printed, Receipt, Sought};
use crate::base::outcome::Fault;
use crate::base::values::{Digest, Fen, OrderNo};
use crate::machinery::db::{ReadTx, WriteTx};

const RECEIPT: &str =
    "select r.id, r.trade_no, r.order_no, r.colour, r.code, r.number, r.check_code,
            r.candidate_id, r.amount, r.issued_at, r.face, r.paper,
            r.colour = 'blue'
            and exists (select 1
                          from receipts t
                         where t.trade_no = r.trade_no and t.colour = 'red')
       from receipts r";

/// A receipt before it has a row.
pub(super) struct Draft<'d> {
    pub(super) trade_no: &'d str,
    pub(super) order_no: &'d OrderNo,
    pub(super) colour: Colour,
    pub(super) number: Option<&'d Number>,
    pub(super) check_code: &'d str,
    pub(super) printed: &'d Printed,
    pub(super) candidate_id: i64,
    pub(super) amount: Fen,
}

pub(super) fn insert(tx: &WriteTx<'_>, draft: &Draft<'_>) -> Result<i64, Fault> {
    tx.insert(
        "insert into receipts
             (trade_no, order_no, colour, code, number, check_code, face, candidate_id, amount,
              issued_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            draft.trade_no,
            draft.order_no,
            draft.colour.name(),
            draft.number.map(|it| &it.code),
            draft.number.map(|it| it.serial),
            draft.check_code,
            face::write(draft.printed),
            draft.candidate_id,
            draft.amount,
            tx.now()
        ],
    )
}

pub(super) fn find(tx: &ReadTx<'_>, id: i64) -> Result<Option<Receipt>, Fault> {
    tx.one(&format!("{RECEIPT} where r.id = ?1"), [id], read)
}

/// The receipt of a payment in this colour.
pub(super) fn of_trade(
    tx: &ReadTx<'_>,
    trade_no: &str,
    colour: Colour,
) -> Result<Option<Receipt>, Fault> {
    tx.one(
        &format!("{RECEIPT} where r.trade_no = ?1 and r.colour = ?2"),
        params![trade_no, colour.name()],
        read,
    )
}

pub(super) fn of_order(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Vec<Receipt>, Fault> {
    tx.all(&format!("{RECEIPT} where r.order_no = ?1 order by r.id"), [no], read)
}

pub(super) fn of_candidate(tx: &ReadTx<'_>, candidate: i64) -> Result<Vec<Receipt>, Fault> {
    tx.all(&format!("{RECEIPT} where r.candidate_id = ?1 order by r.id desc"), [candidate], read)
}

pub(super) fn by_number(tx: &ReadTx<'_>, number: &Number) -> Result<Option<Receipt>, Fault> {
    tx.one(
        &format!("{RECEIPT} where r.code = ?1 and r.number = ?2"),
        params![number.code, number.serial],
        read,
    )
}

/// A page of the list, newest first: those before the receipt `before`.
pub(super) fn list(
    tx: &ReadTx<'_>,
    sought: &Sought,
    waiting_only: bool,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Receipt>, Fault> {
    let (order, code, serial, words) = match sought {
        Sought::Anything => (None, None, None, None),
        Sought::Order(no) => (Some(no), None, None, None),
        Sought::Number(it) => (None, Some(it.code.as_str()), Some(it.serial), None),
        Sought::Serial(serial) => (None, None, Some(*serial), None),
        Sought::Words(words) => (None, None, None, Some(words.as_str())),
    };
    tx.all(
        &format!(
            "{RECEIPT}
              where (?1 is null or r.order_no = ?1)
                and (?2 is null or r.code = ?2)
                and (?3 is null or r.number = ?3)
                and (?4 is null or r.trade_no = ?4 or instr(r.face ->> '$.payer', ?4) = 1)
                and (not ?5 or r.number is null)
                and (?6 is null or r.id < ?6)
              order by r.id desc
              limit ?7"
        ),
        params![order, code, serial, words, waiting_only, before, limit],
        read,
    )
}

/// The receipts that wait for a number, the oldest first.
pub(super) fn waiting(tx: &ReadTx<'_>, limit: i64) -> Result<Vec<(i64, OrderNo)>, Fault> {
    tx.all(
        "select id, order_no
           from receipts
          where number is null
          order by id
          limit ?1",
        [limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

pub(super) fn count_waiting(tx: &ReadTx<'_>) -> Result<i64, Fault> {
    tx.count("select count(*) from receipts where number is null", ())
}

/// Gives a receipt its number; from now on that is when it was issued.
pub(super) fn set_number(tx: &WriteTx<'_>, id: i64, number: &Number) -> Result<(), Fault> {
    tx.run(
        "update receipts
            set code = ?2, number = ?3, issued_at = ?4
          where id = ?1 and number is null",
        params![id, number.code, number.serial, tx.now()],
    )?;
    Ok(())
}

/// Remembers a drawn receipt, and tells whether it was the first.
pub(super) fn set_paper(tx: &WriteTx<'_>, id: i64, paper: &Digest) -> Result<bool, Fault> {
    let set = tx.run(
        "update receipts
            set paper = ?2
          where id = ?1 and paper is null",
        params![id, paper],
    )?;
    Ok(set > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Receipt> {
    let wrong = |column: usize, name: &str| {
        rusqlite::Error::InvalidColumnType(column, name.to_owned(), Type::Text)
    };
    let colour: String = row.get(3)?;
    let code: Option<String> = row.get(4)?;
    let serial: Option<i64> = row.get(5)?;
    let printed: String = row.get(10)?;
    Ok(Receipt {
        id: row.get(0)?,
        trade_no: row.get(1)?,
        order_no: row.get(2)?,
        colour: Colour::from_name(&colour).ok_or_else(|| wrong(3, "colour"))?,
        number: code.zip(serial).map(|(code, serial)| Number { code, serial }),
        check_code: row.get(6)?,
        candidate_id: row.get(7)?,
        amount: row.get(8)?,
        issued_at: row.get(9)?,
        printed: face::read(&printed).ok_or_else(|| wrong(10, "face"))?,
        paper: row.get(11)?,
        reversed: row.get(12)?,
    })
}
