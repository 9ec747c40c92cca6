//! What happened to the cast before the demonstration starts: orders placed, paid, forgotten.
//!
//! Nothing is written into the books by hand. The platform stands in this process for a moment, we
//! speak to it over the wire as ever, and payers do at its cashier what their stories say.

use std::sync::{Arc, mpsc};

use jiff::SignedDuration;
use rocket::error::ErrorKind;
use rocket::fairing::AdHoc;

use super::odd;
use super::platform::Plan as Place;
use super::ports::taken;
use crate::app::App;
use crate::base::outcome;
use crate::base::values::Fen;
use crate::entry::cli::Failed;
use crate::features::orders::platform as till;
use crate::features::orders::rules::Order;
use crate::features::{candidates, fees};
use crate::machinery::db::{Actor, FormKey};
use crate::overview::training::cast::{CAST, Person, Plan};
use crate::simulator::core::Declined;
use crate::simulator::core::attempt::{Channel, Means};
use crate::simulator::core::fault::Fault;
use crate::simulator::core::faults::Scope;
use crate::simulator::{Platform, server};

/// Plays the past of everybody whose story has one.
pub(super) fn play(app: &App, place: &Place) -> Result<(), Failed> {
    let platform = Platform::open(place.here())?;
    let (ready, listening) = mpsc::channel();
    let liftoff = AdHoc::on_liftoff("ready", move |rocket| {
        let stop = rocket.shutdown();
        Box::pin(async move { drop(ready.send(stop)) })
    });
    let rocket = server::rocket(Arc::clone(&platform));
    // Signals are for the appliance to hear, which starts after this.
    let quiet = rocket
        .figment()
        .clone()
        .merge(("shutdown.ctrlc", false))
        .merge(("shutdown.signals", Vec::<String>::new()));
    let rocket = rocket.configure(quiet).attach(liftoff);
    let served = std::thread::spawn(move || {
        rocket::execute(
            async move { rocket.launch().await.map(|_| ()).map_err(|it| not_launched(&it)) },
        )
    });
    let played = match listening.recv() {
        Ok(stop) => {
            let played = CAST.iter().try_for_each(|person| play_one(app, &platform, person));
            stop.notify();
            played
        }
        // It ended before it listened; the thread says why.
        Err(_) => Ok(()),
    };
    match served.join() {
        Ok(Ok(())) => Ok(played?),
        Ok(Err(NotLaunched::Taken)) => Err(taken(place.port)),
        Ok(Err(NotLaunched::Otherwise(why))) => {
            let what = format!("the simulated platform did not start: {why}");
            Err(outcome::Fault::new(what).into())
        }
        Err(_) => Err(outcome::Fault::new("the simulated platform broke").into()),
    }
}

/// Why the platform does not listen.
enum NotLaunched {
    /// Somebody else has its port.
    Taken,
    Otherwise(String),
}

fn not_launched(error: &rocket::Error) -> NotLaunched {
    match error.kind() {
        ErrorKind::Bind(_) => NotLaunched::Taken,
        other => NotLaunched::Otherwise(other.to_string()),
    }
}

fn play_one(app: &App, platform: &Platform, person: &Person) -> Result<(), outcome::Fault> {
    match person.plan {
        Plan::Nothing | Plan::SignedIn => {}
        Plan::OrderWaiting => {
            order(app, person)?;
        }
        Plan::ForgedNotice => forged(app, platform, person)?,
        // Nobody asks: the two notices that the platform sends after the start tell it.
        Plan::NotifiedTwice => {
            let order = order(app, person)?;
            switch_on(app, platform, &order, Fault::NoticeTwice)?;
            pay(app, platform, &order, &[Channel::Alipay])?;
        }
        Plan::Paid => {
            let order = order(app, person)?;
            pay(app, platform, &order, &[Channel::Alipay])?;
            till::ask(app, Actor::Operator.into(), &order.no)?;
        }
        Plan::PaidAfterSeveralTries => {
            let order = order(app, person)?;
            pay(app, platform, &order, &[Channel::Alipay, Channel::Unionpay, Channel::Wechat])?;
            till::ask(app, Actor::Operator.into(), &order.no)?;
        }
        Plan::PaidUnnotified => {
            taken_after_closing(app, platform, person, Some(Fault::NoticeNever))?;
        }
        Plan::PaidLate => paid_late(app, platform, person)?,
        Plan::WrongAmount => {
            let order = order(app, person)?;
            switch_on(app, platform, &order, Fault::WrongAmount)?;
            pay(app, platform, &order, &[Channel::Wechat])?;
            till::ask(app, Actor::Operator.into(), &order.no)?;
        }
    }
    Ok(())
}

/// 提交缴费, as the person would.
fn order(app: &App, person: &Person) -> Result<Order, outcome::Fault> {
    let document = person.id_document();
    let login = document
        .number()
        .parse()
        .map_err(|_| outcome::Fault::new("one of the cast cannot log in"))?;
    let found = app.db.read_now(move |tx| {
        let known = candidates::find_by_login(tx, &login)?;
        let account = known
            .into_iter()
            .find(|it| it.document.match_key() == document.match_key())
            .ok_or_else(|| outcome::Fault::new("one of the cast has no account"))?;
        Ok((account.id, fees::dues_of(tx, account.id)?))
    })?;
    let (account, dues) = found;
    let due = dues.first().ok_or_else(|| outcome::Fault::new("one of the cast owes nothing"))?.id;
    let form = FormKey::draw(&app.chance);
    till::submit(app, Actor::Candidate(account).into(), account, due, form).map_err(odd)
}

