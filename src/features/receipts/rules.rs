//! What a receipt is, and what stands on it.

mod claim;
mod segment;
mod sought;

use jiff::Timestamp;

pub use self::claim::{Claim, Complaint, Typed};
pub use self::segment::{NUMBERS_LOW, Refused, Segment, Stock};
pub use self::sought::Sought;

use crate::base::values::{Digest, Fen, OrderNo, PersonName};

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
    /// The house's time at which its number was given; while it waits, of the payment's settling.
    pub issued_at: Timestamp,
    /// What is printed on it.
    pub printed: Printed,
    /// The digest of the drawn PDF, once somebody asked for it.
    pub paper: Option<Digest>,
    /// Was it taken back by a red one? Never so of a red one.
    pub reversed: bool,
}

impl Receipt {
    /// Where it stands. What waits for a number is nothing else yet.
    pub fn standing(&self) -> Standing {
        match (&self.number, self.colour) {
            (None, Colour::Blue | Colour::Red) => Standing::Waiting,
            (Some(_), Colour::Red) => Standing::Red,
            (Some(_), Colour::Blue) if self.reversed => Standing::Reversed,
            (Some(_), Colour::Blue) => Standing::Valid,
        }
    }
}

/// Where a receipt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 待领号: it has no number yet.
    Waiting,
    /// 正常: it proves its payment.
    Valid,
    /// 已冲红: a red one took it back.
    Reversed,
    /// 红字: it takes another one back.
    Red,
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
        serial_text(self.serial)
    }
}

/// A serial in 10 digits, as printed.
fn serial_text(serial: i64) -> String {
    format!("{serial:010}")
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

    /// The other one.
    pub fn other(self) -> Colour {
        match self {
            Colour::Blue => Colour::Red,
            Colour::Red => Colour::Blue,
        }
    }
}

/// What is printed on a receipt, as it was when the payment was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// 交款人.
    pub payer: PersonName,
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

/// What a person typed, as ASCII without spaces: input methods write digits twice as wide.
fn plain(typed: &str) -> String {
    let half = |it: char| match it {
        // The block repeats ASCII in its order, 0xFEE0 higher.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(it as u32 - 0xFEE0).unwrap_or(it),
        it => it,
    };
    typed.chars().filter(|it| !it.is_whitespace()).map(half).collect()
}

/// Whether a text is that many decimal digits.
fn is_digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit())
}
