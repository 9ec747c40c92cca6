//! 个人信息保护告知: the version in force, and the next one.

use askama::Template;
use rocket::{Route, State as Managed, get, post, routes, uri};

use super::{Tab, tabs};
use crate::app::App;
use crate::base::outcome::Fault;
use crate::features::bulletin;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Clerk;
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted, Pressed};

/// So that even in Chinese it fits a form.
const NOTICE_MAX: usize = 5_000;
const HERE: &str = "/console/bulletin/notice";

pub(super) fn routes() -> Vec<Route> {
    routes![notice, set]
}

#[derive(Template)]
#[template(path = "bulletin/console/notice.html")]
struct Show {
    chrome: Chrome,
    tabs: Vec<Tab>,
    here: &'static str,
    /// The version in force.
    version: String,
    filled: Filled,
    done: Option<&'static str>,
}

impl Show {
    /// The page, with the text in force where nothing was typed.
    async fn with(app: &App, chrome: Chrome, filled: Option<Filled>) -> Result<Show, Fault> {
        let (version, paragraphs) = app.db.read(bulletin::privacy_notice).await?;
        let in_force = || Filled::default().with("body", paragraphs.join("\n\n"));
        let filled = filled.unwrap_or_else(in_force);
        Ok(Show { chrome, tabs: tabs(HERE), here: HERE, version, filled, done: None })
    }
}

#[get("/bulletin/notice?<done>")]
async fn notice(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
    done: Option<&str>,
) -> Answer<Page<Show>> {
    let done = match done {
        Some("saved") => Some("新版本已生效，考生下一次操作前会先看到它。"),
        Some("same") => Some("内容没有变化，没有产生新版本。"),
        Some(_) | None => None,
    };
    Ok(Page::ok(Show { done, ..Show::with(app, chrome, None).await? }))
}

#[post("/bulletin/notice", data = "<posted>")]
async fn set(
    app: &Managed<App>,
    officer: Officer<Clerk>,
    chrome: Chrome,
    posted: Posted<Pressed>,
) -> Answer<Next<Show>> {
    let mut filled = posted.filled;
    let Some(body) = filled.text("body", "请填写告知的内容。", NOTICE_MAX) else {
        return Ok(Next::again(Show::with(app, chrome, Some(filled)).await?));
    };
    let before = app.db.read(bulletin::privacy_version).await?;
    let set = move |tx: &crate::machinery::db::WriteTx<'_>| bulletin::set_privacy_notice(tx, &body);
    let after = app.db.write(officer.by, set).await?;
    let done = if after == before { "same" } else { "saved" };
    Ok(Next::go(uri!("/console", notice(Some(done)))))
}
