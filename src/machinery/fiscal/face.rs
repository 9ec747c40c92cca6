use jiff::Timestamp;

use crate::base::values::Fen;
use crate::machinery::pdf::Pictures;

/// More items than this do not fit on a sheet.
pub const ITEMS_MAX: usize = 20;

/// What stands on a receipt, as it was when its number was given out.
///
/// A face that `reverses` another is a red receipt: all its amounts are printed as negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// What it is called; see [`super::Issuer::title`].
    pub title: String,
    /// 票据代码, 8 digits.
    pub code: String,
    /// 票据号码, 10 digits.
    pub number: String,
    /// 校验码, 6 characters.
    pub check_code: String,
    /// 交款人: the person's name.
    pub payer: String,
    /// What stands for characters of it that no font draws.
    pub pictures: Pictures,
    /// 交款人统一社会信用代码; for a person the document number, masked, or nothing.
    pub payer_code: String,
    /// When its number was given out. Dates on the sheet and in the file are this instant's.
    pub issued_at: Timestamp,
    /// What was paid for.
    pub items: Vec<Item>,
    /// 金额合计: the sum of all items.
    pub total: Fen,
    /// 其他信息: anything beside the order, channel and time, which have places of their own.
    pub other: String,
    /// 收款单位: the centre, whose seal is drawn.
    pub payee: String,
    /// 复核人.
    pub checker: String,
    /// 收款人.
    pub cashier: String,
    /// Where anybody can check this receipt; the code leads there.
    pub verify_url: String,
    /// Our order number.
    pub order_no: String,
    /// 缴费渠道.
    pub channel: String,
    /// When the money was received.
    pub paid_at: Timestamp,
    /// The receipt that this one takes back (冲红), if it is a red one.
    pub reverses: Option<Reversed>,
}

/// A line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// 项目编码.
    pub code: String,
    /// 项目名称.
    pub name: String,
    /// 单位.
    pub unit: String,
    /// 数量.
    pub quantity: u32,
    /// 标准: the price of one.
    pub standard: Fen,
    /// 金额.
    pub amount: Fen,
    /// 备注.
    pub note: String,
}

/// The receipt that a red one takes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversed {
    /// Its 票据代码.
    pub code: String,
    /// Its 票据号码.
    pub number: String,
}

impl Face {
    /// An amount in fen, as it counts here: negative on a red receipt.
    pub(super) fn counted_fen(&self, amount: Fen) -> i64 {
        if self.reverses.is_some() { -amount.fen() } else { amount.fen() }
    }

    /// An amount in yuan as it is printed, with its sign.
    pub(super) fn printed(&self, amount: Fen) -> String {
        let sign = if self.counted_fen(amount) < 0 { "-" } else { "" };
        format!("{sign}{amount}")
    }
}
