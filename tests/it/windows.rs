//! Hours: where they stand at each instant, how they are typed, and what they are called.

use expect_test::expect;
use jiff::{SignedDuration, Timestamp};
use kaowu::base::outcome::Error;
use kaowu::features::windows::rules::{Hours, Interval, Opening, Refused};
use kaowu::features::windows::typed::{Row, read_day, read_time};
use kaowu::features::windows::{self, Panel, words};
use kaowu::machinery::db::Actor;
use rusqlite::Connection;

use crate::world::World;

/// An instant at the office: `03-13 9:00:00` of 2026.
fn at(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').unwrap();
    format!("2026-{day}T{time:0>8}+08:00").parse().unwrap()
}

fn interval(from: &str, to: &str) -> Interval {
    Interval { opens_at: at(from), closes_at: at(to) }
}

/// The manual's hours, two years later.
fn two_days() -> Hours {
    let friday = interval("03-13 9:00:00", "03-13 20:00:00");
    let saturday = interval("03-14 9:00:00", "03-14 15:00:00");
    Hours::of(&[friday, saturday]).unwrap()
}

fn told(opening: Opening) -> String {
    let time = |at| words::instant(at, "2026-03-13".parse().unwrap());
    match opening {
        Opening::Open { until, last_end } => {
            format!("open until {}, at last {}", time(until), time(last_end))
        }
        Opening::Coming { from } => format!("coming {}", time(from)),
        Opening::Between { next } => format!("between, next {}", time(next)),
        Opening::Over { since } => format!("over since {}", time(since)),
        Opening::Unset => "unset".into(),
    }
}

fn table(hours: &Hours, instants: &[&str]) -> String {
    instants.iter().map(|it| format!("{it:>14}  {}\n", told(hours.at(at(it))))).collect()
}

