//! What we say to the platform about orders, and what follows from its answers.
//!
//! Everything here waits for the network, so it runs on a thread that may wait and never inside a
//! transaction: a row before each call, and what the platform answers after it, each in an act of
//! its own. After a crash between any two of them the next question finds the truth.

mod watch;

use jiff::SignedDuration;
use rocket::tokio::task;

pub use self::watch::{chase, expire, repair};

use super::rules::{Order, Refused, Road, State};
use super::{Machine, placing, store};
use crate::app::App;
use crate::base::outcome::{self, Error, Fault, Never, refuse};
use crate::base::values::OrderNo;
use crate::features::{candidates, fees};
use crate::machinery::db::{By, FormKey, WriteTx};
use crate::machinery::gateway::{Bill, Closing, Standing, Success, Trouble};

/// How often a page that follows an order has the platform asked.
const FOLLOW_EVERY: SignedDuration = SignedDuration::from_secs(4);

/// Runs what waits for the network away from the threads that answer requests.
///
/// # Errors
/// What `work` says.
pub async fn away<T: Send + 'static, R: Send + 'static>(
    app: &App,
    work: impl FnOnce(&App) -> outcome::Result<T, R> + Send + 'static,
) -> outcome::Result<T, R> {
    let app = app.clone();
    task::spawn_blocking(move || work(&app)).await?
}

/// 提交缴费: first settles the last order by asking the platform, returns to it while it is
/// payable, and only then makes a new one.
///
/// # Errors
/// [`Refused`] as [`super::place`].
pub fn submit(
    app: &App,
    by: By,
    candidate: i64,
    due: i64,
    key: FormKey,
) -> outcome::Result<Order, Refused> {
    submit_as(app, by, (candidate, due), (key, format!("order for due {due}")))
}

fn submit_as(
    app: &App,
    by: By,
    (candidate, due): (i64, i64),
    (key, wish): (FormKey, String),
) -> outcome::Result<Order, Refused> {
    for order in app.db.read_now(|tx| store::of_due(tx, due))? {
        if order.candidate_id == candidate && order.state.is_open() {
            ask(app, by, &order.no)?;
        }
    }
    let machine = Machine::of(app);
    let chance = app.chance.clone();
    let order = app.db.write_now(by, move |tx| {
        placing::place_as(tx, (candidate, due), (&key, &wish), &machine, &chance)
    })?;
    Ok(open(app, by, order)?)
}

/// 重新申请缴费: asks, closes at the platform, asks again, and makes a new order unless there is
/// money after all. An order that none could follow now is not closed.
///
/// # Errors
/// [`Refused`] as [`super::place`].
pub fn renew(app: &App, by: By, no: &OrderNo, key: FormKey) -> outcome::Result<Order, Refused> {
    let wish = format!("renewal of {no}");
    let (wanted, before) =
        app.db.read_now(|tx| Ok((super::must_find(tx, no)?, tx.wish_of(&key)?)))?;
    let (candidate, due) = (wanted.candidate_id, wanted.due_id);
    match before {
        None => {}
        Some(before) if before == wish => {
            return submit_as(app, by, (candidate, due), (key, wish));
        }
        Some(_) => return refuse(Refused::FormReused),
    }
    let order = ask(app, by, no)?;
    if order.state.is_open() {
        let may = app.db.read_now(|tx| Ok(placing::may_place(tx, candidate, due)))?;
        match (may, order.expires_at > app.clock.now()) {
            (Ok(()), _) => {}
            (Err(Error::Refused(Refused::Shut { .. })), true) => {
                return refuse(Refused::KeepsOld { until: order.expires_at });
            }
            (Err(why), _) => return Err(why),
        }
    }
    let order = end(app, by, no, "asked for by the payer")?;
    match order.state {
        State::Paid => Ok(order),
        // The platform does not answer: a second order now could be paid twice.
        State::Created | State::AwaitingPayment => Ok(order),
        State::Closed => submit_as(app, by, (candidate, due), (key, wish)),
    }
}

/// 确定: asks about an order, and tells the platform of one that it has not heard of.
///
/// # Errors
/// A fault of ours.
pub fn confirm(app: &App, by: By, no: &OrderNo) -> Result<Order, Fault> {
    let order = ask(app, by, no)?;
    if order.ask_trouble.is_some() { Ok(order) } else { open(app, by, order) }
}

