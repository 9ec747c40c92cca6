//! A new project.

use askama::Template;
use rocket::{FromForm, Route, State as Managed, get, post, routes, uri};

use super::hours::{self, Names};
use super::{Cashier, sample, typed};
use crate::app::App;
use crate::base::outcome::{Error, Result, refuse};
use crate::features::fees::rules::{NewItem, NewProject, Refused};
use crate::features::staff::guard::Officer;
use crate::features::windows::rules::Interval;
use crate::features::{fees, windows};
use crate::machinery::db::{FormKey, Once, WriteTx};
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

#[derive(Template)]
#[template(path = "fees/console/new.html")]
struct New {
    chrome: Chrome,
    filled: Filled,
    rows: Vec<Names>,
    sample: Option<&'static str>,
}

#[get("/projects/new")]
fn new(app: &Managed<App>, _officer: Officer<Cashier>, chrome: Chrome) -> Page<New> {
    let filled = Filled::default().with("shown", "true").with("unit", "人次");
    Page::ok(New { chrome, rows: hours::rows(&filled, false), filled, sample: sample(app) })
}

/// Which button was pressed: 再加一段 or the one that saves. The fields are read by `typed`.
#[derive(FromForm)]
pub(super) struct Pressed {
    pub(super) more: bool,
}

/// What was typed, whole.
struct Wish {
    project: NewProject,
    item: NewItem,
    intervals: Vec<Interval>,
}

#[post("/projects", data = "<posted>")]
async fn create(
    app: &Managed<App>,
    officer: Officer<Cashier>,
    chrome: Chrome,
    posted: Posted<Pressed>,
) -> Answer<Next<New>, Refused> {
    let Posted { form, mut filled, key, .. } = posted;
    let sample = sample(app);
    if form.is_some_and(|it| it.more) {
        let rows = hours::rows(&filled, true);
        return Ok(Next::Again(Page::ok(New { chrome, filled, rows, sample })));
    }
    let again = |filled: Filled| {
        Ok(Next::again(New { chrome, rows: hours::rows(&filled, false), filled, sample }))
    };
    let typed = typed::new_project(&mut filled);
    let intervals = hours::read(&mut filled);
    let (Some((project, item)), Some(intervals)) = (typed, intervals) else {
        return again(filled);
    };
    let (wish, chance) = (Wish { project, item, intervals }, app.chance.clone());
    let made = app.db.write(officer.by, move |tx| once(tx, &key, &wish, &chance)).await;
    match made {
        Ok(id) => Ok(Next::go(uri!("/console", super::show(id, Some("made"))))),
        Err(Error::Refused(Refused::CodeTaken)) => {
            filled.complain("code", "这个代码已经有项目使用了，请换一个。");
            again(filled)
        }
        Err(error) => Err(error),
    }
}

/// Sets the project up, or finds the one that the same form made before.
fn once(
    tx: &WriteTx<'_>,
    key: &FormKey,
    wish: &Wish,
    chance: &crate::base::chance::Chance,
) -> Result<i64, Refused> {
    let Wish { project, item, intervals } = wish;
    match tx.once(key, &format!("{project:?} {item:?} {intervals:?}"))? {
        Once::First => {}
        Once::Again(answer) => return answer.parse().or_else(|_| refuse(Refused::DoneBefore)),
        Once::Different => return refuse(Refused::DoneBefore),
    }
    let id = fees::set_up(tx, project, item, chance)?;
    set_hours(tx, id, intervals)?;
    tx.answered(key, &id.to_string())?;
    Ok(id)
}

/// Sets hours that `hours::read` has found to be in order.
pub(super) fn set_hours(
    tx: &WriteTx<'_>,
    project_id: i64,
    intervals: &[Interval],
) -> Result<(), Refused> {
    match windows::set(tx, &fees::rules::business(project_id), intervals) {
        Ok(()) => Ok(()),
        Err(Error::Fault(fault)) => Err(fault.into()),
        Err(Error::Refused(reason)) => unreachable!("these hours were read and in order: {reason}"),
    }
}
