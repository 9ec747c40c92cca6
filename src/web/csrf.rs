//! The token that ties a form to the browser it was shown in, and to the account it was shown to.
//!
//! A browser keeps a secret for each face. What a form carries follows from that secret and the
//! account, so that
//! - neither face disturbs the other's forms;
//! - a form is worth nothing in the hands of the next person at the same browser;
//! - the same person's form stays good through a login in another tab.
//!
//! The login itself takes the stranger's token whoever is logged in by now: of two tabs that show
//! it the second works as well as the first.

use rocket::http::{Cookie, CookieJar, SameSite, Status};
use rocket::request::{FromRequest, Outcome, Request};
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::base::values::Digest;

/// The hidden field that carries the token.
pub(super) const FIELD: &str = "_csrf";
/// The hidden field that carries the form's key.
pub(super) const KEY: &str = "_key";

/// Where the login pages post to.
const ENTRANCES: [&str; 2] = ["/session", "/console/session"];

/// One of the two faces of the house, each with cookies of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// The candidates' site.
    Site,
    /// The staff's console.
    Console,
}

impl Face {
    fn of(path: &str) -> Face {
        match path.strip_prefix("/console") {
            Some("") => Face::Console,
            Some(rest) if rest.starts_with('/') => Face::Console,
            Some(_) | None => Face::Site,
        }
    }

    /// Below which path its cookies are sent.
    pub fn path(self) -> &'static str {
        match self {
            Face::Site => "/",
            Face::Console => "/console",
        }
    }

    /// The cookie with the browser's secret.
    fn secret(self) -> &'static str {
        match self {
            Face::Site => "browser",
            Face::Console => "browser-staff",
        }
    }

    /// The cookie with the token of whoever is logged in.
    fn token(self) -> &'static str {
        match self {
            Face::Site => "form",
            Face::Console => "form-staff",
        }
    }
}

/// The tokens of a request: what its forms must carry.
#[derive(Clone, Debug)]
pub struct Csrf {
    here: String,
    strangers: String,
    is_entrance: bool,
}

impl Csrf {
    pub(super) fn as_str(&self) -> &str {
        &self.here
    }

    /// For pages without a form.
    pub(super) fn none() -> Csrf {
        Csrf { here: String::new(), strangers: String::new(), is_entrance: false }
    }

    /// The same for a login page, whoever is still logged in.
    pub(super) fn at_the_entrance(self) -> Csrf {
        Csrf { here: self.strangers.clone(), ..self }
    }

    pub(super) fn matches(&self, sent: &str) -> bool {
        let is =
            |ours: &str| !ours.is_empty() && bool::from(ours.as_bytes().ct_eq(sent.as_bytes()));
        is(&self.here) || self.is_entrance && is(&self.strangers)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Csrf {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Csrf, ()> {
        let Some(app) = request.rocket().state::<App>() else {
            return Outcome::Error((Status::InternalServerError, ()));
        };
        let token = request.local_cache(|| {
            let path = request.uri().path().as_str();
            let face = Face::of(path);
            let secret = secret(app, request.cookies(), face);
            let strangers = derived(&secret, None);
            let here = shown_to(app, request.cookies(), face);
            let here = here.unwrap_or_else(|| strangers.clone());
            Csrf { here, strangers, is_entrance: ENTRANCES.contains(&path) }
        });
        Outcome::Success(token.clone())
    }
}

/// The browser's secret; drawn and given where it has none.
fn secret(app: &App, jar: &CookieJar<'_>, face: Face) -> String {
    if let Some(cookie) = jar.get(&app.folder.cookie(face.secret())) {
        return cookie.value().to_owned();
    }
    let secret = app.chance.token();
    give(app, jar, face, face.secret(), secret.clone());
    secret
}

fn derived(secret: &str, account: Option<i64>) -> String {
    let whose = account.map_or_else(String::new, |it| it.to_string());
    Digest::of(format!("form:{secret}:{whose}").as_bytes()).to_string()
}

fn give(app: &App, jar: &CookieJar<'_>, face: Face, purpose: &str, value: String) {
    jar.add(
        Cookie::build((app.folder.cookie(purpose), value))
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(app.config.speaks_tls())
            .path(face.path()),
    );
}

/// From now on the forms of this browser are this account's.
pub fn bind_forms(app: &App, jar: &CookieJar<'_>, face: Face, account: i64) {
    let token = derived(&secret(app, jar, face), Some(account));
    give(app, jar, face, face.token(), token);
}

/// From now on they are nobody's.
pub fn unbind_forms(app: &App, jar: &CookieJar<'_>, face: Face) {
    jar.remove(Cookie::build(app.folder.cookie(face.token())).path(face.path()));
}

/// The token of the account that was logged in last at this browser.
pub fn shown_to(app: &App, jar: &CookieJar<'_>, face: Face) -> Option<String> {
    jar.get(&app.folder.cookie(face.token())).map(|it| it.value().to_owned())
}

/// The token that an account's forms have at this browser, whoever is logged in.
pub fn token_of(app: &App, jar: &CookieJar<'_>, face: Face, account: i64) -> Option<String> {
    let secret = jar.get(&app.folder.cookie(face.secret()))?;
    Some(derived(secret.value(), Some(account)))
}
