//! What we say to the platform about refunds, and what its answers are taken for.

use crate::app::App;
use crate::base::outcome::{Error, Fault, Never};
use crate::features::orders::House;
use crate::features::refunds::rules::State;
use crate::features::refunds::{self, Refund};
use crate::machinery::db::{Actor, By, WriteTx};
use crate::machinery::gateway::wire::codes::Code;
use crate::machinery::gateway::{RefundBill, RefundStanding, Trouble};

/// How many refunds a run of the job sends, and how many it asks about.
const AT_ONCE: i64 = 100;

/// Sends an approved refund. Sent twice under one number it goes back once.
///
/// # Errors
/// A fault of ours; that the platform does not answer is recorded and is none.
pub fn send(app: &App, by: By, id: i64) -> Result<Refund, Fault> {
    let refund = found(app, id)?;
    match refund.state {
        State::Approved => tell(app, by, &refund),
        State::Asked
        | State::Sent
        | State::Failed
        | State::ByHand
        | State::Refunded
        | State::Declined => Ok(refund),
    }
}

/// Asks the platform where a refund stands, and records what it says.
///
/// # Errors
/// A fault of ours; that the platform does not answer is recorded and is none.
pub fn follow(app: &App, by: By, id: i64) -> Result<Refund, Fault> {
    let refund = found(app, id)?;
    match refund.state {
        State::Sent => {}
        State::Asked
        | State::Approved
        | State::Failed
        | State::ByHand
        | State::Refunded
        | State::Declined => return Ok(refund),
    }
    match app.gateway.ask_refund(&refund.no) {
        // It has forgotten, or was restored: the same number again can do no harm.
        Ok(RefundStanding::Unknown) => tell(app, by, &refund),
        Ok(standing) => heard(app, by, &refund, standing),
        Err(trouble) => not_heard(app, by, &refund, &trouble),
    }
}

/// Sends all that are approved and whose pause is over. Returns how many the platform answered for.
///
/// # Errors
/// A fault of ours.
pub fn send_all(app: &App) -> Result<i64, Fault> {
    all(app, app.db.read_now(|tx| refunds::to_send(tx, AT_ONCE))?, send)
}

/// Asks about all that were sent and whose pause is over. Returns how many the platform answered
/// for.
///
/// # Errors
/// A fault of ours.
pub fn follow_all(app: &App) -> Result<i64, Fault> {
    all(app, app.db.read_now(|tx| refunds::to_follow(tx, AT_ONCE))?, follow)
}

/// The job: asks about what was sent, then sends what is approved.
///
/// # Errors
/// A fault of ours.
pub fn carry_on(app: &App) -> Result<i64, Fault> {
    Ok(follow_all(app)? + send_all(app)?)
}

fn all(
    app: &App,
    refunds: Vec<i64>,
    work: fn(&App, By, i64) -> Result<Refund, Fault>,
) -> Result<i64, Fault> {
    let mut done = 0;
    for id in refunds {
        if work(app, Actor::Job("orders.refund").into(), id)?.tries.trouble.is_some() {
            // The platform may be down. The next run begins with those that were not tried.
            break;
        }
        done += 1;
    }
    Ok(done)
}

fn tell(app: &App, by: By, refund: &Refund) -> Result<Refund, Fault> {
    match app.gateway.refund(&bill(refund)) {
        Ok(RefundStanding::Unknown) => {
            not_heard(app, by, refund, &Trouble::Nonsense("took a refund it does not know"))
        }
        Ok(standing) => heard(app, by, refund, standing),
        Err(trouble) => not_heard(app, by, refund, &trouble),
    }
}

fn bill(refund: &Refund) -> RefundBill {
    RefundBill {
        refund_no: refund.no.clone(),
        order_no: refund.order_no.clone(),
        trade_no: refund.trade_no.clone(),
        amount: refund.amount,
        reason: refund.reason.label().to_owned(),
    }
}

fn heard(app: &App, by: By, refund: &Refund, said: RefundStanding) -> Result<Refund, Fault> {
    let (id, no, house) = (refund.id, refund.no.clone(), House::of(app));
    act(app, by, move |tx| {
        match said {
            RefundStanding::Unknown => {}
            RefundStanding::Processing => super::accepted(tx, id, &no)?,
            RefundStanding::Refunded { at } => super::ended(tx, &no, at, &house)?,
            RefundStanding::Failed => {
                refunds::failed(tx, &no, "银行没有退成，例如付款的银行卡已经注销")?;
            }
        }
        refunds::tried(tx, id, None)?;
        super::must_find(tx, id)
    })
}

/// The platform gave no standing. Where it refused for good the refund has failed; all else is tried
/// again.
fn not_heard(app: &App, by: By, refund: &Refund, trouble: &Trouble) -> Result<Refund, Fault> {
    let (id, no) = (refund.id, refund.no.clone());
    let (refused, words) = (is_final(trouble), told(trouble));
    act(app, by, move |tx| {
        if refused {
            refunds::failed(tx, &no, &words)?;
        } else {
            refunds::tried(tx, id, Some(&words))?;
        }
        super::must_find(tx, id)
    })
}

/// Would the platform refuse the same bill for ever? Whatever is wrong with our keys or clock it
/// would not.
fn is_final(trouble: &Trouble) -> bool {
    const FINAL: [Code; 4] =
        [Code::OrderUnknown, Code::TradeUnknown, Code::RefundConflict, Code::RefundTooMuch];
    match trouble {
        Trouble::Refused { code, .. } => FINAL.iter().any(|it| it.name() == code),
        Trouble::Unreachable | Trouble::Nonsense(_) => false,
    }
}

/// The same for staff.
fn told(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Unreachable => "平台没有应答".into(),
        Trouble::Refused { code, words } => format!("平台拒绝：{words}（{code}）"),
        Trouble::Nonsense(_) => "平台的应答不可信，没有采用".into(),
    }
}

fn act<T: Send + 'static>(
    app: &App,
    by: By,
    work: impl FnOnce(&WriteTx<'_>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    app.db.write_now(by, move |tx| work(tx).map_err(Error::<Never>::Fault)).map_err(Fault::from)
}

fn found(app: &App, id: i64) -> Result<Refund, Fault> {
    app.db.read_now(|tx| refunds::find(tx, id))?.ok_or_else(super::missing)
}
