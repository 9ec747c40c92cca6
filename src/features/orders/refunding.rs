//! How money goes back: who may ask, what is said to the platform, and what follows when it is done.
//!
//! As in [`super::platform`]: the refund has its row before the platform hears of it, nothing waits
//! for the network inside a transaction, and after a crash between any two steps the same number is
//! sent again, which changes nothing at the platform.

mod sending;

use jiff::Timestamp;
use serde_json::json;

pub use self::sending::{carry_on, follow, follow_all, send, send_all};

use super::rules::{FateEvent, Payment};
use super::{House, store, view};
use crate::base::clock::office_date;
use crate::base::outcome::{self, Error, Fault, refuse};
use crate::base::values::{Fen, RefundNo};
use crate::features::refunds::rules::{Afterwards, Draft, Reason, Refused, State};
use crate::features::refunds::{self, Refund};
use crate::features::{candidates, fees, receipts};
use crate::machinery::db::{Actor, WriteTx};
use crate::machinery::gateway::Success;
use crate::machinery::mail;
use crate::machinery::mail::letters::RefundFinished;

pub use crate::features::refunds::{approve, decline};

/// What a member of staff asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Which payment is to go back.
    pub trade_no: String,
    /// How much: all of it, or it is refused.
    pub amount: Fen,
    /// Why.
    pub reason: Reason,
    /// What there is to add; must not be empty for [`Reason::Other`].
    pub words: String,
    /// What becomes of the due.
    pub afterwards: Afterwards,
}

/// Asks for the refund of a payment that counts.
///
/// # Errors
/// [`Refused`] when it does not count, the amount is not all of it, a refund lives already, no
/// reason is given, or nobody of staff asks.
pub fn ask(tx: &WriteTx<'_>, wish: &Wish, house: &House) -> outcome::Result<i64, Refused> {
    let Actor::Staff(asker) = tx.by().actor else { return refuse(Refused::NotStaff) };
    let payment = store::payment(tx, &wish.trade_no)?.filter(Payment::counted);
    let Some(payment) = payment else { return refuse(Refused::NothingToGiveBack) };
    let paid = payment.amount;
    if wish.amount > paid {
        return refuse(Refused::AbovePaid { paid });
    }
    if wish.amount < paid {
        return refuse(Refused::Partial { paid });
    }
    if wish.reason == Reason::Other && wish.words.trim().is_empty() {
        return refuse(Refused::NothingSaid);
    }
    let order = store::find(tx, &payment.order_no)?;
    let draft = Draft {
        no: draw_no(tx, house),
        trade_no: payment.trade_no,
        order_no: payment.order_no,
        candidate_id: order.map(|it| it.candidate_id),
        amount: paid,
        afterwards: Some(wish.afterwards),
        reason: wish.reason,
        words: wish.words.trim().to_owned(),
        asked_by: Some(asker),
    };
    refunds::ask(tx, &draft)
}

/// Asks for the refund of money that does not count.
pub(super) fn ask_by_rule(
    tx: &WriteTx<'_>,
    success: &Success,
    candidate_id: Option<i64>,
    reason: Reason,
    house: &House,
) -> Result<(), Fault> {
    let draft = Draft {
        no: draw_no(tx, house),
        trade_no: success.trade_no.clone(),
        order_no: success.order_no.clone(),
        candidate_id,
        amount: success.amount,
        afterwards: None,
        reason,
        words: String::new(),
        asked_by: None,
    };
    match refunds::ask(tx, &draft) {
        Ok(_) => Ok(()),
        Err(Error::Refused(_)) => Err(Fault::new("new money has a refund already")),
        Err(Error::Fault(fault)) => Err(fault),
    }
}

/// Tries a failed refund again, under a new number.
///
/// # Errors
/// As [`refunds::retry`].
pub fn retry(
    tx: &WriteTx<'_>,
    id: i64,
    seen: State,
    house: &House,
) -> outcome::Result<Refund, Refused> {
    refunds::retry(tx, id, seen, draw_no(tx, house))
}

