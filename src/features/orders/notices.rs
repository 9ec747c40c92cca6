//! The platform's face: it posts, we verify, keep it raw, settle, and answer as it demands.
//!
//! This is the one body that does not come from a page of ours, so it is read as bytes and not
//! through `Posted`. The answer is written after the commit.

use std::io::Cursor;

use rocket::data::{ByteUnit, Data, ToByteUnit};
use rocket::http::{ContentType, Status};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::response::{self, Responder, Response};
use rocket::{Route, State as Managed, post, routes};
use serde_json::json;

use crate::app::App;
use crate::base::outcome::{Error, Never};
use crate::machinery::db::{Actor, By};
use crate::machinery::gateway::{Heard, Notice, NoticeAnswer};
use crate::web;

/// The routes of this face.
pub fn routes() -> Vec<Route> {
    routes![receive]
}

/// A notice is a few hundred bytes; whatever is longer is none.
fn longest() -> ByteUnit {
    64.kibibytes()
}

/// What came beside the body: the headers, and from where.
struct Envelope {
    headers: Vec<(String, String)>,
    by: By,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Envelope {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Envelope, Self::Error> {
        let headers = request
            .headers()
            .iter()
            .map(|it| (it.name().as_str().to_owned(), it.value().to_owned()))
            .collect();
        let address = web::peer(request);
        Outcome::Success(Envelope { headers, by: By { actor: Actor::Platform, address } })
    }
}

impl<'r> Responder<'r, 'static> for NoticeAnswer {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let kind = ContentType::parse_flexible(self.content_type).unwrap_or(ContentType::Plain);
        Response::build()
            .status(Status::new(self.status))
            .header(kind)
            .sized_body(self.body.len(), Cursor::new(self.body))
            .ok()
    }
}

#[post("/gateway/notices", data = "<data>")]
async fn receive(app: &Managed<App>, envelope: Envelope, data: Data<'_>) -> NoticeAnswer {
    let heard = match data.open(longest()).into_bytes().await {
        Ok(body) => keep(app, envelope, body.into_inner()).await,
        Err(_) => Heard::NotNow,
    };
    app.gateway.answer_notice(heard)
}

async fn keep(app: &App, envelope: Envelope, body: Vec<u8>) -> Heard {
    let notice = Notice { headers: envelope.headers, body };
    let told = app.gateway.read_notice(&notice);
    let heard = if told.is_ok() { Heard::Kept } else { Heard::Disbelieved };
    let headers = json!(notice.headers).to_string();
    let house = super::House::of(app);
    // Who forges is not the platform.
    let actor = if told.is_ok() { Actor::Platform } else { Actor::Nobody };
    let by = By { actor, address: envelope.by.address };
    let kept = app
        .db
        .write(by, move |tx| {
            let success = told.as_ref().ok().map(|it| it.success.as_ref());
            super::receive(tx, &headers, &notice.body, success, &house)
                .map_err(Error::<Never>::Fault)
        })
        .await;
    match kept {
        Ok(_) => heard,
        Err(Error::Fault(fault)) => {
            tracing::error!(%fault, "a notice could not be kept; the platform will try again");
            Heard::NotNow
        }
        Err(Error::Refused(never)) => match never {},
    }
}
