//! 缴费: what is owed, and 提交缴费.

use askama::Template;
use jiff::Timestamp;
use rocket::response::Redirect;
use rocket::{Route, State as Managed, get, post, routes, uri};

use super::back::{self, Back};
use super::{person, results};
use crate::app::App;
use crate::base::outcome::{Fault, Never};
use crate::base::values::{Fen, OrderNo};
use crate::features::candidates::guard::Candidate;
use crate::features::candidates::rules::Person;
use crate::features::fees::rules::{Due, DueState};
use crate::features::orders::platform;
use crate::features::orders::rules::{Order, Refused, State};
use crate::features::windows::Panel;
use crate::features::windows::rules::Hours;
use crate::features::{fees, orders, receipts, windows};
use crate::machinery::db::ReadTx;
use crate::web::{Answer, Chrome, Page, Posted, Pressed};

pub(super) fn routes() -> Vec<Route> {
    routes![dues, submit]
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
    /// Money for it that goes back.
    backs: Vec<Back>,
    payable: bool,
    panel: Panel,
}

#[derive(Template)]
#[template(path = "orders/site/dues.html")]
struct Dues {
    chrome: Chrome,
    person: Person,
    bills: Vec<Bill>,
    /// Which step of the four this is: the last when all is paid.
    step: usize,
}

#[get("/dues")]
async fn dues(app: &Managed<App>, candidate: Candidate, chrome: Chrome) -> Answer<Page<Dues>> {
    let (account, by) = (candidate.account, candidate.by);
    // "Paid but shows 未缴费" mends itself here, as the manual promises.
    let repaired =
        platform::away::<_, Never>(app, move |app| Ok(platform::repair(app, by, account)?)).await;
    // What is owed can be read even where nothing can be written.
    if let Err(error) = repaired {
        tracing::error!(fault = %Fault::from(error), "the platform was not asked");
    }
    let (person, bills) =
        app.db.read(move |tx| Ok((person(tx, account)?, bills(tx, account)?))).await?;
    let done = !bills.is_empty() && bills.iter().all(|it| it.receipt.is_some() && !it.payable);
    Ok(Page::ok(Dues { chrome, person, bills, step: if done { 4 } else { 2 } }))
}

fn bills(tx: &ReadTx<'_>, account: i64) -> Result<Vec<Bill>, Fault> {
    fees::dues_of(tx, account)?.into_iter().map(|due| bill(tx, due)).collect()
}

fn bill(tx: &ReadTx<'_>, due: Due) -> Result<Bill, Fault> {
    let broken = || Fault::new("a due's fee item or project is missing");
    let item = fees::item(tx, due.fee_item_id)?.ok_or_else(broken)?;
    let project = fees::project(tx, item.project_id)?.ok_or_else(broken)?;
    let hours = windows::of(tx, &project.business())?;
    let orders = orders::of_due(tx, due.id)?;
    let open_order = orders.iter().find(|it| it.state.is_open()).cloned();
    let receipt = receipt_of(tx, &orders)?;
    let backs = back::of(tx, &orders::payments_of_due(tx, due.id)?)?;
    let own = backs.iter().find(|it| it.counted);
    let (tag, state) = match &open_order {
        Some(_) if due.state == DueState::Unpaid => ("await", "待支付"),
        Some(_) | None => match own.filter(|_| due.state == DueState::Paid) {
            Some(back) => (back.tag, back.word),
            None => (due.state.tag(), due.state.label()),
        },
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
        backs,
    })
}

pub(super) fn is_open(hours: &Hours, now: Timestamp) -> bool {
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
    Ok(Redirect::to(uri!(results::show(order.no))))
}