/// Confirms a bank transfer that somebody else entered, and does what follows.
///
/// # Errors
/// As [`refunds::confirm`].
pub fn confirm(
    tx: &WriteTx<'_>,
    id: i64,
    seen: State,
    house: &House,
) -> outcome::Result<Refund, Refused> {
    let refund = refunds::confirm(tx, id, seen)?;
    follow_through(tx, &refund, house)?;
    Ok(refund)
}

/// The platform has a refund and its bank has not answered.
fn accepted(tx: &WriteTx<'_>, id: i64, no: &RefundNo) -> Result<(), Fault> {
    if must_find(tx, id)?.state != State::Approved {
        return Ok(());
    }
    if let Some(refund) = refunds::sent(tx, no)? {
        move_on(tx, &refund, FateEvent::Sent)?;
    }
    Ok(())
}

/// Records that a refund has ended, by whichever road we learnt of it, and does what follows: the
/// payment's fate; and where it had counted, the red receipt and the due; and the letter.
///
/// # Errors
/// A fault when something cannot be written.
pub fn ended(tx: &WriteTx<'_>, no: &RefundNo, at: Timestamp, house: &House) -> Result<(), Fault> {
    match refunds::ended(tx, no, at)? {
        Some(refund) => follow_through(tx, &refund, house),
        None => Ok(()),
    }
}

fn follow_through(tx: &WriteTx<'_>, refund: &Refund, house: &House) -> Result<(), Fault> {
    let payment = move_on(tx, refund, FateEvent::Ended)?;
    // Money that never counted has neither receipt nor due.
    if let (Some(afterwards), Some(due)) = (refund.afterwards, payment.due_id) {
        receipts::reverse(tx, &refund.order_no, &refund.trade_no, &house.chance)?;
        fees::give_back(tx, due)?;
        match afterwards {
            Afterwards::Cancel => {}
            Afterwards::Reopen => fees::reopen(tx, due)?,
        }
    }
    write_letter(tx, refund, house)
}

fn move_on(tx: &WriteTx<'_>, refund: &Refund, event: FateEvent) -> Result<Payment, Fault> {
    let payment = store::payment(tx, &refund.trade_no)?
        .ok_or_else(|| Fault::new("a refund's payment is missing"))?;
    if let Some(next) = payment.fate.after(event).filter(|it| *it != payment.fate) {
        store::move_fate(tx, &payment, next)?;
        let act = match event {
            FateEvent::Sent => "payment.refunding",
            FateEvent::Ended => "payment.refunded",
        };
        let detail = json!({ "trade_no": payment.trade_no, "before": payment.fate.name() });
        tx.note_with(act, &payment.order_no, detail);
    }
    Ok(payment)
}

fn write_letter(tx: &WriteTx<'_>, refund: &Refund, house: &House) -> Result<(), Fault> {
    let person = refund.candidate_id.map(|it| candidates::find(tx, it)).transpose()?.flatten();
    let Some(address) = person.and_then(|it| it.email) else { return Ok(()) };
    let Some(order) = store::find(tx, &refund.order_no)? else { return Ok(()) };
    let letter = RefundFinished {
        centre: house.centre.clone(),
        project: order.subject,
        amount: refund.amount,
        order: order.no.short(),
        reason: refund.reason.label(),
        by_hand: refund.transfer.is_some(),
        receipt: refund.counted(),
        at: view::instant(refund.ended_at.unwrap_or_else(|| tx.now())),
        site: house.site.clone(),
        banner: house.banner,
    };
    mail::enqueue(tx, &letter.to(address)?)?;
    Ok(())
}

fn draw_no(tx: &WriteTx<'_>, house: &House) -> RefundNo {
    let machine = &house.machine;
    let from = (machine.centre.as_str(), machine.machine, machine.incarnation);
    refunds::draw_no(office_date(tx.now()), from, &house.chance)
}

fn must_find(tx: &WriteTx<'_>, id: i64) -> Result<Refund, Fault> {
    refunds::find(tx, id)?.ok_or_else(missing)
}

fn missing() -> Fault {
    Fault::new("there is no such refund")
}
