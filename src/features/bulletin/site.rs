//! What the centre tells everybody, as everybody reads it: 公告, 帮助, browsers.

use askama::Template;
use rocket::{Route, State as Managed, get, routes};

use super::rules::{Announcement, Line, List};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::outcome::refuse;
use crate::web::{Answer, Chrome, Nothing, Page};

/// How many announcements 全部公告 lists.
const ALL_MAX: usize = 200;

/// The doors of this face.
pub fn routes() -> Vec<Route> {
    routes![announcements, announcement, help, browsers]
}

/// An announcement in a list.
pub struct Headline {
    /// Its number, for the link.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// The day it was published: 2026-03-10.
    pub day: String,
}

impl Headline {
    /// The headline of an announcement.
    pub fn of(announcement: &Announcement) -> Headline {
        let day = announcement.published_at.to_zoned(OFFICE).date().to_string();
        Headline { id: announcement.id, title: announcement.title.clone(), day }
    }
}

#[derive(Template)]
#[template(path = "bulletin/site/announcements.html")]
struct All {
    chrome: Chrome,
    headlines: Vec<Headline>,
}

#[get("/announcements")]
async fn announcements(app: &Managed<App>, chrome: Chrome) -> Answer<Page<All>> {
    let all = app.db.read(|tx| super::announcements(tx, ALL_MAX)).await?;
    Ok(Page::ok(All { chrome, headlines: all.iter().map(Headline::of).collect() }))
}

#[derive(Template)]
#[template(path = "bulletin/site/announcement.html")]
struct Show {
    chrome: Chrome,
    headline: Headline,
    paragraphs: Vec<String>,
}

#[get("/announcements/<id>")]
async fn announcement(app: &Managed<App>, chrome: Chrome, id: i64) -> Answer<Page<Show>, Nothing> {
    let found = app.db.read(move |tx| super::announcement(tx, id)).await?;
    let Some(it) = found.filter(|it| it.withdrawn_at.is_none()) else { return refuse(Nothing) };
    let (headline, paragraphs) = (Headline::of(&it), it.paragraphs());
    Ok(Page::ok(Show { chrome, headline, paragraphs }))
}

#[derive(Template)]
#[template(path = "bulletin/site/help.html")]
struct Help {
    chrome: Chrome,
    contacts: Vec<Line>,
}

#[get("/help")]
async fn help(app: &Managed<App>, chrome: Chrome) -> Answer<Page<Help>> {
    let contacts = app.db.read(|tx| super::lines(tx, List::Contacts)).await?;
    Ok(Page::ok(Help { chrome, contacts }))
}

#[derive(Template)]
#[template(path = "bulletin/site/browsers.html")]
struct Browsers {
    chrome: Chrome,
    browsers: Vec<Line>,
}

#[get("/browsers")]
async fn browsers(app: &Managed<App>, chrome: Chrome) -> Answer<Page<Browsers>> {
    let browsers = app.db.read(|tx| super::lines(tx, List::Browsers)).await?;
    Ok(Page::ok(Browsers { chrome, browsers }))
}
