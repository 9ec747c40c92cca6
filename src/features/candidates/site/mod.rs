//! What a candidate sees before and around everything else: 登录, 重置密码, 核对信息, 退出.

mod kept;
mod large;
mod password;
mod person;
mod privacy;
mod queue;
mod session;
mod sign_in;

use rocket::http::{Cookie, CookieJar, Method, SameSite};
use rocket::request::Request;
use rocket::response::Redirect;
use rocket::{Catcher, Route, uri};

use super::guard::{self, Standing};
use super::rules::Refused;
use crate::app::App;
use crate::web::{Nothing, Refusal};

/// The doors of this face, to be mounted at `/`.
pub fn routes() -> Vec<Route> {
    [
        sign_in::routes(),
        session::routes(),
        queue::routes(),
        password::routes(),
        privacy::routes(),
        person::routes(),
        large::routes(),
        kept::routes(),
    ]
    .concat()
}

/// What answers at `/` where somebody may not enter, to be registered there.
pub fn catchers() -> Vec<Catcher> {
    rocket::catchers![to_the_entrance]
}

/// Strangers go to the login, and from there on to where they wanted; newcomers go to what they
/// must do first, and nowhere else.
#[rocket::catch(401)]
async fn to_the_entrance(request: &Request<'_>) -> Redirect {
    match guard::standing(request).await {
        Standing::Newcomer(_) => Redirect::to(uri!(password::show)),
        Standing::Nobody | Standing::Candidate(_) | Standing::Unread => {
            // What was posted cannot be asked for again by a link.
            let asked = matches!(request.method(), Method::Get | Method::Head);
            let next = asked.then(|| request.uri().to_string());
            Redirect::to(sign_in::href(next.as_deref(), None, None))
        }
    }
}

impl Refusal for Refused {
    fn status(&self) -> rocket::http::Status {
        match self {
            Refused::Unknown => Nothing.status(),
        }
    }

    fn told(&self) -> (String, String) {
        match self {
            Refused::Unknown => Nothing.told(),
        }
    }
}

/// Gives the browser something to remember until it is closed.
fn give(app: &App, jar: &CookieJar<'_>, purpose: &str, value: String) {
    jar.add(
        Cookie::build((app.folder.cookie(purpose), value))
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(app.config.speaks_tls())
            .path("/"),
    );
}

/// What the browser was given to remember.
fn given(app: &App, jar: &CookieJar<'_>, purpose: &str) -> Option<String> {
    jar.get(&app.folder.cookie(purpose)).map(|it| it.value().to_owned())
}

/// Has the browser forget it.
fn take(app: &App, jar: &CookieJar<'_>, purpose: &str) {
    jar.remove(Cookie::build(app.folder.cookie(purpose)).path("/"));
}
