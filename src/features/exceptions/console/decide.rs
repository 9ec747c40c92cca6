//! What a member of 财务 does with a refund. Every form carries the state that its page showed.

use rocket::response::Redirect;
use rocket::{FromForm, Route, State as Managed, post, routes, uri};

use super::show::{self, Show};
use crate::app::App;
use crate::base::outcome::{self, Error, refuse};
use crate::features::orders::refunding;
use crate::features::orders::{House, platform};
use crate::features::refunds::rules::{Refused, State};
use crate::features::refunds::{self, Refund};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::db::{By, FormKey, Once, WriteTx};
use crate::web::{Answer, Chrome, Next, Posted, Pressed};

pub(super) fn routes() -> Vec<Route> {
    routes![decide, question, renew, transfer, confirm]
}

#[derive(FromForm)]
struct Decision<'r> {
    seen: &'r str,
    decision: &'r str,
    why: Option<&'r str>,
}

/// 批准退款 and 驳回. What is approved is sent at once; the job goes on where that fails.
#[post("/refunds/<id>/decision", data = "<posted>")]
async fn decide(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    chrome: Chrome,
    posted: Posted<Decision<'_>>,
) -> Answer<Next<Show>, Refused> {
    let Some(form) = posted.form else { return refuse(unread(app, id).await?) };
    let (seen, key) = (state(form.seen)?, posted.key);
    if !["approve", "decline"].contains(&form.decision) {
        return refuse(Refused::FormReused);
    }
    if form.decision == "approve" {
        let approve = move |tx: &WriteTx<'_>| refunding::approve(tx, id, seen).map(drop);
        once(app, officer.by, key, format!("approve {id}"), approve).await?;
        deliver(app, officer.by, id).await?;
        return Ok(there(id));
    }
    let why = form.why.unwrap_or_default().to_owned();
    let content = format!("decline {id} {why}");
    let decline = move |tx: &WriteTx<'_>| refunding::decline(tx, id, seen, &why).map(drop);
    match once(app, officer.by, key, content, decline).await {
        Ok(()) => Ok(there(id)),
        Err(Error::Refused(Refused::NothingSaid)) => {
            let mut filled = posted.filled;
            filled.complain("why", "请填写驳回的理由，提出申请的人会看到。");
            Ok(Next::again(show::page(app, &officer, id, chrome, filled).await?))
        }
        Err(other) => Err(other),
    }
}

/// 重新发送 of what is approved, 向平台查询 of what was sent: speaks to the platform now.
#[post("/refunds/<id>/standing", data = "<_posted>")]
async fn question(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    _posted: Posted<Pressed>,
) -> Answer<Redirect, Refused> {
    exists(app, id).await?;
    let by = officer.by;
    platform::away(app, move |app| {
        let refund = refunding::follow(app, by, id)?;
        Ok::<_, Error<Refused>>(match refund.state {
            State::Approved => refunding::send(app, by, id)?,
            State::Asked
            | State::Sent
            | State::Failed
            | State::ByHand
            | State::Refunded
            | State::Declined => refund,
        })
    })
    .await?;
    Ok(Redirect::to(uri!("/console", show::show(id))))
}

#[derive(FromForm)]
struct Seen<'r> {
    seen: &'r str,
}

/// 重新发送 of what failed: under a new number.
#[post("/refunds/<id>/renewal", data = "<posted>")]
async fn renew(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    posted: Posted<Seen<'_>>,
) -> Answer<Redirect, Refused> {
    let Some(form) = posted.form else { return refuse(unread(app, id).await?) };
    let (seen, house) = (state(form.seen)?, House::of(app));
    let retry = move |tx: &WriteTx<'_>| refunding::retry(tx, id, seen, &house).map(drop);
    once(app, officer.by, posted.key, format!("retry {id}"), retry).await?;
    deliver(app, officer.by, id).await?;
    Ok(Redirect::to(uri!("/console", show::show(id))))
}

#[derive(FromForm)]
struct Entered<'r> {
    seen: &'r str,
    voucher: Option<&'r str>,
}

/// 人工处理: enters the bank transfer.
#[post("/refunds/<id>/transfer", data = "<posted>")]
async fn transfer(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    chrome: Chrome,
    posted: Posted<Entered<'_>>,
) -> Answer<Next<Show>, Refused> {
    let Some(form) = posted.form else { return refuse(unread(app, id).await?) };
    let seen = state(form.seen)?;
    let voucher: String = form.voucher.unwrap_or_default().trim().chars().take(41).collect();
    let mut filled = posted.filled;
    if voucher.is_empty() || voucher.chars().count() > 40 {
        filled.complain("voucher", "请填写银行转账的凭证号，不超过40个字符。");
        return Ok(Next::again(show::page(app, &officer, id, chrome, filled).await?));
    }
    let content = format!("transfer {id} {voucher}");
    let enter = move |tx: &WriteTx<'_>| refunds::transfer(tx, id, seen, &voucher).map(drop);
    once(app, officer.by, posted.key, content, enter).await?;
    Ok(there(id))
}

/// 确认已转账 and 退回登记.
#[post("/refunds/<id>/transfer/decision", data = "<posted>")]
async fn confirm(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    posted: Posted<Decision<'_>>,
) -> Answer<Redirect, Refused> {
    let Some(form) = posted.form else { return refuse(unread(app, id).await?) };
    let (seen, house) = (state(form.seen)?, House::of(app));
    let confirms = match form.decision {
        "confirm" => true,
        "withdraw" => false,
        _ => return refuse(Refused::FormReused),
    };
    let act = move |tx: &WriteTx<'_>| {
        if confirms {
            refunding::confirm(tx, id, seen, &house).map(drop)
        } else {
            refunds::take_back(tx, id, seen).map(drop)
        }
    };
    once(app, officer.by, posted.key, format!("transfer {id} {confirms}"), act).await?;
    Ok(Redirect::to(uri!("/console", show::show(id))))
}

/// Sends what is to be sent. Whatever the platform says is on the page and in the job's hands.
async fn deliver(app: &App, by: By, id: i64) -> Answer<Refund, Refused> {
    platform::away(app, move |app| Ok(refunding::send(app, by, id)?)).await
}

/// Does what a form asks for once, however often it is posted.
async fn once(
    app: &App,
    by: By,
    key: FormKey,
    content: String,
    act: impl FnOnce(&WriteTx<'_>) -> outcome::Result<(), Refused> + Send + 'static,
) -> Answer<(), Refused> {
    let work = move |tx: &WriteTx<'_>| match tx.once(&key, &content)? {
        Once::First => act(tx),
        Once::Again(_) => Ok(()),
        Once::Different => refuse(Refused::FormReused),
    };
    app.db.write(by, work).await
}

/// The state that a form says its page showed.
fn state(seen: &str) -> Answer<State, Refused> {
    match State::from_name(seen) {
        Some(state) => Ok(state),
        None => refuse(Refused::FormReused),
    }
}

async fn exists(app: &App, id: i64) -> Answer<Refund, Refused> {
    match app.db.read(move |tx| refunds::find(tx, id)).await? {
        Some(refund) => Ok(refund),
        None => refuse(Refused::Unknown),
    }
}

/// What to say of a form without its fields.
async fn unread(app: &App, id: i64) -> Answer<Refused, Refused> {
    exists(app, id).await.map(|_| Refused::NothingSaid)
}

fn there(id: i64) -> Next<Show> {
    Next::go(uri!("/console", show::show(id)))
}
