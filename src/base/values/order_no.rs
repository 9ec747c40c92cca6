use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::centre_code::CentreCode;
use super::typed::{compact, is_digits};
use crate::base::chance::Chance;

/// The number of an order, ours and the platform's: 28 digits, never used twice.
///
/// `yyyymmdd`, centre (6), machine (2), incarnation (2, raised by every restore), 10 random.
/// Digits alone, and at most 32: every platform takes that.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderNo(String);

impl OrderNo {
    /// Draws a new number. That it was never drawn before is for the database to say.
    ///
    /// # Panics
    /// When `centre` is not a centre's code, or machine or incarnation are above 99.
    pub fn draw(
        date: Date,
        centre: &str,
        machine: u8,
        incarnation: u8,
        chance: &Chance,
    ) -> OrderNo {
        assert!(
            centre.parse::<CentreCode>().is_ok_and(|it| it.text() == centre),
            "a centre's code"
        );
        assert!(machine <= 99 && incarnation <= 99, "machine and incarnation have two digits");
        let day = date.strftime("%Y%m%d");
        let random = chance.digits(10);
        OrderNo(format!("{day}{centre}{machine:02}{incarnation:02}{random}"))
    }

    /// The 28 digits.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The day in the office on which it was drawn.
    pub fn date(&self) -> Date {
        day(&self.0).expect("a number was read only if its day exists")
    }

    /// The code of the centre that drew it.
    pub fn centre(&self) -> &str {
        &self.0[8..14]
    }

    /// The machine that drew it: 0 to 99.
    pub fn machine(&self) -> u8 {
        self.0[14..16].parse().expect("two digits are a number")
    }

    /// How often that machine had been restored: 0 to 99.
    pub fn incarnation(&self) -> u8 {
        self.0[16..18].parse().expect("two digits are a number")
    }

    /// In groups, for a page: `20260313 310199 01 01 1234567890`.
    pub fn grouped(&self) -> String {
        let it = &self.0;
        format!("{} {} {} {} {}", &it[..8], &it[8..14], &it[14..16], &it[16..18], &it[18..])
    }

    /// The random part in groups, to be said over the telephone: `123 456 7890`.
    pub fn short(&self) -> String {
        let it = &self.0[18..];
        format!("{} {} {}", &it[..3], &it[3..6], &it[6..])
    }
}

fn day(digits: &str) -> Option<Date> {
    let year = digits.get(..4)?.parse().ok()?;
    Date::new(year, digits.get(4..6)?.parse().ok()?, digits.get(6..8)?.parse().ok()?).ok()
}

/// Reads the 28 digits, grouped or not.
///
/// # Errors
/// [`NotAnOrderNo`] when they are not 28 digits, or do not begin with a day that exists.
impl FromStr for OrderNo {
    type Err = NotAnOrderNo;

    fn from_str(text: &str) -> Result<OrderNo, NotAnOrderNo> {
        let text = compact(text);
        let fits = text.len() == 28 && is_digits(&text) && day(&text).is_some();
        if fits { Ok(OrderNo(text)) } else { Err(NotAnOrderNo) }
    }
}

impl fmt::Display for OrderNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

complaint! {
    /// A text that is no order's number.
    NotAnOrderNo, "订单号应为以日期开头的 28 位数字，请核对后重新填写"
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::OrderNo;
    use crate::base::chance::Chance;

    #[test]
    fn a_drawn_number_tells_where_it_comes_from() {
        let chance = Chance::seeded(7);

        let no = OrderNo::draw(date(2026, 3, 13), "310199", 1, 12, &chance);
        let next = OrderNo::draw(date(2026, 3, 13), "310199", 1, 12, &chance);

        assert!(no.text().starts_with("202603133101990112"));
        assert_eq!((no.date(), no.centre()), (date(2026, 3, 13), "310199"));
        assert_eq!((no.machine(), no.incarnation()), (1, 12));
        assert_ne!(no, next);
        assert_eq!(no.grouped().parse(), Ok(no.clone()));
        assert_eq!(no.to_string().parse(), Ok(no));
    }

    #[test]
    fn a_number_is_shown_in_groups() {
        let no: OrderNo = "2026031331019901011234567890".parse().unwrap();
        assert_eq!(no.grouped(), "20260313 310199 01 01 1234567890");
        assert_eq!(no.short(), "123 456 7890");
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "202603133101990101123456789",
            "20260313310199010112345678901",
            "2026023031019901011234567890",
            "202603133101990101123456789a",
        ] {
            assert!(text.parse::<OrderNo>().is_err(), "{text}");
        }
    }
}
