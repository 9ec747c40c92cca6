//! 我的订单.

use askama::Template;
use rocket::{Route, State as Managed, get, routes};

use super::back::{self, Back};
use crate::app::App;
use crate::base::outcome::Fault;
use crate::features::candidates::guard::Candidate;
use crate::features::orders::rules::{Order, Payment, State};
use crate::features::orders::{self, view};
use crate::features::receipts;
use crate::machinery::db::ReadTx;
use crate::web::{Answer, Chrome, Page};

pub(super) fn routes() -> Vec<Route> {
    routes![index]
}

/// A row of 我的订单.
struct Row {
    order: Order,
    placed: String,
    tag: &'static str,
    label: &'static str,
    receipt: Option<i64>,
    backs: Vec<Back>,
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
            let orders = orders::of_candidate(tx, account)?;
            orders.into_iter().map(|order| row(tx, order)).collect::<Result<Vec<_>, Fault>>()
        })
        .await?;
    Ok(Page::ok(Index { chrome, rows }))
}

fn row(tx: &ReadTx<'_>, order: Order) -> Result<Row, Fault> {
    let payments = orders::payments(tx, &order.no)?;
    let backs = back::of(tx, &payments)?;
    let counted = payments.iter().any(Payment::counted);
    let (tag, label) = match backs.iter().find(|it| it.counted == counted) {
        // What pays for nothing is not shown as paid.
        Some(back) if order.state == State::Paid => (back.tag, back.word),
        Some(_) | None => (order.state.tag(), order.state.label()),
    };
    Ok(Row {
        placed: view::instant(order.placed_at),
        tag,
        label,
        backs,
        receipt: receipts::of_order(tx, &order.no)?.first().map(|it| it.id),
        order,
    })
}
