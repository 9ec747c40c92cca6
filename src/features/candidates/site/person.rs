//! 核对信息: who is logged in, for the person to check before paying.

use askama::Template;
use jiff::Timestamp;
use rocket::{Route, State as Managed};

use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::outcome::refuse;
use crate::features::candidates;
use crate::features::candidates::guard::Candidate;
use crate::features::candidates::rules::{Person, Refused, Wish};
use crate::features::identity::{self, Kind};
use crate::machinery::db::ReadTx;
use crate::web::{Answer, Chrome, Page};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show]
}

#[derive(Template)]
#[template(path = "candidates/site/person.html")]
pub(super) struct PersonPage {
    chrome: Chrome,
    person: Person,
    /// 上次登录: when, and from where.
    before: Option<(String, Option<String>)>,
    /// Where 进入缴费 leads.
    onward: String,
}

#[rocket::get("/person?<next>")]
pub(super) async fn show(
    app: &Managed<App>,
    candidate: Candidate,
    chrome: Chrome,
    next: Option<&str>,
) -> Answer<Page<PersonPage>, Refused> {
    let account = candidate.account;
    let look = move |tx: &ReadTx<'_>| {
        Ok((candidates::find(tx, account)?, identity::credential(tx, Kind::Candidate, account)?))
    };
    let (person, credential) = app.db.read(look).await?;
    let Some(person) = person else { return refuse(Refused::Unknown) };
    let before = credential.and_then(|it| it.prior_login);
    let wish = next.and_then(Wish::read).filter(|it| it.path().starts_with("/dues"));
    Ok(Page::ok(PersonPage {
        chrome,
        person,
        before: before.map(|(at, address)| (day_and_time(at), address)),
        onward: wish.map_or_else(|| "/dues".into(), |it| it.path().to_owned()),
    }))
}

fn day_and_time(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M").to_string()
}
