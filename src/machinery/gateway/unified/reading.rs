//! From the wire's plain fields to what a [`Gateway`](super::Gateway) says. Nothing is guessed:
//! what does not fit is nonsense.

use super::super::wire::codes::{Again, Code};
use super::super::wire::envelope::Broken;
use super::super::wire::{self, messages};
use super::super::{
    Channel, Forged, Found, RefundStanding, Standing, StatementLine, Success, Told, Trouble,
};
use crate::base::values::{Fen, OrderNo, RefundNo};

/// What a refusal means for us: one that asks for another try tells nothing yet.
pub(super) fn refusal(code: String, words: String) -> Trouble {
    match code.parse::<Code>() {
        Ok(Code::StatementNotReady) | Err(_) => Trouble::Refused { code, words },
        Ok(known) => match known.again() {
            Again::Again | Again::Later => Trouble::Unreachable,
            Again::No | Again::Mended => Trouble::Refused { code, words },
        },
    }
}

/// Whether the platform refused with that code.
pub(super) fn is(trouble: &Trouble, wanted: Code) -> bool {
    matches!(trouble, Trouble::Refused { code, .. } if code == wanted.name())
}

/// Why an answer is none, for the log.
pub(super) fn unbelieved(why: Broken) -> &'static str {
    match why {
        Broken::Unsigned => "it is not signed",
        Broken::Version => "another version of the interface",
        Broken::Stale => "its time is more than five minutes off",
        Broken::Signature => "its signature is not the platform's",
    }
}

/// The same for a notice.
pub(super) fn forged(why: Broken) -> Forged {
    match why {
        Broken::Unsigned | Broken::Version => Forged::Unsigned,
        Broken::Stale => Forged::Stale,
        Broken::Signature => Forged::BadSignature,
    }
}

/// Reads where an order stands.
pub(super) fn standing(asked: &OrderNo, order: &messages::Order) -> Result<Standing, Trouble> {
    if order.order_no != asked.to_string() {
        return Err(Trouble::Nonsense("another order than the one asked for"));
    }
    let successes = order
        .payments
        .iter()
        .map(|it| success(asked, &order.attach, it))
        .collect::<Option<Vec<_>>>();
    let successes = successes.ok_or(Trouble::Nonsense("a payment"))?;
    match order.state.as_str() {
        "PAID" if !successes.is_empty() => Ok(Standing::Paid(successes)),
        "WAITING" if successes.is_empty() => Ok(Standing::Waiting),
        "CLOSED" if successes.is_empty() => Ok(Standing::Closed),
        _ => Err(Trouble::Nonsense("an order's state")),
    }
}

fn success(order_no: &OrderNo, attach: &str, payment: &messages::Payment) -> Option<Success> {
    let plausible = wire::is_text(&payment.trade_no, 1, 32);
    plausible.then_some(Success {
        order_no: order_no.clone(),
        trade_no: payment.trade_no.clone(),
        amount: Fen::new(payment.amount)?,
        channel: Channel::from_code(&payment.channel),
        paid_at: payment.paid_at,
        attach: attach.to_owned(),
    })
}

/// Reads an order of a list.
pub(super) fn found_order(order: &messages::Order) -> Result<Found, Trouble> {
    let order_no: OrderNo =
        order.order_no.parse().map_err(|_| Trouble::Nonsense("an order number not ours"))?;
    Ok(Found {
        amount: Fen::new(order.amount).ok_or(Trouble::Nonsense("an amount"))?,
        attach: order.attach.clone(),
        created_at: order.created_at,
        standing: standing(&order_no, order)?,
        order_no,
    })
}

/// Reads where a refund stands.
pub(super) fn refund_standing(
    asked: &RefundNo,
    refund: &messages::Refund,
) -> Result<RefundStanding, Trouble> {
    if refund.refund_no != asked.to_string() {
        return Err(Trouble::Nonsense("another refund than the one asked for"));
    }
    match (refund.state.as_str(), refund.finished_at) {
        ("PROCESSING", None) => Ok(RefundStanding::Processing),
        ("SUCCEEDED", Some(at)) => Ok(RefundStanding::Refunded { at }),
        ("FAILED", Some(_)) => Ok(RefundStanding::Failed),
        _ => Err(Trouble::Nonsense("a refund's state")),
    }
}

/// Reads a line of a statement.
pub(super) fn statement_line(line: wire::statement::Line) -> Result<StatementLine, Trouble> {
    let bad = |_| Trouble::Nonsense("a statement line");
    let order_no: OrderNo =
        line.order_no.parse().map_err(|_| Trouble::Nonsense("an order number not ours"))?;
    let amount = Fen::new(line.amount).ok_or(Trouble::Nonsense("an amount"))?;
    let channel = Channel::from_code(&line.channel);
    let (trade_no, at, attach) = (line.trade_no, line.at, line.attach);
    Ok(match line.refund_no {
        Some(refund_no) => {
            let refund_no = refund_no.parse().map_err(bad)?;
            StatementLine::Refund { refund_no, order_no, trade_no, amount, channel, at, attach }
        }
        None => {
            let success = Success { order_no, trade_no, amount, channel, paid_at: at, attach };
            StatementLine::Payment { success }
        }
    })
}

/// Reads a genuine notice; `None` when it makes no sense.
pub(super) fn told(body: &[u8]) -> Option<Told> {
    let head: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = |name| head.get(name).and_then(|it| it.as_str()).map(str::to_owned);
    let notice_no = text("notice")?;
    if text("kind")? != "PAYMENT" {
        return Some(Told { notice_no, success: None });
    }
    let notice: messages::Notice = serde_json::from_slice(body).ok()?;
    let order_no: OrderNo = notice.order_no.parse().ok()?;
    let success = success(&order_no, &notice.attach, &notice.payment)?;
    Some(Told { notice_no, success: Some(success) })
}
