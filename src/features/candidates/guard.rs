//! Who stands at a door of the candidates' site. Nothing is reached before the reset: that rule is
//! the type [`Candidate`] in a handler's signature.
//!
//! Whoever may not enter is turned away by 401: the catcher leads a GET to the login and keeps the
//! wish; what was posted goes on to the last route of all, which keeps the form (`site/kept.rs`).

use std::sync::atomic::{AtomicBool, Ordering};

use rocket::http::Status;
use rocket::outcome::Outcome::{Error, Forward, Success};
use rocket::request::{FromRequest, Outcome, Request};

use super::find;
use crate::app::App;
use crate::base::outcome::Fault;
use crate::features::identity::{Kind, session};
use crate::machinery::db::{Actor, By};
use crate::web::{self, Who};

/// Nobody is logged in here.
pub struct Visitor;

/// Somebody who must reset the password, or read the privacy notice, before anything else.
pub struct Newcomer {
    /// The account.
    pub account: i64,
    /// Must the password be reset?
    pub must_change: bool,
    /// Has the privacy notice that holds now been read?
    pub privacy_read: bool,
    /// On whose behalf, and from where, for what they change.
    pub by: By,
}

/// A candidate who is logged in and has nothing left to do first.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The account.
    pub account: i64,
    /// On whose behalf, and from where, for what they change.
    pub by: By,
}

/// Who a request to the site comes from.
#[derive(Clone, Debug)]
pub enum Standing {
    /// Nobody we know.
    Nobody,
    /// Somebody who must do something first.
    Newcomer(Here),
    /// A candidate.
    Candidate(Here),
    /// That could not be read; the fault is in the log.
    Unread,
}

/// Somebody who is logged in.
#[derive(Clone, Debug)]
pub struct Here {
    /// The account.
    pub account: i64,
    /// The name as shown.
    pub name: String,
    /// Must the password be reset?
    pub must_change: bool,
    /// Has the privacy notice that holds now been read?
    pub privacy_read: bool,
}

/// Somebody was turned away at a candidate's door.
#[derive(Default)]
struct TurnedAway(AtomicBool);

/// Was this request turned away at a candidate's door?
pub(super) fn was_turned_away(request: &Request<'_>) -> bool {
    request.local_cache(TurnedAway::default).0.load(Ordering::Relaxed)
}

/// Who a request comes from. Looked up once a request.
pub async fn standing<'r>(request: &'r Request<'_>) -> &'r Standing {
    request
        .local_cache_async(async {
            look(request).await.unwrap_or_else(|fault| {
                tracing::error!(%fault, "who asks could not be read");
                Standing::Unread
            })
        })
        .await
}

/// Who is logged in, for the frame of a page.
pub async fn who(request: &Request<'_>) -> Option<Who> {
    match standing(request).await {
        Standing::Newcomer(here) | Standing::Candidate(here) => {
            Some(Who { name: here.name.clone(), detail: String::new() })
        }
        Standing::Nobody | Standing::Unread => None,
    }
}

async fn look(request: &Request<'_>) -> Result<Standing, Fault> {
    let Some(session) = session::find(request, Kind::Candidate).await? else {
        return Ok(Standing::Nobody);
    };
    let Some(app) = request.rocket().state::<App>() else { return Ok(Standing::Nobody) };
    let Some(person) = app.db.read(move |tx| find(tx, session.account)).await? else {
        return Ok(Standing::Nobody);
    };
    let here = Here {
        account: person.id,
        name: person.name.shown().to_owned(),
        must_change: session.must_change,
        privacy_read: person.privacy_read,
    };
    let is_newcomer = here.must_change || !here.privacy_read;
    Ok(if is_newcomer { Standing::Newcomer(here) } else { Standing::Candidate(here) })
}

fn by(request: &Request<'_>, here: &Here) -> By {
    By { actor: Actor::Candidate(here.account), address: web::peer(request) }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Visitor {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Visitor, ()> {
        match standing(request).await {
            Standing::Nobody => Success(Visitor),
            Standing::Newcomer(_) | Standing::Candidate(_) => Forward(Status::NotFound),
            Standing::Unread => Error((Status::InternalServerError, ())),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Newcomer {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Newcomer, ()> {
        match standing(request).await {
            Standing::Newcomer(here) => Success(Newcomer {
                account: here.account,
                must_change: here.must_change,
                privacy_read: here.privacy_read,
                by: by(request, here),
            }),
            Standing::Nobody => Error((Status::Unauthorized, ())),
            Standing::Candidate(_) => Forward(Status::NotFound),
            Standing::Unread => Error((Status::InternalServerError, ())),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Candidate {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Candidate, ()> {
        match standing(request).await {
            Standing::Candidate(here) => {
                Success(Candidate { account: here.account, by: by(request, here) })
            }
            Standing::Nobody | Standing::Newcomer(_) => {
                request.local_cache(TurnedAway::default).0.store(true, Ordering::Relaxed);
                Forward(Status::Unauthorized)
            }
            Standing::Unread => Error((Status::InternalServerError, ())),
        }
    }
}
