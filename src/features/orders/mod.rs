//! Orders: one attempt each to pay a due, and what the platform said became of it.
//!
//! Words: a *due* is what somebody owes; an *order* is one attempt to pay it; a *payment* is one
//! success that the platform reported. The platform alone knows whether money moved.
//!
//! It promises that an order has a row before the platform hears of it; that it is paid only by a
//! notice that checks out or by our own question; that it is closed here only after the platform
//! was asked; and that each success has one row and one fate, however often it is told.

pub mod console;
pub mod notices;
pub mod platform;
pub mod rules;
pub mod site;
mod store;
mod view;

use jiff::Timestamp;
use serde_json::json;

pub use self::store::{Sought, Takings};

use self::rules::{Event, Fate, Order, Payment, Refused, Road, Settled, State, Verdict};
use crate::app::App;
use crate::base::chance::Chance;
use crate::base::clock::office_date;
use crate::base::outcome::{self, Fault, refuse};
use crate::base::values::OrderNo;
use crate::features::fees::rules::DueState;
use crate::features::receipts::{self, Line, Purchase};
use crate::features::windows::rules::Opening;
use crate::features::{candidates, fees, windows};
use crate::machinery::db::{FormKey, Once, ReadTx, WriteTx};
use crate::machinery::gateway::Success;
use crate::machinery::mail;
use crate::machinery::mail::letters::ReceiptIssued;

/// What an order's number is made of beside the day and the dice.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The centre's code.
    pub centre: String,
    /// Which of its machines.
    pub machine: u8,
    /// Raised by every restore.
    pub incarnation: u8,
}

/// Whose receipts and letters go out when money comes, and the dice for their check codes.
#[derive(Clone)]
pub struct House {
    /// The dice.
    pub chance: Chance,
    /// The centre's name.
    pub centre: String,
    /// The appliance's address, without a final slash.
    pub site: String,
    /// What a folder that is not for production says of itself.
    pub banner: Option<&'static str>,
}

impl House {
    /// The house that `app` is.
    pub fn of(app: &App) -> House {
        House {
            chance: app.chance.clone(),
            centre: app.config.centre_name.clone(),
            site: app.config.base_url(),
            banner: app.folder.mode.banner().map(|(_, words)| words),
        }
    }
}

/// Places an order for a due, or finds the open one: there is at most one. The same form posted
/// twice finds the order of its first posting.
///
/// # Errors
/// [`Refused`] when nothing is owed, the window is shut, or the person places too many.
pub fn place(
    tx: &WriteTx<'_>,
    candidate: i64,
    due_id: i64,
    key: &FormKey,
    machine: &Machine,
    chance: &Chance,
) -> outcome::Result<Order, Refused> {
    match tx.once(key, &format!("order for due {due_id}"))? {
        Once::First => {}
        Once::Different => return refuse(Refused::FormReused),
        Once::Again(no) => {
            if let Some(order) =
                no.parse().ok().map(|no| store::find(tx, &no)).transpose()?.flatten()
            {
                return Ok(order);
            }
        }
    }
    let order = place_new(tx, candidate, due_id, machine, chance)?;
    tx.answered(key, order.no.text())?;
    Ok(order)
}

fn place_new(
    tx: &WriteTx<'_>,
    candidate: i64,
    due_id: i64,
    machine: &Machine,
    chance: &Chance,
) -> outcome::Result<Order, Refused> {
    let due = fees::due(tx, due_id)?.filter(|due| due.candidate_id == candidate);
    let Some(due) = due else { return refuse(Refused::NoSuchDue) };
    if due.state != DueState::Unpaid {
        return refuse(Refused::NothingOwed);
    }
    if let Some(open) = store::of_due(tx, due_id)?.into_iter().find(|it| it.state.is_open()) {
        return Ok(open);
    }
    let broken = || Fault::new("a due's fee item, project or person is missing");
    let item = fees::item(tx, due.fee_item_id)?.ok_or_else(broken)?;
    let project = fees::project(tx, item.project_id)?.ok_or_else(broken)?;
    let person = candidates::find(tx, candidate)?.ok_or_else(broken)?;
    let today = office_date(tx.now());
    let until = match windows::of(tx, &project.business())?.at(tx.now()) {
        Opening::Open { until, .. } => until,
        Opening::Coming { from } | Opening::Between { next: from } => {
            return refuse(Refused::Shut { opens: Some(windows::words::instant(from, today)) });
        }
        Opening::Over { .. } | Opening::Unset => return refuse(Refused::Shut { opens: None }),
    };
    if store::placed_since(tx, candidate, tx.now() - rules::FLOOD_WITHIN)? >= rules::FLOOD_LIMIT {
        return refuse(Refused::TooMany);
    }
    let no = OrderNo::draw(today, &machine.centre, machine.machine, machine.incarnation, chance);
    let draft = store::Draft {
        no: &no,
        due_id,
        candidate_id: candidate,
        amount: due.amount,
        subject: &format!("{} {}", project.title, item.name),
        payer: person.name.shown(),
        expires_at: rules::expiry(tx.now(), until),
    };
    store::insert(tx, &draft)?;
    tx.note("order.placed", &no);
    let placed = store::find(tx, &no)?;
    Ok(placed.ok_or_else(|| Fault::new("an order just placed is not there"))?)
}

