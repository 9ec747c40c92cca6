//! 公告: published, changed, withdrawn.

use askama::Template;
use rocket::{Route, State as Managed, get, post, routes, uri};

use super::{Tab, tabs};
use crate::app::App;
use crate::base::outcome::{Error, Result, refuse};
use crate::features::bulletin;
use crate::features::bulletin::rules::{Announcement, NewAnnouncement, Refused};
use crate::features::bulletin::site::Headline;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Clerk;
use crate::machinery::db::{FormKey, Once, WriteTx};
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted, Pressed};

const TITLE_MAX: usize = 60;
const BODY_MAX: usize = 5_000;
/// How many the list shows, the newest first.
const LIST_MAX: usize = 200;

pub(super) fn routes() -> Vec<Route> {
    routes![index, new, create, show, reword, withdraw]
}

/// An announcement in the list.
struct Row {
    headline: Headline,
    withdrawn: bool,
}

#[derive(Template)]
#[template(path = "bulletin/console/announcements.html")]
struct Index {
    chrome: Chrome,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    done: Option<&'static str>,
}

#[get("/announcements?<done>")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
    done: Option<&str>,
) -> Answer<Page<Index>> {
    let all = app.db.read(|tx| bulletin::all_announcements(tx, LIST_MAX)).await?;
    let row = |it: &Announcement| Row {
        headline: Headline::of(it),
        withdrawn: it.withdrawn_at.is_some(),
    };
    let done = match done {
        Some("published") => Some("公告已发布，首页上立即可见。"),
        Some("changed") => Some("公告已修改，立即生效。"),
        Some("withdrawn") => Some("公告已撤回，首页上不再显示。"),
        Some(_) | None => None,
    };
    let (tabs, rows) = (tabs("/console/announcements"), all.iter().map(row).collect());
    Ok(Page::ok(Index { chrome, tabs, rows, done }))
}

#[derive(Template)]
#[template(path = "bulletin/console/new.html")]
struct New {
    chrome: Chrome,
    filled: Filled,
}

#[get("/announcements/new")]
fn new(_officer: Officer<Clerk>, chrome: Chrome) -> Page<New> {
    Page::ok(New { chrome, filled: Filled::default() })
}

#[post("/announcements", data = "<posted>")]
async fn create(
    app: &Managed<App>,
    officer: Officer<Clerk>,
    chrome: Chrome,
    posted: Posted<Pressed>,
) -> Answer<Next<New>, Refused> {
    let Posted { mut filled, key, .. } = posted;
    let Some(wish) = typed(&mut filled) else { return Ok(Next::again(New { chrome, filled })) };
    app.db.write(officer.by, move |tx| once(tx, &key, &wish)).await?;
    Ok(Next::go(uri!("/console", index(Some("published")))))
}

/// Publishes, unless the same form has done so before.
fn once(tx: &WriteTx<'_>, key: &FormKey, wish: &NewAnnouncement) -> Result<(), Refused> {
    match tx.once(key, &format!("{wish:?}"))? {
        Once::First => match bulletin::publish(tx, wish) {
            Ok(_) => Ok(()),
            Err(Error::Fault(fault)) => Err(fault.into()),
            Err(Error::Refused(never)) => match never {},
        },
        Once::Again(_) => Ok(()),
        Once::Different => refuse(Refused::DoneBefore),
    }
}

fn typed(filled: &mut Filled) -> Option<NewAnnouncement> {
    let title = filled.text("title", "请填写标题。", TITLE_MAX);
    let body = filled.text("body", "请填写正文。", BODY_MAX);
    Some(NewAnnouncement { title: title?, body: body? })
}

#[derive(Template)]
#[template(path = "bulletin/console/show.html")]
struct Show {
    chrome: Chrome,
    headline: Headline,
    withdrawn: bool,
    paragraphs: Vec<String>,
    filled: Filled,
}

impl Show {
    fn with(chrome: Chrome, it: &Announcement, filled: Filled) -> Show {
        Show {
            chrome,
            headline: Headline::of(it),
            withdrawn: it.withdrawn_at.is_some(),
            paragraphs: it.paragraphs(),
            filled,
        }
    }
}

#[get("/announcements/<id>")]
async fn show(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
    id: i64,
) -> Answer<Page<Show>, Refused> {
    let it = find(app, id).await?;
    let filled = Filled::default().with("title", &it.title).with("body", &it.body);
    Ok(Page::ok(Show::with(chrome, &it, filled)))
}

#[post("/announcements/<id>", data = "<posted>")]
async fn reword(
    app: &Managed<App>,
    officer: Officer<Clerk>,
    chrome: Chrome,
    id: i64,
    posted: Posted<Pressed>,
) -> Answer<Next<Show>, Refused> {
    let mut filled = posted.filled;
    let Some(wish) = typed(&mut filled) else {
        let it = find(app, id).await?;
        return Ok(Next::again(Show::with(chrome, &it, filled)));
    };
    app.db.write(officer.by, move |tx| bulletin::reword(tx, id, &wish)).await?;
    Ok(Next::go(uri!("/console", index(Some("changed")))))
}

#[post("/announcements/<id>/withdrawal", data = "<_posted>")]
async fn withdraw(
    app: &Managed<App>,
    officer: Officer<Clerk>,
    id: i64,
    _posted: Posted<Pressed>,
) -> Answer<Next<Show>, Refused> {
    app.db.write(officer.by, move |tx| bulletin::withdraw(tx, id)).await?;
    Ok(Next::go(uri!("/console", index(Some("withdrawn")))))
}

async fn find(app: &App, id: i64) -> Answer<Announcement, Refused> {
    match app.db.read(move |tx| bulletin::announcement(tx, id)).await? {
        Some(it) => Ok(it),
        None => refuse(Refused::Unknown),
    }
}
