//! The payment platform, as far as this house is concerned.
//!
//! A [`Gateway`] is the only way to a platform. It is synchronous, waits at most as long as its own
//! deadline, and is called outside any transaction, never on an async worker. It knows money and
//! order numbers, and no room of ours: what follows from an answer is for the caller to decide.
//!
//! Words: a **bill** is what we ask to be paid, a **success** is money that the platform took (one
//! order may have several, each with its own trade number), a **standing** is what the platform
//! says when asked, a **notice** is what it says unasked. The platform alone knows whether money
//! moved: a [`Trouble`] is never a "no", and a success is money whatever we think of its order.

pub mod absent;
mod answers;
mod bills;
mod notices;
pub mod unified;
pub mod wire;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::base::values::{OrderNo, RefundNo};

pub use answers::{
    Channel, Checkout, Closing, Found, RefundStanding, Standing, StatementLine, Success, Trouble,
};
pub use bills::{Bill, RefundBill};
pub use notices::{Forged, Heard, Notice, NoticeAnswer, Told};

/// A payment platform. Every act may be repeated with the same content and then changes nothing
/// more.
pub trait Gateway: Send + Sync {
    /// Opens a payment for `bill`.
    ///
    /// # Errors
    /// [`Trouble`]; after [`Trouble::Unreachable`] the order may or may not exist there.
    fn open(&self, bill: &Bill) -> Result<Checkout, Trouble>;

    /// Asks where an order stands. This, not a notice, settles doubts.
    ///
    /// # Errors
    /// [`Trouble`]: nothing was learnt.
    fn ask(&self, order_no: &OrderNo) -> Result<Standing, Trouble>;

    /// Closes an order there, unless it has been paid.
    ///
    /// # Errors
    /// [`Trouble`]: it may or may not be closed; ask again before believing either.
    fn close(&self, order_no: &OrderNo) -> Result<Closing, Trouble>;

    /// Asks for money to be given back. `Ok` may still say that the bank is at it.
    ///
    /// # Errors
    /// [`Trouble`]; after [`Trouble::Unreachable`] send the same bill again.
    fn refund(&self, bill: &RefundBill) -> Result<RefundStanding, Trouble>;

    /// Asks where a refund stands.
    ///
    /// # Errors
    /// [`Trouble`]: nothing was learnt.
    fn ask_refund(&self, refund_no: &RefundNo) -> Result<RefundStanding, Trouble>;

    /// All that was paid and given back on `day`, an office day that is over.
    ///
    /// # Errors
    /// [`Trouble::Refused`] with `STATEMENT_NOT_READY` while the day lasts; [`Trouble::Nonsense`]
    /// when its totals do not agree.
    fn statement(&self, day: Date) -> Result<Vec<StatementLine>, Trouble>;

    /// The orders made or paid since `since`, oldest first: for a house that was restored from a
    /// backup, and for comparing the books today.
    ///
    /// # Errors
    /// [`Trouble::Refused`] with `UNSUPPORTED` where a platform has no such list.
    fn since(&self, since: Timestamp) -> Result<Vec<Found>, Trouble>;

    /// Proves that address, keys and clocks agree; gives the platform's business time.
    ///
    /// # Errors
    /// [`Trouble`]: what does not agree.
    fn ping(&self) -> Result<Timestamp, Trouble>;

    /// Moves the business time of a platform for training to `shift` ahead of the real clock; gives
    /// it. No real platform lets itself be moved.
    ///
    /// # Errors
    /// [`Trouble::Refused`] with `UNSUPPORTED` where a platform cannot be moved.
    fn travel(&self, shift: SignedDuration) -> Result<Timestamp, Trouble> {
        let _ = shift;
        let words = "平台的时间不能调整".to_owned();
        Err(Trouble::Refused { code: wire::codes::Code::Unsupported.name().to_owned(), words })
    }

    /// Reads what the platform posted to us. Believes nothing that the platform did not sign.
    ///
    /// # Errors
    /// [`Forged`]: keep it raw, change nothing, answer with [`Heard::Disbelieved`].
    fn read_notice(&self, notice: &Notice) -> Result<Told, Forged>;

    /// What to answer to a notice. [`Heard::Kept`] only after the commit.
    fn answer_notice(&self, heard: Heard) -> NoticeAnswer;
}
