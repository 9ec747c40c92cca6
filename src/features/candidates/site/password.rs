//! 重置密码: what everybody does first, and nothing before it.

use askama::Template;
use rocket::form::FromForm;
use rocket::http::{CookieJar, Status};
use rocket::response::{Redirect, Responder};
use rocket::{Route, State as Managed, uri};

use super::take;
use crate::app::App;
use crate::base::outcome::Fault;
use crate::base::values::Secret;
use crate::features::bulletin;
use crate::features::candidates;
use crate::features::candidates::guard::Newcomer;
use crate::features::candidates::rules::Refused;
use crate::features::identity::rules::judge;
use crate::features::identity::{self, Desk, Kind, session};
use crate::machinery::db::WriteTx;
use crate::web::{Answer, Chrome, Filled, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, already_set, set, done]
}

#[derive(Template)]
#[template(path = "candidates/site/password.html")]
pub(super) struct PasswordPage {
    chrome: Chrome,
    filled: Filled,
    /// The privacy notice, its version and its paragraphs, where it was not read yet.
    notice: Option<(String, Vec<String>)>,
}

impl PasswordPage {
    async fn new(
        app: &App,
        newcomer: &Newcomer,
        mut chrome: Chrome,
        filled: Filled,
    ) -> Result<PasswordPage, Fault> {
        // Whoever they are stands there, so that the wrong person notices; ways elsewhere do not.
        chrome.menu.clear();
        chrome.switch.clear();
        let notice = match newcomer.privacy_read {
            true => None,
            false => Some(app.db.read(bulletin::privacy_notice).await?),
        };
        Ok(PasswordPage { chrome, filled, notice })
    }
}

#[derive(Responder)]
pub(super) enum Shown {
    Asked(Box<Page<PasswordPage>>),
    Onward(Box<Redirect>),
}

#[rocket::get("/password")]
pub(super) async fn show(app: &Managed<App>, newcomer: Newcomer, chrome: Chrome) -> Answer<Shown> {
    if !newcomer.must_change {
        return Ok(Shown::Onward(Box::new(Redirect::to(uri!(super::privacy::show)))));
    }
    let page = PasswordPage::new(app, &newcomer, chrome, Filled::default()).await?;
    Ok(Shown::Asked(Box::new(Page::ok(page))))
}

/// Whoever has nothing to reset goes on.
#[rocket::get("/password", rank = 2)]
fn already_set() -> Redirect {
    Redirect::to(uri!(super::person::show(next = None::<&str>)))
}

#[derive(FromForm)]
struct Wanted {
    new_password: String,
    repeated_password: String,
    /// The version of the privacy notice that stood on the page.
    notice: Option<String>,
}

#[rocket::post("/password", data = "<posted>")]
async fn set(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    jar: &CookieJar<'_>,
    newcomer: Newcomer,
    chrome: Chrome,
    posted: Posted<Wanted>,
) -> Answer<Shown, Refused> {
    let account = newcomer.account;
    let mut filled = posted.filled;
    if !newcomer.must_change {
        return Ok(Shown::Onward(Box::new(Redirect::to(uri!(super::privacy::show)))));
    }
    let own = app.db.read(move |tx| candidates::own_data(tx, account)).await?;
    let shown = posted.form.as_ref().and_then(|it| it.notice.clone());
    let wanted = posted.form.and_then(|it| complaints(&mut filled, it, &own));
    let Some(wanted) = wanted else {
        let page = PasswordPage::new(app, &newcomer, chrome, filled).await?;
        return Ok(Shown::Asked(Box::new(Page(Status::UnprocessableEntity, page))));
    };
    let phc = desk.hasher.hash(wanted, &app.chance).await?;
    let write = move |tx: &WriteTx<'_>| {
        candidates::read_privacy_of(tx, account, shown.as_deref())?;
        Ok(identity::set_password(tx, Kind::Candidate, account, &phc)?)
    };
    app.db.write(newcomer.by, write).await?;
    session::take_cookie(app, jar, Kind::Candidate);
    take(app, jar, "form");
    Ok(Shown::Onward(Box::new(Redirect::to(uri!(done)))))
}

/// The password that was wanted, if there is nothing wrong with it.
fn complaints(
    filled: &mut Filled,
    wanted: Wanted,
    own: &identity::rules::OwnData,
) -> Option<Secret<String>> {
    let wish = Secret::new(wanted.new_password);
    let repeated = Secret::new(wanted.repeated_password);
    if wish.expose().is_empty() {
        filled.complain("new_password", "请填写新密码。");
    } else if let Err(weak) = judge(Kind::Candidate, wish.expose(), own) {
        filled.complain("new_password", weak.told());
    } else if wish.expose() != repeated.expose() {
        filled.complain("repeated_password", "两次输入的密码不一致，请重新输入。");
    }
    filled.errors().is_empty().then_some(wish)
}

#[derive(Template)]
#[template(path = "candidates/site/password_done.html")]
struct DonePage {
    chrome: Chrome,
}

#[rocket::get("/password/done")]
fn done(chrome: Chrome) -> Page<DonePage> {
    Page::ok(DonePage { chrome })
}
