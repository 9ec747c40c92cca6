//! What the platform's pages have in common.

use std::io::Cursor;

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use rocket::http::uri::Reference;
use rocket::http::{ContentType, Status};
use rocket::request::{self, FromRequest, Request};
use rocket::response::{self, Redirect, Responder, Response};

use super::doors::Token;
use super::server::Shared;
use crate::base::clock::{OFFICE, office_date};
use crate::base::outcome::Fault;
use crate::machinery::gateway::wire::moment;

/// What the layout and every form need.
pub(super) struct Chrome {
    token: Token,
    /// The platform's business time.
    pub now: Timestamp,
    /// The layout asks; the platform has no 长辈版.
    pub large: bool,
}

impl Chrome {
    /// Where a sheet, a script or a picture is.
    pub(super) fn asset(&self, path: &str) -> String {
        crate::web::assets::href(path)
    }

    /// The hidden field of a form, as HTML.
    pub(super) fn tokens(&self) -> String {
        self.token.field()
    }

    /// The platform's time for people.
    pub(super) fn clock_text(&self) -> String {
        self.now.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M:%S").to_string()
    }

    /// The platform's time for the script.
    pub(super) fn clock_iso(&self) -> String {
        moment(self.now)
    }

    /// An instant for people: the day only when it is not today.
    pub(super) fn time(&self, at: &Timestamp) -> String {
        let form = if office_date(*at) == office_date(self.now) {
            "%H:%M:%S"
        } else {
            "%-m月%-d日 %H:%M:%S"
        };
        at.to_zoned(OFFICE).strftime(form).to_string()
    }

    /// An instant for the script.
    pub(super) fn iso(&self, at: &Timestamp) -> String {
        moment(*at)
    }

    /// What is left until then, written as the script writes it.
    pub(super) fn left(&self, until: &Timestamp) -> String {
        let left = until.duration_since(self.now).max(SignedDuration::ZERO).as_secs();
        let (minutes, seconds) = (left / 60, left % 60);
        if minutes > 0 { format!("{minutes}分{seconds}秒") } else { format!("{seconds}秒") }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Chrome {
    type Error = std::convert::Infallible;

    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Chrome, Self::Error> {
        let Some(platform) = req.rocket().state::<Shared>() else {
            return request::Outcome::Forward(Status::InternalServerError);
        };
        let now = platform.clock.now();
        Token::from_request(req).await.map(|token| Chrome { token, now, large: false })
    }
}

/// Groups a long number by four, so that it can be read aloud.
pub(super) fn grouped(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    digits.chunks(4).map(|it| it.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// What a handler answers: a page, or the way to the next one.
pub(super) enum Shown {
    Page(Status, Result<String, askama::Error>),
    Next(Box<Redirect>),
    Broken(Fault),
}

impl Shown {
    /// A page.
    pub(super) fn page(page: &impl Template) -> Shown {
        Shown::Page(Status::Ok, page.render())
    }

    /// A page that says no.
    pub(super) fn refusal(status: Status, page: &impl Template) -> Shown {
        Shown::Page(status, page.render())
    }

    /// Onward: 303, so that loading the next page anew posts nothing.
    pub(super) fn next(to: impl TryInto<Reference<'static>>) -> Shown {
        Shown::Next(Box::new(Redirect::to(to)))
    }
}

impl<'r> Responder<'r, 'static> for Shown {
    fn respond_to(self, req: &'r Request<'_>) -> response::Result<'static> {
        match self {
            Shown::Page(status, Ok(html)) => Response::build()
                .status(status)
                .header(ContentType::HTML)
                .sized_body(html.len(), Cursor::new(html))
                .ok(),
            Shown::Page(_, Err(error)) => {
                tracing::error!(act = "platform.page", %error, "a page was not drawn");
                Err(Status::InternalServerError)
            }
            Shown::Next(redirect) => redirect.respond_to(req),
            Shown::Broken(fault) => {
                tracing::error!(act = "platform.page", %fault, "an act broke");
                Err(Status::InternalServerError)
            }
        }
    }
}

/// A page without a form: what happened, and what to do now.
#[derive(Template)]
#[template(path = "simulator/pages/told.html")]
pub(super) struct Told {
    pub chrome: Chrome,
    pub title: &'static str,
    pub what: &'static str,
    pub now: &'static str,
}
