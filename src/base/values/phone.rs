use std::fmt;
use std::str::FromStr;

use super::mask::starred;
use super::typed::{compact, is_digits};

/// A mobile phone's number: 11 digits beginning with 1, or one of another region with its `+`.
///
/// `+86` and `0086` before the 11 digits are dropped, spaces and hyphens too. Another region's has
/// at most 15 digits behind the `+` (ITU-T E.164).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// The number as it is dialled.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// `138****1234`; of another region's the country and at most the last four digits.
    pub fn masked(&self) -> String {
        let head = if self.is_mainland() { 3 } else { 4 };
        let tail = self.0.len().saturating_sub(head + 4).min(4);
        starred(&self.0, head, tail)
    }

    fn is_mainland(&self) -> bool {
        !self.0.starts_with('+')
    }
}

/// # Errors
/// [`NotAPhone`] for anything else.
impl FromStr for Phone {
    type Err = NotAPhone;

    fn from_str(text: &str) -> Result<Phone, NotAPhone> {
        let mut text = compact(text);
        text.retain(|it| !matches!(it, '-' | '‐' | '–' | '—' | '(' | ')'));
        let domestic = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086"));
        let number = domestic.unwrap_or(&text);
        if is_mainland(number) {
            return Ok(Phone(number.to_owned()));
        }
        // What has China's own prefix and is no mobile phone's number is a slip, not abroad.
        let abroad = text.strip_prefix('+').filter(|_| domestic.is_none());
        let fits = abroad.is_some_and(|it| is_digits(it) && (7..=15).contains(&it.len()));
        if fits { Ok(Phone(text)) } else { Err(NotAPhone) }
    }
}

fn is_mainland(number: &str) -> bool {
    number.len() == 11 && number.starts_with('1') && is_digits(number)
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

complaint! {
    /// A text that is no phone's number.
    NotAPhone, "手机号应为以 1 开头的 11 位数字；其他地区的号码请以 + 和区号开头，例如 +85261234567"
}

#[cfg(test)]
mod tests {
    use super::Phone;

    #[test]
    fn numbers_are_read_and_masked() {
        for (typed, kept, masked) in [
            ("13812341234", "13812341234", "138****1234"),
            (" １９９ 0000 0001 ", "19900000001", "199****0001"),
            ("+86 199-0000-0001", "19900000001", "199****0001"),
            ("008619900000001", "19900000001", "199****0001"),
            ("+852 6123 4567", "+85261234567", "+852****4567"),
            ("+1234567", "+1234567", "+123****"),
            ("+123456789012345", "+123456789012345", "+123********2345"),
        ] {
            let phone: Phone = typed.parse().unwrap();
            assert_eq!((phone.text(), phone.masked().as_str()), (kept, masked));
        }
    }

    #[test]
    fn other_texts_are_no_phones() {
        for text in [
            "",
            "1381234123",
            "138123412345",
            "23812341234",
            "1381234123a",
            "02112345678",
            "+",
            "+123456",
            "+1234567890123456",
            "+8612345",
            "0086",
            "1.38E+10",
        ] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
    }
}
