//! Receipts: one for each payment that counted, with a number from this machine's own segments.
//!
//! Words: a *receipt* (票据) proves a payment; a *red* one (冲红) takes it back; a *segment* (号段)
//! is a range of numbers; *waiting* (待领号) is a receipt for which no number was left.
//!
//! It promises numbers without gaps, never given twice, and that a used-up segment never fails a
//! payment. It knows purchases, not orders. The paper is drawn when first asked for, and kept.

pub mod rules;
mod store;

use serde_json::json;

pub use self::rules::{Line, Receipt};

use self::rules::{Colour, Number, Printed, Refused, Segment};
use crate::base::chance::Chance;
use crate::base::outcome::{self, Fault, refuse};
use crate::base::values::{Digest, Fen, OrderNo, PersonName};
use crate::features::candidates;
use crate::machinery::db::{ReadTx, WriteTx};

/// What was bought: the payment that a receipt proves.
#[derive(Clone, Debug)]
pub struct Purchase {
    /// The platform's number of the payment.
    pub trade_no: String,
    /// The order it came by.
    pub order_no: OrderNo,
    /// Who paid.
    pub candidate_id: i64,
    /// The name on the receipt.
    pub payer: PersonName,
    /// What for.
    pub lines: Vec<Line>,
    /// How much in all.
    pub amount: Fen,
    /// 缴费渠道, in words.
    pub channel: String,
    /// The platform's time of the payment.
    pub paid_at: jiff::Timestamp,
}

/// Issues the receipt of a payment, with a number if there is one.
///
/// # Errors
/// A fault when it cannot be written, or the payment has one already.
pub fn issue(tx: &WriteTx<'_>, purchase: &Purchase, chance: &Chance) -> Result<i64, Fault> {
    let person = candidates::find(tx, purchase.candidate_id)?;
    let printed = Printed {
        payer: purchase.payer.shown().to_owned(),
        payer_code: person.map_or_else(String::new, |it| it.document.masked()),
        lines: purchase.lines.clone(),
        channel: purchase.channel.clone(),
        paid_at: purchase.paid_at,
    };
    let number = store::next_number(tx)?;
    let check_code = check_code(chance);
    let draft = store::Draft {
        trade_no: &purchase.trade_no,
        order_no: &purchase.order_no,
        colour: Colour::Blue,
        number: number.as_ref(),
        check_code: &check_code,
        printed: &printed,
        candidate_id: purchase.candidate_id,
        amount: purchase.amount,
    };
    let id = store::insert(tx, &draft)?;
    tx.note_with("receipt.issued", &purchase.order_no, json!({ "number": worded(number.as_ref()) }));
    Ok(id)
}

/// Takes the receipt of a payment back: issues its red one. Done once; again it changes nothing.
///
/// # Errors
/// A fault when the payment has no receipt, or the red one cannot be written.
pub fn reverse(tx: &WriteTx<'_>, order_no: &OrderNo, trade_no: &str, chance: &Chance) -> Result<i64, Fault> {
    let receipts = store::of_order(tx, order_no)?;
    let of = |colour| receipts.iter().find(|it| it.trade_no == trade_no && it.colour == colour);
    if let Some(red) = of(Colour::Red) {
        return Ok(red.id);
    }
    let blue = of(Colour::Blue).ok_or_else(|| Fault::new("the payment has no receipt"))?;
    let number = store::next_number(tx)?;
    let check_code = check_code(chance);
    let draft = store::Draft {
        trade_no,
        order_no,
        colour: Colour::Red,
        number: number.as_ref(),
        check_code: &check_code,
        printed: &blue.printed,
        candidate_id: blue.candidate_id,
        amount: blue.amount,
    };
    let id = store::insert(tx, &draft)?;
    tx.note_with("receipt.reversed", order_no, json!({ "number": worded(number.as_ref()) }));
    Ok(id)
}

