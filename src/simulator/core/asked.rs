//! What a merchant asks for, checked field by field (§2, §4 of the interface).

use jiff::Timestamp;

use crate::base::values::Fen;
use crate::machinery::gateway::wire::{self, messages};

/// An order that may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// The merchant's number.
    pub order_no: String,
    /// How much.
    pub amount: Fen,
    /// What for.
    pub subject: String,
    /// For whom, masked.
    pub payer: Option<String>,
    /// The merchant's own key.
    pub attach: String,
    /// Until when the merchant wants it to be payable.
    pub expires_at: Timestamp,
    /// Where the payer goes afterwards.
    pub return_url: String,
    /// Where notices go.
    pub notify_url: String,
}

/// A refund that may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRefund {
    /// The merchant's number.
    pub refund_no: String,
    /// Of which order.
    pub order_no: String,
    /// Of which payment.
    pub trade_no: String,
    /// How much.
    pub amount: Fen,
    /// Why.
    pub reason: String,
}

/// The name of the field that is out of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfLimits(pub &'static str);

impl NewOrder {
    /// Reads a request to create; notices must go below `notify_prefix`.
    ///
    /// # Errors
    /// [`OutOfLimits`] names the first field that is.
    pub fn read(asked: messages::Create, notify_prefix: &str) -> Result<NewOrder, OutOfLimits> {
        let payer_fits = asked.payer.as_deref().is_none_or(|it| wire::is_text(it, 1, 50));
        let notices_fit = asked.notify_url.starts_with(notify_prefix);
        keep(wire::is_number(&asked.order_no), "order_no")?;
        keep(wire::is_text(&asked.subject, 1, 100), "subject")?;
        keep(payer_fits, "payer")?;
        keep(wire::is_text(&asked.attach, 0, 128), "attach")?;
        keep(wire::is_address(&asked.return_url), "return_url")?;
        keep(wire::is_address(&asked.notify_url) && notices_fit, "notify_url")?;
        Ok(NewOrder {
            order_no: asked.order_no,
            amount: amount(asked.amount)?,
            subject: asked.subject,
            payer: asked.payer,
            attach: asked.attach,
            expires_at: asked.expires_at,
            return_url: asked.return_url,
            notify_url: asked.notify_url,
        })
    }
}

impl NewRefund {
    /// Reads a request to refund.
    ///
    /// # Errors
    /// [`OutOfLimits`] names the first field that is.
    pub fn read(asked: messages::AskRefund) -> Result<NewRefund, OutOfLimits> {
        keep(wire::is_number(&asked.refund_no), "refund_no")?;
        keep(wire::is_text(&asked.reason, 1, 100), "reason")?;
        Ok(NewRefund {
            refund_no: asked.refund_no,
            order_no: asked.order_no,
            trade_no: asked.trade_no,
            amount: amount(asked.amount)?,
            reason: asked.reason,
        })
    }
}

fn keep(fits: bool, field: &'static str) -> Result<(), OutOfLimits> {
    if fits { Ok(()) } else { Err(OutOfLimits(field)) }
}

fn amount(fen: i64) -> Result<Fen, OutOfLimits> {
    Fen::new(fen).filter(|it| it.fen() > 0).ok_or(OutOfLimits("amount"))
}
