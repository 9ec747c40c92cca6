//! 申请退款: asking for the refund of an order's payment.

use askama::Template;
use rocket::{FromForm, Route, State as Managed, get, post, routes, uri};

use super::show;
use crate::app::App;
use crate::base::outcome::{self, Error, Fault, refuse};
use crate::base::values::{Fen, OrderNo};
use crate::features::orders::refunding::{self, Wish};
use crate::features::orders::rules::{Order, Payment};
use crate::features::orders::{self, House};
use crate::features::refunds::rules::{Afterwards, Reason, Refused};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::db::{FormKey, Once, ReadTx, WriteTx};
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    routes![form, ask]
}

#[derive(Template)]
#[template(path = "exceptions/console/ask.html")]
struct Ask {
    chrome: Chrome,
    filled: Filled,
    order: Order,
    payment: Payment,
}

impl Ask {
    fn reasons(&self) -> [(&'static str, &'static str); 3] {
        Reason::BY_STAFF.map(|it| (it.name(), it.label()))
    }

    fn afterwards(&self) -> [(&'static str, &'static str); 2] {
        Afterwards::ALL.map(|it| (it.name(), it.label()))
    }
}

#[get("/orders/<no>/refund")]
async fn form(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    no: OrderNo,
    chrome: Chrome,
) -> Answer<Page<Ask>, Refused> {
    let (order, payment) = counted(app, no).await?;
    let filled = Filled::default()
        .with("amount", payment.amount.to_string())
        .with("afterwards", Afterwards::Cancel.name());
    Ok(Page::ok(Ask { chrome, filled, order, payment }))
}

/// The order and the payment of it that counted.
async fn counted(app: &App, no: OrderNo) -> Answer<(Order, Payment), Refused> {
    match app.db.read(move |tx| find(tx, &no)).await? {
        Some(found) => Ok(found),
        None => refuse(Refused::NothingToGiveBack),
    }
}

fn find(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Option<(Order, Payment)>, Fault> {
    let payment = orders::payments(tx, no)?.into_iter().find(Payment::counted);
    Ok(orders::find(tx, no)?.zip(payment))
}

#[derive(FromForm)]
struct Typed<'r> {
    amount: Fen,
    reason: &'r str,
    words: Option<&'r str>,
    afterwards: &'r str,
}

#[post("/orders/<no>/refund", data = "<posted>")]
async fn ask(
    app: &Managed<App>,
    officer: Officer<Finance>,
    no: OrderNo,
    chrome: Chrome,
    posted: Posted<Typed<'_>>,
) -> Answer<Next<Ask>, Refused> {
    let (order, payment) = counted(app, no).await?;
    let mut filled = posted.filled;
    let Some(wish) = posted.form.and_then(|typed| read(&typed, &payment, &mut filled)) else {
        return Ok(Next::again(Ask { chrome, filled, order, payment }));
    };
    let (house, key) = (House::of(app), posted.key);
    let asked = app.db.write(officer.by, move |tx| once(tx, &key, &wish, &house)).await;
    match asked {
        Ok(id) => Ok(Next::go(uri!("/console", show::show(id)))),
        Err(Error::Refused(reason @ (Refused::AbovePaid { .. } | Refused::Partial { .. }))) => {
            let (happened, now) = crate::web::Refusal::told(&reason);
            filled.complain("amount", happened + &now);
            Ok(Next::again(Ask { chrome, filled, order, payment }))
        }
        Err(Error::Refused(Refused::NothingSaid)) => {
            filled.complain("words", "选“其他原因”时，请填写说明。");
            Ok(Next::again(Ask { chrome, filled, order, payment }))
        }
        Err(other) => Err(other),
    }
}

/// What was typed, or a complaint about it.
fn read(typed: &Typed<'_>, payment: &Payment, filled: &mut Filled) -> Option<Wish> {
    let reason = Reason::from_name(typed.reason).filter(|it| Reason::BY_STAFF.contains(it));
    if reason.is_none() {
        filled.complain("reason", "请选择退款原因。");
    }
    let afterwards = Afterwards::from_name(typed.afterwards);
    if afterwards.is_none() {
        filled.complain("afterwards", "请选择退款以后这项应缴怎样处理。");
    }
    let words = typed.words.unwrap_or_default().trim().to_owned();
    if words.chars().count() > 200 {
        filled.complain("words", "说明不超过200字，请缩短后重新填写。");
        return None;
    }
    Some(Wish {
        trade_no: payment.trade_no.clone(),
        amount: typed.amount,
        reason: reason?,
        words,
        afterwards: afterwards?,
    })
}

fn once(
    tx: &WriteTx<'_>,
    key: &FormKey,
    wish: &Wish,
    house: &House,
) -> outcome::Result<i64, Refused> {
    match tx.once(key, &format!("refund {wish:?}"))? {
        Once::First => {
            let id = refunding::ask(tx, wish, house)?;
            tx.answered(key, &id.to_string())?;
            Ok(id)
        }
        Once::Again(id) => match id.parse() {
            Ok(id) => Ok(id),
            Err(_) => refuse(Refused::FormReused),
        },
        Once::Different => refuse(Refused::FormReused),
    }
}
