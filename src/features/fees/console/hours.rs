//! The rows in which hours are typed: 日期, 开始, 结束. A button posts the form back with one more.

use std::fmt::Display;

use serde_json::{Value, json};

use crate::features::windows::rules::{Hours, INTERVALS_MAX, Interval, Refused};
use crate::features::windows::typed::Row;
use crate::web::Filled;

/// How many rows a new form has.
const FIRST_ROWS: usize = 2;

/// One row of the form: the names of its fields.
pub(super) struct Names {
    pub(super) number: usize,
    pub(super) day: String,
    pub(super) from: String,
    pub(super) to: String,
}

impl Names {
    fn of(number: usize) -> Names {
        let name = |part| format!("{part}_{number}");
        Names { number, day: name("day"), from: name("from"), to: name("to") }
    }
}

/// The rows of a form: those that came, and one more where `more` was pressed.
pub(super) fn rows(filled: &Filled, more: bool) -> Vec<Names> {
    let came = filled.typed().filter(|(name, _)| name.starts_with("day_")).count();
    let wanted = if came == 0 { FIRST_ROWS } else { came + usize::from(more) };
    (1..=wanted.min(INTERVALS_MAX)).map(Names::of).collect()
}

/// The form with hours as they stand.
pub(super) fn fill(filled: Filled, hours: &Hours) -> Filled {
    let rows = hours.intervals.iter().map(Row::of);
    rows.zip(1..).fold(filled, |filled, (row, number)| {
        let names = Names::of(number);
        filled.with(&names.day, row.day).with(&names.from, row.from).with(&names.to, row.to)
    })
}

/// Hours as the form that changes them carries them.
pub(super) fn told(hours: &Hours) -> Value {
    let said = hours.intervals.iter().map(|it| [it.opens_at.to_string(), it.closes_at.to_string()]);
    json!({ "day_1": said.collect::<Vec<_>>() })
}

/// Says what somebody else has made of the hours meanwhile; the form now sees that.
pub(super) fn changed(filled: &mut Filled, now: &Hours) {
    let rows = now.intervals.iter().map(Row::of);
    let said: Vec<_> = rows.map(|it| format!("{} {}–{}", it.day, it.from, it.to)).collect();
    filled.changed_meanwhile(&told(now), &[("day_1", &said.join("；"))]);
}

/// The intervals that were typed. What is wrong stands by its field; rows left empty are passed
/// over.
pub(super) fn read(filled: &mut Filled) -> Option<Vec<Interval>> {
    let (mut intervals, mut numbers, mut is_whole) = (Vec::new(), Vec::new(), true);
    for names in rows(filled, false) {
        let row = Row {
            day: filled.value(&names.day).to_owned(),
            from: filled.value(&names.from).to_owned(),
            to: filled.value(&names.to).to_owned(),
        };
        if row.is_empty() {
            continue;
        }
        match row.read() {
            Ok(interval) => {
                intervals.push(interval);
                numbers.push(names.number);
            }
            Err(wrong) => {
                is_whole = false;
                complain(filled, &names, &names.day, wrong.day);
                complain(filled, &names, &names.from, wrong.from);
                complain(filled, &names, &names.to, wrong.to);
            }
        }
    }
    if !is_whole {
        return None;
    }
    match Hours::of(&intervals) {
        Ok(_) => Some(intervals),
        Err(reason) => {
            let (field, told) = placed(reason, &numbers);
            filled.complain(&field, told);
            None
        }
    }
}

/// The rows look alike, so a complaint says which one it is about.
fn complain(filled: &mut Filled, row: &Names, field: &str, wrong: Option<impl Display>) {
    if let Some(wrong) = wrong {
        filled.complain(field, format!("第{}段：{wrong}", row.number));
    }
}

/// The field that a refusal stands by, and its words with the numbers of the rows on the page.
fn placed(reason: Refused, numbers: &[usize]) -> (String, String) {
    let number = |row: usize| numbers.get(row).copied().unwrap_or(1);
    let (field, reason) = match reason {
        Refused::Empty | Refused::TooMany => ("day_1".to_owned(), reason),
        Refused::Backwards { row } => {
            (Names::of(number(row)).to, Refused::Backwards { row: number(row) - 1 })
        }
        Refused::Overlap { first, second } => {
            let (first, second) = (number(first), number(second));
            let reason = Refused::Overlap { first: first - 1, second: second - 1 };
            (Names::of(second).from, reason)
        }
    };
    (field, reason.to_string())
}
