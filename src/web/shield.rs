//! The headers that every answer carries.

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Header, Status};
use rocket::{Request, Response};

use crate::app::App;

/// Nothing from elsewhere, nothing inline, nobody's frame.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
    connect-src 'self'; media-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Puts the protective headers on every answer.
pub struct Shield;

#[rocket::async_trait]
impl Fairing for Shield {
    fn info(&self) -> Info {
        Info { name: "protective headers", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let mut set = |name, value| response.set_header(Header::new(name, value));
        set("Content-Security-Policy", POLICY);
        set("X-Content-Type-Options", "nosniff");
        set("X-Frame-Options", "DENY");
        set("Referrer-Policy", "same-origin");
        // The payment platform is opened in a second window, which we go on pointing to by name.
        set("Cross-Origin-Opener-Policy", "same-origin-allow-popups");
        set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()");
        if request.rocket().state::<App>().is_some_and(|app| app.config.speaks_tls()) {
            set("Strict-Transport-Security", "max-age=31536000");
        }
        if !response.headers().contains("Cache-Control") {
            // Shared computers: "back" after 退出 must not show the last candidate's page.
            response.set_header(Header::new("Cache-Control", "no-store"));
        }
        if response.status() == Status::TooManyRequests
            && !response.headers().contains("Retry-After")
        {
            // Whoever knows better has said so.
            response.set_header(Header::new("Retry-After", "60"));
        }
        response.remove_header("Server");
    }
}