/// Gives numbers to receipts that wait for one, the oldest first. Returns how many got one.
///
/// # Errors
/// A fault when it cannot be written.
pub fn number_waiting(tx: &WriteTx<'_>) -> Result<i64, Fault> {
    const AT_ONCE: i64 = 500;
    let mut given = 0;
    for id in store::waiting(tx, AT_ONCE)? {
        let Some(number) = store::next_number(tx)? else { break };
        store::set_number(tx, id, &number)?;
        tx.note_with("receipt.numbered", format_args!("receipt {id}"), json!({ "number": worded(Some(&number)) }));
        given += 1;
    }
    Ok(given)
}

/// Adds a range of numbers to draw from.
///
/// # Errors
/// [`Refused`] when it is none, or overlaps one that is there.
pub fn add_segment(
    tx: &WriteTx<'_>,
    code: &str,
    first: i64,
    last: i64,
) -> outcome::Result<(), Refused> {
    let digits = code.len() == 8 && code.bytes().all(|it| it.is_ascii_digit());
    if !digits || first < 1 || last < first || last > 9_999_999_999 {
        return refuse(Refused::NotASegment);
    }
    let segment = Segment { code: code.to_owned(), first, last, next: first };
    let overlaps = |it: &Segment| it.code == segment.code && it.first <= last && first <= it.last;
    if let Some(there) = store::segments(tx)?.into_iter().find(overlaps) {
        return refuse(Refused::Overlaps(there));
    }
    let id = store::insert_segment(tx, &segment)?;
    tx.note_with(
        "receipt.segment_added",
        format_args!("segment {id}"),
        json!({ "code": code, "first": first, "last": last }),
    );
    Ok(())
}

/// The ranges of numbers, in the order they are used.
///
/// # Errors
/// A fault when they cannot be read.
pub fn segments(tx: &ReadTx<'_>) -> Result<Vec<Segment>, Fault> {
    store::segments(tx)
}

/// How many numbers are left, and how many receipts wait for one.
///
/// # Errors
/// A fault when they cannot be counted.
pub fn numbers_left(tx: &ReadTx<'_>) -> Result<(i64, usize), Fault> {
    let left = store::segments(tx)?.iter().map(|it| it.last + 1 - it.next).sum();
    Ok((left, store::waiting(tx, 10_000)?.len()))
}

/// A receipt.
///
/// # Errors
/// A fault when it cannot be read.
pub fn find(tx: &ReadTx<'_>, id: i64) -> Result<Option<Receipt>, Fault> {
    store::find(tx, id)
}

/// The receipts of an order, the blue one first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn of_order(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Vec<Receipt>, Fault> {
    store::of_order(tx, no)
}

/// The receipts of a person, newest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn of_candidate(tx: &ReadTx<'_>, candidate: i64) -> Result<Vec<Receipt>, Fault> {
    store::of_candidate(tx, candidate)
}

/// The receipt with exactly this code, number and check code, and whether it was taken back.
///
/// # Errors
/// A fault when it cannot be read.
pub fn check(
    tx: &ReadTx<'_>,
    number: &Number,
    check_code: &str,
) -> Result<Option<(Receipt, bool)>, Fault> {
    let Some(receipt) = store::by_number(tx, number, check_code)? else { return Ok(None) };
    let reversed = store::is_reversed(tx, &receipt.trade_no)?;
    Ok(Some((receipt, reversed)))
}

/// Remembers which file is the drawn receipt. The file is there already.
///
/// # Errors
/// A fault when it cannot be written.
pub fn drawn(tx: &WriteTx<'_>, id: i64, paper: &Digest) -> Result<(), Fault> {
    store::set_paper(tx, id, paper)?;
    tx.note("receipt.drawn", format_args!("receipt {id}"));
    Ok(())
}

fn check_code(chance: &Chance) -> String {
    let [a, b, c] = chance.bytes();
    format!("{a:02x}{b:02x}{c:02x}")
}

fn worded(number: Option<&Number>) -> String {
    number.map_or_else(|| "待领号".into(), |it| format!("{} {}", it.code, it.serial_text()))
}
