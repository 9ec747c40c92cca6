//! The panel that says when a business is open: a part of other rooms' pages.

use jiff::{SignedDuration, Timestamp};

use super::rules::{Hours, Interval, Opening};
use super::words;
use crate::base::clock::office_date;

/// With less than this left, the panel warns.
const SOON: SignedDuration = SignedDuration::from_hours(1);

/// The hours of a business as a page shows them; `parts::window` in `layout/parts.html` draws it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// What the hours are for: 缴费时间.
    pub title: String,
    /// How it looks: `open`, `soon` (it closes before long) or `shut`.
    pub tone: &'static str,
    /// Where it stands, in a word or two: 开放中, 未开始, 今日已结束, 已结束.
    pub state: &'static str,
    /// What stands before `left`, or all there is to say: 今日还剩.
    pub lead: String,
    /// What is left: 9小时35分; empty unless open.
    pub left: String,
    /// Until when, RFC 3339; empty unless open.
    pub until: String,
    /// All its hours.
    pub lines: Vec<PanelLine>,
    /// What follows from coming too late; empty when nothing is to be said.
    pub after: String,
}

/// One day of a [`Panel`], or one stretch of several days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelLine {
    /// 3月15日（周五）; today's says so: 3月15日（周五，今天）.
    pub day: String,
    /// 9:00–20:00; several are parted by 、.
    pub hours: String,
    /// Is it today's?
    pub now: bool,
}

impl Panel {
    /// The panel of `hours` at an instant. `after` is the consequence of coming too late, or empty.
    pub fn of(
        hours: &Hours,
        now: Timestamp,
        title: impl Into<String>,
        after: impl Into<String>,
    ) -> Panel {
        let shut = Panel {
            title: title.into(),
            tone: "shut",
            state: state(hours, now),
            lead: String::new(),
            left: String::new(),
            until: String::new(),
            lines: lines(hours, now),
            after: after.into(),
        };
        let today = office_date(now);
        match hours.at(now) {
            Opening::Open { until, .. } => {
                let left = until.duration_since(now);
                let closes = office_date(until - SignedDuration::from_secs(1));
                Panel {
                    tone: if left <= SOON { "soon" } else { "open" },
                    lead: if closes == today { "今日还剩".into() } else { "还剩".into() },
                    left: words::lasting(left),
                    until: until.to_string(),
                    ..shut
                }
            }
            Opening::Coming { from } => {
                Panel { lead: format!("{}开始", words::instant(from, today)), ..shut }
            }
            Opening::Between { next } if office_date(next) == today => {
                Panel { lead: format!("{}继续开放", words::time(next)), ..shut }
            }
            Opening::Between { next } => {
                Panel { lead: format!("{}继续开放", words::instant(next, today)), ..shut }
            }
            Opening::Over { since } => {
                Panel { lead: format!("已在{}结束", words::instant(since, today)), ..shut }
            }
            Opening::Unset => Panel { lead: "开放时间另行公布".into(), ..shut },
        }
    }
}

fn state(hours: &Hours, now: Timestamp) -> &'static str {
    let today = office_date(now);
    let closed_today = hours.closed_before(now).is_some_and(|it| office_date(it) == today);
    match hours.at(now) {
        Opening::Open { .. } => "开放中",
        Opening::Coming { .. } => "未开始",
        Opening::Between { next } if office_date(next) == today => "暂停开放",
        Opening::Between { .. } if closed_today => "今日已结束",
        Opening::Between { .. } => "今日未开放",
        Opening::Over { .. } => "已结束",
        Opening::Unset => "时间待定",
    }
}

fn lines(hours: &Hours, now: Timestamp) -> Vec<PanelLine> {
    let mut lines: Vec<PanelLine> = Vec::new();
    for interval in hours.merged() {
        let line = line(&interval, now);
        match lines.last_mut() {
            // 9:00–11:00、13:30–16:00 on one day.
            Some(last) if last.day == line.day => {
                last.hours.push('、');
                last.hours.push_str(&line.hours);
            }
            Some(_) | None => lines.push(line),
        }
    }
    lines
}

fn line(interval: &Interval, now: Timestamp) -> PanelLine {
    let today = office_date(now);
    let (first, last) = (office_date(interval.opens_at), words::last_day(interval));
    let now = (first..=last).contains(&today);
    if first == last {
        let day = words::day(first, today);
        let day = if now { day.replace('）', "，今天）") } else { day };
        return PanelLine { day, hours: words::span(interval), now };
    }
    PanelLine {
        day: format!("{}起", words::instant(interval.opens_at, today)),
        hours: format!("至{}{}", words::day(last, today), words::closing(interval)),
        now,
    }
}