/// Records that the platform took an order and gave its page.
///
/// # Errors
/// A fault when the order is not there. An order that is past it stays as it is.
pub fn opened(tx: &WriteTx<'_>, no: &OrderNo, pay_url: &str) -> Result<Order, Fault> {
    let order = must_find(tx, no)?;
    let Some(next) = order.state.after(Event::Opened) else { return Ok(order) };
    if order.state != next || order.pay_url.as_deref() != Some(pay_url) {
        store::set_pay_url(tx, no, pay_url)?;
        if order.state != next {
            store::move_state(tx, &order, next, None)?;
        }
        tx.note("order.opened", no);
    }
    must_find(tx, no)
}

/// Records a success. Told again it changes nothing; each success has one row and one fate.
///
/// Where it pays its due, the payment, the order, the due, the receipt and the letter about it
/// come to be in this one transaction. Whatever does not count is to be given back.
///
/// # Errors
/// A fault when something cannot be written.
pub fn settle(
    tx: &WriteTx<'_>,
    success: &Success,
    road: Road,
    house: &House,
) -> Result<Settled, Fault> {
    if store::knows_trade(tx, &success.trade_no)? {
        return Ok(Settled::Known);
    }
    let Some(order) = store::find(tx, &success.order_no)? else {
        return Ok(Settled::UnknownOrder);
    };
    if success.amount != order.amount {
        store::insert_payment(tx, &order, success, road, Fate::ToRefund)?;
        note_payment(tx, "payment.wrong_amount", &order, success, road);
        return Ok(Settled::WrongAmount);
    }
    let counts = fees::settle(tx, order.due_id).map_err(Fault::from)?;
    let fate = if counts { Fate::Counted } else { Fate::ToRefund };
    store::insert_payment(tx, &order, success, road, fate)?;
    if let Some(next) = order.state.after(Event::Paid).filter(|next| *next != order.state) {
        store::move_state(tx, &order, next, Some(success.paid_at))?;
    }
    if !counts {
        note_payment(tx, "payment.duplicate", &order, success, road);
        return Ok(Settled::Duplicate);
    }
    note_payment(tx, "order.paid", &order, success, road);
    let receipt = receipts::issue(tx, &purchase(tx, &order, success)?, &house.chance)?;
    write_letter(tx, &order, success, receipt, house)?;
    Ok(Settled::Counted)
}

/// Tells the payer by mail, where an address is known.
fn write_letter(
    tx: &WriteTx<'_>,
    order: &Order,
    success: &Success,
    receipt: i64,
    house: &House,
) -> Result<(), Fault> {
    let person = candidates::find(tx, order.candidate_id)?;
    let Some(address) = person.and_then(|it| it.email) else { return Ok(()) };
    let number = receipts::find(tx, receipt)?.and_then(|it| it.number);
    let letter = ReceiptIssued {
        centre: house.centre.clone(),
        project: order.subject.clone(),
        amount: order.amount,
        order: order.no.short(),
        receipt: number.map(|it| format!("{} {}", it.code, it.serial_text())),
        paid_at: view::instant(success.paid_at),
        site: house.site.clone(),
        banner: house.banner,
    };
    mail::enqueue(tx, &letter.to(address)?)?;
    Ok(())
}

