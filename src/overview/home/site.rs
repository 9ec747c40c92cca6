//! 首页, 考试报名 and 选择线路.

use askama::Template;
use jiff::Timestamp;
use rocket::{Route, State as Managed, get, routes};

use super::System;
use crate::app::App;
use crate::base::outcome::refuse;
use crate::features::bulletin::rules::{Line, List};
use crate::features::bulletin::site::Headline;
use crate::features::{bulletin, fees, windows};
use crate::web::{Answer, Chrome, Next, Nothing, Page};

/// How many announcements the home page shows.
const HEADLINES: usize = 5;

/// The name of these pages in the frame.
const SERVICE: &str = "考试服务";

/// Where the login is, on the address the candidate came by.
const SIGN_IN: &str = "/sign-in";

/// The doors of this face.
pub fn routes() -> Vec<Route> {
    routes![index, projects, lines]
}

/// A system as the column 考试报名 shows it.
struct Entry {
    code: String,
    title: String,
    panel: windows::Panel,
}

impl Entry {
    fn of(system: &System, now: Timestamp) -> Entry {
        let project = &system.project;
        let panel = windows::Panel::of(&system.hours, now, "缴费时间", project.consequence.clone());
        Entry { code: project.code.clone(), title: project.title.clone(), panel }
    }
}

#[derive(Template)]
#[template(path = "home/site/index.html")]
struct Index {
    chrome: Chrome,
    entries: Vec<Entry>,
    headlines: Vec<Headline>,
    browsers: Vec<Line>,
}

#[get("/")]
async fn index(app: &Managed<App>, chrome: Chrome) -> Answer<Page<Index>> {
    let (systems, news, browsers, now) = app
        .db
        .read(|tx| {
            let news = bulletin::announcements(tx, HEADLINES)?;
            let browsers = bulletin::lines(tx, List::Browsers)?;
            Ok((super::systems(tx)?, news, browsers, tx.now()))
        })
        .await?;
    Ok(Page::ok(Index {
        chrome: chrome.service(SERVICE),
        entries: systems.iter().map(|it| Entry::of(it, now)).collect(),
        headlines: news.iter().map(Headline::of).collect(),
        browsers,
    }))
}

#[derive(Template)]
#[template(path = "home/site/projects.html")]
struct Projects {
    chrome: Chrome,
    entries: Vec<Entry>,
}

#[get("/projects")]
async fn projects(app: &Managed<App>, chrome: Chrome) -> Answer<Page<Projects>> {
    let (systems, now) = app.db.read(|tx| Ok((super::systems(tx)?, tx.now()))).await?;
    let entries = systems.iter().map(|it| Entry::of(it, now)).collect();
    Ok(Page::ok(Projects { chrome: chrome.service(SERVICE), entries }))
}

#[derive(Template)]
#[template(path = "home/site/lines.html")]
struct Lines {
    chrome: Chrome,
    entry: Entry,
    lines: Vec<Line>,
}

/// 选择线路; where there is nothing to choose, straight to the login.
#[get("/projects/<code>/lines")]
async fn lines(app: &Managed<App>, chrome: Chrome, code: String) -> Answer<Next<Lines>, Nothing> {
    let found = app
        .db
        .read(move |tx| {
            let Some(project) = fees::project_by_code(tx, &code)?.filter(|it| it.shown) else {
                return Ok(None);
            };
            let hours = windows::of(tx, &project.business())?;
            let lines = bulletin::lines(tx, List::Routes)?;
            Ok(Some((System { project, hours }, lines, tx.now())))
        })
        .await?;
    let Some((system, lines, now)) = found else { return refuse(Nothing) };
    if lines.len() < 2 {
        return Ok(Next::go(SIGN_IN));
    }
    let entry = Entry::of(&system, now);
    Ok(Next::Again(Page::ok(Lines { chrome: chrome.service(SERVICE), entry, lines })))
}
