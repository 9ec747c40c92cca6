//! 个人信息保护告知: open to everybody; asked of whoever has not read the version that holds now.

use askama::Template;
use rocket::response::Redirect;
use rocket::{Route, State as Managed, uri};

use crate::app::App;
use crate::features::candidates;
use crate::features::candidates::guard::Newcomer;
use crate::features::candidates::rules::{PRIVACY_VERSION, Refused};
use crate::web::{Answer, Chrome, Page, Posted, Pressed};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, read]
}

#[derive(Template)]
#[template(path = "candidates/site/privacy.html")]
pub(super) struct PrivacyPage {
    chrome: Chrome,
    version: &'static str,
    /// Must it be read before anything else?
    asked: bool,
}

#[rocket::get("/privacy")]
pub(super) fn show(newcomer: Option<Newcomer>, mut chrome: Chrome) -> Page<PrivacyPage> {
    if newcomer.is_some() {
        chrome.menu.clear();
        chrome.switch.clear();
    }
    let asked = newcomer.is_some_and(|it| !it.must_change && !it.privacy_read);
    Page::ok(PrivacyPage { chrome, version: PRIVACY_VERSION, asked })
}

#[rocket::post("/privacy", data = "<_pressed>")]
async fn read(
    app: &Managed<App>,
    newcomer: Newcomer,
    _pressed: Posted<Pressed>,
) -> Answer<Redirect, Refused> {
    let account = newcomer.account;
    app.db.write(newcomer.by, move |tx| candidates::read_privacy(tx, account)).await?;
    Ok(Redirect::to(uri!(super::person::show(next = None::<&str>))))
}
