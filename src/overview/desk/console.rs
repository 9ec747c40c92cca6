//! The page 工作台.

use askama::Template;
use jiff::Timestamp;
use rocket::{Route, State as Managed};

use super::health::{self, Sign};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::outcome::Fault;
use crate::features::identity::{self, Kind};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::{Anyone, Duties};
use crate::machinery::db::ReadTx;
use crate::machinery::{mail, rounds};
use crate::web::{Answer, Chrome, Page};

/// The doors of this face, to be mounted at `/console`.
pub fn routes() -> Vec<Route> {
    rocket::routes![show]
}

/// One figure at the top of the desk.
pub struct Figure {
    /// 已缴费.
    pub label: &'static str,
    /// 326.
    pub number: String,
    /// 人, 笔; empty for money.
    pub unit: &'static str,
    /// A line under it.
    pub said: String,
    /// Must somebody look at it?
    pub is_bad: bool,
}

/// Something that waits for the person who looks.
pub struct Task {
    /// 对账差异.
    pub what: &'static str,
    /// How many.
    pub count: i64,
    /// Since when the oldest waits, as people read it.
    pub oldest: String,
    /// Where to go.
    pub href: String,
    /// 去处理.
    pub act: &'static str,
}

#[derive(Template)]
#[template(path = "desk/console/show.html")]
struct Show {
    chrome: Chrome,
    name: String,
    duties: Duties,
    day: String,
    prior_login: Option<String>,
    figures: Vec<Figure>,
    tasks: Vec<Task>,
    signs: Vec<Sign>,
}

impl Show {
    fn concerns(&self) -> usize {
        self.signs.iter().filter(|it| !it.well).count()
    }
}

#[rocket::get("/")]
async fn show(app: &Managed<App>, officer: Officer<Anyone>, chrome: Chrome) -> Answer<Page<Show>> {
    let (account, duties) = (officer.account, officer.duties.clone());
    let (prior_login, figures, tasks, outbox, done) = app
        .db
        .read(move |tx| {
            let prior =
                identity::credential(tx, Kind::Staff, account)?.and_then(|it| it.prior_login);
            Ok((
                prior,
                figures(tx, &duties)?,
                tasks(tx, &duties)?,
                mail::outbox(tx)?,
                rounds::all(tx)?,
            ))
        })
        .await?;
    let signs = vec![
        health::platform(&done),
        health::clock(app.clock.shift()),
        health::disk(&app.folder.dir),
        health::rounds(&done, app.clock.wall()),
        health::letters(outbox),
    ];
    let prior_login = prior_login.map(|(at, from)| {
        let from = from.map_or_else(String::new, |it| format!("，来自 {it}"));
        format!("{}{from}", moment(at))
    });
    Ok(Page::ok(Show {
        day: day(chrome.now()),
        chrome,
        name: officer.name,
        duties: officer.duties,
        prior_login,
        figures,
        tasks,
        signs,
    }))
}

/// What there is, for these duties. Rooms add their lines here.
fn figures(_tx: &ReadTx<'_>, _duties: &Duties) -> Result<Vec<Figure>, Fault> {
    Ok(Vec::new())
}

/// What waits for somebody with these duties. Rooms add their lines here.
fn tasks(_tx: &ReadTx<'_>, _duties: &Duties) -> Result<Vec<Task>, Fault> {
    Ok(Vec::new())
}

fn moment(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M").to_string()
}

fn day(at: Timestamp) -> String {
    const DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let date = at.to_zoned(OFFICE).date();
    let weekday = DAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    format!("{} {weekday}", date.strftime("%Y年%-m月%-d日"))
}
