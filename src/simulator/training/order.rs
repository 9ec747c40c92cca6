//! One order as it truly is, and its own faults.

use askama::Template;
use rocket::{Route, State as Managed, get, routes};

use super::super::core::attempt::Channel;
use super::super::core::faults::Scope;
use super::super::core::order::Order;
use super::super::core::refund;
use super::super::pages::{Chrome, Shown};
use super::super::server::Shared;
use super::{Lesson, Trainer, lessons, unknown};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Template)]
#[template(path = "simulator/training/order.html")]
struct Show {
    chrome: Chrome,
    payee: String,
    order: Order,
    lessons: Vec<Lesson>,
    done: Option<&'static str>,
}

#[get("/orders/<merchant>/<no>?<done>")]
pub(super) async fn show(
    platform: &Managed<Shared>,
    _trainer: Trainer,
    chrome: Chrome,
    merchant: &str,
    no: &str,
    done: Option<&str>,
) -> Shown {
    let (now, key) = (chrome.now, (merchant.to_owned(), no.to_owned()));
    let seen = platform.act(move |platform, books| {
        let order = books.find(now, &key.0, &key.1).ok()?.clone();
        let payee = platform.payee(&key.0).to_owned();
        Some((payee, order, lessons(books, &Scope::Order(key))))
    });
    let done = match done {
        Some("on") => Some("故障已对这个订单打开，立即生效。"),
        Some("off") => Some("故障已对这个订单关闭。"),
        Some("money") => Some("已扣款。"),
        Some("notice") => Some("正在再次发送通知。"),
        Some("forged") => Some("伪造的通知正在发出。"),
        Some("refund") => Some("退款已结束。"),
        Some("ended") => Some("没有执行：这笔退款已经结束。"),
        Some(_) | None => None,
    };
    match seen.await {
        Ok(Some((payee, order, lessons))) => {
            Shown::page(&Show { chrome, payee, order, lessons, done })
        }
        Ok(None) => unknown(chrome),
        Err(fault) => Shown::Broken(fault),
    }
}

/// Where a refund stands, for a trainer.
fn refund_words(state: &refund::State) -> &'static str {
    match state {
        refund::State::Processing => "银行处理中",
        refund::State::Succeeded => "已退回",
        refund::State::Failed => "银行拒绝",
    }
}
