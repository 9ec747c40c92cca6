//! The signed operations that merchants call (§4).

mod call;

use jiff::SignedDuration;
use rocket::http::Status;
use rocket::{Catcher, Request, Route, State as Managed, catch, catchers, post, routes};

use super::core::asked::{NewOrder, NewRefund, OutOfLimits};
use super::core::order::{Order, Payment};
use super::core::refund::Refund;
use super::core::{Books, Refused};
use super::server::Shared;
use super::{Merchant, Platform};
use crate::machinery::gateway::wire::codes::Code;
use crate::machinery::gateway::wire::{messages, read_day, statement};

use call::{Call, Caller, Signed};

pub(super) fn routes() -> Vec<Route> {
    routes![create, standing, closing, list, refund, refund_standing, statements, ping, clock]
}

pub(super) fn catchers() -> Vec<Catcher> {
    catchers![otherwise]
}

/// What an operation gives, or the code that refuses it.
type Outcome<T> = Result<T, Refusal<T>>;

/// Why an operation was refused.
struct Refusal<T> {
    code: Code,
    /// What is wrong with which field.
    field: Option<String>,
    /// With `ALREADY_PAID`.
    data: Option<Box<T>>,
}

impl<T> From<Code> for Refusal<T> {
    fn from(code: Code) -> Refusal<T> {
        Refusal { code, field: None, data: None }
    }
}

impl<T> From<OutOfLimits> for Refusal<T> {
    fn from(OutOfLimits(field): OutOfLimits) -> Refusal<T> {
        Refusal { code: Code::Invalid, field: Some(field.to_owned()), data: None }
    }
}

impl<T> From<Refused> for Refusal<T> {
    fn from(why: Refused) -> Refusal<T> {
        match why {
            Refused::AlreadyPaid => Code::AlreadyPaid,
            Refused::OrderUnknown => Code::OrderUnknown,
            Refused::OrderConflict => Code::OrderConflict,
            Refused::ExpiryPast => Code::ExpiryPast,
            Refused::TradeUnknown => Code::TradeUnknown,
            Refused::RefundUnknown => Code::RefundUnknown,
            Refused::RefundConflict => Code::RefundConflict,
            Refused::RefundTooMuch => Code::RefundTooMuch,
            Refused::StatementNotReady => Code::StatementNotReady,
        }
        .into()
    }
}

#[post("/orders", data = "<call>")]
async fn create(platform: &Managed<Shared>, call: Call) -> Signed {
    let act = |by: &Caller<'_>, books: &mut Books, asked: messages::Create| {
        let wish = NewOrder::read(asked, &by.merchant.notify_prefix)?;
        let token = by.platform.chance.token();
        let order = books.create(by.now, &by.merchant.code, wish, token)?;
        Ok(shown(by.platform, order))
    };
    call.answer(platform, act).await
}

#[post("/orders/standing", data = "<call>")]
async fn standing(platform: &Managed<Shared>, call: Call) -> Signed {
    let act = |by: &Caller<'_>, books: &mut Books, asked: messages::ByOrder| {
        let order = books.ask(by.now, &by.merchant.code, &asked.order_no)?;
        Ok(shown(by.platform, &order))
    };
    call.answer(platform, act).await
}

#[post("/orders/closing", data = "<call>")]
async fn closing(platform: &Managed<Shared>, call: Call) -> Signed {
    let act = |by: &Caller<'_>, books: &mut Books, asked: messages::ByOrder| {
        let merchant = &by.merchant.code;
        match books.close(by.now, merchant, &asked.order_no) {
            Ok(order) => Ok(shown(by.platform, order)),
            Err(Refused::AlreadyPaid) => {
                // What a fault has just taken is to be told of.
                by.platform.bell.ring();
                let order = books.find(by.now, merchant, &asked.order_no)?;
                let data = Some(Box::new(shown(by.platform, order)));
                Err(Refusal { code: Code::AlreadyPaid, field: None, data })
            }
            Err(why) => Err(why.into()),
        }
    };
    call.answer(platform, act).await
}

#[post("/orders/list", data = "<call>")]
async fn list(platform: &Managed<Shared>, call: Call) -> Signed {
    let act = |by: &Caller<'_>, books: &mut Books, asked: messages::Since| {
        let after = asked.after.as_deref();
        let (found, more) = books.since(by.now, &by.merchant.code, asked.since, after)?;
        let orders = found.into_iter().map(|it| shown(by.platform, it)).collect();
        Ok(messages::Orders { orders, more })
    };
    call.answer(platform, act).await
}

