//! Statements and differences, as they lie in the database.

mod closings;

use jiff::civil::Date;
use rusqlite::{Row, params};

pub use self::closings::Closing;
pub(super) use self::closings::{
    closings, closings_between, find_closing, insert_closing, set_paper,
};

use super::rules::{
    ByChannel, Difference, Entry, Found, Kind, Remedy, Road, Signed, State, Sums, What,
};
use crate::base::outcome::Fault;
use crate::base::values::Digest;
use crate::machinery::db::{ReadTx, WriteTx};

/// A statement that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Our number.
    pub id: i64,
    /// The day it is about.
    pub day: Date,
    /// By which road it came.
    pub road: Road,
    /// What its bytes are found by.
    pub file: Digest,
    /// The digest of what it says.
    pub content: Digest,
    /// What it comes to.
    pub sums: Sums,
    /// The same by channel.
    pub channels: ByChannel,
    /// The house's time.
    pub taken_at: jiff::Timestamp,
}

const STATEMENT: &str = "select id, day, road, file_digest, content, payments, payments_fen,
            refunds, refunds_fen, channels, taken_at
       from statements";

const DIFFERENCE: &str = "select id, day, what, number, trade_no, order_no, channel, at, attach,
            theirs_fen, ours_fen, other_day, kind, remedy, state, asked_at, proposed_by, proposed_at, words,
            confirmed_by, confirmed_at, outcome, closing_id
       from differences";

pub(super) fn insert_statement(tx: &WriteTx<'_>, taken: &Taken) -> Result<i64, Fault> {
    tx.insert(
        "insert into statements
             (day, road, file_digest, content, payments, payments_fen, refunds, refunds_fen,
              channels, taken_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            taken.day,
            taken.road.name(),
            taken.file,
            taken.content,
            taken.sums.payments,
            taken.sums.payments_fen,
            taken.sums.refunds,
            taken.sums.refunds_fen,
            serde_json::to_string(&taken.channels)?,
            tx.now()
        ],
    )
}

/// The statement of a day that counts.
pub(super) fn statement(tx: &ReadTx<'_>, day: Date) -> Result<Option<Taken>, Fault> {
    Ok(statements(tx, day)?.into_iter().next())
}

/// The statements of a day, the one that counts first.
pub(super) fn statements(tx: &ReadTx<'_>, day: Date) -> Result<Vec<Taken>, Fault> {
    tx.all(&format!("{STATEMENT} where day = ?1 order by id desc"), [day], read_statement)
}

/// The statements that count, of some days, by day.
pub(super) fn statements_between(
    tx: &ReadTx<'_>,
    first: Date,
    last: Date,
) -> Result<Vec<Taken>, Fault> {
    tx.all(
        &format!(
            "{STATEMENT}
              where id in (select max(id) from statements where day between ?1 and ?2 group by day)
              order by day"
        ),
        params![first, last],
        read_statement,
    )
}

/// The first day of which there is a statement.
pub(super) fn first_day(tx: &ReadTx<'_>) -> Result<Option<Date>, Fault> {
    Ok(tx.one("select min(day) from statements", (), |row| row.get(0))?.flatten())
}

fn read_statement(row: &Row<'_>) -> rusqlite::Result<Taken> {
    let channels: String = row.get("channels")?;
    Ok(Taken {
        id: row.get("id")?,
        day: row.get("day")?,
        road: named(row, "road", |name| Road::ALL.into_iter().find(|it| it.name() == name))?,
        file: row.get("file_digest")?,
        content: row.get("content")?,
        sums: Sums {
            payments: row.get("payments")?,
            payments_fen: row.get("payments_fen")?,
            refunds: row.get("refunds")?,
            refunds_fen: row.get("refunds_fen")?,
        },
        channels: serde_json::from_str(&channels).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
        })?,
        taken_at: row.get("taken_at")?,
    })
}

/// Writes a new difference down.
pub(super) fn insert_difference(tx: &WriteTx<'_>, day: Date, found: &Found) -> Result<i64, Fault> {
    let it = &found.entry;
    tx.insert(
        "insert into differences
             (day, what, number, trade_no, order_no, channel, at, attach, theirs_fen, ours_fen,
              other_day, kind, remedy, state, found_at, words, outcome)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, '', ?16)",
        params![
            day,
            it.what.name(),
            it.number,
            it.trade_no,
            it.order_no,
            it.channel,
            it.at,
            it.attach,
            found.theirs_fen,
            found.ours_fen,
            found.other_day,
            found.kind.name(),
            found.remedy.name(),
            found.state().name(),
            tx.now(),
            found.outcome()
        ],
    )
}

