//! The bodies (§4–§6), field by field. Plain types: whoever receives one checks what it holds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::codes::Code;

/// Create an order (§4.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Create {
    /// The merchant's number.
    pub order_no: String,
    /// 分.
    pub amount: i64,
    /// What is paid.
    pub subject: String,
    /// For whom, masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<String>,
    /// The merchant's own key.
    pub attach: String,
    /// Until when it may be paid.
    #[serde(with = "moments")]
    pub expires_at: Timestamp,
    /// Where the payer's browser goes from the cashier.
    pub return_url: String,
    /// Where notices go.
    pub notify_url: String,
}

/// Names one order (§4.2, §4.3).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByOrder {
    /// The merchant's number.
    pub order_no: String,
}

/// Asks for orders since a time (§4.4).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// From when on.
    #[serde(with = "moments")]
    pub since: Timestamp,
    /// The last order of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Asks for money to be given back (§4.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskRefund {
    /// The merchant's number.
    pub refund_no: String,
    /// Of which order.
    pub order_no: String,
    /// Of which payment.
    pub trade_no: String,
    /// 分.
    pub amount: i64,
    /// The payer may read it.
    pub reason: String,
}

/// Names one refund (§4.6).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByRefund {
    /// The merchant's number.
    pub refund_no: String,
}

/// Names a day (§4.7).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByDay {
    /// `2026-03-13`.
    pub day: String,
}

/// Asks nothing (§4.8).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// How far a training platform's clock may be moved, either way, in seconds: ten years.
pub const SHIFT_MAX_S: i64 = 10 * 366 * 86_400;

/// Moves the business time of a platform for training (§11.3).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveClock {
    /// How far it is to be ahead of the real clock, in seconds; negative: behind.
    pub shift_s: i64,
}

/// Any answer but a statement (§4).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer<T> {
    /// One of §8.
    pub code: String,
    /// For a person.
    pub words: String,
    /// What the operation gives.
    pub data: Option<T>,
}

impl<T> Answer<T> {
    /// An answer with the code's usual words.
    pub fn new(code: Code, data: Option<T>) -> Answer<T> {
        Answer { code: code.name().to_owned(), words: code.words().to_owned(), data }
    }
}

/// An order as the platform sees it (§5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The merchant's number.
    pub order_no: String,
    /// 分.
    pub amount: i64,
    /// What is paid.
    pub subject: String,
    /// The merchant's own key.
    pub attach: String,
    /// `WAITING`, `PAID`, `CLOSED`.
    pub state: String,
    /// When it was created.
    #[serde(with = "moments")]
    pub created_at: Timestamp,
    /// Until when it may be paid.
    #[serde(with = "moments")]
    pub expires_at: Timestamp,
    /// When it closed.
    #[serde(with = "moments::maybe")]
    pub closed_at: Option<Timestamp>,
    /// The cashier page.
    pub pay_url: String,
    /// Oldest first.
    pub payments: Vec<Payment>,
}

/// Money that was taken (§5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    /// The platform's number.
    pub trade_no: String,
    /// 分, what was really taken.
    pub amount: i64,
    /// `WECHAT`, `ALIPAY`, `UNIONPAY` or another.
    pub channel: String,
    /// For a person.
    #[serde(default)]
    pub bank: Option<String>,
    /// When.
    #[serde(with = "moments")]
    pub paid_at: Timestamp,
    /// 分 given back so far.
    pub refunded: i64,
}

/// A page of orders (§4.4).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Orders {
    /// By creation and number.
    pub orders: Vec<Order>,
    /// Whether another page follows.
    pub more: bool,
}

/// A refund as the platform sees it (§4.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refund {
    /// The merchant's number.
    pub refund_no: String,
    /// Of which order.
    pub order_no: String,
    /// Of which payment.
    pub trade_no: String,
    /// 分.
    pub amount: i64,
    /// `PROCESSING`, `SUCCEEDED`, `FAILED`.
    pub state: String,
    /// When it was accepted.
    #[serde(with = "moments")]
    pub asked_at: Timestamp,
    /// When it ended.
    #[serde(with = "moments::maybe")]
    pub finished_at: Option<Timestamp>,
}

/// Who is there and what time it is (§4.8).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pong {
    /// The merchant's name.
    pub merchant: String,
    /// Business time.
    #[serde(with = "moments")]
    pub time: Timestamp,
    /// The real clock.
    #[serde(with = "moments")]
    pub clock: Timestamp,
}

/// A notice (§6.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Notice {
    /// The same in all its deliveries.
    pub notice: String,
    /// `PAYMENT`.
    pub kind: String,
    /// The merchant's number.
    pub order_no: String,
    /// The merchant's own key.
    pub attach: String,
    /// The money.
    pub payment: Payment,
}

/// The answer to a notice (§6.2).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoticeAnswer {
    /// `SUCCESS`, or why not.
    pub code: String,
}

/// Instants in bodies, in the wire's one form.
mod moments {
    use jiff::Timestamp;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::super::{moment, read_moment};

    pub fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&moment(*at))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(from)?;
        read_moment(&text)
            .ok_or_else(|| D::Error::custom("not a time like 2026-03-13T10:24:00+08:00"))
    }

    pub mod maybe {
        use jiff::Timestamp;
        use serde::de::Error;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        use super::super::super::{moment, read_moment};

        pub fn serialize<S: Serializer>(at: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
            at.map(moment).serialize(to)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<Timestamp>, D::Error> {
            let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
            let read = read_moment(&text);
            read.map(Some)
                .ok_or_else(|| D::Error::custom("not a time like 2026-03-13T10:24:00+08:00"))
        }
    }
}
