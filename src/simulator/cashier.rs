//! The cashier: 支付渠道 → 确认支付 → QR code (§9).

use askama::Template;
use rocket::http::{ContentType, Status};
use rocket::{Route, State as Managed, get, post, routes, uri};

use super::core::Declined;
use super::core::attempt::{self, Channel, Means};
use super::core::order::{Order, State};
use super::doors::Sent;
use super::pages::{Chrome, Shown, Told};
use super::server::Shared;
use super::{phone, qr};
use crate::base::outcome::Fault;

/// The manual's sentence, step 3.
pub(super) const CARDS_ONLY: &str = "不支持“微信零钱、支付宝余额”支付，必须绑定银行卡";

pub(super) fn routes() -> Vec<Route> {
    routes![home, choose, begin, scan, standing, simulate]
}

#[derive(Template)]
#[template(path = "simulator/cashier/choose.html")]
struct Choose {
    chrome: Chrome,
    payee: String,
    order: Order,
    /// The channel that is chosen.
    channel: Option<Channel>,
    complaint: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "simulator/cashier/scan.html")]
struct Scan {
    chrome: Chrome,
    payee: String,
    order: Order,
    channel: Channel,
    place: usize,
    /// What the page shows, for the script.
    state: &'static str,
    opened: bool,
    phone_href: String,
    code: String,
}

#[derive(Template)]
#[template(path = "simulator/cashier/ended.html")]
struct Ended {
    chrome: Chrome,
    payee: String,
    order: Order,
}

impl Ended {
    fn paid(&self) -> bool {
        self.order.state == State::Paid
    }
}

#[get("/")]
fn home(chrome: Chrome) -> Shown {
    Shown::page(&Told {
        chrome,
        title: "模拟支付平台",
        what: "这里是培训和演示用的公共支付平台，不会真实扣款。",
        now: "请在缴费系统中提交缴费，再从打开的收银台付款。",
    })
}

#[get("/cashier/<token>")]
async fn choose(platform: &Managed<Shared>, chrome: Chrome, token: &str) -> Shown {
    match find(platform, token).await {
        Ok(Ok((order, payee))) if order.state == State::Waiting => {
            let channel = Some(Channel::Wechat);
            Shown::page(&Choose { chrome, payee, order, channel, complaint: None })
        }
        Ok(Ok((order, payee))) => Shown::page(&Ended { chrome, payee, order }),
        Ok(Err(_)) => unknown(chrome),
        Err(fault) => Shown::Broken(fault),
    }
}

#[post("/cashier/<token>/attempts", data = "<sent>")]
async fn begin(platform: &Managed<Shared>, chrome: Chrome, token: &str, sent: Sent) -> Shown {
    let channel = Channel::from_code(sent.get("channel"));
    let Some(chosen) = channel else {
        return complain(platform, chrome, token, None, "请选择支付渠道").await;
    };
    let means = match sent.get("means") {
        "BANK_CARD" => Means::BankCard,
        "BALANCE" => Means::Balance,
        _ => return complain(platform, chrome, token, channel, "请选择付款账户").await,
    };
    let of = token.to_owned();
    let begun = platform.act(move |platform, books| {
        books.begin(platform.clock.now(), &of, (chosen, means), platform.chance.token())
    });
    match begun.await {
        Ok(Ok(place)) => Shown::next(uri!(scan(token.to_owned(), place))),
        Ok(Err(Declined::Balance)) => complain(platform, chrome, token, channel, CARDS_ONLY).await,
        Ok(Err(Declined::Paid | Declined::Closed)) => Shown::next(uri!(choose(token.to_owned()))),
        Ok(Err(Declined::Unknown | Declined::CodeDead | Declined::CardUnknown)) => unknown(chrome),
        Err(fault) => Shown::Broken(fault),
    }
}

