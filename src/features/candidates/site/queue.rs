//! 排队: one's place in front of the hash. It follows by itself; without a script 查看最新状态 does.

use askama::Template;
use rocket::http::CookieJar;
use rocket::response::Responder;
use rocket::response::content::RawJson;
use rocket::{Route, State as Managed, uri};
use serde_json::json;

use super::session::{Door, Entered};
use super::sign_in::{self, Said};
use super::{given, take};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::features::candidates::login::Logins;
use crate::features::candidates::rules::spoken;
use crate::features::identity::Desk;
use crate::features::identity::queue::{Look, Place, Standing};
use crate::web::{Answer, Chrome, Page};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, standing]
}

#[derive(Template)]
#[template(path = "candidates/site/queue.html")]
pub(super) struct QueuePage {
    chrome: Chrome,
    ahead: u64,
    wait: String,
    at: String,
}

#[derive(Responder)]
pub(super) enum Shown {
    Waiting(Box<Page<QueuePage>>),
    Answered(Entered),
}

#[rocket::get("/queue")]
pub(super) async fn show(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    logins: &Managed<Logins>,
    jar: &CookieJar<'_>,
    chrome: Chrome,
) -> Answer<Shown> {
    let Some(ticket) = given(app, jar, "queue") else {
        return Ok(Shown::Answered(Entered::go(sign_in::href(None, None, None))));
    };
    match logins.wait(&ticket).await {
        Standing::Waiting { place, .. } => {
            let chrome = if chrome.who.is_some() { chrome.stranger() } else { chrome };
            let (wait, at) = (about(place), clock_of(app));
            Ok(Shown::Waiting(Box::new(Page::ok(QueuePage {
                chrome,
                ahead: place.ahead,
                wait,
                at,
            }))))
        }
        Standing::Done(ended) => {
            take(app, jar, "queue");
            Ok(Shown::Answered(Door { app, desk, jar, chrome }.answer(ended).await?))
        }
        Standing::Gone => {
            take(app, jar, "queue");
            let to = sign_in::href(None, None, Some(Said::Gone));
            Ok(Shown::Answered(Entered::go(to)))
        }
    }
}

/// What a script asks: where the ticket stands, without taking its answer.
#[rocket::get("/queue/standing")]
fn standing(app: &Managed<App>, logins: &Managed<Logins>, jar: &CookieJar<'_>) -> RawJson<String> {
    let look = given(app, jar, "queue").map_or(Look::Gone, |it| logins.look(&it));
    let answer = match look {
        Look::Waiting(place) => json!({
            "state": "waiting",
            "told": { "ahead": place.ahead.to_string(), "wait": about(place), "at": clock_of(app) },
        }),
        Look::Done | Look::Gone => json!({ "state": "called", "href": uri!(show).to_string() }),
    };
    RawJson(answer.to_string())
}

fn about(place: Place) -> String {
    let seconds = i64::try_from(place.wait.as_secs() + 1).unwrap_or(i64::MAX);
    format!("约{}", spoken(jiff::SignedDuration::from_secs(seconds)))
}

fn clock_of(app: &App) -> String {
    app.clock.now().to_zoned(OFFICE).strftime("%H:%M:%S").to_string()
}
