//! Sessions: a random token in the cookie, its digest in the table.

use jiff::{SignedDuration, Timestamp};
use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::request::Request;
use rocket::tokio::sync::OnceCell;

use super::rules::Kind;
use super::store;
use crate::app::App;
use crate::base::outcome::Fault;
use crate::machinery::db::ReadTx;
use crate::web::{Face, csrf};

/// Somebody who is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The session's own number.
    pub id: i64,
    /// The account.
    pub account: i64,
    /// Must a new password be set before anything else?
    pub must_change: bool,
}

/// How often the last request is written down; in between it is only read.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Puts the cookie of a session that was just opened into the answer. Forms that were shown to
/// another account at this browser are worth nothing from now on.
pub fn give_cookie(app: &App, jar: &CookieJar<'_>, kind: Kind, account: i64, token: String) {
    csrf::bind_forms(app, jar, face(kind), account);
    jar.add(
        Cookie::build((app.folder.cookie(kind.name()), token))
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(app.config.speaks_tls())
            .path(path(kind)),
    );
}

/// Takes the cookie away.
pub fn take_cookie(app: &App, jar: &CookieJar<'_>, kind: Kind) {
    jar.remove(Cookie::build(app.folder.cookie(kind.name())).path(path(kind)));
}

/// The token that a browser holds, whatever it is worth.
pub fn token(app: &App, jar: &CookieJar<'_>, kind: Kind) -> Option<String> {
    jar.get(&app.folder.cookie(kind.name())).map(|it| it.value().to_owned())
}

/// Where people of this kind come in.
pub(super) fn face(kind: Kind) -> Face {
    match kind {
        Kind::Candidate => Face::Site,
        Kind::Staff => Face::Console,
    }
}

/// Below which path a face's cookies are sent.
pub(super) fn path(kind: Kind) -> &'static str {
    face(kind).path()
}

/// What was found for a request, so that its guards and its frame ask the database once.
#[derive(Default)]
struct Seen {
    candidate: OnceCell<Option<Session>>,
    staff: OnceCell<Option<Session>>,
}

/// The session that a request's cookie names, if it still lasts. Looked up once a request.
///
/// # Errors
/// A fault when it cannot be read.
pub async fn find(request: &Request<'_>, kind: Kind) -> Result<Option<Session>, Fault> {
    let seen = request.local_cache(Seen::default);
    let seen = match kind {
        Kind::Candidate => &seen.candidate,
        Kind::Staff => &seen.staff,
    };
    seen.get_or_try_init(|| look(request, kind)).await.copied()
}

async fn look(request: &Request<'_>, kind: Kind) -> Result<Option<Session>, Fault> {
    let Some(app) = request.rocket().state::<App>() else { return Ok(None) };
    let Some(token) = token(app, request.cookies(), kind) else { return Ok(None) };
    let found = app.db.read(move |tx| read(tx, kind, &token)).await?;
    let Some((session, seen)) = found else { return Ok(None) };
    if app.clock.wall().duration_since(seen) >= SEEN_EVERY {
        // A disk that cannot be written keeps nobody from reading; the writer has logged why.
        drop(app.db.keep(move |tx| store::see_session(tx, session.id)).await);
    }
    Ok(Some(session))
}

fn read(tx: &ReadTx<'_>, kind: Kind, token: &str) -> Result<Option<(Session, Timestamp)>, Fault> {
    store::session(tx, kind, token)
}

/// Ends the session that a request's cookie names; the other face's is not touched.
///
/// # Errors
/// A fault when it cannot be removed.
pub async fn end(app: &App, jar: &CookieJar<'_>, kind: Kind) -> Result<(), Fault> {
    if let Some(token) = token(app, jar, kind) {
        app.db.keep(move |tx| store::end_session(tx, kind, &token)).await?;
    }
    take_cookie(app, jar, kind);
    csrf::unbind_forms(app, jar, face(kind));
    Ok(())
}
