//! 支付结果确认: where one order stands, and the three buttons of the manual.

use askama::Template;
use rocket::response::Redirect;
use rocket::serde::json::{Value, json};
use rocket::{Responder, Route, State as Managed, get, post, routes, uri};

use super::back::{self, Back};
use super::dues::is_open;
use super::person;
use crate::app::App;
use crate::base::outcome::{Fault, Never, refuse};
use crate::base::values::OrderNo;
use crate::features::candidates::guard::Candidate;
use crate::features::candidates::rules::Person;
use crate::features::fees::rules::DueState;
use crate::features::orders::rules::{Fate, Order, Payment, Refused, State};
use crate::features::orders::{self, platform, view};
use crate::features::{fees, receipts, windows};
use crate::machinery::gateway::Channel;
use crate::web::{Answer, Chrome, Nothing, Page, Posted, Pressed};

pub(super) fn routes() -> Vec<Route> {
    routes![show, standing, confirm, renew, returned]
}

#[derive(Responder)]
pub(super) enum Shown {
    Waiting(Box<Page<Waiting>>),
    Paid(Box<Page<Paid>>),
    Closed(Box<Page<Closed>>),
}

#[derive(Template)]
#[template(path = "orders/site/waiting.html")]
pub(super) struct Waiting {
    chrome: Chrome,
    order: Order,
    checked: String,
    closes: String,
    closes_iso: String,
    left: String,
    left_s: i64,
    whole_s: i64,
}

#[derive(Template)]
#[template(path = "orders/site/paid.html")]
pub(super) struct Paid {
    chrome: Chrome,
    order: Order,
    person: Person,
    payment: Option<Payment>,
    channel: &'static str,
    paid_at: String,
    receipt: Option<i64>,
    face: Face,
    /// Money that goes back.
    backs: Vec<Back>,
}

/// What a paid order comes to in the end.
struct Face {
    mark: &'static str,
    icon: &'static str,
    title: &'static str,
    said: &'static str,
    label: &'static str,
    tag: &'static str,
    word: &'static str,
}

impl Face {
    /// The money pays for what was owed, unless it goes back or never counted.
    fn of(counted: Option<&Payment>, back: Option<&Back>, has_receipt: bool) -> Face {
        let paid = Face {
            mark: "ok",
            icon: "check",
            title: "缴费成功",
            said: if has_receipt {
                "已收到您的款项，票据已开具。"
            } else {
                "已收到您的款项。"
            },
            label: "实缴金额",
            tag: "paid",
            word: "已缴费",
        };
        let back_of = |title, said, back: &Back| Face {
            mark: "",
            icon: "coin",
            title,
            said,
            label: "订单金额",
            tag: back.tag,
            word: back.word,
        };
        match (counted.map(|it| it.fate), back) {
            (Some(Fate::Refunded), Some(back)) => {
                back_of("已退款", "这笔缴费已经退回，票据已冲红。", back)
            }
            (Some(Fate::Counted | Fate::ToRefund | Fate::Refunding), Some(back)) => {
                back_of("退款中", "这笔缴费正在退回。", back)
            }
            (Some(_), None) => paid,
            (None, Some(back)) => {
                back_of("款项将原路退回", "收到了您的款项，但不能用于缴费，会全部退回。", back)
            }
            (None, None) => paid,
        }
    }
}

#[derive(Template)]
#[template(path = "orders/site/closed.html")]
pub(super) struct Closed {
    chrome: Chrome,
    order: Order,
    closed: String,
    /// It closed because its time was over.
    timed_out: bool,
    /// The order that took its place.
    newer: Option<OrderNo>,
    renewable: bool,
    due_paid: bool,
    backs: Vec<Back>,
}

#[get("/orders/<no>")]
pub(super) async fn show(
    app: &Managed<App>,
    candidate: Candidate,
    no: OrderNo,
    chrome: Chrome,
) -> Answer<Shown, Nothing> {
    let account = candidate.account;
    let order = mine(app, account, no).await?;
    match order.state {
        State::Created | State::AwaitingPayment => Ok(waiting(chrome, order)),
        State::Paid => paid(app, chrome, order, account).await,
        State::Closed => closed(app, chrome, order).await,
    }
}

/// The order, if it is this person's. Somebody else's does not exist for them.
async fn mine(app: &App, account: i64, no: OrderNo) -> Answer<Order, Nothing> {
    let found = app.db.read(move |tx| orders::find(tx, &no)).await?;
    match found.filter(|order| order.candidate_id == account) {
        Some(order) => Ok(order),
        None => refuse(Nothing),
    }
}

fn waiting(chrome: Chrome, order: Order) -> Shown {
    let left = order.expires_at.duration_since(chrome.now());
    Shown::Waiting(Box::new(Page::ok(Waiting {
        checked: view::last_question(&order),
        closes: view::minute(order.expires_at),
        closes_iso: view::iso(order.expires_at),
        left: view::lasting(left),
        left_s: left.as_secs().max(0),
        whole_s: order.expires_at.duration_since(order.placed_at).as_secs(),
        chrome,
        order,
    })))
}

