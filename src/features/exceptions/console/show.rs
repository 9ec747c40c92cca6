//! One refund: where it stands, what is to be done now, all about it, and its story.

use askama::Template;
use rocket::{Route, State as Managed, get, routes};

use super::story::{self, Told};
use super::words;
use crate::app::App;
use crate::base::outcome::{Fault, refuse};
use crate::features::candidates::rules::Person;
use crate::features::exceptions::rules;
use crate::features::orders::rules::{Order, Payment};
use crate::features::refunds::rules::{Refused, State};
use crate::features::refunds::{self, Refund};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::features::{candidates, orders, staff};
use crate::machinery::db::ReadTx;
use crate::machinery::gateway::Channel;
use crate::web::{Answer, Chrome, Filled, Page};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Template)]
#[template(path = "exceptions/console/show.html")]
pub(super) struct Show {
    chrome: Chrome,
    filled: Filled,
    known: Known,
    what: String,
    safe: &'static str,
    /// Did this officer ask for it, or enter the transfer? Then somebody else must decide.
    mine: bool,
}

/// All that is known of a refund.
pub(super) struct Known {
    refund: Refund,
    person: Option<Person>,
    order: Option<Order>,
    payment: Option<Payment>,
    failed: Vec<(String, jiff::Timestamp)>,
    asked_by: String,
    decided_by: String,
    transfer_by: String,
    confirmed_by: String,
    story: Vec<Told>,
}

impl Show {
    fn time(&self, at: &jiff::Timestamp) -> String {
        words::instant(*at)
    }

    fn number(&self, no: impl ToString) -> String {
        words::grouped(&no.to_string())
    }

    fn channel(&self, payment: &Payment) -> &'static str {
        Channel::from_code(&payment.channel).label()
    }

    fn is(&self, state: &str) -> bool {
        self.known.refund.state.name() == state
    }

    /// Where all acts of this page post to.
    fn here(&self) -> String {
        format!("/console/refunds/{}", self.known.refund.id)
    }
}

#[get("/refunds/<id>")]
async fn show(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    chrome: Chrome,
) -> Answer<Page<Show>, Refused> {
    Ok(Page::ok(page(app, &officer, id, chrome, Filled::default()).await?))
}

/// The page, perhaps with a form on it that came back.
pub(super) async fn page(
    app: &App,
    officer: &Officer<Finance>,
    id: i64,
    chrome: Chrome,
    filled: Filled,
) -> Answer<Show, Refused> {
    let Some(known) = app.db.read(move |tx| known(tx, id)).await? else {
        return refuse(Refused::Unknown);
    };
    let refund = &known.refund;
    let (what, safe) = rules::told(refund);
    let mine = match refund.state {
        State::ByHand => refund.transfer.as_ref().is_some_and(|it| it.by == officer.account),
        State::Asked
        | State::Approved
        | State::Sent
        | State::Failed
        | State::Refunded
        | State::Declined => refund.asked_by == Some(officer.account),
    };
    Ok(Show { chrome, filled, what, safe, mine, known })
}

fn known(tx: &ReadTx<'_>, id: i64) -> Result<Option<Known>, Fault> {
    let Some(refund) = refunds::find(tx, id)? else { return Ok(None) };
    let person = refund.candidate_id.map(|it| candidates::find(tx, it)).transpose()?.flatten();
    let name = |id: Option<i64>| -> Result<String, Fault> {
        let found = id.map(|it| staff::find(tx, it)).transpose()?.flatten();
        Ok(found.map_or_else(String::new, |it| it.name))
    };
    let transfer = refund.transfer.as_ref();
    Ok(Some(Known {
        person,
        order: orders::find(tx, &refund.order_no)?,
        payment: orders::payment(tx, &refund.trade_no)?,
        failed: refunds::failed_numbers(tx, id)?,
        asked_by: name(refund.asked_by)?,
        decided_by: name(refund.decided.as_ref().map(|it| it.by))?,
        transfer_by: name(transfer.map(|it| it.by))?,
        confirmed_by: name(transfer.and_then(|it| it.confirmed_by))?,
        story: story::of(tx, &refunds::about(id))?,
        refund,
    }))
}
