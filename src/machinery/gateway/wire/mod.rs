//! The wire: how a merchant and the unified platform speak to each other.
//!
//! `packaging/unified-platform.md` is the reference, named § below; the vectors of its section 10
//! are checked against this room. Both sides use it: [`super::unified`] as the merchant, and the
//! simulator as the platform. It knows bytes, signatures and names of fields, and nothing of what
//! either side does about them.

pub mod codes;
pub mod envelope;
pub mod messages;
pub mod statement;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::base::clock::OFFICE;

/// The longest body of a request, in bytes (§2).
pub const BODY_MAX: usize = 65_536;

/// Where each operation is, from the base address (§4).
pub mod paths {
    /// Create an order.
    pub const ORDERS: &str = "/v1/orders";
    /// Query an order.
    pub const STANDING: &str = "/v1/orders/standing";
    /// Close an order.
    pub const CLOSING: &str = "/v1/orders/closing";
    /// Orders since a time.
    pub const LIST: &str = "/v1/orders/list";
    /// Give money back.
    pub const REFUNDS: &str = "/v1/refunds";
    /// Query a refund.
    pub const REFUND_STANDING: &str = "/v1/refunds/standing";
    /// The statement of a day.
    pub const STATEMENTS: &str = "/v1/statements";
    /// Prove address, keys and clocks.
    pub const PING: &str = "/v1/ping";
    /// Move the business time of a platform for training (§11.3).
    pub const CLOCK: &str = "/v1/training/clock";
}

/// Whether `text` can be the number of an order or a refund: 8 to 32 of `A-Z a-z 0-9 _ -` (§2).
pub fn is_number(text: &str) -> bool {
    (8..=32).contains(&text.len()) && text.bytes().all(is_plain)
}

/// Whether `text` can be a merchant code: 4 to 32 of `A-Z a-z 0-9 _ -` (§1).
pub fn is_merchant(text: &str) -> bool {
    (4..=32).contains(&text.len()) && text.bytes().all(is_plain)
}

/// Whether `text` can be a nonce: 16 to 64 of `A-Z a-z 0-9 _ -` (§3.1).
pub fn is_nonce(text: &str) -> bool {
    (16..=64).contains(&text.len()) && text.bytes().all(is_plain)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Whether `text` has `min` to `max` characters and no control character (§2).
pub fn is_text(text: &str, min: usize, max: usize) -> bool {
    let count = text.chars().count();
    (min..=max).contains(&count) && !text.chars().any(char::is_control)
}

/// Whether `text` is an absolute `http` or `https` address of at most 500 characters (§2).
pub fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.map(|it| it.split(['/', '?', '#']).next().unwrap_or_default());
    text.len() <= 500
        && host.is_some_and(|it| !it.is_empty() && !it.contains('@'))
        && text.bytes().all(|it| it.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&it))
}

/// Writes an instant as the wire wants it: `2026-03-13T10:24:00+08:00` (§2).
pub fn moment(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

/// Reads an instant of exactly that form; `None` for any other.
pub fn read_moment(text: &str) -> Option<Timestamp> {
    let read: Timestamp = text.parse().ok()?;
    (moment(read) == text).then_some(read)
}

/// Reads a day of the form `2026-03-13`; `None` for any other.
pub fn read_day(text: &str) -> Option<Date> {
    let read: Date = text.parse().ok()?;
    (read.to_string() == text).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_one_form() {
        let at: Timestamp = "2026-03-13T02:24:00Z".parse().unwrap();

        assert_eq!(moment(at), "2026-03-13T10:24:00+08:00");
        assert_eq!(read_moment("2026-03-13T10:24:00+08:00"), Some(at));
        for other in [
            "2026-03-13T02:24:00Z",
            "2026-03-13 10:24:00+08:00",
            "2026-03-13T10:24:00.5+08:00",
            "2026-03-13T11:24:00+09:00",
            "2026-02-30T10:24:00+08:00",
        ] {
            assert_eq!(read_moment(other), None, "{other}");
        }
    }

    #[test]
    fn an_address_is_absolute_and_plain() {
        for good in ["http://127.0.0.1:8100/a", "https://kaowu.example/gateway/notices?x=1"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["javascript:alert(1)", "//host/a", "https://", "http://a b", "http://u@host/"] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn numbers_and_texts_keep_their_limits() {
        assert!(is_number("2026031331019901011234567890"));
        assert!(!is_number("1234567") && !is_number(&"1".repeat(33)) && !is_number("1234 5678"));
        assert!(is_text("考试费", 1, 3) && !is_text("考试费", 1, 2) && !is_text("a\nb", 1, 9));
        assert!(is_nonce("A1B2C3D4E5F6G7H8") && !is_nonce("A1B2C3D4E5F6G7H"));
    }
}
