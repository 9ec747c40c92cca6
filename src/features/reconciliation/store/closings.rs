//! Closed days, as they lie in the database.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Row, params};

use crate::base::outcome::Fault;
use crate::base::values::Digest;
use crate::features::reconciliation::rules::{Face, Sums};
use crate::machinery::db::{ReadTx, WriteTx};

/// A day that was closed, or what was added to it afterwards.
#[derive(Clone, Debug)]
pub struct Closing {
    /// Our number.
    pub id: i64,
    /// The day.
    pub day: Date,
    /// 0: the day's own; from 1: its supplements.
    pub part: i64,
    /// The statement it rests on.
    pub statement: i64,
    /// What this part adds, by our books.
    pub ours: Sums,
    /// The same by the platform's statement.
    pub theirs: Sums,
    /// What is printed on its sheet.
    pub face: Face,
    /// Who closed it.
    pub closed_by: i64,
    /// The house's time.
    pub closed_at: Timestamp,
    /// What its sheet is found by; `None` until it is drawn.
    pub paper: Option<Digest>,
}

const CLOSING: &str = "select id, day, part, statement_id, ours_payments, ours_payments_fen,
            ours_refunds, ours_refunds_fen, theirs_payments, theirs_payments_fen, theirs_refunds,
            theirs_refunds_fen, face, closed_by, closed_at, paper
       from closings";

pub(in super::super) fn insert_closing(tx: &WriteTx<'_>, it: &Closing) -> Result<i64, Fault> {
    tx.insert(
        "insert into closings
             (day, part, statement_id, ours_payments, ours_payments_fen, ours_refunds,
              ours_refunds_fen, theirs_payments, theirs_payments_fen, theirs_refunds,
              theirs_refunds_fen, face, closed_by, closed_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            it.day,
            it.part,
            it.statement,
            it.ours.payments,
            it.ours.payments_fen,
            it.ours.refunds,
            it.ours.refunds_fen,
            it.theirs.payments,
            it.theirs.payments_fen,
            it.theirs.refunds,
            it.theirs.refunds_fen,
            serde_json::to_string(&it.face)?,
            it.closed_by,
            it.closed_at
        ],
    )
}

/// The closings of a day, its own first.
pub(in super::super) fn closings(tx: &ReadTx<'_>, day: Date) -> Result<Vec<Closing>, Fault> {
    closings_between(tx, day, day)
}

/// The closings of some days, by day.
pub(in super::super) fn closings_between(
    tx: &ReadTx<'_>,
    first: Date,
    last: Date,
) -> Result<Vec<Closing>, Fault> {
    tx.all(
        &format!("{CLOSING} where day between ?1 and ?2 order by day, part"),
        params![first, last],
        read,
    )
}

pub(in super::super) fn find_closing(tx: &ReadTx<'_>, id: i64) -> Result<Option<Closing>, Fault> {
    tx.one(&format!("{CLOSING} where id = ?1"), [id], read)
}

/// Remembers which file is the drawn sheet. The first one stays; says whether this was it.
pub(in super::super) fn set_paper(
    tx: &WriteTx<'_>,
    id: i64,
    paper: &Digest,
) -> Result<bool, Fault> {
    let set = tx.run(
        "update closings
            set paper = ?2
          where id = ?1 and paper is null",
        params![id, paper],
    )?;
    Ok(set > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Closing> {
    let face: String = row.get("face")?;
    Ok(Closing {
        id: row.get("id")?,
        day: row.get("day")?,
        part: row.get("part")?,
        statement: row.get("statement_id")?,
        ours: Sums {
            payments: row.get("ours_payments")?,
            payments_fen: row.get("ours_payments_fen")?,
            refunds: row.get("ours_refunds")?,
            refunds_fen: row.get("ours_refunds_fen")?,
        },
        theirs: Sums {
            payments: row.get("theirs_payments")?,
            payments_fen: row.get("theirs_payments_fen")?,
            refunds: row.get("theirs_refunds")?,
            refunds_fen: row.get("theirs_refunds_fen")?,
        },
        face: serde_json::from_str(&face).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(12, rusqlite::types::Type::Text, error.into())
        })?,
        closed_by: row.get("closed_by")?,
        closed_at: row.get("closed_at")?,
        paper: row.get("paper")?,
    })
}
