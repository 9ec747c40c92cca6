//! The platform's answers: from its books to what a [`Gateway`](super::line::Line) says.

use kaowu::base::values::{Fen, OrderNo};
use kaowu::machinery::gateway::wire::codes::Code;
use kaowu::machinery::gateway::wire::statement;
use kaowu::machinery::gateway::{
    Channel, RefundStanding, Standing, StatementLine, Success, Trouble,
};
use kaowu::simulator::core::order::{Order, Payment, State};
use kaowu::simulator::core::{Refused, refund};

use super::town::Lie;

pub fn refusal(why: Refused) -> Trouble {
    let code = match why {
        Refused::AlreadyPaid => Code::AlreadyPaid,
        Refused::OrderUnknown => Code::OrderUnknown,
        Refused::OrderConflict => Code::OrderConflict,
        Refused::ExpiryPast => Code::ExpiryPast,
        Refused::TradeUnknown => Code::TradeUnknown,
        Refused::RefundUnknown => Code::RefundUnknown,
        Refused::RefundConflict => Code::RefundConflict,
        Refused::RefundTooMuch => Code::RefundTooMuch,
        Refused::StatementNotReady => Code::StatementNotReady,
    };
    Trouble::Refused { code: code.name().to_owned(), words: String::new() }
}

pub fn number(order: &Order) -> OrderNo {
    order.order_no.parse().unwrap()
}

pub fn standing(order: &Order, lie: Lie, call: u64) -> Standing {
    match order.state {
        State::Waiting => Standing::Waiting,
        State::Paid => Standing::Paid(successes(order, lie, call)),
        State::Closed => Standing::Closed,
    }
}

pub fn successes(order: &Order, lie: Lie, call: u64) -> Vec<Success> {
    order.payments.iter().map(|it| success(order, it, lie, call)).collect()
}

pub fn success(order: &Order, payment: &Payment, lie: Lie, call: u64) -> Success {
    Success {
        order_no: number(order),
        trade_no: match lie {
            Lie::NewTradeNumbers => format!("{}x{call}", payment.trade_no),
            Lie::None | Lie::WrongAmountAsRight | Lie::ClosedUnasked | Lie::RefundedTooSoon => {
                payment.trade_no.clone()
            }
        },
        amount: if lie == Lie::WrongAmountAsRight { order.amount } else { payment.amount },
        channel: Channel::from_code(payment.channel.code()),
        paid_at: payment.paid_at,
        attach: order.attach.clone(),
    }
}

pub fn refund_standing(refund: &refund::Refund, lie: Lie) -> RefundStanding {
    match (refund.state, refund.finished_at) {
        (refund::State::Processing, _) if lie == Lie::RefundedTooSoon => {
            RefundStanding::Refunded { at: refund.asked_at }
        }
        (refund::State::Processing, _) => RefundStanding::Processing,
        (refund::State::Succeeded, Some(at)) => RefundStanding::Refunded { at },
        (refund::State::Succeeded, None) => unreachable!("a refund ends at an instant"),
        (refund::State::Failed, _) => RefundStanding::Failed,
    }
}

pub fn statement_line(line: &statement::Line) -> Result<StatementLine, Trouble> {
    let nonsense = || Trouble::Nonsense("a line of the statement");
    let order_no: OrderNo = line.order_no.parse().map_err(|_| nonsense())?;
    let amount = Fen::new(line.amount).ok_or_else(nonsense)?;
    let trade_no = line.trade_no.clone();
    let (channel, attach) = (Channel::from_code(&line.channel), line.attach.clone());
    Ok(match &line.refund_no {
        Some(no) => {
            let refund_no = no.parse().map_err(|_| nonsense())?;
            let at = line.at;
            StatementLine::Refund { refund_no, order_no, trade_no, amount, channel, at, attach }
        }
        None => {
            let success = Success { order_no, trade_no, amount, channel, paid_at: line.at, attach };
            StatementLine::Payment { success }
        }
    })
}
