//! 缴费, 支付结果确认 and 我的订单: what a candidate sees of orders.

use askama::Template;
use jiff::Timestamp;
use rocket::http::Status;
use rocket::response::Redirect;
use rocket::serde::json::{Value, json};
use rocket::{Responder, Route, State as Managed, get, post, routes, uri};

use super::rules::{Order, Payment, Refused, State};
use super::{platform, view};
use crate::app::App;
use crate::base::outcome::{Fault, Never};
use crate::base::values::{Fen, OrderNo};
use crate::features::candidates::guard::Candidate;
use crate::features::candidates::rules::Person;
use crate::features::fees::rules::{Due, DueState};
use crate::features::receipts;
use crate::features::windows::Panel;
use crate::features::windows::rules::Hours;
use crate::features::{candidates, fees, windows};
use crate::machinery::db::ReadTx;
use crate::machinery::gateway::Channel;
use crate::web::{Answer, Chrome, Nothing, Page, Posted, Pressed, Refusal};

/// The routes of this face.
pub fn routes() -> Vec<Route> {
    routes![dues, submit, show, standing, confirm, renew, returned, index]
}

impl Refusal for Refused {
    fn status(&self) -> Status {
        match self {
            Refused::NoSuchDue => Status::NotFound,
            Refused::TooMany => Status::TooManyRequests,
            Refused::NothingOwed | Refused::Shut { .. } | Refused::FormReused => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        let (happened, now) = match self {
            Refused::NoSuchDue => ("没有找到这项缴费。", "请返回“缴费”页面重新进入。".to_owned()),
            Refused::NothingOwed => (
                "这项费用已经不需要缴纳，没有再次扣款。",
                "请在“缴费”页面查看缴费状态和票据。".to_owned(),
            ),
            Refused::Shut { opens: Some(opens) } => {
                ("现在不在缴费时间内，没有产生订单，没有扣款。", format!("下一次开放：{opens}。"))
            }
            Refused::Shut { opens: None } => (
                "缴费已经结束，没有产生订单，没有扣款。",
                "如有疑问，请在咨询时间内联系技术支持。".to_owned(),
            ),
            Refused::TooMany => (
                "一小时内申请缴费的次数过多，没有产生新的订单，没有扣款。",
                "请等一会儿再试；如果已经付款，请不要再次付款，系统会自动核实。".to_owned(),
            ),
            Refused::FormReused => (
                "这个页面已经提交过别的内容，没有产生新的订单。",
                "请返回“缴费”页面，刷新后重新提交。".to_owned(),
            ),
        };
        (happened.to_owned(), now)
    }
}

/// One due on the page 缴费.
struct Bill {
    id: i64,
    project: String,
    item: String,
    amount: Fen,
    tag: &'static str,
    state: &'static str,
    school: Option<String>,
    open_order: Option<Order>,
    receipt: Option<i64>,
    payable: bool,
    panel: Panel,
}

#[derive(Template)]
#[template(path = "orders/site/dues.html")]
struct Dues {
    chrome: Chrome,
    person: Person,
    bills: Vec<Bill>,
}

#[get("/dues")]
async fn dues(app: &Managed<App>, candidate: Candidate, chrome: Chrome) -> Answer<Page<Dues>> {
    let (account, by) = (candidate.account, candidate.by);
    // "Paid but shows 未缴费" mends itself here, as the manual promises.
    platform::away::<_, Never>(app, move |app| Ok(platform::repair(app, by, account)?)).await?;
    let (person, bills) =
        app.db.read(move |tx| Ok((person(tx, account)?, bills(tx, account)?))).await?;
    Ok(Page::ok(Dues { chrome, person, bills }))
}

fn person(tx: &ReadTx<'_>, account: i64) -> Result<Person, Fault> {
    candidates::find(tx, account)?.ok_or_else(|| Fault::new("a logged-in account is missing"))
}

fn bills(tx: &ReadTx<'_>, account: i64) -> Result<Vec<Bill>, Fault> {
    fees::dues_of(tx, account)?.into_iter().map(|due| bill(tx, due)).collect()
}

fn bill(tx: &ReadTx<'_>, due: Due) -> Result<Bill, Fault> {
    let broken = || Fault::new("a due's fee item or project is missing");
    let item = fees::item(tx, due.fee_item_id)?.ok_or_else(broken)?;
    let project = fees::project(tx, item.project_id)?.ok_or_else(broken)?;
    let hours = windows::of(tx, &project.business())?;
    let orders = super::of_due(tx, due.id)?;
    let open_order = orders.iter().find(|it| it.state.is_open()).cloned();
    let receipt = receipt_of(tx, &orders)?;
    let (tag, state) = match &open_order {
        Some(_) if due.state == DueState::Unpaid => ("await", "待支付"),
        Some(_) | None => (due.state.tag(), due.state.label()),
    };
    Ok(Bill {
        id: due.id,
        payable: due.state == DueState::Unpaid && is_open(&hours, tx.now()),
        panel: Panel::of(&hours, tx.now(), "缴费时间", project.consequence.as_str()),
        project: project.title,
        item: item.name,
        amount: due.amount,
        tag,
        state,
        school: due.school_name,
        open_order,
        receipt,
    })
}

fn is_open(hours: &Hours, now: Timestamp) -> bool {
    hours.at(now).is_open()
}

fn receipt_of(tx: &ReadTx<'_>, orders: &[Order]) -> Result<Option<i64>, Fault> {
    for order in orders.iter().filter(|it| it.state == State::Paid) {
        if let Some(receipt) = receipts::of_order(tx, &order.no)?.first() {
            return Ok(Some(receipt.id));
        }
    }
    Ok(None)
}

#[post("/dues/<due>/orders", data = "<posted>")]
async fn submit(
    app: &Managed<App>,
    candidate: Candidate,
    due: i64,
    posted: Posted<Pressed>,
) -> Answer<Redirect, Refused> {
    let (account, by, key) = (candidate.account, candidate.by, posted.key);
    let order =
        platform::away(app, move |app| platform::submit(app, by, account, due, key)).await?;
    Ok(Redirect::to(uri!(show(order.no))))
}

#[derive(Responder)]
enum Shown {
    Waiting(Box<Page<Waiting>>),
    Paid(Box<Page<Paid>>),
    Closed(Box<Page<Closed>>),
}

#[derive(Template)]
#[template(path = "orders/site/waiting.html")]
struct Waiting {
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
struct Paid {
    chrome: Chrome,
    order: Order,
    person: Person,
    payment: Option<Payment>,
    channel: &'static str,
    paid_at: String,
    receipt: Option<i64>,
    /// Money beyond what was owed, which goes back by itself.
    extra: Vec<Payment>,
}

#[derive(Template)]
#[template(path = "orders/site/closed.html")]
struct Closed {
    chrome: Chrome,
    order: Order,
    closed: String,
    renewable: bool,
    due_paid: bool,
    extra: Vec<Payment>,
}

#[get("/orders/<no>")]
async fn show(
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
    let found = app.db.read(move |tx| super::find(tx, &no)).await?;
    match found.filter(|order| order.candidate_id == account) {
        Some(order) => Ok(order),
        None => crate::base::outcome::refuse(Nothing),
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
    let (person, payments, receipt) = app
        .db
        .read(move |tx| {
            let receipt = receipts::of_order(tx, &no)?.first().map(|it| it.id);
            Ok((person(tx, account)?, super::payments(tx, &no)?, receipt))
        })
        .await?;
    let (counted, extra): (Vec<_>, Vec<_>) = payments.into_iter().partition(|it| it.counts());
    let payment = counted.into_iter().next();
    Ok(Shown::Paid(Box::new(Page::ok(Paid {
        chrome,
        person,
        channel: payment.as_ref().map_or("", |it| Channel::from_code(&it.channel).label()),
        paid_at: order.paid_at.map_or_else(String::new, view::instant),
        payment,
        receipt,
        extra,
        order,
    }))))
}

async fn closed(app: &App, chrome: Chrome, order: Order) -> Answer<Shown, Nothing> {
    let (no, due) = (order.no.clone(), order.due_id);
    let (payments, due, hours) = app
        .db
        .read(move |tx| {
            let due = fees::due(tx, due)?.ok_or_else(|| Fault::new("an order's due is missing"))?;
            let item = fees::item(tx, due.fee_item_id)?;
            let business = item.map_or_else(String::new, |it| format!("project {}", it.project_id));
            Ok((super::payments(tx, &no)?, due, windows::of(tx, &business)?))
        })
        .await?;
    Ok(Shown::Closed(Box::new(Page::ok(Closed {
        closed: order.closed_at.map_or_else(String::new, view::minute),
        renewable: due.state == DueState::Unpaid && is_open(&hours, chrome.now()),
        due_paid: due.state == DueState::Paid,
        extra: payments,
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
    let order = platform::away(app, move |app| Ok(platform::ask(app, by, &order.no)?)).await?;
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
    let found = app.db.read(move |tx| super::find(tx, &wanted)).await?;
    if found.is_none_or(|order| order.candidate_id != account) {
        return crate::base::outcome::refuse(Refused::NoSuchDue);
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
    let order = platform::away(app, move |app| {
        if order.state.is_open() { Ok(platform::ask(app, by, &order.no)?) } else { Ok(order) }
    })
    .await?;
    Ok(Redirect::to(uri!(show(order.no))))
}

/// A row of 我的订单.
struct Row {
    order: Order,
    placed: String,
    tag: &'static str,
    label: &'static str,
    receipt: Option<i64>,
}

#[derive(Template)]
#[template(path = "orders/site/index.html")]
struct Index {
    chrome: Chrome,
    rows: Vec<Row>,
}

#[get("/orders")]
async fn index(app: &Managed<App>, candidate: Candidate, chrome: Chrome) -> Answer<Page<Index>> {
    let account = candidate.account;
    let rows = app
        .db
        .read(move |tx| {
            let orders = super::of_candidate(tx, account)?;
            orders.into_iter().map(|order| row(tx, order)).collect::<Result<Vec<_>, Fault>>()
        })
        .await?;
    Ok(Page::ok(Index { chrome, rows }))
}

fn row(tx: &ReadTx<'_>, order: Order) -> Result<Row, Fault> {
    Ok(Row {
        placed: view::instant(order.placed_at),
        tag: order.state.tag(),
        label: order.state.label(),
        receipt: receipts::of_order(tx, &order.no)?.first().map(|it| it.id),
        order,
    })
}
