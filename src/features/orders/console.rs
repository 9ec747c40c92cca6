//! 订单: the list for 财务, and one order's whole story.

mod show;

use askama::Template;
use rocket::{FromForm, Route, State as Managed, get, routes};

use super::rules::{Order, State};
use super::{Sought, store, view};
use crate::app::App;
use crate::base::outcome::Fault;
use crate::features::candidates;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::db::ReadTx;
use crate::machinery::gateway::Channel;
use crate::web::{Answer, Chrome, Page};

/// How many orders a page of the list shows.
const PAGE: i64 = 50;

/// The routes of this face.
pub fn routes() -> Vec<Route> {
    [routes![index], show::routes()].concat()
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