/// Tells the platform of an order that it may not know yet. Repeating it changes nothing there.
fn open(app: &App, by: By, order: Order) -> Result<Order, Fault> {
    match order.state {
        State::Created => {}
        State::AwaitingPayment | State::Paid | State::Closed => return Ok(order),
    }
    let bill = bill(app, &order)?;
    match app.gateway.open(&bill) {
        Ok(checkout) => {
            act(app, by, move |tx| super::opened(tx, &bill.order_no, &checkout.pay_url))
        }
        Err(trouble) => {
            let words = trouble.to_string();
            let no = order.no.clone();
            act(app, by, move |tx| super::asked(tx, &no, Some(&words)))?;
            match trouble {
                // What was refused is known not to be there; asking proves it, and closes it.
                Trouble::Refused { .. } => end(app, by, &order.no, "refused by the platform"),
                Trouble::Unreachable | Trouble::Nonsense(_) => found(app, &order.no),
            }
        }
    }
}

/// Asks the platform where an order stands and records what it says.
///
/// # Errors
/// A fault of ours; that the platform does not answer is recorded and is none.
pub fn ask(app: &App, by: By, no: &OrderNo) -> Result<Order, Fault> {
    match app.gateway.ask(no) {
        Ok(Standing::Paid(successes)) => record(app, by, no, successes),
        Ok(Standing::Closed) => {
            answered(app, by, no)?;
            let no = no.clone();
            act(app, by, move |tx| super::close(tx, &no, "closed at the platform"))
        }
        // Unknown: the call that opens it was lost, or is on its way. The next 提交缴费 sends it again.
        Ok(Standing::Waiting | Standing::Unknown) => answered(app, by, no),
        Err(trouble) => {
            let (no, words) = (no.clone(), trouble.to_string());
            act(app, by, move |tx| {
                super::asked(tx, &no, Some(&words))?;
                super::must_find(tx, &no)
            })
        }
    }
}

/// Ends an order: asks, closes at the platform, asks again if closing says it is paid, and only
/// then closes here. While the platform does not answer it stays open.
///
/// # Errors
/// A fault of ours.
pub fn end(app: &App, by: By, no: &OrderNo, why: &'static str) -> Result<Order, Fault> {
    let order = ask(app, by, no)?;
    if !order.state.is_open() || order.ask_trouble.is_some() {
        return Ok(order);
    }
    match app.gateway.close(no) {
        Ok(Closing::AlreadyPaid(successes)) => record(app, by, no, successes),
        // What the platform does not know it cannot be paid for either.
        Ok(Closing::Closed | Closing::Unknown) => {
            let no = no.clone();
            act(app, by, move |tx| super::close(tx, &no, why))
        }
        Err(trouble) => {
            let (no, words) = (no.clone(), trouble.to_string());
            act(app, by, move |tx| {
                super::asked(tx, &no, Some(&words))?;
                super::must_find(tx, &no)
            })
        }
    }
}

/// Records the successes that the platform reports of an order. Where none of them counts for it
/// (a wrong amount) the order is closed: the platform will take no more.
fn record(app: &App, by: By, no: &OrderNo, successes: Vec<Success>) -> Result<Order, Fault> {
    let (no, house) = (no.clone(), super::House::of(app));
    act(app, by, move |tx| {
        super::asked(tx, &no, None)?;
        for success in &successes {
            super::settle(tx, success, Road::Question, &house)?;
        }
        super::close(tx, &no, "paid, but not as asked")
    })
}

/// Brings an order up to date for a page that follows it: asks, but not too often.
///
/// # Errors
/// A fault of ours.
pub fn follow(app: &App, by: By, order: Order) -> Result<Order, Fault> {
    if !order.state.is_open() || order.asked_within(FOLLOW_EVERY, app.clock.wall()) {
        return Ok(order);
    }
    ask(app, by, &order.no)
}

fn answered(app: &App, by: By, no: &OrderNo) -> Result<Order, Fault> {
    let no = no.clone();
    act(app, by, move |tx| {
        super::asked(tx, &no, None)?;
        super::must_find(tx, &no)
    })
}

fn act<T: Send + 'static>(
    app: &App,
    by: By,
    work: impl FnOnce(&WriteTx<'_>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    app.db.write_now(by, move |tx| work(tx).map_err(Error::<Never>::Fault)).map_err(Fault::from)
}

fn found(app: &App, no: &OrderNo) -> Result<Order, Fault> {
    app.db.read_now(|tx| super::must_find(tx, no))
}

fn bill(app: &App, order: &Order) -> Result<Bill, Fault> {
    let (due, person) = (order.due_id, order.candidate_id);
    let (due, person) =
        app.db.read_now(|tx| Ok((fees::due(tx, due)?, candidates::find(tx, person)?)))?;
    let due = due.ok_or_else(|| Fault::new("an order's due is missing"))?;
    let base = app.config.base_url();
    Ok(Bill {
        order_no: order.no.clone(),
        amount: order.amount,
        subject: order.subject.chars().take(100).collect(),
        payer: person.map(|it| it.name.masked()),
        attach: due.due_key,
        expires_at: order.expires_at,
        return_url: format!("{base}/orders/{}/return", order.no),
        notify_url: format!("{base}/gateway/notices"),
    })
}
