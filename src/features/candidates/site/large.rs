//! 长辈版: everything larger, remembered by the browser.

use jiff::SignedDuration;
use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::outcome::Outcome::Success;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::response::Redirect;
use rocket::time::Duration;
use rocket::{Route, State as Managed};

use crate::app::App;
use crate::features::candidates::rules::is_local;
use crate::web::LARGE;

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![switch]
}

/// How long a browser remembers it.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 365);

/// The path of the page that the link stood on, as the browser says.
struct From(Option<String>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for From {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<From, ()> {
        let referer = request.headers().get_one("Referer");
        let behind_host = referer.and_then(|it| it.split_once("://")?.1.split_once('/'));
        Success(From(behind_host.map(|(_, path)| format!("/{path}"))))
    }
}

#[rocket::get("/large?<on>&<back>")]
fn switch(
    app: &Managed<App>,
    jar: &CookieJar<'_>,
    from: From,
    on: Option<&str>,
    back: Option<String>,
) -> Redirect {
    let value = if on == Some("1") { "1" } else { "0" };
    jar.add(
        Cookie::build((LARGE, value))
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(app.config.speaks_tls())
            .max_age(Duration::seconds(REMEMBERED.as_secs()))
            .path("/"),
    );
    let back = back.or(from.0).filter(|it| is_local(it) && !it.starts_with("/large"));
    Redirect::to(back.unwrap_or_else(|| "/".into()))
}
