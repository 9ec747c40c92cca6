//! The result codes (§8): their names, their status, what to do with them.

use std::fmt;
use std::str::FromStr;

/// What a merchant does with the same content after an answer (§8, *again*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It would be refused again, or there is nothing to do.
    No,
    /// After what the words name was put right.
    Mended,
    /// At once, with a new nonce.
    Again,
    /// With growing pauses.
    Later,
}

/// Makes the enum and its one table, so that no code can miss a column.
macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident, $text:literal, $status:literal, $again:ident, $words:literal;)+) => {
        /// How an operation ended (§8).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[$doc])+ $name,)+
        }

        impl Code {
            /// Every code, in the document's order.
            pub const ALL: &[Code] = &[$(Code::$name),+];

            /// Its name on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Code::$name => $status),+ }
            }

            /// Whether to send the same content again.
            pub fn again(self) -> Again {
                match self { $(Code::$name => Again::$again),+ }
            }

            /// The usual words for a person.
            pub fn words(self) -> &'static str {
                match self { $(Code::$name => $words),+ }
            }
        }
    };
}

codes! {
    /// Done, or done before.
    Ok, "OK", 200, No, "成功";
    /// Not closed: there is money.
    AlreadyPaid, "ALREADY_PAID", 409, No, "订单已支付，不能关闭";
    /// No order of that number.
    OrderUnknown, "ORDER_UNKNOWN", 404, No, "没有这个订单";
    /// The number belongs to an order with other content.
    OrderConflict, "ORDER_CONFLICT", 409, No, "订单号已用于内容不同的订单";
    /// The expiry does not lie ahead.
    ExpiryPast, "EXPIRY_PAST", 422, Mended, "付款截止时间已过";
    /// No payment of that trade number.
    TradeUnknown, "TRADE_UNKNOWN", 404, No, "订单没有这笔支付";
    /// No refund of that number.
    RefundUnknown, "REFUND_UNKNOWN", 404, No, "没有这笔退款";
    /// The number belongs to a refund with other content.
    RefundConflict, "REFUND_CONFLICT", 409, No, "退款号已用于内容不同的退款";
    /// More than is left of the payment.
    RefundTooMuch, "REFUND_TOO_MUCH", 409, Mended, "退款金额超过可退金额";
    /// The day is not over.
    StatementNotReady, "STATEMENT_NOT_READY", 409, Later, "当日尚未结束，还没有对账文件";
    /// No JSON object.
    Malformed, "MALFORMED", 400, Mended, "请求不是 JSON 对象";
    /// A field is missing, unknown or out of its limits.
    Invalid, "INVALID", 422, Mended, "字段不符合要求";
    /// No such operation or version.
    Unsupported, "UNSUPPORTED", 404, Mended, "没有这个接口或版本";
    /// The body is too long.
    TooLarge, "TOO_LARGE", 413, Mended, "请求过长";
    /// A header is missing or malformed.
    Unsigned, "UNSIGNED", 401, Mended, "缺少签名或格式不对";
    /// No such merchant.
    MerchantUnknown, "MERCHANT_UNKNOWN", 401, Mended, "没有这个商户";
    /// The timestamp is too far off.
    ClockSkew, "CLOCK_SKEW", 401, Mended, "时间相差超过 300 秒，请校准时钟";
    /// Not the merchant's signature.
    BadSignature, "BAD_SIGNATURE", 401, Mended, "签名不正确";
    /// The nonce was used before.
    Replayed, "REPLAYED", 409, Again, "请求已经收到过";
    /// Plain HTTP from another machine.
    PlainHttp, "PLAIN_HTTP", 403, Mended, "非加密连接只接受本机请求";
    /// Nothing was done.
    Busy, "BUSY", 503, Later, "平台繁忙，没有处理";
    /// Whether it was done is not known.
    Fault, "FAULT", 500, Later, "平台故障，结果未知";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Code, UnknownCode> {
        Code::ALL.iter().copied().find(|it| it.name() == text).ok_or(UnknownCode)
    }
}

/// The text is no code of this version.
#[derive(Debug)]
pub struct UnknownCode;
