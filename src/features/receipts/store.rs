//! Receipts and number segments, as they lie in the database.

use rusqlite::{Row, params};
use serde_json::{Value, json};

use super::rules::{Colour, Line, Number, Printed, Receipt, Segment};
use crate::base::outcome::Fault;
use crate::base::values::{Digest, Fen, OrderNo};
use crate::machinery::db::{ReadTx, WriteTx};

const RECEIPT: &str = "select id, trade_no, order_no, colour, code, number, check_code,
            candidate_id, amount, issued_at, face, paper
       from receipts";

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
            face(draft.printed).to_string(),
            draft.candidate_id,
            draft.amount,
            tx.now()
        ],
    )
}

pub(super) fn find(tx: &ReadTx<'_>, id: i64) -> Result<Option<Receipt>, Fault> {
    tx.one(&format!("{RECEIPT} where id = ?1"), [id], read)
}

pub(super) fn of_order(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Vec<Receipt>, Fault> {
    tx.all(&format!("{RECEIPT} where order_no = ?1 order by id"), [no], read)
}

pub(super) fn of_candidate(tx: &ReadTx<'_>, candidate: i64) -> Result<Vec<Receipt>, Fault> {
    tx.all(&format!("{RECEIPT} where candidate_id = ?1 order by id desc"), [candidate], read)
}

/// The receipt with exactly this code, number and check code.
pub(super) fn by_number(
    tx: &ReadTx<'_>,
    number: &Number,
    check_code: &str,
) -> Result<Option<Receipt>, Fault> {
    tx.one(
        &format!("{RECEIPT} where code = ?1 and number = ?2 and check_code = ?3"),
        params![number.code, number.serial, check_code],
        read,
    )
}

/// Was this receipt taken back by a red one?
pub(super) fn is_reversed(tx: &ReadTx<'_>, trade_no: &str) -> Result<bool, Fault> {
    let sql = "select count(*) from receipts where trade_no = ?1 and colour = 'red'";
    Ok(tx.count(sql, [trade_no])? > 0)
}

/// The receipts that wait for a number, the oldest first.
pub(super) fn waiting(tx: &ReadTx<'_>, limit: i64) -> Result<Vec<i64>, Fault> {
    tx.all(
        "select id
           from receipts
          where number is null
          order by id
          limit ?1",
        [limit],
        |row| row.get(0),
    )
}

pub(super) fn set_number(tx: &WriteTx<'_>, id: i64, number: &Number) -> Result<(), Fault> {
    tx.run(
        "update receipts
            set code = ?2, number = ?3
          where id = ?1",
        params![id, number.code, number.serial],
    )?;
    Ok(())
}

pub(super) fn set_paper(tx: &WriteTx<'_>, id: i64, paper: &Digest) -> Result<(), Fault> {
    tx.run(
        "update receipts
            set paper = ?2
          where id = ?1",
        params![id, paper],
    )?;
    Ok(())
}

/// Draws the next number of the first segment that has one. `None`: all are used up.
pub(super) fn next_number(tx: &WriteTx<'_>) -> Result<Option<Number>, Fault> {
    tx.one(
        "update receipt_segments
            set next_no = next_no + 1
          where id = (select id
                        from receipt_segments
                       where next_no <= last_no
                       order by id
                       limit 1)
         returning code, next_no - 1",
        (),
        |row| Ok(Number { code: row.get(0)?, serial: row.get(1)? }),
    )
}

pub(super) fn segments(tx: &ReadTx<'_>) -> Result<Vec<Segment>, Fault> {
    tx.all(
        "select code, first_no, last_no, next_no
           from receipt_segments
          order by id",
        (),
        |row| {
            Ok(Segment {
                code: row.get(0)?,
                first: row.get(1)?,
                last: row.get(2)?,
                next: row.get(3)?,
            })
        },
    )
}

pub(super) fn insert_segment(tx: &WriteTx<'_>, segment: &Segment) -> Result<i64, Fault> {
    tx.insert(
        "insert into receipt_segments (code, first_no, last_no, next_no, added_at)
         values (?1, ?2, ?3, ?4, ?5)",
        params![segment.code, segment.first, segment.last, segment.next, tx.now()],
    )
}

fn face(printed: &Printed) -> Value {
    let lines: Vec<Value> = printed
        .lines
        .iter()
        .map(|line| {
            json!({
                "code": line.code,
                "name": line.name,
                "unit": line.unit,
                "quantity": line.quantity,
                "standard": line.standard.fen(),
                "amount": line.amount.fen(),
            })
        })
        .collect();
    json!({
        "payer": printed.payer,
        "payer_code": printed.payer_code,
        "lines": lines,
        "channel": printed.channel,
        "paid_at": printed.paid_at.to_string(),
    })
}

fn read_face(text: &str) -> Option<Printed> {
    let face: Value = serde_json::from_str(text).ok()?;
    let text_of = |value: &Value, name: &str| Some(value.get(name)?.as_str()?.to_owned());
    let fen_of = |value: &Value, name: &str| Fen::new(value.get(name)?.as_i64()?);
    let lines = face.get("lines")?.as_array()?.iter().map(|line| {
        Some(Line {
            code: text_of(line, "code")?,
            name: text_of(line, "name")?,
            unit: text_of(line, "unit")?,
            quantity: line.get("quantity")?.as_u64()?.try_into().ok()?,
            standard: fen_of(line, "standard")?,
            amount: fen_of(line, "amount")?,
        })
    });
    Some(Printed {
        payer: text_of(&face, "payer")?,
        payer_code: text_of(&face, "payer_code")?,
        lines: lines.collect::<Option<_>>()?,
        channel: text_of(&face, "channel")?,
        paid_at: text_of(&face, "paid_at")?.parse().ok()?,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Receipt> {
    let wrong = |column: usize, name: &str| {
        rusqlite::Error::InvalidColumnType(column, name.to_owned(), rusqlite::types::Type::Text)
    };
    let colour: String = row.get(3)?;
    let code: Option<String> = row.get(4)?;
    let serial: Option<i64> = row.get(5)?;
    let face: String = row.get(10)?;
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
        printed: read_face(&face).ok_or_else(|| wrong(10, "face"))?,
        paper: row.get(11)?,
    })
}
