//! What we ask of a platform: to be paid, and to give back.

use jiff::Timestamp;

use crate::base::values::{Fen, OrderNo, RefundNo};

/// What we ask to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Ours, never used twice.
    pub order_no: OrderNo,
    /// How much; not zero.
    pub amount: Fen,
    /// What for, 1 to 100 characters; the payer reads it.
    pub subject: String,
    /// For whom, already masked, at most 50 characters.
    pub payer: Option<String>,
    /// The due's key, at most 128 characters; comes back with everything the platform says of this
    /// order.
    pub attach: String,
    /// Until when it may be paid. The platform may close it sooner, never later.
    pub expires_at: Timestamp,
    /// Where the payer's browser goes afterwards, which proves nothing.
    pub return_url: String,
    /// Where the platform posts its notices.
    pub notify_url: String,
}

/// What we ask to be given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundBill {
    /// Ours, never used twice.
    pub refund_no: RefundNo,
    /// Of which order.
    pub order_no: OrderNo,
    /// Of which success.
    pub trade_no: String,
    /// How much; not zero, not more than is left.
    pub amount: Fen,
    /// Why, 1 to 100 characters; the payer may read it.
    pub reason: String,
}
