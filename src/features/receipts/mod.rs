//! Receipts: one for each payment that counted, with a number from this machine's own segments.
//!
//! Words: a *receipt* (票据) proves a payment; a *red* one (冲红) takes it back; a *segment* (号段)
//! is a range of numbers; *waiting* (待领号) is a receipt for which no number was left; a *claim*
//! is what a stranger who checks a receipt (查验) says of it.
//!
//! It promises numbers without gaps, never given twice, in the order of the payments; that a
//! used-up segment never fails a payment; and that who checks a receipt learns nothing that is not
//! printed on it. It knows purchases, not orders. The paper is drawn when first asked for, and kept.

pub mod console;
mod face;
mod pace;
mod paper;
pub mod rules;
pub mod site;
mod store;
pub mod verification;

use serde_json::json;

pub use self::pace::Pace;
pub use self::paper::{NoPaper, paper};
pub use self::rules::{Line, Receipt};

use self::rules::{Claim, Colour, Number, Printed, Refused, Segment, Stock};
use crate::base::chance::Chance;
use crate::base::clock::office_date;
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
        payer: purchase.payer.clone(),
        payer_code: person.map_or_else(String::new, |it| it.document.masked()),
        lines: purchase.lines.clone(),
        channel: purchase.channel.clone(),
        paid_at: purchase.paid_at,
    };
    let number = draw_number(tx)?;
    let draft = store::Draft {
        trade_no: &purchase.trade_no,
        order_no: &purchase.order_no,
        colour: Colour::Blue,
        number: number.as_ref(),
        check_code: &check_code(chance),
        printed: &printed,
        candidate_id: purchase.candidate_id,
        amount: purchase.amount,
    };
    let id = store::insert(tx, &draft)?;
    note(tx, "receipt.issued", &purchase.order_no, number.as_ref());
    Ok(id)
}

/// Takes the receipt of a payment back: issues its red one. Done once; again it changes nothing.
///
/// # Errors
/// A fault when the payment has no receipt by this order, or the red one cannot be written.
pub fn reverse(
    tx: &WriteTx<'_>,
    order_no: &OrderNo,
    trade_no: &str,
    chance: &Chance,
) -> Result<i64, Fault> {
    if let Some(red) = store::of_trade(tx, trade_no, Colour::Red)? {
        return Ok(red.id);
    }
    let blue = store::of_trade(tx, trade_no, Colour::Blue)?
        .filter(|it| it.order_no == *order_no)
        .ok_or_else(|| Fault::new("the payment has no receipt"))?;
    let number = draw_number(tx)?;
    let draft = store::Draft {
        trade_no,
        order_no,
        colour: Colour::Red,
        number: number.as_ref(),
        check_code: &check_code(chance),
        printed: &blue.printed,
        candidate_id: blue.candidate_id,
        amount: blue.amount,
    };
    let id = store::insert(tx, &draft)?;
    note(tx, "receipt.reversed", order_no, number.as_ref());
    Ok(id)
}

/// Gives numbers to receipts that wait for one, the oldest first. Returns how many got one.
///
/// # Errors
/// A fault when it cannot be written.
pub fn number_waiting(tx: &WriteTx<'_>) -> Result<i64, Fault> {
    const AT_ONCE: i64 = 500;
    let mut given = 0;
    for (id, order_no) in store::waiting(tx, AT_ONCE)? {
        let Some(number) = store::next_number(tx)? else { break };
        store::set_number(tx, id, &number)?;
        note(tx, "receipt.numbered", &order_no, Some(&number));
        given += 1;
    }
    Ok(given)
}

/// Adds a range of numbers to draw from, and gives the first of them to receipts that wait.
///
/// # Errors
/// [`Refused`] when it is none, or overlaps one that is there.
pub fn add_segment(
    tx: &WriteTx<'_>,
    code: &str,
    first: i64,
    last: i64,
) -> outcome::Result<(), Refused> {
    let segment = match Segment::new(code, first, last) {
        Ok(segment) => segment,
        Err(reason) => return refuse(reason),
    };
    if let Some(there) = store::segments(tx)?.into_iter().find(|it| it.overlaps(&segment)) {
        return refuse(Refused::Overlaps(there));
    }
    let id = store::insert_segment(tx, &segment)?;
    let detail = json!({ "code": code, "first": first, "last": last });
    tx.note_with("receipt.segment_added", format_args!("segment {id}"), detail);
    number_waiting(tx)?;
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
pub fn stock(tx: &ReadTx<'_>) -> Result<Stock, Fault> {
    let left = store::segments(tx)?.iter().map(Segment::left).sum();
    Ok(Stock { left, waiting: store::count_waiting(tx)? })
}

/// A receipt.
///
/// # Errors
/// A fault when it cannot be read.
pub fn find(tx: &ReadTx<'_>, id: i64) -> Result<Option<Receipt>, Fault> {
    store::find(tx, id)
}

/// The receipt of the same payment in the other colour: what a red one takes back, or what took a
/// blue one back.
///
/// # Errors
/// A fault when it cannot be read.
pub fn twin(tx: &ReadTx<'_>, receipt: &Receipt) -> Result<Option<Receipt>, Fault> {
    store::of_trade(tx, &receipt.trade_no, receipt.colour.other())
}

/// A receipt and its [`twin`].
fn with_twin(tx: &ReadTx<'_>, id: i64) -> Result<Option<(Receipt, Option<Receipt>)>, Fault> {
    let Some(receipt) = store::find(tx, id)? else { return Ok(None) };
    let twin = twin(tx, &receipt)?;
    Ok(Some((receipt, twin)))
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

/// The receipt that a claim is true of. Whatever part of it is wrong, the answer is the same.
///
/// # Errors
/// A fault when it cannot be read.
pub fn check(tx: &ReadTx<'_>, claim: &Claim) -> Result<Option<Receipt>, Fault> {
    let found = store::by_number(tx, &claim.number)?;
    Ok(found
        .filter(|it| it.check_code == claim.check_code && office_date(it.issued_at) == claim.date))
}

/// Remembers which file is the drawn receipt, which lies there already. The first one stays: told
/// of another, it changes nothing. Returns whether this was the first.
///
/// # Errors
/// A fault when it cannot be written.
pub fn drawn(tx: &WriteTx<'_>, id: i64, paper: &Digest) -> Result<bool, Fault> {
    let first = store::set_paper(tx, id, paper)?;
    if first {
        tx.note("receipt.drawn", format_args!("receipt {id}"));
    }
    Ok(first)
}

/// Draws a number. `None` when there is none, or when others wait already: nobody overtakes them.
fn draw_number(tx: &WriteTx<'_>) -> Result<Option<Number>, Fault> {
    if store::count_waiting(tx)? > 0 { Ok(None) } else { store::next_number(tx) }
}

fn check_code(chance: &Chance) -> String {
    let [a, b, c] = chance.bytes();
    format!("{a:02x}{b:02x}{c:02x}")
}

fn note(tx: &WriteTx<'_>, act: &'static str, order_no: &OrderNo, number: Option<&Number>) {
    let number =
        number.map_or_else(|| "待领号".into(), |it| format!("{} {}", it.code, it.serial_text()));
    tx.note_with(act, order_no, json!({ "number": number }));
}
