//! 考生: what staff see of a candidate, and what they can do for one who stands before them.

use std::future::Future;
use std::pin::Pin;

use askama::Template;
use jiff::Timestamp;
use rocket::form::FromForm;
use rocket::{Route, State as Managed, uri};

use super::rules::{self, Person, Refused};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::outcome::{Fault, refuse};
use crate::base::values::{Phone, narrow};
use crate::features::candidates;
use crate::features::identity::{self, Credential, Kind};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::{Clerk, DutyKind, Either, HelpDesk};
use crate::machinery::db::ReadTx;
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted, Pressed};

/// The doors of this face, to be mounted at `/console`.
pub fn routes() -> Vec<Route> {
    rocket::routes![index, show, reveal, unlock, reset, correct_phone]
}

/// What other rooms show of a candidate on this page: their dues, their orders. `server.rs` gathers
/// them; this room knows none of them.
pub struct Panels(
    /// Draws them for an account, in their order.
    pub for<'r> fn(&'r App, i64) -> Drawn<'r>,
);

/// Panels on their way.
pub type Drawn<'r> = Pin<Box<dyn Future<Output = Vec<Panel>> + Send + 'r>>;

/// One of them.
#[derive(Clone, Debug)]
pub struct Panel {
    /// 应缴与订单.
    pub title: &'static str,
    /// What is said where there are no lines.
    pub empty: &'static str,
    /// Its lines.
    pub lines: Vec<PanelLine>,
}

/// One thing in a panel.
#[derive(Clone, Debug)]
pub struct PanelLine {
    /// What it is.
    pub label: String,
    /// Where it stands, in words.
    pub state: String,
    /// The tag's colour (`parts::tag`); empty for none.
    pub tag: &'static str,
    /// Its own page, which is for 财务; empty for none.
    pub href: String,
}

/// How many people a search shows.
const SHOWN_MAX: usize = 50;

#[derive(Template)]
#[template(path = "candidates/console/index.html")]
struct Index {
    chrome: Chrome,
    /// What was searched for.
    text: String,
    /// `None`: nothing was searched for yet.
    found: Option<Vec<Person>>,
    /// Were there more than are shown?
    more: bool,
    /// Was the beginning of a number typed, too short to search by?
    short: bool,
}

#[rocket::get("/candidates?<q>")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<Either<Clerk, HelpDesk>>,
    chrome: Chrome,
    q: Option<String>,
) -> Answer<Page<Index>> {
    let text: String = narrow(&q.unwrap_or_default()).chars().take(100).collect();
    let wanted = text.clone();
    let look = move |tx: &ReadTx<'_>| candidates::search(tx, &wanted, SHOWN_MAX + 1);
    let mut found = match text.is_empty() {
        true => None,
        false => Some(app.db.read(look).await?),
    };
    let more = found.as_ref().is_some_and(|it| it.len() > SHOWN_MAX);
    found.as_mut().iter_mut().for_each(|it| it.truncate(SHOWN_MAX));
    let short = !text.is_empty() && text.len() < 6 && text.bytes().all(|it| it.is_ascii_digit());
    Ok(Page::ok(Index { chrome, text, found, more, short }))
}

#[derive(Template)]
#[template(path = "candidates/console/show.html")]
struct Show {
    chrome: Chrome,
    filled: Filled,
    done: Option<&'static str>,
    person: Person,
    /// The whole number, where it was asked for.
    revealed: bool,
    login: LoginState,
    /// How long the longest wait after failed logins still is.
    wait: Option<String>,
    /// May whoever looks change something?
    may_change: bool,
    panels: Vec<Panel>,
}

/// What is known of somebody's logins.
struct LoginState {
    label: &'static str,
    tag: &'static str,
    last: Option<String>,
    /// Is the password one that the person has chosen?
    own_password: bool,
}

impl LoginState {
    fn of(credential: Option<&Credential>) -> LoginState {
        let (label, tag) = match credential {
            None => ("未登录过", "draft"),
            Some(it) if it.last_login.is_none() && it.phc.is_none() => ("未登录过", "draft"),
            Some(it) if it.phc.is_none() => ("初始密码，未设置新密码", "await"),
            Some(it) if it.must_change => ("一次性密码，未设置新密码", "await"),
            Some(_) => ("已设置密码", "open"),
        };
        let last = credential.and_then(|it| it.last_login).map(day_and_time);
        let own_password = credential.is_some_and(|it| it.phc.is_some() && !it.must_change);
        LoginState { label, tag, last, own_password }
    }
}

impl Show {
    async fn read(
        app: &App,
        panels: &Panels,
        officer: &Officer<Either<Clerk, HelpDesk>>,
        chrome: Chrome,
        id: i64,
    ) -> Answer<Show, Refused> {
        let look = move |tx: &ReadTx<'_>| look(tx, id);
        let Some((person, credential, wait)) = app.db.read(look).await? else {
            return refuse(Refused::Unknown);
        };
        let mut panels = panels.0(app, id).await;
        // An order's page is money's. A link that ends at a closed door is none.
        if !officer.duties.has(DutyKind::Finance) {
            let lines = panels.iter_mut().flat_map(|it| &mut it.lines);
            lines.for_each(|it| it.href.clear());
        }
        Ok(Show {
            chrome,
            filled: Filled::default(),
            done: None,
            revealed: false,
            login: LoginState::of(credential.as_ref()),
            wait,
            may_change: officer.duties.has(DutyKind::Clerk),
            panels,
            person,
        })
    }

