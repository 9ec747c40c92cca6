//! 票据查验: anybody may check a receipt, by what is printed on it.
//!
//! The four fields travel in the address, so that the code on paper shows the result at once. They
//! are no secret: whoever has them has the receipt in hand.

use std::net::{IpAddr, Ipv4Addr};

use askama::Template;
use rocket::http::Status;
use rocket::{FromForm, Route, State as Managed, get, routes};

use super::face::Shown;
use super::pace::Pace;
use super::rules::{Claim, Standing, Typed};
use crate::app::App;
use crate::base::outcome::refuse;
use crate::web::{Answer, Chrome, Filled, Page, Peer, Refusal};

/// The route of this page, on the candidates' site.
pub fn routes() -> Vec<Route> {
    routes![show]
}

/// The fields of the address.
#[derive(FromForm)]
struct Asked<'r> {
    code: Option<&'r str>,
    number: Option<&'r str>,
    check: Option<&'r str>,
    date: Option<&'r str>,
}

/// The longest field that is shown again.
const LETTERS_MAX: usize = 40;

impl Asked<'_> {
    /// The fields with what was typed into them.
    fn filled(&self) -> Filled {
        let fields = [
            ("code", self.code),
            ("number", self.number),
            ("check", self.check),
            ("date", self.date),
        ];
        fields.into_iter().fold(Filled::default(), |filled, (name, typed)| {
            let typed: String = typed.unwrap_or_default().chars().take(LETTERS_MAX).collect();
            filled.with(name, typed)
        })
    }

    fn is_blank(&self) -> bool {
        [self.code, self.number, self.check, self.date].iter().all(Option::is_none)
    }
}

#[derive(Template)]
#[template(path = "receipts/site/verification.html")]
struct Verification {
    chrome: Chrome,
    filled: Filled,
    result: Outcome,
}

/// What came of a check.
enum Outcome {
    /// Nothing was checked yet.
    Unasked,
    /// 查无此票.
    Nothing,
    /// The receipt, as a stranger sees it, and where it stands.
    Found(Box<Shown>, Standing),
}

/// This address has checked too often.
struct TooOften;

impl Refusal for TooOften {
    fn status(&self) -> Status {
        Status::TooManyRequests
    }

    fn told(&self) -> (String, String) {
        (
            "您所在的网络地址查验票据的次数过多，这一次没有查验。".into(),
            "请等一分钟后再试；刷新本页即可重新查验。".into(),
        )
    }
}

#[get("/verification?<asked..>")]
async fn show(
    app: &Managed<App>,
    pace: &Managed<Pace>,
    peer: Peer,
    asked: Asked<'_>,
    chrome: Chrome,
) -> Answer<Page<Verification>, TooOften> {
    let mut filled = asked.filled();
    if asked.is_blank() {
        return Ok(Page::ok(Verification { chrome, filled, result: Outcome::Unasked }));
    }
    let typed = Typed {
        code: filled.value("code"),
        number: filled.value("number"),
        check: filled.value("check"),
        date: filled.value("date"),
    };
    let claim = match Claim::read(&typed) {
        Ok(claim) => claim,
        Err(wrong) => {
            for (field, text) in wrong {
                filled.complain(field, text);
            }
            let page = Verification { chrome, filled, result: Outcome::Unasked };
            return Ok(Page(Status::UnprocessableEntity, page));
        }
    };
    let address = peer.0.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    if !pace.take(address, app.clock.wall()) {
        return refuse(TooOften);
    }
    let result = checked(app, claim).await?;
    Ok(Page::ok(Verification { chrome, filled, result }))
}

async fn checked(app: &App, claim: Claim) -> Answer<Outcome, TooOften> {
    let found = app.db.read(move |tx| {
        let Some(receipt) = super::check(tx, &claim)? else { return Ok(None) };
        let twin = super::twin(tx, &receipt)?;
        Ok(Some((receipt, twin)))
    });
    let Some((receipt, twin)) = found.await? else { return Ok(Outcome::Nothing) };
    Ok(match Shown::masked(app, &receipt, twin.as_ref()) {
        Some(shown) => Outcome::Found(Box::new(shown), receipt.standing()),
        None => Outcome::Nothing,
    })
}
