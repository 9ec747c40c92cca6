//! What follows from money that the platform reports: the one act that all roads lead to.

use serde_json::json;

use super::rules::{Event, Fate, Order, Road, Settled, Verdict};
use super::{store, view};
use crate::app::App;
use crate::base::chance::Chance;
use crate::base::outcome::Fault;
use crate::features::receipts::{self, Line, Purchase};
use crate::features::{candidates, fees};
use crate::machinery::db::{ReadTx, WriteTx};
use crate::machinery::gateway::Success;
use crate::machinery::mail;
use crate::machinery::mail::letters::ReceiptIssued;

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
            standard: item.standard,
            amount: order.amount,
        }],
        amount: order.amount,
        channel: success.channel.label().to_owned(),
        paid_at: success.paid_at,
    })
}

/// Keeps a notice as it came, and settles what it tells.
///
/// # Errors
/// A fault when something cannot be written; then nothing was kept and the platform must be told
/// to try again.
pub(super) fn receive(
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
