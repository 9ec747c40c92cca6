//! One order's whole story.

use askama::Template;
use rocket::response::Redirect;
use rocket::{Route, State as Managed, get, post, routes, uri};

use crate::app::App;
use crate::base::outcome::{Fault, refuse};
use crate::base::values::OrderNo;
use crate::features::candidates;
use crate::features::candidates::rules::Person;
use crate::features::orders::rules::{Fate, Order, Payment, Verdict};
use crate::features::orders::{self, platform, store, view};
use crate::features::receipts::{self, Receipt};
use crate::features::refunds::rules::State::Declined;
use crate::features::refunds::{self, Refund};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::db::{AuditLine, ReadTx};
use crate::machinery::gateway::Channel;
use crate::web::{Answer, Chrome, Nothing, Page, Posted, Pressed};

pub(super) fn routes() -> Vec<Route> {
    routes![show, question]
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
    refunds: Vec<Refund>,
    receipts: Vec<Receipt>,
    story: Vec<Told>,
}

impl Show {
    fn channel(&self, payment: &Payment) -> &'static str {
        Channel::from_code(&payment.channel).label()
    }

    /// The refund of a payment that was not declined.
    fn refund(&self, payment: &Payment) -> Option<&Refund> {
        let lives = |it: &&Refund| it.trade_no == payment.trade_no && it.state != Declined;
        self.refunds.iter().find(lives)
    }

    /// May a person ask for the refund of this order's money?
    fn may_refund(&self) -> bool {
        let counts = |it: &&Payment| it.fate == Fate::Counted;
        self.payments.iter().find(counts).is_some_and(|it| self.refund(it).is_none())
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
    let Some(order) = orders::find(tx, no)? else { return Ok(None) };
    let mut story: Vec<(jiff::Timestamp, Told)> =
        tx.audit_about(no.text())?.iter().map(line).collect();
    story.extend(store::notices(tx, no)?.into_iter().map(|(at, verdict)| notice(at, verdict)));
    story.sort_by_key(|(at, _)| *at);
    let payments = store::payments(tx, no)?;
    let mut refunds = Vec::new();
    for payment in &payments {
        refunds.extend(refunds::of_trade(tx, &payment.trade_no)?);
    }
    Ok(Some(Show {
        person: candidates::find(tx, order.candidate_id)?,
        placed: view::instant(order.placed_at),
        expires: view::instant(order.expires_at),
        tag: order.state.tag(),
        question: view::last_question(&order),
        payments,
        refunds,
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
        "payment.refunding" => "平台受理退款",
        "payment.refunded" => "款项已退回",
        "payment.unknown_order" => "收到没有对应订单的款项，转退款",
        "order.readopted" => "按应缴编号找回订单",
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
    if app.db.read(move |tx| orders::find(tx, &wanted)).await?.is_none() {
        return refuse(Nothing);
    }
    let order = platform::away(app, move |app| Ok(platform::ask(app, by, &no)?)).await?;
    Ok(Redirect::to(uri!("/console", show(order.no))))
}