/// Writes down where a difference stands now, all but what it is about and its day.
pub(super) fn update_difference(tx: &WriteTx<'_>, it: &Difference) -> Result<(), Fault> {
    tx.run(
        "update differences
            set theirs_fen = ?2, ours_fen = ?3, kind = ?4, remedy = ?5, state = ?6, asked_at = ?7,
                proposed_by = ?8, proposed_at = ?9, words = ?10, confirmed_by = ?11,
                confirmed_at = ?12, outcome = ?13, closing_id = ?14, other_day = ?15
          where id = ?1 and closing_id is null",
        params![
            it.id,
            it.found.theirs_fen,
            it.found.ours_fen,
            it.found.kind.name(),
            it.found.remedy.name(),
            it.state.name(),
            it.asked_at,
            it.proposal.map(|it| it.by),
            it.proposal.map(|it| it.at),
            it.words,
            it.confirmation.map(|it| it.by),
            it.confirmation.map(|it| it.at),
            it.outcome,
            it.closing,
            it.found.other_day
        ],
    )?;
    Ok(())
}

pub(super) fn difference(tx: &ReadTx<'_>, id: i64) -> Result<Option<Difference>, Fault> {
    tx.one(&format!("{DIFFERENCE} where id = ?1"), [id], read_difference)
}

/// The differences of a day: those that wait first, else in the order they were found.
pub(super) fn differences(tx: &ReadTx<'_>, day: Date) -> Result<Vec<Difference>, Fault> {
    tx.all(
        &format!("{DIFFERENCE} where day = ?1 order by state in ('cleared', 'explained'), id"),
        [day],
        read_difference,
    )
}

/// How many differences wait, and how many came after the last closing, of each of some days.
pub(super) fn waiting(
    tx: &ReadTx<'_>,
    first: Date,
    last: Date,
) -> Result<Vec<(Date, i64, i64)>, Fault> {
    tx.all(
        "select day, count(*) filter (where state in ('open', 'proposed')),
                count(*) filter (where closing_id is null)
           from differences
          where day between ?1 and ?2
          group by day",
        params![first, last],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

fn read_difference(row: &Row<'_>) -> rusqlite::Result<Difference> {
    let signed = |by: &str, at: &str| -> rusqlite::Result<Option<Signed>> {
        let (by, at) = (row.get::<_, Option<i64>>(by)?, row.get(at)?);
        Ok(by.zip(at).map(|(by, at)| Signed { by, at }))
    };
    Ok(Difference {
        id: row.get("id")?,
        day: row.get("day")?,
        found: Found {
            entry: read_entry(row)?,
            kind: named(row, "kind", |name| Kind::ALL.into_iter().find(|it| it.name() == name))?,
            remedy: named(row, "remedy", |name| {
                Remedy::ALL.into_iter().find(|it| it.name() == name)
            })?,
            theirs_fen: row.get("theirs_fen")?,
            ours_fen: row.get("ours_fen")?,
            other_day: row.get("other_day")?,
        },
        state: named(row, "state", |name| State::ALL.into_iter().find(|it| it.name() == name))?,
        asked_at: row.get("asked_at")?,
        proposal: signed("proposed_by", "proposed_at")?,
        words: row.get("words")?,
        confirmation: signed("confirmed_by", "confirmed_at")?,
        outcome: row.get("outcome")?,
        closing: row.get("closing_id")?,
    })
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let (theirs, ours): (Option<i64>, Option<i64>) = (row.get("theirs_fen")?, row.get("ours_fen")?);
    Ok(Entry {
        what: named(row, "what", |name| What::ALL.into_iter().find(|it| it.name() == name))?,
        number: row.get("number")?,
        trade_no: row.get("trade_no")?,
        order_no: row.get("order_no")?,
        // The table's check keeps one of them.
        fen: theirs.or(ours).unwrap_or_default(),
        channel: row.get("channel")?,
        at: row.get("at")?,
        attach: row.get("attach")?,
    })
}

fn named<T>(
    row: &Row<'_>,
    column: &str,
    from_name: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    let unknown =
        || rusqlite::Error::InvalidColumnType(0, name.clone(), rusqlite::types::Type::Text);
    from_name(&name).ok_or_else(unknown)
}
