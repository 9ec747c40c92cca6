//! What stands before the pages: the token that ties a form to a browser, the one way to read a
//! form, and the headers of every answer.

use std::collections::BTreeMap;

use rocket::data::{self, Data, FromData, ToByteUnit};
use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Cookie, Header, RawStr, SameSite, Status};
use rocket::request::{self, FromRequest, Request};
use rocket::response::Response;
use subtle::ConstantTimeEq;

use super::server::Shared;

const FIELD: &str = "csrf";
const FORM_MAX_BYTES: u64 = 8 << 10;

/// The token that ties a form to the browser it was shown in: once in a cookie, once in the form.
#[derive(Clone)]
pub(super) struct Token(String);

impl Token {
    /// The hidden field that every form carries.
    pub(super) fn field(&self) -> String {
        format!("<input type=\"hidden\" name=\"{FIELD}\" value=\"{}\">", self.0)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Token {
    type Error = std::convert::Infallible;

    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Token, Self::Error> {
        let Some(platform) = req.rocket().state::<Shared>() else {
            return request::Outcome::Forward(Status::InternalServerError);
        };
        let token = req.local_cache(|| match cookie(req, platform) {
            Some(known) => Token(known.to_owned()),
            None => {
                let token = platform.chance.token();
                let cookie = Cookie::build((platform.cookie.clone(), token.clone()));
                req.cookies().add(cookie.path("/").http_only(true).same_site(SameSite::Lax));
                Token(token)
            }
        });
        request::Outcome::Success(token.clone())
    }
}

fn cookie<'r>(req: &'r Request<'_>, platform: &Shared) -> Option<&'r str> {
    let found = req.cookies().get(&platform.cookie)?;
    // Only what Chance gave out goes back into a page.
    let plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-' || it == b'_';
    let value = found.value();
    (value.len() == 43 && value.bytes().all(plain)).then_some(value)
}

/// A form from one of our own pages.
pub(super) struct Sent(BTreeMap<String, String>);

impl Sent {
    /// What a field holds; empty when it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Sent {
    type Error = ();

    async fn from_data(req: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Sent> {
        let refused = data::Outcome::Error((Status::Forbidden, ()));
        let Some(platform) = req.rocket().state::<Shared>() else { return refused };
        if req.headers().get_one("Sec-Fetch-Site") == Some("cross-site") {
            return refused;
        }
        let text = match data.open(FORM_MAX_BYTES.bytes()).into_string().await {
            Ok(text) if text.is_complete() => text.into_inner(),
            Ok(_) => return data::Outcome::Error((Status::PayloadTooLarge, ())),
            Err(_) => return data::Outcome::Error((Status::BadRequest, ())),
        };
        let sent = Sent(fields(&text));
        let known = cookie(req, platform).unwrap_or_default().as_bytes();
        let same = !known.is_empty() && bool::from(known.ct_eq(sent.get(FIELD).as_bytes()));
        if same { data::Outcome::Success(sent) } else { refused }
    }
}

fn fields(text: &str) -> BTreeMap<String, String> {
    let decoded = |raw: &str| RawStr::new(raw).url_decode_lossy().into_owned();
    let pairs = text.split('&').filter_map(|it| it.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

/// The headers of every answer: nothing is framed, sniffed, kept or told to others.
pub(super) struct Headers;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

#[rocket::async_trait]
impl Fairing for Headers {
    fn info(&self) -> Info {
        Info { name: "platform headers", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, _: &'r Request<'_>, answer: &mut Response<'r>) {
        answer.set_header(Header::new("Content-Security-Policy", POLICY));
        answer.set_header(Header::new("X-Content-Type-Options", "nosniff"));
        // The addresses of these pages are their keys.
        answer.set_header(Header::new("Referrer-Policy", "no-referrer"));
        if !answer.headers().contains("Cache-Control") {
            answer.set_header(Header::new("Cache-Control", "no-store"));
        }
    }
}