fn note_payment(tx: &WriteTx<'_>, act: &'static str, order: &Order, success: &Success, road: Road) {
    let detail = json!({
        "before": order.state.name(),
        "trade_no": success.trade_no,
        "amount": success.amount.fen(),
        "learnt_by": road.name(),
    });
    tx.note_with(act, &order.no, detail);
}

fn purchase(tx: &ReadTx<'_>, order: &Order, success: &Success) -> Result<Purchase, Fault> {
    let broken = || Fault::new("a due's fee item or person is missing");
    let due = fees::due(tx, order.due_id)?.ok_or_else(broken)?;
    let item = fees::item(tx, due.fee_item_id)?.ok_or_else(broken)?;
    let person = candidates::find(tx, order.candidate_id)?.ok_or_else(broken)?;
    Ok(Purchase {
        trade_no: success.trade_no.clone(),
        order_no: order.no.clone(),
        candidate_id: order.candidate_id,
        payer: person.name,
        lines: vec![Line {
            code: item.code,
            name: item.name,
            unit: item.unit,
            quantity: 1,
            standard: order.amount,
            amount: order.amount,
        }],
        amount: order.amount,
        channel: success.channel.label().to_owned(),
        paid_at: success.paid_at,
    })
}

/// Closes an order: the platform was asked, has no money for it, and will take none.
///
/// # Errors
/// A fault when the order is not there.
pub fn close(tx: &WriteTx<'_>, no: &OrderNo, why: &'static str) -> Result<Order, Fault> {
    let order = must_find(tx, no)?;
    if let Some(next) = order.state.after(Event::Closed).filter(|next| *next != order.state) {
        store::move_state(tx, &order, next, None)?;
        tx.note_with("order.closed", no, json!({ "before": order.state.name(), "why": why }));
    }
    must_find(tx, no)
}

/// Records that the platform was asked about an order, and why that failed if it did. It leaves no
/// audit line: what follows from an answer does.
///
/// # Errors
/// A fault when it cannot be written.
pub fn asked(tx: &WriteTx<'_>, no: &OrderNo, trouble: Option<&str>) -> Result<(), Fault> {
    store::remember_question(tx, no, trouble)
}

/// An order by its number.
///
/// # Errors
/// A fault when it cannot be read.
pub fn find(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Option<Order>, Fault> {
    store::find(tx, no)
}

/// All orders of a person, newest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn of_candidate(tx: &ReadTx<'_>, candidate: i64) -> Result<Vec<Order>, Fault> {
    store::of_candidate(tx, candidate)
}

/// All orders for a due, newest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn of_due(tx: &ReadTx<'_>, due: i64) -> Result<Vec<Order>, Fault> {
    store::of_due(tx, due)
}

/// The successes of an order, oldest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn payments(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Vec<Payment>, Fault> {
    store::payments(tx, no)
}

/// How many orders are in each state.
///
/// # Errors
/// A fault when they cannot be counted.
pub fn counts(tx: &ReadTx<'_>) -> Result<Vec<(State, i64)>, Fault> {
    store::counts(tx)
}

/// What came in since an instant, and what waits to be given back.
///
/// # Errors
/// A fault when it cannot be counted.
pub fn takings(tx: &ReadTx<'_>, since: Timestamp) -> Result<Takings, Fault> {
    store::takings(tx, since)
}

/// Keeps a notice as it came, and settles what it tells.
///
/// # Errors
/// A fault when something cannot be written; then nothing was kept and the platform must be told
/// to try again.
fn receive(
    tx: &WriteTx<'_>,
    headers: &str,
    body: &[u8],
    told: Option<Option<&Success>>,
    house: &House,
) -> Result<Verdict, Fault> {
    let verdict = match told {
        None => Verdict::Forged,
        Some(None) => Verdict::Nonsense,
        Some(Some(success)) => settle(tx, success, Road::Notice, house)?.into(),
    };
    let order_no = told.flatten().map(|it| &it.order_no);
    let received = store::Received { headers, body, verdict, order_no };
    let number = store::keep_notice(tx, &received)?;
    tx.note_with(
        "notice.kept",
        format_args!("notice {number}"),
        json!({ "verdict": verdict.name() }),
    );
    Ok(verdict)
}

fn must_find(tx: &ReadTx<'_>, no: &OrderNo) -> Result<Order, Fault> {
    store::find(tx, no)?.ok_or_else(|| Fault::new("there is no such order"))
}
