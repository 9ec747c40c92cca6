//! The statement of a day (§7): CSV that both sides read and write the same way.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{moment, read_moment};
use crate::base::outcome::Fault;

const HEADER: [&str; 9] =
    ["kind", "at", "order_no", "trade_no", "refund_no", "amount", "count", "channel", "attach"];

/// One line of the day: money that came, or money that went back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it was paid, or when the refund ended.
    pub at: Timestamp,
    /// The merchant's order.
    pub order_no: String,
    /// The payment.
    pub trade_no: String,
    /// The refund; `None` for the payment itself.
    pub refund_no: Option<String>,
    /// 分.
    pub amount: i64,
    /// The payment's channel.
    pub channel: String,
    /// The merchant's own key.
    pub attach: String,
}

/// Writes `lines` in the document's order, with the totals below.
///
/// # Errors
/// A fault when the CSV cannot be written, which memory alone could cause.
pub fn write(day: Date, mut lines: Vec<Line>) -> Result<Vec<u8>, Fault> {
    lines.sort_by(|a, b| (a.at, own_no(a)).cmp(&(b.at, own_no(b))));
    let mut out =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(HEADER).map_err(anyhow::Error::from)?;
    for line in &lines {
        let (at, amount) = (moment(line.at), line.amount.to_string());
        let refund_no = line.refund_no.as_deref().unwrap_or_default();
        out.write_record([
            kind(line),
            &at,
            &line.order_no,
            &line.trade_no,
            refund_no,
            &amount,
            "1",
            &line.channel,
            &line.attach,
        ])
        .map_err(anyhow::Error::from)?;
    }
    for total in totals(day, &lines) {
        out.write_record(total).map_err(anyhow::Error::from)?;
    }
    Ok(out.into_inner().map_err(|error| anyhow::Error::msg(error.to_string()))?)
}

/// Reads the statement of `day`.
///
/// # Errors
/// [`Unreadable`] when it has not the document's form, is of another day, or its totals do not
/// agree.
pub fn read(day: Date, bytes: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes).into_records();
    let header = rows.next().ok_or(Unreadable("it is empty"))?.map_err(|_| NOT_CSV)?;
    if header != HEADER[..] {
        return Err(Unreadable("its header is another"));
    }
    let mut rows: Vec<csv::StringRecord> = rows.collect::<Result<_, _>>().map_err(|_| NOT_CSV)?;
    let at = rows.len().checked_sub(2).ok_or(Unreadable("it has no totals"))?;
    let found = rows.split_off(at);
    let lines: Vec<Line> = rows.iter().map(line).collect::<Option<_>>().ok_or(NOT_A_LINE)?;
    let expected = totals(day, &lines);
    if !found.iter().zip(&expected).all(|(found, expected)| found == expected.as_slice()) {
        return Err(Unreadable("its totals do not agree with its lines"));
    }
    if lines.iter().any(|it| crate::base::clock::office_date(it.at) != day) {
        return Err(Unreadable("it has lines of another day"));
    }
    Ok(lines)
}

/// Why a statement cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

const NOT_CSV: Unreadable = Unreadable("it is not CSV");
const NOT_A_LINE: Unreadable = Unreadable("a line is neither a payment nor a refund");

fn own_no(line: &Line) -> &str {
    line.refund_no.as_deref().unwrap_or(&line.trade_no)
}

fn kind(line: &Line) -> &'static str {
    if line.refund_no.is_some() { "REFUND" } else { "PAYMENT" }
}

fn line(row: &csv::StringRecord) -> Option<Line> {
    if &row[6] != "1" {
        return None;
    }
    let refund_no = match &row[0] {
        "PAYMENT" if row[4].is_empty() => None,
        "REFUND" if !row[4].is_empty() => Some(row[4].to_owned()),
        _ => return None,
    };
    Some(Line {
        at: read_moment(&row[1])?,
        order_no: row[2].to_owned(),
        trade_no: row[3].to_owned(),
        refund_no,
        amount: row[5].parse().ok().filter(|it| *it > 0)?,
        channel: row[7].to_owned(),
        attach: row[8].to_owned(),
    })
}

fn totals(day: Date, lines: &[Line]) -> [[String; 9]; 2] {
    let total = |kind: &str, refunds: bool| {
        let of_kind = || lines.iter().filter(|it| it.refund_no.is_some() == refunds);
        let sum: i128 = of_kind().map(|it| i128::from(it.amount)).sum();
        let empty = String::new;
        [
            kind.to_owned(),
            day.to_string(),
            empty(),
            empty(),
            empty(),
            sum.to_string(),
            of_kind().count().to_string(),
            empty(),
            empty(),
        ]
    };
    [total("PAYMENT_TOTAL", false), total("REFUND_TOTAL", true)]
}
