//! What a trainer makes happen to an order now.

use rocket::http::Status;
use rocket::{Route, State as Managed, post, routes, uri};

use super::super::Platform;
use super::super::core::attempt::Channel;
use super::super::core::refund::Event;
use super::super::core::{Books, Key};
use super::super::doors::Sent;
use super::super::pages::{Chrome, Shown, Told};
use super::super::server::Shared;
use super::{Trainer, order, unknown};
use crate::base::values::Fen;

pub(super) fn routes() -> Vec<Route> {
    routes![money, notice, forgery, refund]
}

/// A bank takes money, whatever state the order is in.
#[post("/orders/<merchant>/<no>/money", data = "<sent>")]
async fn money(
    platform: &Managed<Shared>,
    _trainer: Trainer,
    chrome: Chrome,
    merchant: &str,
    no: &str,
    sent: Sent,
) -> Shown {
    let Some(amount) = amount(&sent) else { return no_amount(chrome) };
    let Some(channel) = Channel::from_code(sent.get("channel")) else { return unknown(chrome) };
    let act = move |platform: &Platform, books: &mut Books, key: Key| {
        let (now, tail) = (platform.clock.now(), platform.chance.digits(6));
        books.debit(now, &key, channel, amount, &tail).map(|_| "money")
    };
    to_order(platform, chrome, (merchant, no), act).await
}

/// A notice goes out again.
#[post("/orders/<merchant>/<no>/notice", data = "<sent>")]
async fn notice(
    platform: &Managed<Shared>,
    _trainer: Trainer,
    chrome: Chrome,
    merchant: &str,
    no: &str,
    sent: Sent,
) -> Shown {
    let Ok(serial) = sent.get("serial").parse() else { return unknown(chrome) };
    let act = move |platform: &Platform, books: &mut Books, key: Key| {
        books.notice_again(platform.clock.now(), &key, serial).then_some("notice")
    };
    to_order(platform, chrome, (merchant, no), act).await
}

/// Somebody forges a success.
#[post("/orders/<merchant>/<no>/forgery", data = "<sent>")]
async fn forgery(
    platform: &Managed<Shared>,
    _trainer: Trainer,
    chrome: Chrome,
    merchant: &str,
    no: &str,
    sent: Sent,
) -> Shown {
    let Some(amount) = amount(&sent) else { return no_amount(chrome) };
    let act = move |platform: &Platform, books: &mut Books, key: Key| {
        let (now, tail) = (platform.clock.now(), platform.chance.digits(6));
        books.forge(now, &key, amount, &tail).then_some("forged")
    };
    to_order(platform, chrome, (merchant, no), act).await
}

/// The bank ends a refund: `how` is `paid` or `refused`.
#[post("/orders/<merchant>/<no>/refund", data = "<sent>")]
async fn refund(
    platform: &Managed<Shared>,
    _trainer: Trainer,
    chrome: Chrome,
    merchant: &str,
    no: &str,
    sent: Sent,
) -> Shown {
    let event = match sent.get("how") {
        "paid" => Event::BankPaid,
        "refused" => Event::BankRefused,
        _ => return unknown(chrome),
    };
    let refund_no = sent.get("refund_no").to_owned();
    let act = move |platform: &Platform, books: &mut Books, key: Key| {
        let ended = books.end_refund(platform.clock.now(), &key.0, &refund_no, event);
        Some(if ended { "refund" } else { "ended" })
    };
    to_order(platform, chrome, (merchant, no), act).await
}

/// Does something to an order and shows it; `act` gives what the page says then.
async fn to_order(
    platform: &Shared,
    chrome: Chrome,
    (merchant, no): (&str, &str),
    act: impl FnOnce(&Platform, &mut Books, Key) -> Option<&'static str> + Send + 'static,
) -> Shown {
    let (merchant, no) = (merchant.to_owned(), no.to_owned());
    let key = (merchant.clone(), no.clone());
    let now = chrome.now;
    let done = platform.act(move |platform, books| {
        books.find(now, &key.0, &key.1).ok()?;
        act(platform, books, key)
    });
    match done.await {
        Ok(Some(said)) => {
            platform.bell.ring();
            Shown::next(uri!("/training", order::show(merchant, no, Some(said))))
        }
        Ok(None) => unknown(chrome),
        Err(fault) => Shown::Broken(fault),
    }
}

fn amount(sent: &Sent) -> Option<Fen> {
    sent.get("amount").trim().parse().ok().filter(|it: &Fen| it.fen() > 0)
}

fn no_amount(chrome: Chrome) -> Shown {
    let page = Told {
        chrome,
        title: "金额不对",
        what: "金额应是大于零的数，例如 100.00。没有扣款。",
        now: "请返回上一页重新填写。",
    };
    Shown::refusal(Status::UnprocessableEntity, &page)
}