/// The payer opens a code for each channel and pays the last one.
fn pay(
    app: &App,
    platform: &Platform,
    order: &Order,
    channels: &[Channel],
) -> Result<(), outcome::Fault> {
    let (now, token) = (app.clock.now(), token(order)?);
    let codes: Vec<(Channel, String)> =
        channels.iter().map(|channel| (*channel, app.chance.token())).collect();
    let tail = app.chance.digits(6);
    let paid = platform.act_now(move |books| {
        for (channel, code) in &codes {
            books.begin(now, &token, (*channel, Means::BankCard), code.clone())?;
        }
        let Some((channel, code)) = codes.last() else { return Ok(()) };
        books.scan(now, code)?;
        books.confirm(now, code, channel.cards()[0].code, &tail)
    })?;
    paid.map_err(|declined| outcome::Fault::new(format!("the cashier declined: {declined:?}")))
}

/// A bank takes this amount, whatever was asked.
fn capture(
    app: &App,
    platform: &Platform,
    order: &Order,
    amount: Fen,
) -> Result<(), outcome::Fault> {
    let (now, token) = (app.clock.now(), token(order)?);
    let (code, tail) = (app.chance.token(), app.chance.digits(6));
    let taken = platform.act_now(move |books| {
        let key = books.at_cashier(now, &token)?.key();
        // A closed order shows no codes any more; one that was begun before can still be taken for.
        let at = books.begin(now, &token, (Channel::Wechat, Means::BankCard), code).unwrap_or(0);
        Ok::<_, Declined>(books.capture(now, &key, at, amount, "示例银行", &tail))
    })?;
    match taken {
        Ok(Some(_)) => Ok(()),
        Ok(None) | Err(_) => Err(outcome::Fault::new("the bank took nothing")),
    }
}

/// The order ran out and was closed on both sides; then the money came after all.
fn paid_late(app: &App, platform: &Platform, person: &Person) -> Result<(), outcome::Fault> {
    let order = taken_after_closing(app, platform, person, None)?;
    till::ask(app, Actor::Job("orders.chase").into(), &order.no)?;
    Ok(())
}

/// The order closed while the bank thought, and then the bank took the money. Nobody asks about
/// such an order unasked: the person's next 缴费 does.
fn taken_after_closing(
    app: &App,
    platform: &Platform,
    person: &Person,
    fault: Option<Fault>,
) -> Result<Order, outcome::Fault> {
    let shift = app.clock.shift();
    app.clock.set_shift(shift - SignedDuration::from_mins(50));
    let order = order(app, person)?;
    if let Some(fault) = fault {
        switch_on(app, platform, &order, fault)?;
    }
    let (now, token) = (app.clock.now(), token(&order)?);
    let code = app.chance.token();
    let begun = platform
        .act_now(move |books| books.begin(now, &token, (Channel::Wechat, Means::BankCard), code))?;
    app.clock.set_shift(shift - SignedDuration::from_mins(15));
    let closed = till::end(app, Actor::Job("orders.expire").into(), &order.no, "not paid in time");
    app.clock.set_shift(shift);
    closed?;
    begun.map_err(|declined| outcome::Fault::new(format!("the cashier declined: {declined:?}")))?;
    capture(app, platform, &order, order.amount)?;
    Ok(order)
}

/// A fault that stands for this order alone; a trainer sees it at the platform.
fn switch_on(
    app: &App,
    platform: &Platform,
    order: &Order,
    fault: Fault,
) -> Result<(), outcome::Fault> {
    let (now, token) = (app.clock.now(), token(order)?);
    let done = platform.act_now(move |books| {
        let key = books.at_cashier(now, &token)?.key();
        books.switch_on(now, fault, Scope::Order(key), None);
        Ok::<_, Declined>(())
    })?;
    done.map_err(|declined| {
        outcome::Fault::new(format!("the platform lacks the order: {declined:?}"))
    })
}

/// Somebody made up a success; it goes out after the start.
fn forged(app: &App, platform: &Platform, person: &Person) -> Result<(), outcome::Fault> {
    let order = order(app, person)?;
    let (now, token, tail) = (app.clock.now(), token(&order)?, app.chance.digits(6));
    let sent = platform.act_now(move |books| {
        let key = books.at_cashier(now, &token)?.key();
        Ok::<_, Declined>(books.forge(now, &key, order.amount, &tail))
    })?;
    match sent {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(outcome::Fault::new("nobody could forge a notice")),
    }
}

/// What names an order's page at the cashier: the end of its address.
fn token(order: &Order) -> Result<String, outcome::Fault> {
    let url = order.pay_url.as_deref().and_then(|it| it.rsplit('/').next());
    url.map(str::to_owned).ok_or_else(|| outcome::Fault::new("the platform did not take an order"))
}
