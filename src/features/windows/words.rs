//! Hours as people write and say them. No blanks between 汉字 and digits: the style sheet sets them
//! apart.

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};

use super::rules::{Hours, Interval, Opening};
use crate::base::clock::{OFFICE, office_date};

/// A day: `3月15日（周五）`, with its year when that is not the year of `today`.
pub fn day(day: Date, today: Date) -> String {
    let year =
        if day.year() == today.year() { String::new() } else { format!("{}年", day.year()) };
    format!("{year}{}月{}日（{}）", day.month(), day.day(), weekday(day.weekday()))
}

/// An instant: `3月15日（周五）9:00`.
pub fn instant(at: Timestamp, today: Date) -> String {
    format!("{}{}", day(office_date(at), today), time(at))
}

/// A time of day at the office: `9:00`; with seconds where there are any.
pub fn time(at: Timestamp) -> String {
    let at = at.to_zoned(OFFICE);
    let form = if at.second() == 0 { "%-H:%M" } else { "%-H:%M:%S" };
    at.strftime(form).to_string()
}

/// How long something lasts still: `9小时35分`. Two units, the smaller ones where they matter, as
/// the script of the pages counts on.
pub fn lasting(left: SignedDuration) -> String {
    let seconds = left.as_secs().max(0);
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let minutes = seconds / 60 % 60;
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}秒"),
        (0, 0, _) => format!("{minutes}分{}秒", seconds % 60),
        (0, _, _) => format!("{hours}小时{minutes}分"),
        (_, _, _) => format!("{days}天{hours}小时"),
    }
}

/// The hours of an interval within one day: `9:00–20:00`; the end of a day is `24:00`.
pub(super) fn span(interval: &Interval) -> String {
    format!("{}–{}", time(interval.opens_at), closing(interval))
}

/// When an interval closes, as a time of its last day: midnight belongs to the day before.
pub(super) fn closing(interval: &Interval) -> String {
    match time(interval.closes_at) {
        midnight if midnight == "0:00" => "24:00".into(),
        time => time,
    }
}

/// The last day on which an interval is open.
pub(super) fn last_day(interval: &Interval) -> Date {
    office_date(interval.closes_at - SignedDuration::from_secs(1))
}

/// What to say to somebody who comes while `what` (缴费) is shut: what happened, and what to do now.
/// `None` while it is open.
pub fn shut(hours: &Hours, now: Timestamp, what: &str) -> Option<(String, String)> {
    let today = office_date(now);
    let (happened, then) = match hours.at(now) {
        Opening::Open { .. } => return None,
        Opening::Coming { from } => {
            (format!("{what}还没有开始。"), format!("{}开始，请到时再来。", instant(from, today)))
        }
        Opening::Between { next } => {
            (ended(hours, now, what), format!("{}可以继续{what}。", instant(next, today)))
        }
        Opening::Over { .. } => (ended(hours, now, what), "如有疑问，请联系考试中心。".to_owned()),
        Opening::Unset => (format!("{what}时间还没有公布。"), "请留意首页公告。".to_owned()),
    };
    Some((happened, then))
}

fn ended(hours: &Hours, now: Timestamp, what: &str) -> String {
    let today = office_date(now);
    match hours.closed_before(now) {
        Some(at) if office_date(at) == today => format!("今天的{what}已在{}结束。", time(at)),
        Some(at) => format!("{what}已在{}结束。", instant(at, today)),
        None => format!("{what}现在没有开放。"),
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}
