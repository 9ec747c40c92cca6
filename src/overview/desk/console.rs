//! The page 工作台.

use askama::Template;
use rocket::{Route, State as Managed};

use super::figures::{self, Figure, Task};
use super::health::{self, Sign};
use super::words;
use crate::app::App;
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
    let (account, duties, house) = (officer.account, officer.duties.clone(), App::clone(app));
    let seen = app.db.read(move |tx| look(tx, &house, account, &duties)).await?;
    Ok(Page::ok(Show {
        day: words::day(chrome.now()),
        chrome,
        name: officer.name,
        duties: officer.duties,
        prior_login: seen.prior_login,
        figures: seen.figures,
        tasks: seen.tasks,
        signs: seen.signs,
    }))
}

struct Seen {
    prior_login: Option<String>,
    figures: Vec<Figure>,
    tasks: Vec<Task>,
    signs: Vec<Sign>,
}

fn look(tx: &ReadTx<'_>, app: &App, account: i64, duties: &Duties) -> Result<Seen, Fault> {
    let done = rounds::all(tx)?;
    let mut signs = vec![
        health::platform(&done, tx.wall()),
        health::clock(app.clock.shift()),
        health::disk(&app.folder.dir),
        health::rounds(&done, tx.wall()),
        health::letters(mail::outbox(tx)?),
    ];
    signs.extend(figures::stock(tx, duties)?.map(health::receipts));
    let credential = identity::credential(tx, Kind::Staff, account)?;
    let prior_login = credential.and_then(|it| it.prior_login).map(|(at, from)| {
        let from = from.map_or_else(String::new, |it| format!("，来自 {it}"));
        format!("{}{from}", words::moment(at))
    });
    let figures = figures::figures(tx, duties)?;
    Ok(Seen { prior_login, figures, tasks: figures::tasks(tx, duties)?, signs })
}
