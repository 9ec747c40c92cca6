//! 退款: money of the payer's that does not, or no longer, pay for anything, and where it stands.

use crate::base::outcome::Fault;
use crate::base::values::Fen;
use crate::features::orders::rules::{Fate, Payment};
use crate::features::orders::view;
use crate::features::refunds;
use crate::features::refunds::rules::State;
use crate::machinery::db::ReadTx;

/// One payment on its way back, as the payer reads it.
pub(super) struct Back {
    pub(super) amount: Fen,
    pub(super) trade_no: String,
    pub(super) tag: &'static str,
    pub(super) word: &'static str,
    /// Why it goes back.
    pub(super) why: &'static str,
    /// How it goes, and when it will be there.
    pub(super) said: String,
    /// Had it paid for something?
    pub(super) counted: bool,
}

/// Those of `payments` that go back or went back.
pub(super) fn of(tx: &ReadTx<'_>, payments: &[Payment]) -> Result<Vec<Back>, Fault> {
    let mut backs = Vec::new();
    for payment in payments {
        backs.extend(one(tx, payment)?);
    }
    Ok(backs)
}

fn one(tx: &ReadTx<'_>, payment: &Payment) -> Result<Option<Back>, Fault> {
    let Some(refund) = refunds::of_trade(tx, &payment.trade_no)?.into_iter().next() else {
        return Ok(None);
    };
    let (tag, word, said) = match (refund.state, payment.fate) {
        // What staff ask of a payment that counts is not decided yet, or was decided against.
        (State::Asked | State::Declined, Fate::Counted) => return Ok(None),
        (State::Asked | State::Declined, Fate::ToRefund | Fate::Refunding | Fate::Refunded) => {
            ("await", "待退款", "财务人员审核后，按原支付渠道退回。不需要您做任何操作。".to_owned())
        }
        (State::Approved | State::Sent | State::Failed, _) => (
            "await",
            "退款中",
            "正在按原支付渠道退回您付款的银行卡，到账时间以银行为准，一般需要几个工作日。"
                .to_owned(),
        ),
        (State::ByHand, _) => {
            ("await", "退款中", "原支付渠道没有退成，正在改由本中心通过银行转账退回。".to_owned())
        }
        (State::Refunded, _) => {
            let at = refund.ended_at.map_or_else(String::new, view::instant);
            let said = if refund.transfer.is_some() {
                format!("已于{at}通过银行转账退回，到账时间以银行为准。")
            } else {
                format!(
                    "已于{at}按原支付渠道退回付款的银行卡，到账时间以银行为准，一般需要几个工作日。"
                )
            };
            ("back", "已退款", said)
        }
    };
    Ok(Some(Back {
        amount: payment.amount,
        trade_no: payment.trade_no.clone(),
        tag,
        word,
        why: refund.reason.label(),
        said,
        counted: refund.counted(),
    }))
}