#[get("/cashier/<token>/attempts/<place>")]
async fn scan(platform: &Managed<Shared>, chrome: Chrome, token: &str, place: usize) -> Shown {
    let (order, payee) = match find(platform, token).await {
        Ok(Ok(found)) => found,
        Ok(Err(_)) => return unknown(chrome),
        Err(fault) => return Shown::Broken(fault),
    };
    let Some(attempt) = order.attempts.get(place) else { return unknown(chrome) };
    if order.state != State::Waiting {
        return Shown::page(&Ended { chrome, payee, order });
    }
    let phone_href = format!("{}{}", platform.public_base(), uri!(phone::look(&attempt.code)));
    let Some(code) = qr::svg(&phone_href, "支付二维码") else {
        return Shown::Broken(Fault::new("the platform's address is too long for a QR code"));
    };
    Shown::page(&Scan {
        channel: attempt.channel,
        place,
        state: followed(&order, attempt.state),
        opened: attempt.state == attempt::State::Opened,
        phone_href,
        code,
        chrome,
        payee,
        order,
    })
}

/// What the script of the waiting page asks.
#[get("/cashier/<token>/attempts/<place>/standing")]
async fn standing(
    platform: &Managed<Shared>,
    token: &str,
    place: usize,
) -> Result<(ContentType, String), Status> {
    let found = find(platform, token).await.map_err(|_| Status::InternalServerError)?;
    let (order, _) = found.map_err(|_| Status::NotFound)?;
    let attempt = order.attempts.get(place).ok_or(Status::NotFound)?;
    let state = followed(&order, attempt.state);
    Ok((ContentType::JSON, format!(r#"{{"state":"{state}"}}"#)))
}

/// 模拟扫码: this page does what a phone would, with the channel's first card.
#[post("/cashier/<token>/attempts/<place>/scan", data = "<_sent>")]
async fn simulate(
    platform: &Managed<Shared>,
    chrome: Chrome,
    token: &str,
    place: usize,
    _sent: Sent,
) -> Shown {
    let of = token.to_owned();
    let paid = platform.act(move |platform, books| {
        let (now, tail) = (platform.clock.now(), platform.chance.digits(6));
        let order = books.at_cashier(now, &of)?;
        let attempt = order.attempts.get(place).ok_or(Declined::Unknown)?;
        let (code, card) = (attempt.code.clone(), attempt.channel.cards()[0].code);
        books.confirm(now, &code, card, &tail)
    });
    match paid.await {
        Ok(Err(Declined::Unknown)) => unknown(chrome),
        Ok(_) => {
            platform.bell.ring();
            Shown::next(uri!(scan(token.to_owned(), place)))
        }
        Err(fault) => Shown::Broken(fault),
    }
}

/// The order of a cashier page as it stands, and who is paid.
async fn find(platform: &Shared, token: &str) -> Result<Result<(Order, String), Declined>, Fault> {
    let token = token.to_owned();
    let act = move |platform: &super::Platform, books: &mut super::core::Books| {
        let order = books.at_cashier(platform.clock.now(), &token)?.clone();
        let payee = platform.payee(&order.merchant).to_owned();
        Ok((order, payee))
    };
    platform.act(act).await
}

async fn complain(
    platform: &Shared,
    chrome: Chrome,
    token: &str,
    channel: Option<Channel>,
    words: &'static str,
) -> Shown {
    match find(platform, token).await {
        Ok(Ok((order, payee))) if order.state == State::Waiting => {
            let page = Choose { chrome, payee, order, channel, complaint: Some(words) };
            Shown::refusal(Status::UnprocessableEntity, &page)
        }
        Ok(Ok((order, payee))) => Shown::page(&Ended { chrome, payee, order }),
        Ok(Err(_)) => unknown(chrome),
        Err(fault) => Shown::Broken(fault),
    }
}

/// What a waiting page follows.
fn followed(order: &Order, attempt: attempt::State) -> &'static str {
    match (order.state, attempt) {
        (State::Waiting, attempt) => attempt.code(),
        (State::Paid, _) => "ORDER_PAID",
        (State::Closed, _) => "ORDER_CLOSED",
    }
}

pub(super) fn unknown(chrome: Chrome) -> Shown {
    let page = Told {
        chrome,
        title: "没有这个页面",
        what: "链接不完整，或者不是本平台的链接。没有扣款。",
        now: "请回到缴费系统，从那里重新打开支付平台。",
    };
    Shown::refusal(Status::NotFound, &page)
}
