//! What may be changed of a project: its texts, its hours, its fee items. Effective at once.

use askama::Template;
use rocket::{Route, State as Managed, get, post, routes, uri};
use serde_json::Value;

use super::hours::{self, Names};
use super::set_up::{Pressed, set_hours};
use super::{Cashier, sample, typed};
use crate::app::App;
use crate::base::outcome::{self, Error, Fault, refuse};
use crate::features::fees::rules::{FeeItem, Project, Refused};
use crate::features::staff::guard::Officer;
use crate::features::windows::rules::{Hours, Interval};
use crate::features::{fees, windows};
use crate::machinery::db::WriteTx;
use crate::web::{self, Answer, Chrome, Filled, Next, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    routes![texts, reword, opening, reopen, item, change]
}

#[derive(Template)]
#[template(path = "fees/console/texts.html")]
struct Texts {
    chrome: Chrome,
    project: Project,
    filled: Filled,
}

#[get("/projects/<id>/texts")]
async fn texts(
    app: &Managed<App>,
    _officer: Officer<Cashier>,
    chrome: Chrome,
    id: i64,
) -> Answer<Page<Texts>, Refused> {
    let project = project(app, id).await?;
    let filled = typed::of_project(&project);
    Ok(Page::ok(Texts { chrome, project, filled }))
}

#[post("/projects/<id>/texts", data = "<posted>")]
async fn reword(
    app: &Managed<App>,
    officer: Officer<Cashier>,
    chrome: Chrome,
    id: i64,
    posted: Posted<web::Pressed>,
) -> Answer<Next<Texts>, Refused> {
    let mut filled = posted.filled;
    let Some(texts) = typed::project_texts(&mut filled) else {
        let project = project(app, id).await?;
        return Ok(Next::again(Texts { chrome, project, filled }));
    };
    let seen = filled.seen();
    match app.db.write(officer.by, move |tx| fees::reword(tx, id, &seen, &texts)).await {
        Ok(()) => Ok(Next::go(uri!("/console", super::show(id, Some("texts"))))),
        Err(Error::Refused(Refused::ChangedMeanwhile)) => {
            let project = project(app, id).await?;
            typed::project_changed(&mut filled, &project);
            Ok(Next::again(Texts { chrome, project, filled }))
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "fees/console/hours.html")]
struct HoursPage {
    chrome: Chrome,
    project: Project,
    filled: Filled,
    rows: Vec<Names>,
}

#[get("/projects/<id>/hours")]
async fn opening(
    app: &Managed<App>,
    _officer: Officer<Cashier>,
    chrome: Chrome,
    id: i64,
) -> Answer<Page<HoursPage>, Refused> {
    let project = project(app, id).await?;
    let hours = hours_of(app, id).await?;
    let filled = hours::fill(Filled::default().seeing(&hours::told(&hours)), &hours);
    let rows = hours::rows(&filled, false);
    Ok(Page::ok(HoursPage { chrome, project, filled, rows }))
}

#[post("/projects/<id>/hours", data = "<posted>")]
async fn reopen(
    app: &Managed<App>,
    officer: Officer<Cashier>,
    chrome: Chrome,
    id: i64,
    posted: Posted<Pressed>,
) -> Answer<Next<HoursPage>, Refused> {
    let project = project(app, id).await?;
    let mut filled = posted.filled;
    if posted.form.is_some_and(|it| it.more) {
        let rows = hours::rows(&filled, true);
        return Ok(Next::Again(Page::ok(HoursPage { chrome, project, filled, rows })));
    }
    let Some(intervals) = hours::read(&mut filled) else {
        let rows = hours::rows(&filled, false);
        return Ok(Next::again(HoursPage { chrome, project, filled, rows }));
    };
    let seen = filled.seen();
    match app.db.write(officer.by, move |tx| reset_hours(tx, id, &seen, &intervals)).await {
        Ok(()) => Ok(Next::go(uri!("/console", super::show(id, Some("hours"))))),
        Err(Error::Refused(Refused::ChangedMeanwhile)) => {
            hours::changed(&mut filled, &hours_of(app, id).await?);
            let rows = hours::rows(&filled, false);
            Ok(Next::again(HoursPage { chrome, project, filled, rows }))
        }
        Err(error) => Err(error),
    }
}

/// Sets hours instead of those that were seen.
fn reset_hours(
    tx: &WriteTx<'_>,
    id: i64,
    seen: &Value,
    intervals: &[Interval],
) -> outcome::Result<(), Refused> {
    let now = windows::of(tx, &fees::rules::business(id))?;
    let is_wanted = Hours::of(intervals).is_ok_and(|wanted| wanted == now);
    if !is_wanted && hours::told(&now) != *seen {
        return refuse(Refused::ChangedMeanwhile);
    }
    set_hours(tx, id, intervals)
}

async fn hours_of(app: &App, id: i64) -> Result<Hours, Fault> {
    app.db.read(move |tx| windows::of(tx, &fees::rules::business(id))).await
}

#[derive(Template)]
#[template(path = "fees/console/item.html")]
struct ItemPage {
    chrome: Chrome,
    item: FeeItem,
    filled: Filled,
    sample: Option<&'static str>,
}

#[get("/projects/<id>/items/<item_id>")]
async fn item(
    app: &Managed<App>,
    _officer: Officer<Cashier>,
    chrome: Chrome,
    id: i64,
    item_id: i64,
) -> Answer<Page<ItemPage>, Refused> {
    let item = fee_item(app, id, item_id).await?;
    let filled = typed::of_item(&item.texts());
    Ok(Page::ok(ItemPage { chrome, item, filled, sample: sample(app) }))
}

#[post("/projects/<id>/items/<item_id>", data = "<posted>")]
async fn change(
    app: &Managed<App>,
    officer: Officer<Cashier>,
    chrome: Chrome,
    id: i64,
    item_id: i64,
    posted: Posted<web::Pressed>,
) -> Answer<Next<ItemPage>, Refused> {
    let item = fee_item(app, id, item_id).await?;
    let mut filled = posted.filled;
    let Some(texts) = typed::item_texts(&mut filled) else {
        return Ok(Next::again(ItemPage { chrome, item, filled, sample: sample(app) }));
    };
    let seen = filled.seen();
    match app.db.write(officer.by, move |tx| fees::change_item(tx, item_id, &seen, &texts)).await {
        Ok(()) => Ok(Next::go(uri!("/console", super::show(id, Some("item"))))),
        Err(Error::Refused(Refused::ChangedMeanwhile)) => {
            let item = fee_item(app, id, item_id).await?;
            typed::item_changed(&mut filled, &item.texts());
            Ok(Next::again(ItemPage { chrome, item, filled, sample: sample(app) }))
        }
        Err(error) => Err(error),
    }
}

async fn project(app: &App, id: i64) -> Answer<Project, Refused> {
    match app.db.read(move |tx| fees::project(tx, id)).await? {
        Some(project) => Ok(project),
        None => refuse(Refused::Unknown),
    }
}

async fn fee_item(app: &App, project_id: i64, id: i64) -> Answer<FeeItem, Refused> {
    let found = app.db.read(move |tx| fees::item(tx, id)).await?;
    match found.filter(|it| it.project_id == project_id) {
        Some(item) => Ok(item),
        None => refuse(Refused::Unknown),
    }
}
