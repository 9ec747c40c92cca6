//! The privacy notice: a new text is a new version, which candidates read at their next login.

use askama::Template;
use rocket::{Route, State as Managed, get, post, routes, uri};

use super::{Tab, tabs, text};
use crate::app::App;
use crate::features::bulletin;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Clerk;
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted, Pressed};

const BODY_MAX: usize = 5_000;

pub(super) fn routes() -> Vec<Route> {
    routes![show, set]
}

#[derive(Template)]
#[template(path = "bulletin/console/privacy.html")]
struct Show {
    chrome: Chrome,
    tabs: Vec<Tab>,
    version: String,
    filled: Filled,
    done: Option<&'static str>,
}

impl Show {
    fn with(chrome: Chrome, version: String, filled: Filled) -> Show {
        Show { chrome, tabs: tabs("/console/bulletin/privacy"), version, filled, done: None }
    }
}

#[get("/bulletin/privacy?<done>")]
async fn show(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
    done: Option<&str>,
) -> Answer<Page<Show>> {
    let (version, paragraphs) = app.db.read(bulletin::privacy_notice).await?;
    let filled = Filled::default().with("body", paragraphs.join("\n\n"));
    let done = (done == Some("saved")).then_some("已保存，立即生效。");
    Ok(Page::ok(Show { done, ..Show::with(chrome, version, filled) }))
}

#[post("/bulletin/privacy", data = "<posted>")]
async fn set(
    app: &Managed<App>,
    officer: Officer<Clerk>,
    chrome: Chrome,
    posted: Posted<Pressed>,
) -> Answer<Next<Show>> {
    let mut filled = posted.filled;
    let Some(body) = text(&mut filled, "body", "请填写正文。", BODY_MAX) else {
        let (version, _) = app.db.read(bulletin::privacy_notice).await?;
        return Ok(Next::again(Show::with(chrome, version, filled)));
    };
    app.db.write(officer.by, move |tx| bulletin::set_privacy_notice(tx, &body)).await?;
    Ok(Next::go(uri!("/console", show(Some("saved")))))
}
