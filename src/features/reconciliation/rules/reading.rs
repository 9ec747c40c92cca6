//! A statement as a file: the platform document's form (§7), read line by line. Everything that is
//! wrong with it is said at once, with the line it stands on.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Complaint, Complaints, Entry, Sums, What};
use crate::base::clock::{OFFICE, office_date};
use crate::base::values::{CentreCode, Fen, OrderNo};
use crate::machinery::tables::{Row, Sheet, Source};

const HEADER: [&str; 9] =
    ["kind", "at", "order_no", "trade_no", "refund_no", "amount", "count", "channel", "attach"];

/// What a statement says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its lines, each with its number in the file.
    pub entries: Vec<(usize, Entry)>,
}

/// Reads the statement of `day`.
///
/// # Errors
/// [`Complaints`], all of them: a line that has not the document's form, totals that are missing,
/// of another day or do not agree.
pub fn read(sheet: &Sheet, day: Date) -> Result<Reading, Complaints> {
    if let Source::Workbook { .. } = &sheet.source {
        return Err(Complaints::of("这是一份 Excel 工作簿。请上传平台下载的 CSV 文件原件"));
    }
    if sheet.headings != HEADER {
        let what =
            format!("这里应当是对账文件的表头 {}，请上传平台下载的文件原件", HEADER.join(","));
        let listed = vec![Complaint { line: sheet.headings_line, what }];
        return Err(Complaints { listed, more: 0 });
    }
    let mut said = Complaints::default();
    let mut reading = Reading::default();
    let mut totals = Totals::default();
    for row in &sheet.rows {
        let read = match row.cell(0).text() {
            "PAYMENT" => entry(row, What::Payment).map(|it| reading.entries.push((row.line, it))),
            "REFUND" => entry(row, What::Refund).map(|it| reading.entries.push((row.line, it))),
            "PAYMENT_TOTAL" => totals.take(row, What::Payment),
            "REFUND_TOTAL" => totals.take(row, What::Refund),
            other => Err(format!("不认识的类别“{}”", shortened(other))),
        };
        if let Err(what) = read {
            said.add(row.line, what);
        }
    }
    let all_read = said.is_empty();
    totals.check(day, &reading, all_read, &mut said);
    if said.is_empty() { Ok(reading) } else { Err(said) }
}

/// Checks what a statement says, by whichever road it came: every line of that day, of an order of
/// this centre, and told once.
///
/// # Errors
/// [`Complaints`], all of them.
pub fn check(reading: &Reading, day: Date, centre: &CentreCode) -> Result<(), Complaints> {
    let mut said = Complaints::default();
    let of_others = reading.entries.iter().filter(|(_, it)| it.order_no.centre() != centre.text());
    if !reading.entries.is_empty() && of_others.count() == reading.entries.len() {
        return Err(Complaints::of(format!(
            "文件中的订单都不属于本考点（{centre}），可能是其他单位的对账文件"
        )));
    }
    let mut seen: HashMap<(What, &str), usize> = HashMap::with_capacity(reading.entries.len());
    for (line, entry) in &reading.entries {
        if entry.order_no.centre() != centre.text() {
            said.add(*line, format!("订单 {} 不属于本考点（{centre}）", entry.order_no));
        }
        let its_day = office_date(entry.at);
        if its_day != day {
            said.add(*line, format!("时间在 {its_day}，不在对账日 {day}"));
        }
        if let Some(first) = seen.insert((entry.what, &entry.number), *line) {
            said.add(
                *line,
                format!("{} {} 与第 {first} 行重复", number_word(entry.what), entry.number),
            );
        }
    }
    if said.is_empty() { Ok(()) } else { Err(said) }
}

fn number_word(what: What) -> &'static str {
    match what {
        What::Payment => "平台流水号",
        What::Refund => "退款单号",
    }
}