#[post("/refunds", data = "<call>")]
async fn refund(platform: &Managed<Shared>, call: Call) -> Signed {
    let act = |by: &Caller<'_>, books: &mut Books, asked: messages::AskRefund| {
        let wish = NewRefund::read(asked)?;
        let (order, refund) = books.refund(by.now, &by.merchant.code, wish)?;
        Ok(shown_refund(order, refund))
    };
    call.answer(platform, act).await
}

#[post("/refunds/standing", data = "<call>")]
async fn refund_standing(platform: &Managed<Shared>, call: Call) -> Signed {
    let act = |by: &Caller<'_>, books: &mut Books, asked: messages::ByRefund| {
        let (order, refund) = books.find_refund(by.now, &by.merchant.code, &asked.refund_no)?;
        Ok(shown_refund(order, refund))
    };
    call.answer(platform, act).await
}

#[post("/statements", data = "<call>")]
async fn statements(platform: &Managed<Shared>, call: Call) -> Signed {
    let act = |by: &Caller<'_>, books: &mut Books, asked: messages::ByDay| {
        let day = read_day(&asked.day).ok_or(OutOfLimits("day"))?;
        let lines = books.statement(by.now, &by.merchant.code, day)?;
        statement::write(day, lines).map_err(|_| Code::Fault.into())
    };
    call.answer_csv(platform, act).await
}

#[post("/ping", data = "<call>")]
async fn ping(platform: &Managed<Shared>, call: Call) -> Signed {
    let act = |by: &Caller<'_>, _: &mut Books, _: messages::Nothing| {
        let merchant: &Merchant = by.merchant;
        let (time, clock) = (by.now, by.platform.clock.wall());
        Ok(messages::Pong { merchant: merchant.name.clone(), time, clock })
    };
    call.answer(platform, act).await
}

/// Moves business time (§11.3). No fault stands in its way: it is the trainer's, not the payer's.
#[post("/training/clock", data = "<call>")]
async fn clock(platform: &Managed<Shared>, call: Call) -> Signed {
    call.answer_always(platform, |platform, merchant, asked: messages::MoveClock| {
        if asked.shift_s.abs() > messages::SHIFT_MAX_S {
            return Err(OutOfLimits("shift_s").into());
        }
        platform.travel(SignedDuration::from_secs(asked.shift_s)).map_err(|fault| {
            tracing::error!(act = "platform.travel", %fault, "the clock was not moved");
            Code::Fault
        })?;
        let (time, clock) = (platform.clock.now(), platform.clock.wall());
        Ok(messages::Pong { merchant: merchant.name.clone(), time, clock })
    })
    .await
}

/// Whatever else is asked below `/v1`.
#[catch(default)]
fn otherwise(status: Status, _: &Request<'_>) -> Signed {
    Signed::refused(match status.code {
        413 => Code::TooLarge,
        503 => Code::Busy,
        500.. => Code::Fault,
        _ => Code::Unsupported,
    })
}

fn shown(platform: &Platform, order: &Order) -> messages::Order {
    let payments = order.payments.iter().map(|it| shown_payment(it, order.refunded_of(it)));
    messages::Order {
        order_no: order.order_no.clone(),
        amount: order.amount.fen(),
        subject: order.subject.clone(),
        attach: order.attach.clone(),
        state: order.state.code().to_owned(),
        created_at: order.created_at,
        expires_at: order.expires_at,
        closed_at: order.closed_at,
        pay_url: format!("{}/cashier/{}", platform.public_base(), order.token),
        payments: payments.collect(),
    }
}

/// A payment as merchants see it.
pub(super) fn shown_payment(payment: &Payment, refunded: i64) -> messages::Payment {
    messages::Payment {
        trade_no: payment.trade_no.clone(),
        amount: payment.amount.fen(),
        channel: payment.channel.code().to_owned(),
        bank: Some(payment.bank.clone()),
        paid_at: payment.paid_at,
        refunded,
    }
}

fn shown_refund(order: &Order, refund: &Refund) -> messages::Refund {
    messages::Refund {
        refund_no: refund.refund_no.clone(),
        order_no: order.order_no.clone(),
        trade_no: refund.trade_no.clone(),
        amount: refund.amount.fen(),
        state: refund.state.code().to_owned(),
        asked_at: refund.asked_at,
        finished_at: refund.finished_at,
    }
}
