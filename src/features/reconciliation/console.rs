//! 对账 for 财务: the days of a month, one day with its differences, its closing and its sheet.

mod day;
mod differences;
mod words;

use std::borrow::Borrow;

use askama::Template;
use jiff::civil::Date;
use rocket::request::FromParam;
use rocket::{Route, State as Managed, get, routes};

use super::months::{self, Line, Month};
use super::rules::Sums;
use crate::app::App;
use crate::base::outcome::refuse;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::gateway::wire::read_day;
use crate::web::{Answer, Chrome, Nothing, Page};

/// The doors of this face, to be mounted at `/console`.
pub fn routes() -> Vec<Route> {
    [routes![index, report], day::routes(), differences::routes()].concat()
}

/// A day in a path: `2026-03-13`.
struct Day(Date);

impl<'r> FromParam<'r> for Day {
    type Error = ();

    fn from_param(param: &'r str) -> Result<Day, ()> {
        read_day(param).map(Day).ok_or(())
    }
}

/// A month in a path or a query: `2026-03`; it is its first day.
fn read_month(text: &str) -> Option<Date> {
    read_day(&format!("{text}-01"))
}

/// What a list of days shows.
struct Days {
    month: Month,
    ours: Sums,
    theirs: Sums,
    open: usize,
    unsettled: i64,
}

impl Days {
    async fn of(app: &App, first: Date) -> Result<Days, crate::base::outcome::Fault> {
        let month = app.db.read(move |tx| months::month(tx, first)).await?;
        let (ours, theirs) = month.total();
        let unsettled = month.days.iter().map(|it| it.unsettled).sum();
        Ok(Days { ours, theirs, open: month.open().len(), unsettled, month })
    }

    /// 2026年3月
    fn title(&self) -> String {
        self.month.first.strftime("%Y年%-m月").to_string()
    }

    fn code(&self) -> String {
        self.month.first.strftime("%Y-%m").to_string()
    }

    /// The month before: its code, its name.
    fn before(&self) -> Option<(String, String)> {
        self.month.first.yesterday().ok().map(named)
    }

    /// The next one, if it has begun.
    fn after(&self, chrome: &Chrome) -> Option<(String, String)> {
        let next = self.month.first.last_of_month().tomorrow().ok()?;
        (next <= crate::base::clock::office_date(chrome.now())).then(|| named(next))
    }

    /// 12日、13日
    fn open_days(&self) -> String {
        let days: Vec<_> = self.month.open().iter().map(|it| format!("{}日", it.day())).collect();
        days.join("、")
    }
}

fn named(day: Date) -> (String, String) {
    (day.strftime("%Y-%m").to_string(), day.strftime("%Y年%-m月").to_string())
}

#[derive(Template)]
#[template(path = "reconciliation/console/index.html")]
struct Index {
    chrome: Chrome,
    days: Days,
    newest_first: Vec<Line>,
}

impl Index {
    fn yuan(&self, fen: impl Borrow<i64>) -> String {
        words::yuan(*fen.borrow())
    }

    fn day(&self, line: &Line) -> String {
        words::day(line.day)
    }
}

#[get("/days?<month>")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    month: Option<&str>,
    chrome: Chrome,
) -> Answer<Page<Index>> {
    let first = month.and_then(read_month).unwrap_or_else(|| {
        // On the first of a month there is still the last day to close.
        let today = app.clock.today();
        today.yesterday().unwrap_or(today).first_of_month()
    });
    let days = Days::of(app, first).await?;
    let newest_first = days.month.days.iter().rev().cloned().collect();
    Ok(Page::ok(Index { chrome, days, newest_first }))
}

#[derive(Template)]
#[template(path = "reconciliation/console/month.html")]
struct Report {
    chrome: Chrome,
    days: Days,
}

impl Report {
    fn yuan(&self, fen: impl Borrow<i64>) -> String {
        words::yuan(*fen.borrow())
    }

    fn day(&self, line: &Line) -> String {
        words::day(line.day)
    }
}

#[get("/months/<month>")]
async fn report(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    month: &str,
    chrome: Chrome,
) -> Answer<Page<Report>, Nothing> {
    let Some(first) = read_month(month) else { return refuse(Nothing) };
    Ok(Page::ok(Report { chrome, days: Days::of(app, first).await? }))
}
