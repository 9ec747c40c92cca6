//! No platform: what a folder has before one is configured. It never answers.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{
    Bill, Checkout, Closing, Forged, Found, Gateway, Heard, Notice, NoticeAnswer, RefundBill,
    RefundStanding, Standing, StatementLine, Told, Trouble,
};
use crate::base::values::{OrderNo, RefundNo};

/// The platform that is not there: every question is unanswered, so no order is ever closed or
/// paid by mistake.
pub struct Absent;

impl Gateway for Absent {
    fn open(&self, _bill: &Bill) -> Result<Checkout, Trouble> {
        Err(Trouble::Unreachable)
    }

    fn ask(&self, _order_no: &OrderNo) -> Result<Standing, Trouble> {
        Err(Trouble::Unreachable)
    }

    fn close(&self, _order_no: &OrderNo) -> Result<Closing, Trouble> {
        Err(Trouble::Unreachable)
    }

    fn refund(&self, _bill: &RefundBill) -> Result<RefundStanding, Trouble> {
        Err(Trouble::Unreachable)
    }

    fn ask_refund(&self, _refund_no: &RefundNo) -> Result<RefundStanding, Trouble> {
        Err(Trouble::Unreachable)
    }

    fn statement(&self, _day: Date) -> Result<Vec<StatementLine>, Trouble> {
        Err(Trouble::Unreachable)
    }

    fn since(&self, _since: Timestamp) -> Result<Vec<Found>, Trouble> {
        Err(Trouble::Unreachable)
    }

    fn ping(&self) -> Result<Timestamp, Trouble> {
        Err(Trouble::Unreachable)
    }

    fn read_notice(&self, _notice: &Notice) -> Result<Told, Forged> {
        Err(Forged::NotForUs)
    }

    fn answer_notice(&self, _heard: Heard) -> NoticeAnswer {
        NoticeAnswer { status: 404, content_type: "text/plain", body: String::new() }
    }
}
