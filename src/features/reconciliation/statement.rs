//! A statement, by whichever road it came: its bytes, what it says, and what tells it from another.

use jiff::civil::Date;

use super::rules::{Complaints, Entry, Reading, What, check, read};
use crate::base::outcome::Fault;
use crate::base::values::{CentreCode, Digest};
use crate::machinery::gateway::StatementLine;
use crate::machinery::gateway::wire::statement as wire;
use crate::machinery::tables::{self, Limits};

/// A statement that can be believed in form.
pub(super) struct Statement {
    /// Its bytes, to be kept.
    pub(super) bytes: Vec<u8>,
    /// Its lines.
    pub(super) entries: Vec<Entry>,
    /// The digest of what it says.
    pub(super) content: Digest,
}

/// How large a statement may be: 100,000 lines fit twice.
pub fn limits() -> Limits {
    Limits { columns_max: 32, ..Limits::default() }
}

/// Reads the bytes of a file as the statement of `day` for the centre.
pub(super) fn of_file(
    day: Date,
    centre: &CentreCode,
    bytes: Vec<u8>,
) -> Result<Statement, Complaints> {
    let sheet = tables::read(&bytes, &limits()).map_err(|it| Complaints::of(it.to_string()))?;
    let reading = read(&sheet, day)?;
    drop(sheet);
    believed(day, centre, bytes, reading)
}

/// The same for what the platform answered; it is kept in the form of a file.
pub(super) fn of_platform(
    day: Date,
    centre: &CentreCode,
    lines: Vec<StatementLine>,
) -> Result<Result<Statement, Complaints>, Fault> {
    let entries: Vec<Entry> = lines.into_iter().map(entry).collect();
    let bytes = wire::write(day, entries.iter().map(line).collect())?;
    let reading = Reading { entries: (2..).zip(entries).collect() };
    Ok(believed(day, centre, bytes, reading))
}

/// Reads the bytes of a statement that was taken before.
pub(super) fn again(day: Date, bytes: &[u8]) -> Result<Vec<Entry>, Fault> {
    let broken = |why: String| Fault::new(format!("the statement of {day} is read no more: {why}"));
    let sheet = tables::read(bytes, &limits()).map_err(|it| broken(it.to_string()))?;
    let reading = read(&sheet, day).map_err(|it| broken(format!("{} complaints", it.count())))?;
    Ok(reading.entries.into_iter().map(|(_, entry)| entry).collect())
}

fn believed(
    day: Date,
    centre: &CentreCode,
    bytes: Vec<u8>,
    reading: Reading,
) -> Result<Statement, Complaints> {
    check(&reading, day, centre)?;
    let mut entries: Vec<Entry> = reading.entries.into_iter().map(|(_, entry)| entry).collect();
    entries.sort_by(|a, b| (a.what, &a.number).cmp(&(b.what, &b.number)));
    let content = content(&entries);
    Ok(Statement { bytes, entries, content })
}

/// What a statement says, whatever the order and the charset of its lines.
fn content(sorted: &[Entry]) -> Digest {
    let mut text = String::with_capacity(sorted.len() * 128);
    for it in sorted {
        let Entry { what, number, trade_no, order_no, fen, channel, at, attach: _ } = it;
        text += what.name();
        for part in [number, trade_no, order_no.text(), channel] {
            text.push('\t');
            text += part;
        }
        text += &format!("\t{fen}\t{at}\n");
    }
    Digest::of(text.as_bytes())
}

fn entry(line: StatementLine) -> Entry {
    match line {
        StatementLine::Payment { success } => Entry {
            what: What::Payment,
            number: success.trade_no.clone(),
            trade_no: success.trade_no,
            order_no: success.order_no,
            fen: success.amount.fen(),
            channel: success.channel.code().to_owned(),
            at: success.paid_at,
            attach: success.attach,
        },
        StatementLine::Refund { refund_no, order_no, trade_no, amount, channel, at, attach } => {
            Entry {
                what: What::Refund,
                number: refund_no.to_string(),
                trade_no,
                order_no,
                fen: amount.fen(),
                channel: channel.code().to_owned(),
                at,
                attach,
            }
        }
    }
}

fn line(entry: &Entry) -> wire::Line {
    let refund_no = match entry.what {
        What::Payment => None,
        What::Refund => Some(entry.number.clone()),
    };
    wire::Line {
        at: entry.at,
        order_no: entry.order_no.to_string(),
        trade_no: entry.trade_no.clone(),
        refund_no,
        amount: entry.fen,
        channel: entry.channel.clone(),
        attach: entry.attach.clone(),
    }
}
