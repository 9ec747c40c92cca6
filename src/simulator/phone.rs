//! The page that a phone opens from the QR code (§9).

use askama::Template;
use rocket::http::Status;
use rocket::{Route, State as Managed, get, post, routes, uri};

use super::cashier::{CARDS_ONLY, unknown};
use super::core::Declined;
use super::core::attempt::{Attempt, Card, Channel};
use super::core::order::{Order, State};
use super::doors::Sent;
use super::pages::{Chrome, Shown};
use super::server::Shared;
use super::{Platform, core::Books};

pub(super) fn routes() -> Vec<Route> {
    routes![look, confirm]
}

#[derive(Template)]
#[template(path = "simulator/phone/confirm.html")]
struct Confirm {
    chrome: Chrome,
    payee: String,
    order: Order,
    channel: Channel,
    cards: &'static [Card],
    href: String,
    complaint: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "simulator/phone/ended.html")]
struct Ended {
    chrome: Chrome,
    payee: String,
    order: Order,
    /// The payment that this very code made.
    paid_here: Option<usize>,
}

/// What a phone finds behind a code.
struct Behind {
    order: Order,
    place: usize,
    attempt: Attempt,
    payee: String,
}

/// Opening the page is scanning the code.
#[get("/q/<code>")]
pub(super) async fn look(platform: &Managed<Shared>, chrome: Chrome, code: &str) -> Shown {
    let of = code.to_owned();
    let scanned = platform.act(move |platform, books| {
        let now = platform.clock.now();
        let usable = books.scan(now, &of);
        Ok((usable, behind(platform, books, &of)?))
    });
    match scanned.await {
        Ok(Ok((Ok(()), found))) => confirmable(chrome, found, None),
        Ok(Ok((Err(_), found))) => ended(chrome, found),
        Ok(Err(Declined::Unknown | Declined::Closed | Declined::Paid)) => unknown(chrome),
        Ok(Err(Declined::CodeDead | Declined::Balance | Declined::CardUnknown)) => unknown(chrome),
        Err(fault) => Shown::Broken(fault),
    }
}

#[post("/q/<code>/payment", data = "<sent>")]
async fn confirm(platform: &Managed<Shared>, chrome: Chrome, code: &str, sent: Sent) -> Shown {
    let (of, card) = (code.to_owned(), sent.get("card").to_owned());
    let confirmed = platform.act(move |platform, books| {
        let (now, tail) = (platform.clock.now(), platform.chance.digits(6));
        let confirmed = books.confirm(now, &of, &card, &tail);
        Ok::<_, Declined>((confirmed, behind(platform, books, &of)?))
    });
    match confirmed.await {
        Ok(Ok((Err(Declined::CardUnknown), found))) => {
            confirmable(chrome, found, Some("请选择一张银行卡"))
        }
        // Paid, or too late: the page behind the code says which.
        Ok(Ok(_)) => {
            platform.bell.ring();
            Shown::next(uri!(look(code.to_owned())))
        }
        Ok(Err(_)) => unknown(chrome),
        Err(fault) => Shown::Broken(fault),
    }
}

fn behind(platform: &Platform, books: &mut Books, code: &str) -> Result<Behind, Declined> {
    let (order, attempt) = books.behind(platform.clock.now(), code)?;
    let place = order.attempts.iter().position(|it| it.code == code).ok_or(Declined::Unknown)?;
    let payee = platform.payee(&order.merchant).to_owned();
    Ok(Behind { place, payee, attempt: attempt.clone(), order: order.clone() })
}

fn confirmable(chrome: Chrome, found: Behind, complaint: Option<&'static str>) -> Shown {
    let channel = found.attempt.channel;
    let href = uri!(confirm(found.attempt.code)).to_string();
    let (payee, order, cards) = (found.payee, found.order, channel.cards());
    let page = Confirm { chrome, payee, order, channel, cards, href, complaint };
    match complaint {
        None => Shown::page(&page),
        Some(_) => Shown::refusal(Status::UnprocessableEntity, &page),
    }
}

fn ended(chrome: Chrome, found: Behind) -> Shown {
    let paid_here = found.order.payments.iter().position(|it| it.attempt == found.place);
    Shown::page(&Ended { chrome, payee: found.payee, order: found.order, paid_here })
}
