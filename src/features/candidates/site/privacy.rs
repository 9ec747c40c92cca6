//! 个人信息保护告知: open to everybody; asked of whoever has not read the version in force.

use askama::Template;
use rocket::form::FromForm;
use rocket::response::Redirect;
use rocket::{Route, State as Managed, uri};

use crate::app::App;
use crate::features::bulletin;
use crate::features::candidates;
use crate::features::candidates::guard::Newcomer;
use crate::features::candidates::rules::Refused;
use crate::machinery::db::WriteTx;
use crate::web::{Answer, Chrome, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, read]
}

#[derive(Template)]
#[template(path = "candidates/site/privacy.html")]
pub(super) struct PrivacyPage {
    chrome: Chrome,
    version: String,
    paragraphs: Vec<String>,
    /// Must it be read before anything else?
    asked: bool,
}

#[rocket::get("/privacy")]
pub(super) async fn show(
    app: &Managed<App>,
    newcomer: Option<Newcomer>,
    mut chrome: Chrome,
) -> Answer<Page<PrivacyPage>> {
    if newcomer.is_some() {
        chrome.menu.clear();
        chrome.switch.clear();
    }
    let (version, paragraphs) = app.db.read(bulletin::privacy_notice).await?;
    let asked = newcomer.is_some_and(|it| !it.must_change && !it.privacy_read);
    Ok(Page::ok(PrivacyPage { chrome, version, paragraphs, asked }))
}

#[derive(FromForm)]
struct Read {
    /// The version that stood on the page.
    notice: String,
}

#[rocket::post("/privacy", data = "<posted>")]
async fn read(
    app: &Managed<App>,
    newcomer: Newcomer,
    posted: Posted<Read>,
) -> Answer<Redirect, Refused> {
    let (account, version) = (newcomer.account, posted.form.map(|it| it.notice));
    let write =
        move |tx: &WriteTx<'_>| candidates::read_privacy_of(tx, account, version.as_deref());
    app.db.write(newcomer.by, write).await?;
    Ok(Redirect::to(uri!(super::person::show(next = None::<&str>))))
}
