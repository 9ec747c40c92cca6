//! What a receipt is, and what stands on it.

use jiff::Timestamp;

use crate::base::values::{Fen, OrderNo};

/// Proof of one payment that counted; a red one takes it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Our number for it.
    pub id: i64,
    /// The payment it proves.
    pub trade_no: String,
    /// The order that payment came by.
    pub order_no: OrderNo,
    /// Blue, or red (冲红).
    pub colour: Colour,
    /// 票据代码 and 票据号码; `None` while no number could be given (待领号).
    pub number: Option<Number>,
    /// 校验码.
    pub check_code: String,
    /// Whose.
    pub candidate_id: i64,
    /// How much; on a red one it counts as negative.
    pub amount: Fen,
    /// The house's time of the payment's settling.
    pub issued_at: Timestamp,
    /// What is printed on it.
    pub printed: Printed,
    /// The digest of the drawn PDF, once somebody asked for it.
    pub paper: Option<crate::base::values::Digest>,
}

/// 票据代码 and 票据号码.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// 8 digits: region, class, kind, year (`domain.md` 4.2).
    pub code: String,
    /// Counted within the code.
    pub serial: i64,
}

impl Number {
    /// The serial in 10 digits, as printed.
    pub fn serial_text(&self) -> String {
        format!("{:010}", self.serial)
    }
}

/// Blue receipts prove; red ones take back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// 正常.
    Blue,
    /// 冲红.
    Red,
}

impl Colour {
    /// Both.
    pub const ALL: [Colour; 2] = [Colour::Blue, Colour::Red];

    /// As it lies in the database.
    pub fn name(self) -> &'static str {
        match self {
            Colour::Blue => "blue",
            Colour::Red => "red",
        }
    }

    /// Reads [`Colour::name`] back.
    pub fn from_name(name: &str) -> Option<Colour> {
        Colour::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What is printed on a receipt, as it was when it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// 交款人.
    pub payer: String,
    /// The document's number, masked.
    pub payer_code: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// 缴费渠道.
    pub channel: String,
    /// The platform's time of the payment.
    pub paid_at: Timestamp,
}

/// One line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 项目编码.
    pub code: String,
    /// 项目名称.
    pub name: String,
    /// 单位.
    pub unit: String,
    /// 数量.
    pub quantity: u32,
    /// 标准.
    pub standard: Fen,
    /// 金额.
    pub amount: Fen,
}

/// A range of numbers that this machine draws from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// 票据代码, 8 digits.
    pub code: String,
    /// The first number.
    pub first: i64,
    /// The last number.
    pub last: i64,
    /// The next one to be given; one past the last when used up.
    pub next: i64,
}

/// Why a segment is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// 票据代码 has not eight digits, or the numbers are not in order.
    NotASegment,
    /// It overlaps a range that is there.
    Overlaps(Segment),
}

/// The numbers left below which staff are told to load another segment.
pub const NUMBERS_LOW: i64 = 200;
