//! 异常与退款: the inbox of 财务.

mod ask;
mod decide;
mod show;
mod story;
mod words;

use askama::Template;
use jiff::Timestamp;
use rocket::response::Redirect;
use rocket::{FromForm, Route, State as Managed, get, post, routes};

use super::rules::{Entry, Then};
use crate::app::App;
use crate::base::outcome::{Error, Never, refuse};
use crate::features::refunds::Refund;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::features::windows::words as hours;
use crate::features::{orders, refunds};
use crate::web::{Answer, Chrome, Nothing, Page, Posted};

/// How many refunds a page of the list shows.
const PAGE: i64 = 50;

/// The routes of this face.
pub fn routes() -> Vec<Route> {
    [routes![inbox, read, list], show::routes(), decide::routes(), ask::routes()].concat()
}

/// One entry as it is shown.
struct Row {
    entry: Entry,
    /// How old it is, as people read it; empty when not known.
    age: String,
    button: Button,
}

/// The one right thing to do, as a button or a link that looks like one.
struct Button {
    label: &'static str,
    href: String,
    /// Does it act at once? Its one field; else it leads to a page.
    posts: Option<(&'static str, String)>,
    /// Where all about it stands, where that is another page.
    more: Option<String>,
}

#[derive(Template)]
#[template(path = "exceptions/console/inbox.html")]
struct Inbox {
    chrome: Chrome,
    waiting: Vec<Row>,
    moving: Vec<Row>,
}

#[get("/exceptions")]
async fn inbox(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    chrome: Chrome,
) -> Answer<Page<Inbox>> {
    let entries = app.db.read(super::inbox).await?;
    let now = chrome.now();
    let rows = entries.into_iter().map(|entry| row(entry, now));
    let (waiting, moving) = rows.partition(|it: &Row| it.entry.waits);
    Ok(Page::ok(Inbox { chrome, waiting, moving }))
}

fn row(entry: Entry, now: Timestamp) -> Row {
    let age = entry.since.map(|it| hours::lasting(now.duration_since(it)));
    Row { age: age.unwrap_or_default(), button: button(&entry.then), entry }
}

fn button(then: &Then) -> Button {
    let page = |id: i64| format!("/console/refunds/{id}");
    let leads = |label, href| Button { label, href, posts: None, more: None };
    let presses = |label, id: i64| Button {
        label,
        href: format!("/console/refunds/{id}/standing"),
        posts: Some(("pressed", String::new())),
        more: Some(page(id)),
    };
    match then {
        Then::Decide(id) => leads("批准退款", page(*id)),
        Then::Send(id) => presses("重新发送", *id),
        Then::Follow(id) => presses("向平台查询", *id),
        Then::Retry(id) => Button {
            label: "重新发送",
            href: format!("/console/refunds/{id}/renewal"),
            posts: Some(("seen", "refund_failed".into())),
            more: Some(page(*id)),
        },
        Then::ByHand(id) => leads("人工处理", page(*id)),
        Then::Confirm(id) => leads("复核转账", page(*id)),
        Then::Ask(no) => Button {
            label: "向平台查询",
            href: format!("/console/orders/{no}/question"),
            posts: Some(("pressed", String::new())),
            more: Some(format!("/console/orders/{no}")),
        },
        Then::Read(last) => Button {
            label: "已阅",
            href: "/console/exceptions/notices".into(),
            posts: Some(("last", last.to_string())),
            more: None,
        },
        Then::LoadNumbers => leads("加载号段", "/console/receipts/segments".into()),
    }
}

#[derive(FromForm)]
struct Last {
    last: i64,
}

/// 已阅.
#[post("/exceptions/notices", data = "<posted>")]
async fn read(
    app: &Managed<App>,
    officer: Officer<Finance>,
    posted: Posted<Last>,
) -> Answer<Redirect, Nothing> {
    let Some(Last { last }) = posted.form else { return refuse(Nothing) };
    let account = officer.account;
    let seen = app.db.write(officer.by, move |tx| {
        orders::see_forged(tx, last, account).map_err(Error::<Never>::Fault)
    });
    seen.await.map_err(crate::base::outcome::Fault::from)?;
    Ok(Redirect::to("/console/exceptions"))
}

#[derive(Template)]
#[template(path = "exceptions/console/list.html")]
struct List {
    chrome: Chrome,
    refunds: Vec<Refund>,
    older: Option<String>,
}

impl List {
    fn time(&self, at: &Timestamp) -> String {
        words::instant(*at)
    }

    fn number(&self, refund: &Refund) -> String {
        words::grouped(&refund.no.to_string())
    }
}

/// 退款记录: every refund there ever was.
#[get("/refunds?<before>")]
async fn list(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    before: Option<i64>,
    chrome: Chrome,
) -> Answer<Page<List>> {
    let refunds = app.db.read(move |tx| refunds::list(tx, before, PAGE)).await?;
    let more = refunds.len() as i64 == PAGE;
    let older = refunds.last().filter(|_| more);
    let older = older.map(|last| format!("/console/refunds?before={}", last.id));
    Ok(Page::ok(List { chrome, refunds, older }))
}
