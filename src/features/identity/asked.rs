//! What a login page asks beside name and password: a picture, or a wait.

use rocket::http::Accept;
use rocket::http::uri::Origin;
use rocket::response::content::RawJson;
use rocket::response::{Redirect, Responder};
use serde_json::json;

use super::Desk;
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::web::Filled;

/// The challenge that a login page shows (`parts::captcha`).
pub struct Asked {
    /// Its number.
    pub challenge: String,
    /// 看不清也听不清？ was chosen: no picture, but a wait.
    pub wait: Option<Wait>,
}

/// A wait instead of a captcha.
pub struct Wait {
    /// When it is over, by the clock that the page shows.
    pub until: String,
    /// How long that is from now, in seconds.
    pub seconds: i64,
}

impl Asked {
    /// What the page that was filled in so asks now. `used_up`: the challenge it was sent with is
    /// taken; a wait that is not goes on.
    pub fn of(app: &App, desk: &Desk, filled: &Filled, used_up: bool) -> Asked {
        let (wall, waits) = (app.clock.wall(), filled.value("way") == "wait");
        let before = Some(filled.value("challenge")).filter(|_| waits && !used_up);
        let goes_on = before.filter(|it| desk.challenges.wait_ends(it).is_some());
        let challenge = match (goes_on, waits) {
            (Some(no), _) => no.to_owned(),
            (None, true) => desk.challenges.wait(&app.chance, wall),
            (None, false) => desk.challenges.picture(&app.chance, wall),
        };
        let wait = desk.challenges.wait_ends(&challenge).map(|ends| {
            let left = ends.duration_since(wall);
            let until = (app.clock.now() + left).to_zoned(OFFICE);
            Wait {
                until: until.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
                seconds: left.as_secs().max(0),
            }
        });
        Asked { challenge, wait }
    }

    /// Where the picture is found.
    pub fn image(&self) -> String {
        format!("/captcha/{}", self.challenge)
    }

    /// Where its sound is.
    pub fn sound(&self) -> String {
        format!("/captcha/{}/sound", self.challenge)
    }
}

/// 换一张: to a script the new picture's address, to everybody else the page again.
#[derive(Responder)]
pub enum Another {
    /// `{ "challenge", "image", "sound" }`.
    Script(RawJson<String>),
    /// The page.
    Page(Box<Redirect>),
}

impl Another {
    /// The answer to whoever accepts this; `page` is the login page.
    pub fn answer(
        app: &App,
        desk: &Desk,
        accept: Option<&Accept>,
        page: Origin<'static>,
    ) -> Another {
        if !accept.is_some_and(|it| it.preferred().is_json()) {
            return Another::Page(Box::new(Redirect::to(page)));
        }
        let challenge = desk.challenges.picture(&app.chance, app.clock.wall());
        let asked = Asked { challenge, wait: None };
        let (no, image, sound) = (&asked.challenge, asked.image(), asked.sound());
        let answer = json!({ "challenge": no, "image": image, "sound": sound });
        Another::Script(RawJson(answer.to_string()))
    }
}
