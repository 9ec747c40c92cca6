//! The token that ties a form to the browser it was shown in.

use rocket::http::{Cookie, SameSite, Status};
use rocket::request::{FromRequest, Outcome, Request};
use subtle::ConstantTimeEq;

use crate::app::App;

/// The hidden field that carries the token.
pub(super) const FIELD: &str = "_csrf";
/// The hidden field that carries the form's key.
pub(super) const KEY: &str = "_key";

/// The token that ties a form to the browser it was shown in.
#[derive(Clone, Debug)]
pub struct Csrf(String);

impl Csrf {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// For pages without a form.
    pub(super) fn none() -> Csrf {
        Csrf(String::new())
    }

    pub(super) fn matches(&self, sent: &str) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(sent.as_bytes()))
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
            let name = app.folder.cookie("form");
            if let Some(cookie) = request.cookies().get(&name) {
                return Csrf(cookie.value().to_owned());
            }
            let token = app.chance.token();
            let cookie = Cookie::build((name, token.clone()))
                .same_site(SameSite::Lax)
                .http_only(true)
                .secure(app.config.speaks_tls())
                .path("/");
            request.cookies().add(cookie);
            Csrf(token)
        });
        Outcome::Success(token.clone())
    }
}