fn entry(row: &Row, what: What) -> Result<Entry, String> {
    let text = |column| row.cell(column).text();
    if row.cells.len() > HEADER.len() {
        return Err(format!("有 {} 列，应为 {} 列", row.cells.len(), HEADER.len()));
    }
    let order_no: OrderNo =
        text(2).parse().map_err(|_| format!("订单号“{}”不是 28 位订单号", shortened(text(2))))?;
    let trade_no = text(3).to_owned();
    if !(1..=32).contains(&trade_no.chars().count()) {
        return Err("缺少平台流水号，或流水号超过 32 位".into());
    }
    let number = match (what, text(4)) {
        (What::Payment, "") => trade_no.clone(),
        (What::Payment, _) => return Err("缴费行不应有退款单号".into()),
        (What::Refund, number) if is_number(number) => number.to_owned(),
        (What::Refund, number) => {
            return Err(format!("退款单号“{}”应为 8 至 32 位字母、数字", shortened(number)));
        }
    };
    if text(6) != "1" {
        return Err(format!("笔数应为 1，读到“{}”", shortened(text(6))));
    }
    Ok(Entry {
        what,
        number,
        trade_no,
        order_no,
        fen: amount(text(5))?,
        channel: text(7).chars().take(32).collect(),
        at: moment(text(1))?,
        attach: text(8).chars().take(128).collect(),
    })
}

fn amount(text: &str) -> Result<i64, String> {
    let digits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let fen = digits.then(|| text.parse().ok()).flatten().and_then(Fen::new);
    match fen {
        Some(fen) if !fen.is_zero() => Ok(fen.fen()),
        Some(_) | None => Err(format!("金额“{}”应为大于 0 的整数（单位：分）", shortened(text))),
    }
}

/// Of exactly the form `2026-03-13T10:26:12+08:00`.
fn moment(text: &str) -> Result<Timestamp, String> {
    let read: Option<Timestamp> = text.parse().ok();
    let written =
        |at: &Timestamp| at.to_zoned(OFFICE).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string();
    read.filter(|it| written(it) == text)
        .ok_or_else(|| format!("时间“{}”应为 2026-03-13T10:26:12+08:00 的形式", shortened(text)))
}

fn is_number(text: &str) -> bool {
    (8..=32).contains(&text.len())
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it))
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    let shown: String = text.chars().take(SHOWN).collect();
    if text.chars().count() > SHOWN { format!("{shown}…") } else { shown }
}

/// The two lines of totals, each with where it stands.
#[derive(Default)]
struct Totals(HashMap<What, (usize, String, i64, i64)>);

impl Totals {
    fn take(&mut self, row: &Row, what: What) -> Result<(), String> {
        let number = |column: usize| {
            let text = row.cell(column).text();
            text.parse::<i64>().map_err(|_| format!("合计“{}”不是整数", shortened(text)))
        };
        let said = (row.line, row.cell(1).text().to_owned(), number(5)?, number(6)?);
        match self.0.insert(what, said) {
            None => Ok(()),
            Some((first, ..)) => Err(format!("{}合计行重复，第 {first} 行已有", what.label())),
        }
    }

    /// Sums are compared only where every line could be read: else they cannot agree.
    fn check(&self, day: Date, reading: &Reading, all_read: bool, said: &mut Complaints) {
        let mut sums = Sums::default();
        for (_, entry) in &reading.entries {
            sums.count(entry.what, entry.fen);
        }
        for what in What::ALL {
            let (count, fen) = match what {
                What::Payment => (sums.payments, sums.payments_fen),
                What::Refund => (sums.refunds, sums.refunds_fen),
            };
            let name = what.label();
            let Some((line, its_day, total, lines)) = self.0.get(&what) else {
                if all_read {
                    said.add(0, format!("文件末尾缺少{name}合计行，文件可能不完整"));
                }
                continue;
            };
            if *its_day != day.to_string() {
                let its_day = shortened(its_day);
                said.add(*line, format!("这是 {its_day} 的对账文件，不是 {day} 的"));
            }
            if all_read && (*total, *lines) != (fen, count) {
                let what = format!(
                    "{name}合计写的是 {lines} 笔 {total} 分，各行相加是 {count} 笔 {fen} 分"
                );
                said.add(*line, what);
            }
        }
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
