//! What is odd, in plain words: what happened, whether the candidate's money is safe, what to do.

use jiff::Timestamp;

use crate::base::values::{Fen, OrderNo};
use crate::features::orders::Forgeries;
use crate::features::orders::rules::Order;
use crate::features::refunds::Refund;
use crate::features::refunds::rules::{Reason, State};

/// One odd thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Since when; `None`: not known.
    pub since: Option<Timestamp>,
    /// What happened, in a few words.
    pub what: String,
    /// Is the candidate's money safe, and what becomes of it?
    pub safe: String,
    /// About whom, where that is known.
    pub payer: Option<String>,
    /// About how much.
    pub amount: Option<Fen>,
    /// The number to look it up by.
    pub number: Option<String>,
    /// How it is tagged: the kind of tag and its word.
    pub tag: (&'static str, &'static str),
    /// Does it wait for a person, or is the machine at it?
    pub waits: bool,
    /// The one right thing to do.
    pub then: Then,
}

/// The one right thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// 批准退款: look at it, and decide.
    Decide(i64),
    /// 重新发送: the same number again, now.
    Send(i64),
    /// 向平台查询: ask where the refund stands.
    Follow(i64),
    /// 重新发送: under a new number.
    Retry(i64),
    /// 人工处理: by bank transfer.
    ByHand(i64),
    /// 复核转账: a second person confirms it.
    Confirm(i64),
    /// 向平台查询: ask where the order stands.
    Ask(OrderNo),
    /// 已阅: up to this notice.
    Read(i64),
    /// 加载号段.
    LoadNumbers,
}

/// A refund that has not ended. `failures` is how many numbers of it failed.
pub fn of_refund(refund: &Refund, payer: Option<String>, failures: usize) -> Entry {
    let (what, safe) = told(refund);
    let then = match refund.state {
        State::Asked => Then::Decide(refund.id),
        State::Approved => Then::Send(refund.id),
        State::Sent | State::Refunded | State::Declined => Then::Follow(refund.id),
        // What failed twice will fail again: the card is gone.
        State::Failed if failures > 1 => Then::ByHand(refund.id),
        State::Failed => Then::Retry(refund.id),
        State::ByHand => Then::Confirm(refund.id),
    };
    let waits = match refund.state {
        State::Asked | State::Failed | State::ByHand => true,
        State::Approved | State::Sent | State::Refunded | State::Declined => false,
    };
    Entry {
        since: Some(refund.asked_at),
        what,
        safe: safe.to_owned(),
        payer,
        amount: Some(refund.amount),
        number: Some(refund.order_no.short()),
        tag: (refund.state.tag(), refund.state.label()),
        waits,
        then,
    }
}

/// What happened, and whether the money is safe.
pub fn told(refund: &Refund) -> (String, &'static str) {
    match refund.state {
        State::Asked => (why(refund.reason).to_owned(), safe(refund.reason)),
        State::Approved => match &refund.tries.trouble {
            None => (
                "退款已批准，正在发送".to_owned(),
                "钱在平台账上。系统几秒钟内会发送给平台，不会重复退款。",
            ),
            Some(trouble) => (
                format!("退款已批准，还没有发送成功：{trouble}"),
                "钱在平台账上，没有退出。系统会用同一个退款号自动重试，不会重复退款。",
            ),
        },
        State::Sent => match &refund.tries.trouble {
            None => (
                "平台已受理退款，等待银行处理".to_owned(),
                "平台正在按原支付渠道退回，系统自动查询结果。",
            ),
            Some(trouble) => (
                format!("平台已受理退款，还查不到结果：{trouble}"),
                "平台正在按原支付渠道退回。系统会自动再查，不会重复退款。",
            ),
        },
        State::Failed => {
            let failure = refund.failure.as_deref().unwrap_or("平台没有说明原因");
            (format!("退款失败：{failure}"), "钱仍在平台账上，还没有退给考生。")
        }
        State::ByHand => {
            let voucher = refund.transfer.as_ref().map_or("", |it| it.voucher.as_str());
            (
                format!("已登记银行转账（凭证号 {voucher}），等待另一位财务人员复核"),
                "平台没有退款。复核银行回单后确认，才算退款完成。",
            )
        }
        State::Refunded => ("退款已完成".to_owned(), "钱已经退给考生。"),
        State::Declined => ("退款申请已驳回".to_owned(), "缴费继续有效，票据不变。"),
    }
}

fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::Duplicate => "同一项费用收到了第二笔付款",
        Reason::WrongAmount => "平台收到的金额与应缴不符",
        Reason::NotOwed => "已经不需要缴纳的费用收到了付款",
        Reason::UnknownOrder => "平台报来一笔款项，没有对应的订单",
        Reason::ExamCancelled => "申请退款：考试取消",
        Reason::PaidInError => "申请退款：缴费有误",
        Reason::Other => "申请退款：其他原因",
    }
}

fn safe(reason: Reason) -> &'static str {
    match reason {
        Reason::Duplicate => "第一笔已经入账，票据有效。这一笔没有入账，批准后原路退回。",
        Reason::WrongAmount => "没有入账，考生仍为未缴费，可以重新缴费。批准后原路退回。",
        Reason::NotOwed => "没有入账。批准后原路退回。",
        Reason::UnknownOrder => "没有入账，不知道是哪位考生。核对平台流水后批准，原路退回付款人。",
        Reason::ExamCancelled | Reason::PaidInError | Reason::Other => {
            "考生已缴费，票据有效。批准后原路退回，退成后票据自动冲红。"
        }
    }
}

/// An order past its time that the platform does not answer for.
pub fn of_order(order: &Order) -> Entry {
    Entry {
        since: Some(order.expires_at),
        what: "订单过了支付时间，平台没有应答".to_owned(),
        safe: "考生是否已付款还不知道。订单保持待支付，平台恢复后系统自动核实，付款不会丢失。"
            .to_owned(),
        payer: Some(order.payer.clone()),
        amount: Some(order.amount),
        number: Some(order.no.short()),
        tag: ("odd", "平台无应答"),
        waits: true,
        then: Then::Ask(order.no.clone()),
    }
}

/// Notices that the platform did not write, the first of them at `since`.
pub fn of_forgeries(forged: &Forgeries, since: Timestamp) -> Entry {
    Entry {
        since: Some(since),
        what: format!("收到{}份签名不符的支付通知，来自 {}", forged.count, forged.from),
        safe:
            "没有采信，没有改变任何订单和金额，原文已留存。如来自本单位的设备，请告知系统管理员。"
                .to_owned(),
        payer: None,
        amount: None,
        number: None,
        tag: ("odd", "伪造通知"),
        waits: true,
        then: Then::Read(forged.last),
    }
}

/// Receipts for which no number was left.
pub fn of_receipts(count: i64) -> Entry {
    Entry {
        since: None,
        what: format!("{count}张票据待领号"),
        safe: "缴费已经成功。加载号段后，票据自动领号。".to_owned(),
        payer: None,
        amount: None,
        number: None,
        tag: ("await", "待领号"),
        waits: true,
        then: Then::LoadNumbers,
    }
}