    /// The document's number; before the reset without any of the last six, which open the account.
    fn masked(&self) -> String {
        match self.login.own_password {
            true => self.person.document.masked(),
            false => self.person.document.masked_before_reset(),
        }
    }

    fn here(&self) -> String {
        uri!("/console", show(self.person.id, None::<&str>)).to_string()
    }
}

/// What is known of a person, their credential, and how long they must wait.
type Known = (Person, Option<Credential>, Option<String>);

fn look(tx: &ReadTx<'_>, id: i64) -> Result<Option<Known>, Fault> {
    let Some(person) = candidates::find(tx, id)? else { return Ok(None) };
    let credential = identity::credential(tx, Kind::Candidate, id)?;
    let wait = match rules::counted_name_of(&person) {
        Some(name) => identity::longest_wait(tx, Kind::Candidate, &name)?,
        None => None,
    };
    Ok(Some((person, credential, wait.map(rules::spoken))))
}

#[rocket::get("/candidates/<id>?<done>")]
async fn show(
    app: &Managed<App>,
    panels: &Managed<Panels>,
    officer: Officer<Either<Clerk, HelpDesk>>,
    chrome: Chrome,
    id: i64,
    done: Option<&str>,
) -> Answer<Page<Show>, Refused> {
    let page = Show::read(app, panels, &officer, chrome, id).await?;
    let done = match done {
        Some("unlocked") => Some("登录限制已解除，考生可以立即再试。"),
        Some("reset") => Some("密码已重置为初始密码，考生登录后须重新设置。"),
        Some("phone") => Some("手机号已更正。"),
        Some(_) | None => None,
    };
    Ok(Page::ok(Show { done, ..page }))
}

/// 显示完整证件号: asked for by a form, so that nobody does it in passing, and the log says so.
#[rocket::post("/candidates/<id>/document", data = "<_pressed>")]
async fn reveal(
    app: &Managed<App>,
    panels: &Managed<Panels>,
    officer: Officer<Clerk>,
    looker: Officer<Either<Clerk, HelpDesk>>,
    chrome: Chrome,
    id: i64,
    _pressed: Posted<Pressed>,
) -> Answer<Page<Show>, Refused> {
    app.db.write(officer.by, move |tx| candidates::reveal(tx, id)).await?;
    let page = Show::read(app, panels, &looker, chrome, id).await?;
    Ok(Page::ok(Show { revealed: true, ..page }))
}

#[rocket::post("/candidates/<id>/forgiveness", data = "<_pressed>")]
async fn unlock(
    app: &Managed<App>,
    officer: Officer<Clerk>,
    id: i64,
    _pressed: Posted<Pressed>,
) -> Answer<Next<Show>, Refused> {
    app.db.write(officer.by, move |tx| candidates::unlock(tx, id)).await?;
    Ok(Next::go(uri!("/console", show(id, Some("unlocked")))))
}

#[derive(FromForm)]
struct Reset {
    #[field(validate = eq(true).or_else(msg!("请先核对证件原件，再勾选这一项。")))]
    document_seen: bool,
}

#[rocket::post("/candidates/<id>/password", data = "<posted>")]
async fn reset(
    app: &Managed<App>,
    panels: &Managed<Panels>,
    officer: Officer<Clerk>,
    looker: Officer<Either<Clerk, HelpDesk>>,
    chrome: Chrome,
    id: i64,
    posted: Posted<Reset>,
) -> Answer<Next<Show>, Refused> {
    let Some(Reset { document_seen: true }) = posted.form else {
        let page = Show::read(app, panels, &looker, chrome, id).await?;
        return Ok(Next::again(Show { filled: posted.filled, ..page }));
    };
    app.db.write(officer.by, move |tx| candidates::reset_password(tx, id)).await?;
    Ok(Next::go(uri!("/console", show(id, Some("reset")))))
}

#[derive(FromForm)]
struct Correction {
    phone: Phone,
}

#[rocket::post("/candidates/<id>/phone", data = "<posted>")]
async fn correct_phone(
    app: &Managed<App>,
    panels: &Managed<Panels>,
    officer: Officer<Clerk>,
    looker: Officer<Either<Clerk, HelpDesk>>,
    chrome: Chrome,
    id: i64,
    posted: Posted<Correction>,
) -> Answer<Next<Show>, Refused> {
    let Some(Correction { phone }) = posted.form else {
        let page = Show::read(app, panels, &looker, chrome, id).await?;
        return Ok(Next::again(Show { filled: posted.filled, ..page }));
    };
    app.db.write(officer.by, move |tx| candidates::correct_phone(tx, id, &phone)).await?;
    Ok(Next::go(uri!("/console", show(id, Some("phone")))))
}

fn day_and_time(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M").to_string()
}
