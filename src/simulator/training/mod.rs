//! The training console: what the platform truly did, faults to switch on and off, and things to
//! make happen now (§11 of the interface).
//!
//! It is served to the platform's own machine alone: on a network with candidates' phones nobody
//! else may take their money.

mod acts;
mod order;

use std::collections::BTreeMap;

use askama::Template;
use rocket::http::Status;
use rocket::request::{self, FromRequest, Request};
use rocket::{Route, State as Managed, get, post, routes, uri};

use super::core::fault::{Card, Fault};
use super::core::faults::{Scope, Switch};
use super::core::notice::Notice;
use super::core::order::{Order, State};
use super::core::{Books, Key};
use super::doors::Sent;
use super::pages::{Chrome, Shown, Told};
use super::server::Shared;

/// The doors, to be mounted at `/training`.
pub(super) fn routes() -> Vec<Route> {
    [routes![index, switch, quiet], order::routes(), acts::routes()].concat()
}

/// How many orders the list shows, the newest first.
const LIST_MAX: usize = 50;

/// Whoever sits at the platform's own machine.
struct Trainer;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Trainer {
    type Error = ();

    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Trainer, ()> {
        match req.remote() {
            Some(from) if from.ip().to_canonical().is_loopback() => {
                request::Outcome::Success(Trainer)
            }
            Some(_) | None => request::Outcome::Error((Status::NotFound, ())),
        }
    }
}

/// A fault, and whether it is on.
struct Lesson {
    card: Card,
    switch: Option<Switch>,
}

impl Lesson {
    /// What stands in the field of its measure.
    fn measure(&self) -> u32 {
        let usual = self.card.measure.map_or(0, |it| it.usual);
        self.switch.map_or(usual, |it| it.measure)
    }
}

/// Every fault, as it stands for `scope`.
fn lessons(books: &Books, scope: &Scope) -> Vec<Lesson> {
    let lesson = |it: Fault| Lesson { card: it.card(), switch: books.faults().at(it, scope) };
    Fault::ALL.into_iter().map(lesson).collect()
}

/// An order in the list.
struct Row {
    order: Order,
    /// The faults that are on for it alone.
    faults: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "simulator/training/index.html")]
struct Index {
    chrome: Chrome,
    lessons: Vec<Lesson>,
    /// How many switches are on, those of single orders included.
    on: usize,
    rows: Vec<Row>,
    sought: String,
    done: Option<&'static str>,
}

#[get("/?<no>&<done>")]
async fn index(
    platform: &Managed<Shared>,
    _trainer: Trainer,
    chrome: Chrome,
    no: Option<&str>,
    done: Option<&str>,
) -> Shown {
    let sought: String = no.unwrap_or_default().chars().filter(|it| !it.is_whitespace()).collect();
    let (now, part) = (chrome.now, sought.clone());
    let seen = platform.act(move |_, books| {
        books.bring_up_to(now);
        let on = books.faults().switches().count();
        (lessons(books, &Scope::All), on, rows(books, &part))
    });
    let done = match done {
        Some("on") => Some("故障已打开，立即生效。"),
        Some("off") => Some("故障已关闭。"),
        Some("quiet") => Some("所有故障都已关闭。"),
        Some(_) | None => None,
    };
    match seen.await {
        Ok((lessons, on, rows)) => Shown::page(&Index { chrome, lessons, on, rows, sought, done }),
        Err(fault) => Shown::Broken(fault),
    }
}

fn rows(books: &Books, part: &str) -> Vec<Row> {
    let mut own: BTreeMap<&Key, Vec<&'static str>> = BTreeMap::new();
    for (fault, scope, _) in books.faults().switches() {
        match scope {
            Scope::All => {}
            Scope::Order(key) => own.entry(key).or_default().push(fault.label()),
        }
    }
    let mut found: Vec<&Order> = books.orders().filter(|it| it.order_no.contains(part)).collect();
    found.sort_by(|a, b| (b.created_at, &b.order_no).cmp(&(a.created_at, &a.order_no)));
    let row = |it: &Order| Row {
        order: it.clone(),
        faults: own.get(&it.key()).cloned().unwrap_or_default(),
    };
    found.into_iter().take(LIST_MAX).map(row).collect()
}

/// Switches a fault on or off, for all or for one order.
#[post("/faults", data = "<sent>")]
async fn switch(
    platform: &Managed<Shared>,
    _trainer: Trainer,
    chrome: Chrome,
    sent: Sent,
) -> Shown {
    let Some(fault) = Fault::from_code(sent.get("fault")) else { return unknown(chrome) };
    let (now, on) = (chrome.now, sent.get("on") == "1");
    let measure = sent.get("measure").trim().parse().ok();
    let (merchant, no) = (sent.get("merchant").to_owned(), sent.get("order_no").to_owned());
    let key = (!no.is_empty()).then(|| (merchant.clone(), no.clone()));
    let done = platform.act(move |_, books| {
        let scope = match key {
            Some(key) => {
                books.find(now, &key.0, &key.1).ok()?;
                Scope::Order(key)
            }
            None => Scope::All,
        };
        if on {
            books.switch_on(now, fault, scope, measure);
        } else {
            books.switch_off(fault, &scope);
        }
        Some(())
    });
    let said = Some(if on { "on" } else { "off" });
    match done.await {
        Ok(Some(())) if no.is_empty() => Shown::next(uri!("/training", index(None::<&str>, said))),
        Ok(Some(())) => Shown::next(uri!("/training", order::show(merchant, no, said))),
        Ok(None) => unknown(chrome),
        Err(fault) => Shown::Broken(fault),
    }
}

/// Switches everything off.
#[post("/quiet", data = "<_sent>")]
async fn quiet(platform: &Managed<Shared>, _trainer: Trainer, _sent: Sent) -> Shown {
    match platform.act(|_, books| books.quiet()).await {
        Ok(()) => Shown::next(uri!("/training", index(None::<&str>, Some("quiet")))),
        Err(fault) => Shown::Broken(fault),
    }
}

/// Where an order stands, for a trainer.
fn state_words(state: &State) -> &'static str {
    match state {
        State::Waiting => "等待付款",
        State::Paid => "已支付",
        State::Closed => "已关闭",
    }
}

/// How a notice stands.
fn notice_words(chrome: &Chrome, notice: &Notice) -> String {
    let tries = notice.tries;
    match (notice.heard_at, notice.due_at) {
        (Some(at), None) => format!("对方 {} 收到，发了{tries}次", chrome.time(&at)),
        (Some(_), Some(at)) => format!("对方已收到，{} 还要再发", chrome.time(&at)),
        (None, Some(at)) => format!("已发{tries}次，下次 {}", chrome.time(&at)),
        (None, None) if tries == 0 => "不发送".to_owned(),
        (None, None) => format!("发了{tries}次，已放弃"),
    }
}

fn unknown(chrome: Chrome) -> Shown {
    let page = Told {
        chrome,
        title: "没有这个订单或故障",
        what: "链接不完整，或者订单不在本平台。什么也没有改变。",
        now: "请回到培训台重新选择。",
    };
    Shown::refusal(Status::NotFound, &page)
}
