//! What follows from money that the platform reports: the one act that all roads lead to.

use serde_json::json;

use super::rules::{Event, Fate, Order, Road, Settled, State, Verdict};
use super::{House, refunding, store, view};
use crate::base::outcome::Fault;
use crate::features::fees::rules::DueState;
use crate::features::receipts::{self, Line, Purchase};
use crate::features::refunds::rules::Reason;
use crate::features::{candidates, fees};
use crate::machinery::db::{ReadTx, WriteTx};
use crate::machinery::gateway::Success;
use crate::machinery::mail;
use crate::machinery::mail::letters::ReceiptIssued;

/// Records a success. Told again it changes nothing; each success has one row and one fate.
///
/// Where it pays its due, the payment, the order, the due, the receipt and the letter about it
/// come to be in this one transaction. Whatever does not count is to be given back, and its refund
/// is asked for in the same transaction.
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
    let Some(order) = find_or_readopt(tx, success)? else {
        give_back(tx, None, success, road, Reason::UnknownOrder, house)?;
        note(tx, "payment.unknown_order", None, success, road);
        return Ok(Settled::UnknownOrder);
    };
    if success.amount != order.amount {
        give_back(tx, Some(&order), success, road, Reason::WrongAmount, house)?;
        note(tx, "payment.wrong_amount", Some(&order), success, road);
        return Ok(Settled::WrongAmount);
    }
    let before = fees::due(tx, order.due_id)?.map(|it| it.state);
    let counts = fees::settle(tx, order.due_id).map_err(Fault::from)?;
    if counts {
        insert(tx, Some(&order), success, road, Fate::Counted)?;
    } else {
        give_back(tx, Some(&order), success, road, not_counting(before), house)?;
    }
    if let Some(next) = order.state.after(Event::Paid).filter(|next| *next != order.state) {
        store::move_state(tx, &order, next, Some(success.paid_at))?;
    }
    if !counts {
        note(tx, "payment.duplicate", Some(&order), success, road);
        return Ok(Settled::Duplicate);
    }
    note(tx, "order.paid", Some(&order), success, road);
    let receipt = receipts::issue(tx, &purchase(tx, &order, success)?, &house.chance)?;
    write_letter(tx, &order, success, receipt, house)?;
    Ok(Settled::Counted)
}

/// Why money for a due in this state does not count.
fn not_counting(due: Option<DueState>) -> Reason {
    match due {
        Some(DueState::Paid | DueState::Unpaid) | None => Reason::Duplicate,
        Some(DueState::Waived | DueState::Cancelled | DueState::Refunded) => Reason::NotOwed,
    }
}

/// The order of a success. One that we lost, after a restore, is made again by the due's key, which
/// travelled with its bill: as one that was closed, so that its money is late money.
fn find_or_readopt(tx: &WriteTx<'_>, success: &Success) -> Result<Option<Order>, Fault> {
    if let Some(order) = store::find(tx, &success.order_no)? {
        return Ok(Some(order));
    }
    let Some(due) = fees::due_by_key(tx, &success.attach)? else { return Ok(None) };
    let broken = || Fault::new("a due's fee item, project or person is missing");
    let item = fees::item(tx, due.fee_item_id)?.ok_or_else(broken)?;
    let project = fees::project(tx, item.project_id)?.ok_or_else(broken)?;
    let person = candidates::find(tx, due.candidate_id)?.ok_or_else(broken)?;
    let draft = store::Draft {
        no: &success.order_no,
        due_id: due.id,
        candidate_id: due.candidate_id,
        amount: due.amount,
        subject: &format!("{} {}", project.title, item.name),
        payer: person.name.shown(),
        expires_at: tx.now(),
        state: State::Closed,
    };
    store::insert(tx, &draft)?;
    tx.note_with("order.readopted", &success.order_no, json!({ "due": due.id }));
    store::find(tx, &success.order_no)
}

/// Writes down money that does not count, and asks for its refund.
fn give_back(
    tx: &WriteTx<'_>,
    order: Option<&Order>,
    success: &Success,
    road: Road,
    reason: Reason,
    house: &House,
) -> Result<(), Fault> {
    insert(tx, order, success, road, Fate::ToRefund)?;
    refunding::ask_by_rule(tx, success, order.map(|it| it.candidate_id), reason, house)
}

fn insert(
    tx: &WriteTx<'_>,
    order: Option<&Order>,
    success: &Success,
    road: Road,
    fate: Fate,
) -> Result<(), Fault> {
    let due_id = order.map(|it| it.due_id);
    store::insert_payment(tx, &store::Reported { success, due_id, road, fate })
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

fn note(tx: &WriteTx<'_>, act: &'static str, order: Option<&Order>, success: &Success, road: Road) {
    let detail = json!({
        "before": order.map(|it| it.state.name()),
        "trade_no": success.trade_no,
        "amount": success.amount.fen(),
        "learnt_by": road.name(),
    });
    tx.note_with(act, &success.order_no, detail);
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

/// Keeps a notice as it came, and settles what it tells. `told` is what the gateway read of it:
/// `None` when the platform did not write it, `Some(None)` when it tells of no money.
///
/// # Errors
/// A fault when something cannot be written; then nothing was kept and the platform must be told
/// to try again.
pub fn receive(
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