async fn paid(app: &App, chrome: Chrome, order: Order, account: i64) -> Answer<Shown, Nothing> {
    let no = order.no.clone();
    let (person, payments, backs, receipt) = app
        .db
        .read(move |tx| {
            let receipt = receipts::of_order(tx, &no)?.first().map(|it| it.id);
            let payments = orders::payments(tx, &no)?;
            let backs = back::of(tx, &payments)?;
            Ok((person(tx, account)?, payments, backs, receipt))
        })
        .await?;
    let payment = payments.into_iter().find(Payment::counted);
    let own = backs.iter().find(|it| it.counted == payment.is_some());
    Ok(Shown::Paid(Box::new(Page::ok(Paid {
        chrome,
        person,
        channel: payment.as_ref().map_or("", |it| Channel::from_code(&it.channel).label()),
        paid_at: order.paid_at.map_or_else(String::new, view::instant),
        face: Face::of(payment.as_ref(), own, receipt.is_some()),
        payment,
        receipt,
        backs,
        order,
    }))))
}

async fn closed(app: &App, chrome: Chrome, order: Order) -> Answer<Shown, Nothing> {
    let (no, id, due) = (order.no.clone(), order.id, order.due_id);
    let (backs, due, hours, newer) = app
        .db
        .read(move |tx| {
            let due = fees::due(tx, due)?.ok_or_else(|| Fault::new("an order's due is missing"))?;
            let item = fees::item(tx, due.fee_item_id)?;
            let business = item.map_or_else(String::new, |it| format!("project {}", it.project_id));
            let backs = back::of(tx, &orders::payments(tx, &no)?)?;
            let orders = orders::of_due(tx, due.id)?.into_iter();
            let newer = orders.filter(|it| it.id > id && it.state.is_open()).map(|it| it.no).next();
            Ok((backs, due, windows::of(tx, &business)?, newer))
        })
        .await?;
    Ok(Shown::Closed(Box::new(Page::ok(Closed {
        closed: order.closed_at.map_or_else(String::new, view::minute),
        timed_out: order.closed_at.is_some_and(|it| it >= order.expires_at),
        newer,
        renewable: due.state == DueState::Unpaid && is_open(&hours, chrome.now()),
        due_paid: due.state == DueState::Paid,
        backs,
        chrome,
        order,
    }))))
}

/// What the page that follows an order asks: where it stands now.
#[get("/orders/<no>/standing")]
async fn standing(app: &Managed<App>, candidate: Candidate, no: OrderNo) -> Answer<Value, Nothing> {
    let by = candidate.by;
    let order = mine(app, candidate.account, no).await?;
    let order = platform::away(app, move |app| Ok(platform::follow(app, by, order)?)).await?;
    Ok(json!({
        // The page shows both open states as one.
        "state": if order.state.is_open() { "open" } else { order.state.name() },
        "href": uri!(show(&order.no)).to_string(),
        "told": { "checked": view::last_question(&order) },
    }))
}

/// 确定 and 查看最新状态: asks the platform now.
#[post("/orders/<no>/standing", data = "<_posted>")]
async fn confirm(
    app: &Managed<App>,
    candidate: Candidate,
    no: OrderNo,
    _posted: Posted<Pressed>,
) -> Answer<Redirect, Nothing> {
    let by = candidate.by;
    let order = mine(app, candidate.account, no).await?;
    let order = platform::away(app, move |app| Ok(platform::confirm(app, by, &order.no)?)).await?;
    Ok(Redirect::to(uri!(show(order.no))))
}

/// 重新申请缴费.
#[post("/orders/<no>/renewal", data = "<posted>")]
async fn renew(
    app: &Managed<App>,
    candidate: Candidate,
    no: OrderNo,
    posted: Posted<Pressed>,
) -> Answer<Redirect, Refused> {
    let (account, by, key) = (candidate.account, candidate.by, posted.key);
    let wanted = no.clone();
    let found = app.db.read(move |tx| orders::find(tx, &wanted)).await?;
    if found.is_none_or(|order| order.candidate_id != account) {
        return refuse(Refused::NoSuchDue);
    }
    let order = platform::away(app, move |app| platform::renew(app, by, &no, key)).await?;
    Ok(Redirect::to(uri!(show(order.no))))
}

/// Where the platform sends the payer's browser. That proves nothing: the platform is asked.
#[get("/orders/<no>/return")]
async fn returned(
    app: &Managed<App>,
    candidate: Candidate,
    no: OrderNo,
) -> Answer<Redirect, Nothing> {
    let by = candidate.by;
    let order = mine(app, candidate.account, no).await?;
    let no = order.no.clone();
    let asked = platform::away::<_, Never>(app, move |app| {
        if order.state.is_open() { Ok(platform::ask(app, by, &order.no)?) } else { Ok(order) }
    });
    // The page shows what is known, also where nothing can be written.
    if let Err(error) = asked.await {
        tracing::error!(fault = %Fault::from(error), "the platform was not asked");
    }
    Ok(Redirect::to(uri!(show(no))))
}
