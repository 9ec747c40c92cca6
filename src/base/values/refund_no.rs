use std::fmt;
use std::str::FromStr;

/// The number of a refund, ours: 8 to 32 of `A-Z a-z 0-9 _ -`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefundNo(String);

/// Reads the number as it stands.
///
/// # Errors
/// [`NotARefundNo`] when it is too short or too long, or has another character.
impl FromStr for RefundNo {
    type Err = NotARefundNo;

    fn from_str(text: &str) -> Result<RefundNo, NotARefundNo> {
        let fits = (8..=32).contains(&text.len())
            && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-".contains(&it));
        if fits { Ok(RefundNo(text.to_owned())) } else { Err(NotARefundNo) }
    }
}

impl fmt::Display for RefundNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

complaint! {
    /// A text that is no refund's number.
    NotARefundNo, "退款号应为 8 至 32 位字母、数字、下划线或连字符"
}
