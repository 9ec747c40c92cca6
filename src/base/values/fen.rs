use std::fmt;
use std::str::FromStr;

use super::typed::{is_digits, narrow};

/// An amount of money in fen (1/100 yuan): never negative, never a fraction.
///
/// From 0 to 99,999,999.99 yuan. Prints yuan as people read them (`1,200.50`) and reads yuan
/// (`120`, `120.00`, `1,200.5`); machines are given [`Fen::plain`], columns hold the fen.
///
/// ```
/// use kaowu::base::values::Fen;
/// assert_eq!("1,200.5".parse(), Ok(Fen::of(120_050)));
/// assert_eq!(Fen::of(120_050).to_string(), "1,200.50");
/// assert_eq!(Fen::of(120_050).plain(), "1200.50");
/// assert!("12.345".parse::<Fen>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);
    /// The largest amount that is taken: 99,999,999.99 yuan.
    pub const MAX: Fen = Fen(9_999_999_999);

    /// An amount of fen; `None` when negative or above [`Fen::MAX`].
    pub const fn new(fen: i64) -> Option<Fen> {
        if fen >= 0 && fen <= Fen::MAX.0 { Some(Fen(fen)) } else { None }
    }

    /// An amount that is known to be right: for constants and tests.
    ///
    /// # Panics
    /// When negative or above [`Fen::MAX`].
    pub const fn of(fen: i64) -> Fen {
        assert!(fen >= 0 && fen <= Fen::MAX.0, "an amount is neither negative nor enormous");
        Fen(fen)
    }

    /// The number of fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Both together; `None` above [`Fen::MAX`].
    pub const fn checked_add(self, other: Fen) -> Option<Fen> {
        // Both are far from the end of an i64.
        Fen::new(self.0 + other.0)
    }

    /// What is left; `None` when `other` is more.
    pub const fn checked_sub(self, other: Fen) -> Option<Fen> {
        Fen::new(self.0 - other.0)
    }

    /// Yuan with two decimals and no separators, for machines: `1200.50`.
    pub fn plain(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }

    /// Whether there is no money at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// Yuan with two decimals and a comma before every three digits: `1,200.50`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&yuan(self.0))
    }
}

/// Any number of fen in yuan as people read them: a sum may be more than a [`Fen`] holds, or less
/// than nothing.
///
/// ```
/// use kaowu::base::values::yuan;
/// assert_eq!(yuan(1_234_567_890), "12,345,678.90");
/// assert_eq!(yuan(-5), "-0.05");
/// ```
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let digits = (fen.unsigned_abs() / 100).to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{:02}", fen.unsigned_abs() % 100)
}

/// Reads yuan.
///
/// # Errors
/// [`NotAnAmount`] names what is wrong: nothing there, not a number, negative, finer than a fen,
/// more than [`Fen::MAX`].
impl FromStr for Fen {
    type Err = NotAnAmount;

    fn from_str(text: &str) -> Result<Fen, NotAnAmount> {
        let text = narrow(text);
        if text.is_empty() {
            return Err(NotAnAmount::Missing);
        }
        if text.starts_with(['-', '−']) {
            return Err(NotAnAmount::Negative);
        }
        let (yuan, decimals) = text.split_once('.').unwrap_or((&text, "0"));
        let yuan = without_separators(yuan).ok_or(NotAnAmount::NotANumber)?;
        if !is_digits(decimals) {
            return Err(NotAnAmount::NotANumber);
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 2 {
            return Err(NotAnAmount::TooFine);
        }
        // Only digits are left, so that reading fails for want of room alone.
        let fen = format!("{yuan}{decimals:0<2}").parse().map_err(|_| NotAnAmount::TooMuch)?;
        Fen::new(fen).ok_or(NotAnAmount::TooMuch)
    }
}

/// `1,200` as `1200`; `None` when the commas do not stand every three digits.
fn without_separators(yuan: &str) -> Option<String> {
    let mut groups = yuan.split(',');
    let first = groups.next().filter(|it| is_digits(it))?;
    let mut whole = first.to_owned();
    for group in groups {
        if first.len() > 3 || group.len() != 3 || !is_digits(group) {
            return None;
        }
        whole.push_str(group);
    }
    Some(whole)
}

/// Why a text is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnAmount {
    /// Nothing was typed.
    Missing,
    /// It is not a number of yuan.
    NotANumber,
    /// It is below zero.
    Negative,
    /// It has more than two decimals.
    TooFine,
    /// It is above [`Fen::MAX`].
    TooMuch,
}

impl fmt::Display for NotAnAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotAnAmount::Missing => "请填写金额",
            NotAnAmount::NotANumber => "金额应是以元为单位的数字，例如 120 或 120.50，请重新填写",
            NotAnAmount::Negative => "金额不能是负数，请重新填写",
            NotAnAmount::TooFine => "金额最多两位小数（精确到分），请重新填写",
            NotAnAmount::TooMuch => "金额不能超过 99,999,999.99 元，请核对后重新填写",
        })
    }
}

impl std::error::Error for NotAnAmount {}

#[cfg(test)]
mod tests {
    use super::{Fen, NotAnAmount};

    #[test]
    fn yuan_are_read_to_the_fen() {
        for (text, fen) in [
            ("120", 12_000),
            ("120.00", 12_000),
            ("120.5", 12_050),
            ("120.500", 12_050),
            ("0.01", 1),
            ("0", 0),
            ("007", 700),
            ("1,200.5", 120_050),
            ("99,999,999.99", 9_999_999_999),
            (" １２０．００ ", 12_000),
        ] {
            assert_eq!(text.parse(), Ok(Fen::of(fen)), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_told_why() {
        for (text, why) in [
            ("", NotAnAmount::Missing),
            ("  ", NotAnAmount::Missing),
            ("-1", NotAnAmount::Negative),
            ("12.345", NotAnAmount::TooFine),
            ("100000000", NotAnAmount::TooMuch),
            ("99999999999999999999999", NotAnAmount::TooMuch),
            ("12元", NotAnAmount::NotANumber),
            ("1e3", NotAnAmount::NotANumber),
            ("12.", NotAnAmount::NotANumber),
            (".5", NotAnAmount::NotANumber),
            ("1,20", NotAnAmount::NotANumber),
            ("1200,500", NotAnAmount::NotANumber),
            (",120", NotAnAmount::NotANumber),
            ("+5", NotAnAmount::NotANumber),
        ] {
            assert_eq!(text.parse::<Fen>(), Err(why), "{text}");
        }
    }

    #[test]
    fn what_is_printed_is_read_again() {
        for (fen, text) in [
            (0, "0.00"),
            (1, "0.01"),
            (12_000, "120.00"),
            (120_050, "1,200.50"),
            (1_234_567_890, "12,345,678.90"),
            (9_999_999_999, "99,999,999.99"),
        ] {
            assert_eq!(Fen::of(fen).to_string(), text);
            assert_eq!(text.parse(), Ok(Fen::of(fen)));
        }
    }

    #[test]
    fn sums_stay_within_the_limits() {
        assert_eq!(Fen::of(1).checked_add(Fen::of(2)), Some(Fen::of(3)));
        assert_eq!(Fen::MAX.checked_add(Fen::of(1)), None);
        assert_eq!(Fen::of(3).checked_sub(Fen::of(3)), Some(Fen::ZERO));
        assert_eq!(Fen::of(1).checked_sub(Fen::of(2)), None);
        assert_eq!(Fen::new(-1), None);
    }
}
