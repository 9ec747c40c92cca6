//! 订单: the list for 财务, and one order's whole story.

use askama::Template;
use rocket::response::Redirect;
use rocket::{FromForm, Route, State as Managed, get, post, routes, uri};

use super::rules::{Order, Payment, State, Verdict};
use super::{Sought, platform, store, view};
use crate::app::App;
use crate::base::outcome::{Fault, refuse};
use crate::base::values::OrderNo;
use crate::features::candidates;
use crate::features::candidates::rules::Person;
use crate::features::receipts::{self, Receipt};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::db::{AuditLine, ReadTx};
use crate::machinery::gateway::Channel;
use crate::web::{Answer, Chrome, Nothing, Page, Posted, Pressed};

/// How many orders a page of the list shows.
const PAGE: i64 = 50;

/// The routes of this face.
pub fn routes() -> Vec<Route> {
    routes![index, show, question]
}

#[derive(FromForm)]
struct Asked<'r> {
    q: Option<&'r str>,
    state: Option<&'r str>,
    before: Option<i64>,
}

/// A tab above the list.
struct Tab {
    name: &'static str,
    label: &'static str,
    count: i64,
    current: bool,
}

/// A row of the list.
struct Row {
    order: Order,
    placed: String,
    document: String,
    channel: &'static str,
    tag: &'static str,
    label: &'static str,
}

#[derive(Template)]
#[template(path = "orders/console/index.html")]
struct Index {
    chrome: Chrome,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    q: String,
    state: String,
    older: Option<String>,
}

#[get("/orders?<asked..>")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    asked: Asked<'_>,
    chrome: Chrome,
) -> Answer<Page<Index>> {
    let known = |it: &&str| ["open", "paid", "closed"].contains(it);
    let state = asked.state.filter(known).unwrap_or("").to_owned();
    let q: String = asked.q.unwrap_or("").chars().take(60).collect();
    let sought = Sought { states: states(&state), text: q.clone(), before: asked.before };
    let (rows, tabs) = {
        let state = state.clone();
        app.db.read(move |tx| Ok((rows(tx, &sought)?, tabs(tx, &state)?))).await?
    };
    let older = (rows.len() as i64 == PAGE).then(|| rows.last()).flatten().map(|last| {
        let q = rocket::http::RawStr::new(&q).percent_encode().to_string();
        format!("/console/orders?q={q}&state={state}&before={}", last.order.id)
    });
    Ok(Page::ok(Index { chrome, tabs, rows, q, state, older }))
}

/// The tabs' names, and which states each shows.
fn states(tab: &str) -> Vec<State> {
    match tab {
        "open" => vec![State::Created, State::AwaitingPayment],
        "paid" => vec![State::Paid],
        "closed" => vec![State::Closed],
        _ => Vec::new(),
    }
}

fn tabs(tx: &ReadTx<'_>, current: &str) -> Result<Vec<Tab>, Fault> {
    let counts = super::counts(tx)?;
    let tab = |name, label| {
        let shown = states(name);
        let fits = |state: &State| shown.is_empty() || shown.contains(state);
        let count = counts.iter().filter(|(state, _)| fits(state)).map(|(_, count)| count).sum();
        Tab { name, label, count, current: name == current }
    };
    Ok(vec![tab("", "全部"), tab("open", "待支付"), tab("paid", "已缴费"), tab("closed", "已关闭")])
}

fn rows(tx: &ReadTx<'_>, sought: &Sought) -> Result<Vec<Row>, Fault> {
    store::list(tx, sought, PAGE)?.into_iter().map(|order| row(tx, order)).collect()
}

fn row(tx: &ReadTx<'_>, order: Order) -> Result<Row, Fault> {
    let person = candidates::find(tx, order.candidate_id)?;
    let payments = store::payments(tx, &order.no)?;
    Ok(Row {
        placed: view::instant(order.placed_at),
        document: person.map_or_else(String::new, |it| it.document.masked()),
        channel: payments.first().map_or("—", |it| Channel::from_code(&it.channel).label()),
        tag: order.state.tag(),
        label: order.state.label(),
        order,
    })
}

