//! 重置密码: what everybody does first, and nothing before it; and 修改密码, when somebody wants to.

use askama::Template;
use rocket::form::FromForm;
use rocket::http::{CookieJar, Status};
use rocket::response::{Redirect, Responder};
use rocket::{Route, State as Managed, uri};

use super::{give, given, sign_in};
use crate::app::App;
use crate::base::outcome::{Fault, Said, refuse};
use crate::base::values::Secret;
use crate::features::bulletin;
use crate::features::candidates;
use crate::features::candidates::guard::{Candidate, Newcomer};
use crate::features::candidates::rules::{PASSWORD_MAX, Refused, counted_name_of, spoken};
use crate::features::identity::rules::judge;
use crate::features::identity::{self, Change, Desk, Kind, NotSet, session};
use crate::machinery::db::{ReadTx, WriteTx};
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, set, wish, change, done]
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
    give(app, jar, DONE, "reset".into());
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
#[template(path = "candidates/site/password_change.html")]
struct ChangePage {
    chrome: Chrome,
    filled: Filled,
    /// The account, so that a browser that keeps passwords knows whose it is.
    account: String,
}

impl ChangePage {
    async fn new(
        app: &App,
        account: i64,
        chrome: Chrome,
        filled: Filled,
    ) -> Answer<ChangePage, Refused> {
        let person = app.db.read(move |tx| candidates::find(tx, account)).await?;
        let Some(person) = person else { return refuse(Refused::Unknown) };
        Ok(ChangePage { chrome, filled, account: person.document.number().to_owned() })
    }
}

/// Whoever has nothing to reset may change it.
#[rocket::get("/password", rank = 2)]
async fn wish(
    app: &Managed<App>,
    candidate: Candidate,
    chrome: Chrome,
) -> Answer<Page<ChangePage>, Refused> {
    let page = ChangePage::new(app, candidate.account, chrome, Filled::default()).await?;
    Ok(Page::ok(page))
}

#[derive(FromForm)]
struct Wished {
    #[field(validate = len(1..).or_else(msg!("请填写当前密码。")))]
    #[field(validate = len(..=PASSWORD_MAX).or_else(msg!("密码过长，请核对后重新输入。")))]
    present_password: String,
    #[field(validate = len(1..).or_else(msg!("请填写新密码。")))]
    new_password: String,
    repeated_password: String,
}

#[rocket::post("/password", data = "<posted>", rank = 2)]
async fn change(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    jar: &CookieJar<'_>,
    candidate: Candidate,
    chrome: Chrome,
    posted: Posted<Wished>,
) -> Answer<Next<ChangePage>, Refused> {
    let (account, mut filled) = (candidate.account, posted.filled);
    if let Some(wished) = posted.form {
        let repeats = wished.new_password == wished.repeated_password;
        let told = match changed(app, desk, candidate, wished, repeats).await? {
            Said::Done(()) => {
                session::take_cookie(app, jar, Kind::Candidate);
                give(app, jar, DONE, "changed".into());
                return Ok(Next::go(uri!(done)));
            }
            Said::No(told) => told,
        };
        filled.complain(told.0, told.1);
    }
    Ok(Next::again(ChangePage::new(app, account, chrome, filled).await?))
}

/// Changes the password, or says which field is wrong and why.
async fn changed(
    app: &App,
    desk: &Desk,
    candidate: Candidate,
    wished: Wished,
    repeats: bool,
) -> Answer<Said<(), (&'static str, String)>, Refused> {
    let account = candidate.account;
    let look = move |tx: &ReadTx<'_>| {
        Ok((candidates::find(tx, account)?, candidates::own_data(tx, account)?))
    };
    let (person, own) = app.db.read(look).await?;
    let Some(person) = person else { return refuse(Refused::Unknown) };
    let wanted = Secret::new(wished.new_password);
    if let Err(weak) = judge(Kind::Candidate, wanted.expose(), &own) {
        return Ok(Said::No(("new_password", weak.told().into())));
    }
    if !repeats {
        return Ok(Said::No(("repeated_password", "两次输入的密码不一致，请重新输入。".into())));
    }
    let change = Change {
        kind: Kind::Candidate,
        account,
        name: counted_name_of(&person).unwrap_or_default(),
        own,
        present: Some(Secret::new(wished.present_password)),
        wanted,
        by: candidate.by,
    };
    Ok(match identity::change(app, desk, change).await? {
        Said::Done(()) => Said::Done(()),
        Said::No(NotSet::WrongPresent) => {
            Said::No(("present_password", "当前密码不正确，请重新输入。".into()))
        }
        Said::No(NotSet::Wait(wait)) => {
            let told = format!("当前密码连续输错次数较多，请在{}后再试。", spoken(wait));
            Said::No(("present_password", told))
        }
        Said::No(NotSet::Weak(weak)) => Said::No(("new_password", weak.told().into())),
    })
}

#[derive(Template)]
#[template(path = "candidates/site/password_done.html")]
struct DonePage {
    chrome: Chrome,
    title: &'static str,
}

/// What a browser is given whose password was just set: without it there is nothing to say here.
pub(super) const DONE: &str = "password-done";

#[derive(Responder)]
enum Told {
    Done(Box<Page<DonePage>>),
    Nothing(Box<Redirect>),
}

#[rocket::get("/password/done")]
fn done(app: &Managed<App>, jar: &CookieJar<'_>, chrome: Chrome) -> Told {
    let title = match given(app, jar, DONE).as_deref() {
        Some("reset") => "密码重置成功",
        Some("changed") => "密码修改成功",
        Some(_) | None => {
            return Told::Nothing(Box::new(Redirect::to(sign_in::href(None, None, None))));
        }
    };
    Told::Done(Box::new(Page::ok(DonePage { chrome, title })))
}
