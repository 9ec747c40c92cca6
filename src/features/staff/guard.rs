//! Who stands at a door of the console. The duty a page asks for is a type in its handler's
//! signature, so no page can forget it.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};

use rocket::http::Status;
use rocket::outcome::Outcome::{Error, Forward, Success};
use rocket::request::{FromRequest, Outcome, Request};

use super::rules::{Duties, Duty, Member};
use super::store;
use crate::app::App;
use crate::base::outcome::{Fault, Never};
use crate::features::identity::{Kind, session};
use crate::machinery::db::{Actor, By};
use crate::web;

/// A member of staff who is logged in, has a password of their own, and holds the duty `D`.
///
/// Nobody is sent to the login (`/console/sign-in`), a one-time password to `/console/password`;
/// whoever lacks the duty is told so, and the audit log says `door.refused`.
pub struct Officer<D> {
    /// The account.
    pub account: i64,
    /// As shown.
    pub name: String,
    /// The school a reviewer is bound to.
    pub school: Option<String>,
    /// All that they may do.
    pub duties: Duties,
    /// On whose behalf, and from where, for what they change.
    pub by: By,
    duty: PhantomData<fn() -> D>,
}

/// A member of staff who is logged in, perhaps with a one-time password: for the page that sets
/// a new one.
pub struct SignedIn {
    /// Who.
    pub member: Member,
    /// Must a new password be set before anything else?
    pub must_change: bool,
    /// On whose behalf, and from where.
    pub by: By,
}

/// Who a request to the console comes from.
#[derive(Clone, Debug)]
pub enum Standing {
    /// Nobody we know.
    Nobody,
    /// Somebody with a one-time password.
    Newcomer(Member),
    /// A member of staff.
    Staff(Member),
    /// That could not be read; the fault is in the log.
    Unread,
}

/// A door was closed to somebody who is logged in; the catcher words it.
#[derive(Default)]
pub(super) struct Closed(pub(super) AtomicBool);

/// Somebody who is not logged in was turned away at a door of the console.
#[derive(Default)]
struct TurnedAway(AtomicBool);

/// Was this request turned away at a door of the console?
pub(super) fn was_turned_away(request: &Request<'_>) -> bool {
    request.local_cache(TurnedAway::default).0.load(Ordering::Relaxed)
}

fn turn_away<T>(request: &Request<'_>) -> Outcome<T, ()> {
    request.local_cache(TurnedAway::default).0.store(true, Ordering::Relaxed);
    Forward(Status::Unauthorized)
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

/// The duties of whoever asks; none for strangers. For menus.
pub async fn duties(request: &Request<'_>) -> Duties {
    match standing(request).await {
        Standing::Staff(member) => member.duties.clone(),
        Standing::Nobody | Standing::Newcomer(_) | Standing::Unread => Duties::default(),
    }
}

async fn look(request: &Request<'_>) -> Result<Standing, Fault> {
    let Some(session) = session::find(request, Kind::Staff).await? else {
        return Ok(Standing::Nobody);
    };
    let Some(app) = request.rocket().state::<App>() else { return Ok(Standing::Nobody) };
    let found = app.db.read(move |tx| store::find(tx, session.account)).await?;
    Ok(match found {
        Some(member) if member.enabled && session.must_change => Standing::Newcomer(member),
        Some(member) if member.enabled => Standing::Staff(member),
        // An account that was disabled is nobody from the next request on.
        Some(_) | None => Standing::Nobody,
    })
}

fn by(request: &Request<'_>, member: &Member) -> By {
    By { actor: Actor::Staff(member.id), address: web::peer(request) }
}

#[rocket::async_trait]
impl<'r, D: Duty> FromRequest<'r> for Officer<D> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Officer<D>, ()> {
        let member = match standing(request).await {
            Standing::Staff(member) => member,
            Standing::Nobody | Standing::Newcomer(_) => return turn_away(request),
            Standing::Unread => return Error((Status::InternalServerError, ())),
        };
        let by = by(request, member);
        if !D::is_held(&member.duties) {
            refuse_door(request, by).await;
            return Error((Status::Forbidden, ()));
        }
        Success(Officer {
            account: member.id,
            name: member.name.clone(),
            school: member.school.clone(),
            duties: member.duties.clone(),
            by,
            duty: PhantomData,
        })
    }
}

/// Writes down that somebody tried a door that is not theirs. The route stands in the log, not the
/// address asked for, which may hold somebody's number.
async fn refuse_door(request: &Request<'_>, by: By) {
    let closed = request.local_cache(Closed::default);
    closed.0.store(true, Ordering::Relaxed);
    let route = request.route().map_or_else(String::new, |it| format!("{} {}", it.method, it.uri));
    let Some(app) = request.rocket().state::<App>() else { return };
    let written = app.db.write::<(), Never>(by, move |tx| {
        tx.note("door.refused", route);
        Ok(())
    });
    if let Err(error) = written.await {
        tracing::error!(fault = %Fault::from(error), "a refused door could not be written down");
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedIn {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<SignedIn, ()> {
        let (member, must_change) = match standing(request).await {
            Standing::Newcomer(member) => (member, true),
            Standing::Staff(member) => (member, false),
            Standing::Nobody => return turn_away(request),
            Standing::Unread => return Error((Status::InternalServerError, ())),
        };
        Success(SignedIn { member: member.clone(), must_change, by: by(request, member) })
    }
}