/// One line of an order's story.
struct Told {
    at: String,
    what: String,
    by: String,
}

#[derive(Template)]
#[template(path = "orders/console/show.html")]
struct Show {
    chrome: Chrome,
    order: Order,
    person: Option<Person>,
    placed: String,
    expires: String,
    tag: &'static str,
    question: String,
    payments: Vec<Payment>,
    receipts: Vec<Receipt>,
    story: Vec<Told>,
}

impl Show {
    fn channel(&self, payment: &Payment) -> &'static str {
        Channel::from_code(&payment.channel).label()
    }

    fn time(&self, at: &jiff::Timestamp) -> String {
        view::instant(*at)
    }
}

#[get("/orders/<no>")]
async fn show(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    no: OrderNo,
    chrome: Chrome,
) -> Answer<Page<Show>, Nothing> {
    let found = app.db.read(move |tx| whole(tx, &no, chrome)).await?;
    match found {
        Some(show) => Ok(Page::ok(show)),
        None => refuse(Nothing),
    }
}

fn whole(tx: &ReadTx<'_>, no: &OrderNo, chrome: Chrome) -> Result<Option<Show>, Fault> {
    let Some(order) = super::find(tx, no)? else { return Ok(None) };
    let mut story: Vec<(jiff::Timestamp, Told)> =
        tx.audit_about(no.text())?.iter().map(line).collect();
    story.extend(store::notices(tx, no)?.into_iter().map(|(at, verdict)| notice(at, verdict)));
    story.sort_by_key(|(at, _)| *at);
    Ok(Some(Show {
        person: candidates::find(tx, order.candidate_id)?,
        placed: view::instant(order.placed_at),
        expires: view::instant(order.expires_at),
        tag: order.state.tag(),
        question: view::last_question(&order),
        payments: store::payments(tx, no)?,
        receipts: receipts::of_order(tx, no)?,
        story: story.into_iter().map(|(_, told)| told).collect(),
        order,
        chrome,
    }))
}

fn line(line: &AuditLine) -> (jiff::Timestamp, Told) {
    let at: jiff::Timestamp = line.at.parse().unwrap_or_default();
    let what = match line.act.as_str() {
        "order.placed" => "考生提交缴费，生成订单",
        "order.opened" => "公共支付平台受理订单",
        "order.paid" => "收到款项，订单已缴费",
        "order.closed" => "核实未付款后关闭订单",
        "payment.duplicate" => "收到多付的款项，转退款",
        "payment.wrong_amount" => "收到金额不符的款项，转退款",
        "receipt.issued" => "开具票据",
        "receipt.reversed" => "开具红字票据",
        "receipt.numbered" => "票据领到号码",
        other => other,
    };
    let by = match line.by_kind.as_str() {
        "candidate" => "考生",
        "staff" => "工作人员",
        "platform" => "公共支付平台",
        "job" => "系统定时任务",
        "operator" => "系统操作员",
        _ => "—",
    };
    (at, Told { at: view::instant(at), what: what.to_owned(), by: by.to_owned() })
}

fn notice(at: jiff::Timestamp, verdict: Verdict) -> (jiff::Timestamp, Told) {
    let what = format!("平台通知：{}", verdict.label());
    (at, Told { at: view::instant(at), what, by: "公共支付平台".into() })
}

/// 查单: asks the platform now.
#[post("/orders/<no>/question", data = "<_posted>")]
async fn question(
    app: &Managed<App>,
    officer: Officer<Finance>,
    no: OrderNo,
    _posted: Posted<Pressed>,
) -> Answer<Redirect, Nothing> {
    let by = officer.by;
    let wanted = no.clone();
    if app.db.read(move |tx| super::find(tx, &wanted)).await?.is_none() {
        return refuse(Nothing);
    }
    let order = platform::away(app, move |app| Ok(platform::ask(app, by, &no)?)).await?;
    Ok(Redirect::to(uri!("/console", show(order.no))))
}