#[test]
fn the_first_instant_is_inside_and_the_last_is_not() {
    let instants = [
        "03-13 8:59:59",
        "03-13 9:00:00",
        "03-13 19:59:59",
        "03-13 20:00:00",
        "03-14 8:59:59",
        "03-14 9:00:00",
        "03-14 14:59:59",
        "03-14 15:00:00",
        "03-20 0:00:00",
    ];

    expect![[r#"
         03-13 8:59:59  coming 3月13日（周五）9:00
         03-13 9:00:00  open until 3月13日（周五）20:00, at last 3月14日（周六）15:00
        03-13 19:59:59  open until 3月13日（周五）20:00, at last 3月14日（周六）15:00
        03-13 20:00:00  between, next 3月14日（周六）9:00
         03-14 8:59:59  between, next 3月14日（周六）9:00
         03-14 9:00:00  open until 3月14日（周六）15:00, at last 3月14日（周六）15:00
        03-14 14:59:59  open until 3月14日（周六）15:00, at last 3月14日（周六）15:00
        03-14 15:00:00  over since 3月14日（周六）15:00
         03-20 0:00:00  over since 3月14日（周六）15:00
    "#]]
    .assert_eq(&table(&two_days(), &instants));
    assert_eq!(Hours::default().at(at("03-13 9:00:00")), Opening::Unset);
}

#[test]
fn intervals_that_touch_are_one_across_midnight() {
    let hours = Hours::of(&[
        interval("03-14 0:00:00", "03-14 6:00:00"),
        interval("03-13 18:00:00", "03-14 0:00:00"),
    ])
    .unwrap();

    expect![[r#"
        03-13 17:59:59  coming 3月13日（周五）18:00
        03-13 23:59:59  open until 3月14日（周六）6:00, at last 3月14日（周六）6:00
         03-14 0:00:00  open until 3月14日（周六）6:00, at last 3月14日（周六）6:00
         03-14 6:00:00  over since 3月14日（周六）6:00
    "#]]
    .assert_eq(&table(
        &hours,
        &["03-13 17:59:59", "03-13 23:59:59", "03-14 0:00:00", "03-14 6:00:00"],
    ));
}

#[test]
fn hours_that_cannot_stand_are_refused_in_words() {
    let morning = interval("03-13 9:00:00", "03-13 12:00:00");
    let noon = interval("03-13 11:59:59", "03-13 13:00:00");
    let empty = interval("03-13 15:00:00", "03-13 15:00:00");
    let far = interval("03-14 9:00:00", "03-14 15:00:00");
    for (intervals, reason, said) in [
        (&[][..], Refused::Empty, "请至少填写一段开放时间。"),
        (&[far, empty], Refused::Backwards { row: 1 }, "第2段的结束时间应晚于开始时间，请修改。"),
        (
            &[noon, far, morning],
            Refused::Overlap { first: 0, second: 2 },
            "第3段与第1段的时间有重叠，请修改。",
        ),
        (&[morning; 61], Refused::TooMany, "开放时间最多60段，请合并或删去一些。"),
    ] {
        assert_eq!(Hours::of(intervals), Err(reason));
        assert_eq!(reason.to_string(), said);
    }
}

#[test]
fn the_panel_says_where_the_hours_stand() {
    let panel = |hours: &Hours, now: &str| {
        let panel = Panel::of(hours, at(now), "缴费时间", "");
        let lines: Vec<_> = panel
            .lines
            .iter()
            .map(|it| format!("{}{}{}", if it.now { "*" } else { "" }, it.day, it.hours))
            .collect();
        let Panel { tone, state, lead, left, .. } = panel;
        format!("{tone:4} {state} | {lead}{left} | {}\n", lines.join(" ; "))
    };
    let two_days = two_days();
    let with_a_break = Hours::of(&[
        interval("03-13 9:00:00", "03-13 11:00:00"),
        interval("03-13 13:30:00", "03-13 16:00:00"),
    ])
    .unwrap();
    let a_month = Hours::of(&[interval("03-01 0:00:00", "04-01 0:00:00")]).unwrap();
    let gap = Hours::of(&[
        interval("03-10 9:00:00", "03-10 20:00:00"),
        interval("03-14 9:00:00", "03-14 15:00:00"),
    ])
    .unwrap();

    let told = [
        panel(&two_days, "03-12 20:00:00"),
        panel(&two_days, "03-13 10:24:07"),
        panel(&two_days, "03-13 19:00:00"),
        panel(&two_days, "03-13 21:00:00"),
        panel(&two_days, "03-14 15:00:00"),
        panel(&with_a_break, "03-13 12:00:00"),
        panel(&a_month, "03-13 10:24:00"),
        panel(&a_month, "03-31 10:24:00"),
        panel(&gap, "03-13 10:24:00"),
        panel(&Hours::default(), "03-13 10:24:00"),
    ];

    expect![[r#"
        shut 未开始 | 3月13日（周五）9:00开始 | 3月13日（周五）9:00–20:00 ; 3月14日（周六）9:00–15:00
        open 开放中 | 今日还剩9小时35分 | *3月13日（周五，今天）9:00–20:00 ; 3月14日（周六）9:00–15:00
        soon 开放中 | 今日还剩1小时0分 | *3月13日（周五，今天）9:00–20:00 ; 3月14日（周六）9:00–15:00
        shut 今日已结束 | 3月14日（周六）9:00继续开放 | *3月13日（周五，今天）9:00–20:00 ; 3月14日（周六）9:00–15:00
        shut 已结束 | 已在3月14日（周六）15:00结束 | 3月13日（周五）9:00–20:00 ; *3月14日（周六，今天）9:00–15:00
        shut 暂停开放 | 13:30继续开放 | *3月13日（周五，今天）9:00–11:00、13:30–16:00
        open 开放中 | 还剩18天13小时 | *3月1日（周日）0:00起至3月31日（周二）24:00
        open 开放中 | 今日还剩13小时36分 | *3月1日（周日）0:00起至3月31日（周二）24:00
        shut 今日未开放 | 3月14日（周六）9:00继续开放 | 3月10日（周二）9:00–20:00 ; 3月14日（周六）9:00–15:00
        shut 时间待定 | 开放时间另行公布 | 
    "#]]
    .assert_eq(&told.concat());
}

#[test]
fn whoever_comes_outside_the_hours_is_told_when_to_come() {
    let said = |hours: &Hours, now: &str| match words::shut(hours, at(now), "缴费") {
        Some((happened, then)) => format!("{happened}{then}\n"),
        None => "open\n".into(),
    };
    let hours = two_days();

    expect![[r#"
        缴费还没有开始。3月13日（周五）9:00开始，请到时再来。
        open
        今天的缴费已在20:00结束。3月14日（周六）9:00可以继续缴费。
        缴费已在3月13日（周五）20:00结束。3月14日（周六）9:00可以继续缴费。
        今天的缴费已在15:00结束。如有疑问，请联系考试中心。
        缴费时间还没有公布。请留意首页公告。
    "#]]
    .assert_eq(
        &[
            said(&hours, "03-13 8:59:59"),
            said(&hours, "03-13 9:00:00"),
            said(&hours, "03-13 20:00:00"),
            said(&hours, "03-14 8:00:00"),
            said(&hours, "03-14 15:00:00"),
            said(&Hours::default(), "03-14 15:00:00"),
        ]
        .concat(),
    );
}

#[test]
fn what_is_left_is_said_in_two_units() {
    for (seconds, said) in [
        (-1, "0秒"),
        (0, "0秒"),
        (59, "59秒"),
        (60, "1分0秒"),
        (3_599, "59分59秒"),
        (3_600, "1小时0分"),
        (34_553, "9小时35分"),
        (86_399, "23小时59分"),
        (86_400, "1天0小时"),
        (1_000_000, "11天13小时"),
    ] {
        assert_eq!(words::lasting(SignedDuration::from_secs(seconds)), said);
    }
}

#[test]
fn days_are_read_as_people_type_them() {
    let day = |text| read_day(text).map_or_else(|it| it.to_string(), |it| it.to_string());
    let days: String = [
        "2026-03-13",
        " 2026-3-13 ",
        "２０２６－０３－１３",
        "2026/3/13",
        "2026.3.13",
        "2026年3月13日",
        "2024-02-29",
        "2026-02-29",
        "2026-02-30",
        "2026-13-01",
        "2026-0-1",
        "1999-12-31",
        "26-03-13",
        "03-13",
        "20260313",
        "明天",
        "2026-03-13-1",
        "",
    ]
    .map(|it| format!("{it} → {}\n", day(it)))
    .concat();

    expect![[r#"
        2026-03-13 → 2026-03-13
         2026-3-13  → 2026-03-13
        ２０２６－０３－１３ → 2026-03-13
        2026/3/13 → 2026-03-13
        2026.3.13 → 2026-03-13
        2026年3月13日 → 2026-03-13
        2024-02-29 → 2024-02-29
        2026-02-29 → 日历上没有这一天，请核对年、月、日
        2026-02-30 → 日历上没有这一天，请核对年、月、日
        2026-13-01 → 日历上没有这一天，请核对年、月、日
        2026-0-1 → 日历上没有这一天，请核对年、月、日
        1999-12-31 → 年份应在2000到2099之间，请核对后重新填写
        26-03-13 → 日期应写成 2026-03-13 的样子，请重新填写
        03-13 → 日期应写成 2026-03-13 的样子，请重新填写
        20260313 → 日期应写成 2026-03-13 的样子，请重新填写
        明天 → 日期应写成 2026-03-13 的样子，请重新填写
        2026-03-13-1 → 日期应写成 2026-03-13 的样子，请重新填写
         → 请填写日期，例如 2026-03-13
    "#]]
    .assert_eq(&days);
}

#[test]
fn times_are_read_as_people_type_them() {
    let time = |text| read_time(text).map_or_else(|it| it.to_string(), |it| it.to_string());
    let times: String = [
        "9:00",
        "09:00",
        "９：００",
        "20:30",
        "0:00",
        "23:59:30",
        "24:00",
        "24:01",
        "25:00",
        "9:60",
        "9:0",
        "9",
        "9点",
        "-9:00",
        "99999:00",
        "",
    ]
    .map(|it| format!("{it} → {}\n", time(it)))
    .concat();

    expect![[r#"
        9:00 → PT9H
        09:00 → PT9H
        ９：００ → PT9H
        20:30 → PT20H30M
        0:00 → PT0S
        23:59:30 → PT23H59M30S
        24:00 → PT24H
        24:01 → 没有这个时间，请填写 0:00 到 24:00 之间的时间
        25:00 → 没有这个时间，请填写 0:00 到 24:00 之间的时间
        9:60 → 没有这个时间，请填写 0:00 到 24:00 之间的时间
        9:0 → 时间应写成 9:00 或 20:30 的样子，请重新填写
        9 → 时间应写成 9:00 或 20:30 的样子，请重新填写
        9点 → 时间应写成 9:00 或 20:30 的样子，请重新填写
        -9:00 → 时间应写成 9:00 或 20:30 的样子，请重新填写
        99999:00 → 时间应写成 9:00 或 20:30 的样子，请重新填写
         → 请填写时间，例如 9:00
    "#]]
    .assert_eq(&times);
}

#[test]
fn the_row_of_an_interval_is_read_back_as_the_same() {
    for whole in [
        interval("03-13 9:00:00", "03-13 20:00:00"),
        interval("03-13 9:00:00", "03-14 0:00:00"),
        interval("03-13 18:00:00", "03-16 6:30:00"),
        interval("01-01 0:00:00", "12-31 0:00:00"),
    ] {
        assert_eq!(Row::of(&whole).read(), Ok(whole));
    }
}

#[test]
fn a_row_ends_on_its_own_day_or_on_one_that_is_named() {
    let read = |day: &str, from: &str, to: &str| {
        let row = Row { day: day.into(), from: from.into(), to: to.into() };
        row.read().map_err(|wrong| {
            let part = |it: Option<String>| it.unwrap_or_default();
            [
                part(wrong.day.map(|it| it.to_string())),
                part(wrong.from.map(|it| it.to_string())),
                part(wrong.to.map(|it| it.to_string())),
            ]
        })
    };
    let over_night = Ok(interval("03-13 18:00:00", "03-14 6:00:00"));
    assert_eq!(read("2026-03-13", "18:00", "2026-03-14 6:00"), over_night);
    assert_eq!(read("2026-03-13", "18:00", " 2026年3月14日　６：００ "), over_night);
    let no_day = "日历上没有这一天，请核对年、月、日";
    let no_time = "没有这个时间，请填写 0:00 到 24:00 之间的时间";
    assert_eq!(
        read("2026-02-30", "25:00", "2026-02-30 6:00").unwrap_err(),
        [no_day, no_time, no_day]
    );
    assert_eq!(read("", "9:00", "25:00").unwrap_err()[2], no_time);
}

#[test]
fn hours_are_kept_replaced_and_written_down_once() {
    let world = World::new();
    let set = |intervals: Vec<Interval>| {
        world.app.db.write_now(Actor::Operator, move |tx| windows::set(tx, "project 3", &intervals))
    };
    let of = |business: &'static str| {
        world.app.db.read_now(|tx| windows::of(tx, business)).unwrap().intervals
    };
    let notes = || {
        let conn = Connection::open(world.app.db.path()).unwrap();
        let sql = "select count(*) from audit where act = 'windows.set' and about = 'project 3'";
        conn.query_row(sql, (), |row| row.get::<_, i64>(0)).unwrap()
    };
    let hours = two_days().intervals;

    set(vec![hours[1], hours[0]]).unwrap();
    assert_eq!(of("project 3"), hours);
    assert_eq!(of("project 33"), []);
    set(hours.clone()).unwrap();
    assert_eq!(notes(), 1, "the same hours again are no change");

    let refused = set(vec![hours[0], hours[0]]);
    assert!(matches!(refused, Err(Error::Refused(Refused::Overlap { first: 0, second: 1 }))));
    assert_eq!(of("project 3"), hours);

    set(vec![hours[1]]).unwrap();
    assert_eq!(of("project 3"), [hours[1]]);
    assert_eq!(notes(), 2);
}
