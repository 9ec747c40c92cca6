//! Hours as they are typed: a row of a form is a day, when it begins on it, and when it ends.

use std::fmt;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

use super::rules::Interval;
use super::words;
use crate::base::clock::{OFFICE, office_date};

/// One row as typed: 日期 `2026-03-13`, 开始 `9:00`, 结束 `20:00`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The day.
    pub day: String,
    /// From when.
    pub from: String,
    /// Until when; `24:00` is the end of the day; `2026-03-27 20:00` ends on a later one.
    pub to: String,
}

/// What is wrong with the parts of a [`Row`]; `None` where nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WrongRow {
    /// With its day.
    pub day: Option<NotADay>,
    /// With its beginning.
    pub from: Option<NotATime>,
    /// With its end.
    pub to: Option<NotAnEnd>,
}

impl Row {
    /// Is there nothing in it? Such rows are passed over.
    pub fn is_empty(&self) -> bool {
        [&self.day, &self.from, &self.to].iter().all(|it| it.trim().is_empty())
    }

    /// Reads the row. The end may come before the beginning: [`super::set`] refuses that.
    ///
    /// # Errors
    /// [`WrongRow`] says for each part what is wrong with it.
    pub fn read(&self) -> Result<Interval, WrongRow> {
        let day = read_day(&self.day);
        let end = read_end(&self.to, day.ok());
        match (day, read_time(&self.from), end) {
            (Ok(day), Ok(from), Ok(closes_at)) => {
                Ok(Interval { opens_at: at(day, from), closes_at })
            }
            (day, from, end) => Err(WrongRow { day: day.err(), from: from.err(), to: end.err() }),
        }
    }

    /// The row in which an interval is typed.
    pub fn of(interval: &Interval) -> Row {
        let (first, last) = (office_date(interval.opens_at), words::last_day(interval));
        let closing = words::closing(interval);
        Row {
            day: first.to_string(),
            from: words::time(interval.opens_at),
            to: if first == last { closing } else { format!("{last} {closing}") },
        }
    }
}

/// Why a text is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotADay {
    /// Nothing was typed.
    Missing,
    /// It is not written like one.
    NotWrittenSo,
    /// There is no such day.
    NoSuchDay,
    /// It is not between 2000 and 2099.
    OtherCentury,
}

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotADay::Missing => "请填写日期，例如 2026-03-13",
            NotADay::NotWrittenSo => "日期应写成 2026-03-13 的样子，请重新填写",
            NotADay::NoSuchDay => "日历上没有这一天，请核对年、月、日",
            NotADay::OtherCentury => "年份应在2000到2099之间，请核对后重新填写",
        })
    }
}

/// Why a text is not a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotATime {
    /// Nothing was typed.
    Missing,
    /// It is not written like one.
    NotWrittenSo,
    /// There is no such time on a clock.
    NoSuchTime,
}

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotATime::Missing => "请填写时间，例如 9:00",
            NotATime::NotWrittenSo => "时间应写成 9:00 或 20:30 的样子，请重新填写",
            NotATime::NoSuchTime => "没有这个时间，请填写 0:00 到 24:00 之间的时间",
        })
    }
}

/// Why a text is not the end of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnEnd {
    /// Its time is none.
    Time(NotATime),
    /// The day before its time is none.
    Day(NotADay),
}

impl fmt::Display for NotAnEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAnEnd::Time(wrong) => wrong.fmt(f),
            NotAnEnd::Day(wrong) => wrong.fmt(f),
        }
    }
}

/// Reads when a row ends: a time of its own day, or a day and a time. Without a day of its own the
/// time alone is looked at.
fn read_end(text: &str, own: Option<Date>) -> Result<Timestamp, NotAnEnd> {
    let (day, time) = match text.trim().rsplit_once(char::is_whitespace) {
        Some((day, time)) => (Some(read_day(day).map_err(NotAnEnd::Day)?), time),
        None => (own, text),
    };
    let time = read_time(time).map_err(NotAnEnd::Time)?;
    Ok(day.map_or(Timestamp::UNIX_EPOCH, |day| at(day, time)))
}

/// Reads a day: `2026-03-13`, also `2026/3/13`, `2026.3.13` and `2026年3月13日`.
///
/// # Errors
/// [`NotADay`] says why it cannot be read.
pub fn read_day(text: &str) -> Result<Date, NotADay> {
    let text = plain(text);
    if text.is_empty() {
        return Err(NotADay::Missing);
    }
    let text = text.strip_suffix('日').unwrap_or(&text);
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts[..] else { return Err(NotADay::NotWrittenSo) };
    if year.len() != 4 {
        return Err(NotADay::NotWrittenSo);
    }
    let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else {
        return Err(NotADay::NotWrittenSo);
    };
    if !(2000..2100).contains(&year) {
        return Err(NotADay::OtherCentury);
    }
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
        return Err(NotADay::NoSuchDay);
    };
    Date::new(year, month, day).map_err(|_| NotADay::NoSuchDay)
}

/// Reads a time of day as what has passed since midnight: `9:00`, `09:00`, `9：00`, `24:00`.
///
/// # Errors
/// [`NotATime`] says why it cannot be read.
pub fn read_time(text: &str) -> Result<SignedDuration, NotATime> {
    let text = plain(text);
    if text.is_empty() {
        return Err(NotATime::Missing);
    }
    let parts: Vec<&str> = text.split(':').collect();
    let (hour, minute, second) = match parts[..] {
        [hour, minute] => (hour, minute, "00"),
        [hour, minute, second] => (hour, minute, second),
        _ => return Err(NotATime::NotWrittenSo),
    };
    if minute.len() != 2 || second.len() != 2 {
        return Err(NotATime::NotWrittenSo);
    }
    let (Some(hour), Some(minute), Some(second)) = (number(hour), number(minute), number(second))
    else {
        return Err(NotATime::NotWrittenSo);
    };
    let is_a_time = hour < 24 && minute < 60 && second < 60;
    if !is_a_time && (hour, minute, second) != (24, 0, 0) {
        return Err(NotATime::NoSuchTime);
    }
    Ok(SignedDuration::from_secs(
        i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second),
    ))
}

fn at(day: Date, since_midnight: SignedDuration) -> Timestamp {
    let midnight = day.to_datetime(Time::midnight()).to_zoned(OFFICE);
    midnight.expect("the office's zone has no gaps").timestamp() + since_midnight
}

/// One to four digits.
fn number(text: &str) -> Option<i16> {
    let is_short = (1..=4).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    if is_short { text.parse().ok() } else { None }
}

/// Without blanks, full-width forms made half-width.
fn plain(text: &str) -> String {
    let half = |it: char| match it {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(it as u32 - 0xFEE0).unwrap_or(it),
        it => it,
    };
    text.chars().filter(|it| !it.is_whitespace()).map(half).collect()
}
