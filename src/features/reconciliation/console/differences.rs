//! One difference: what the two sides say, and its one act.

use askama::Template;
use rocket::{FromForm, Route, State as Managed, get, post, routes};

use super::words;
use crate::app::App;
use crate::base::outcome::{Error, Fault, refuse};
use crate::features::orders;
use crate::features::orders::platform::away;
use crate::features::reconciliation::rules::{Difference, Refused, Remedy, State, WORDS_MAX};
use crate::features::reconciliation::{self, closing, store};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::db::ReadTx;
use crate::machinery::gateway::Channel;
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted, Pressed};

pub(super) fn routes() -> Vec<Route> {
    routes![show, question, proposal, confirmation, send_back]
}

#[derive(Template)]
#[template(path = "reconciliation/console/difference.html")]
pub(super) struct Show {
    chrome: Chrome,
    filled: Filled,
    difference: Difference,
    /// Has this house the order?
    order_known: bool,
    proposed_by: String,
    confirmed_by: String,
    me: i64,
    words_max: usize,
}

impl Show {
    async fn of(app: &App, me: i64, id: i64, chrome: Chrome) -> Answer<Show, Refused> {
        let look = move |tx: &ReadTx<'_>| -> Result<_, Fault> {
            let Some(it) = store::difference(tx, id)? else { return Ok(None) };
            let order = orders::find(tx, &it.found.entry.order_no)?;
            let name = |account: Option<i64>| account.map(|it| closing::name(tx, it)).transpose();
            let proposed_by = name(it.proposal.map(|it| it.by))?.unwrap_or_default();
            let confirmed_by = name(it.confirmation.map(|it| it.by))?.unwrap_or_default();
            Ok(Some((it, order.is_some(), proposed_by, confirmed_by)))
        };
        let Some((difference, order_known, proposed_by, confirmed_by)) = app.db.read(look).await?
        else {
            return refuse(Refused::Unknown);
        };
        let filled = Filled::default();
        let words_max = WORDS_MAX;
        Ok(Show {
            chrome,
            filled,
            difference,
            order_known,
            proposed_by,
            confirmed_by,
            me,
            words_max,
        })
    }

    fn amount(&self, fen: &Option<i64>) -> String {
        fen.map_or_else(|| "没有".to_owned(), |it| format!("¥{}", words::yuan(it)))
    }

    fn time(&self, at: &jiff::Timestamp) -> String {
        words::instant(*at)
    }

    fn day(&self) -> String {
        words::full_day(self.difference.day)
    }

    fn channel(&self) -> &'static str {
        Channel::from_code(&self.difference.found.entry.channel).label()
    }

    fn is_mine(&self) -> bool {
        self.difference.proposal.is_some_and(|it| it.by == self.me)
    }

    fn is_to(&self, remedy: Remedy) -> bool {
        self.difference.state == State::Open && self.difference.found.remedy == remedy
    }

    fn is_proposed(&self) -> bool {
        self.difference.state == State::Proposed
    }

    fn settles(&self) -> bool {
        self.difference.found.remedy == Remedy::Settle
    }
}

#[get("/differences/<id>")]
async fn show(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    chrome: Chrome,
) -> Answer<Page<Show>, Refused> {
    Ok(Page::ok(Show::of(app, officer.account, id, chrome).await?))
}

/// 向平台查询.
#[post("/differences/<id>/question", data = "<_posted>")]
async fn question(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    _posted: Posted<Pressed>,
) -> Answer<Next<Show>, Refused> {
    let by = officer.by;
    let it = away(app, move |app| reconciliation::ask(app, by, id)).await?;
    Ok(onward(&it, "asked"))
}

#[derive(FromForm)]
struct Wish<'r> {
    words: Option<&'r str>,
}

/// 补记入账, or 说明原因 with its words.
#[post("/differences/<id>/proposal", data = "<posted>")]
async fn proposal(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    posted: Posted<Wish<'_>>,
    chrome: Chrome,
) -> Answer<Next<Show>, Refused> {
    let mut filled = posted.filled;
    let words = posted.form.and_then(|it| it.words).map(str::to_owned);
    let proposed =
        app.db.write(officer.by, move |tx| reconciliation::propose(tx, id, words.as_deref())).await;
    match proposed {
        Ok(()) => {
            let page = Show::of(app, officer.account, id, chrome).await?;
            Ok(onward(&page.difference, "proposed"))
        }
        Err(Error::Refused(Refused::NoWords)) => {
            filled.complain("words", format!("请填写说明，1 至 {WORDS_MAX} 个字。"));
            let page = Show::of(app, officer.account, id, chrome).await?;
            Ok(Next::again(Show { filled, ..page }))
        }
        Err(error) => Err(error),
    }
}

/// 确认.
#[post("/differences/<id>/confirmation", data = "<_posted>")]
async fn confirmation(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    _posted: Posted<Pressed>,
) -> Answer<Next<Show>, Refused> {
    let by = officer.by;
    let it = away(app, move |app| reconciliation::confirm(app, by, id)).await?;
    Ok(onward(&it, "confirmed"))
}

/// 退回.
#[post("/differences/<id>/return", data = "<_posted>")]
async fn send_back(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    _posted: Posted<Pressed>,
    chrome: Chrome,
) -> Answer<Next<Show>, Refused> {
    app.db.write(officer.by, move |tx| reconciliation::send_back(tx, id)).await?;
    let page = Show::of(app, officer.account, id, chrome).await?;
    Ok(onward(&page.difference, "returned"))
}

fn onward(it: &Difference, done: &str) -> Next<Show> {
    Next::go(format!("/console/days/{}?done={done}", it.day))
}
