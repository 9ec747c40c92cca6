//! The 18 characters of GB 11643-1999: region, birth date, sequence, check character.
//!
//! Also used by 港澳台居民居住证 and the 外国人永久居留身份证 of 2023. Nothing here knows documents;
//! [`super::IdDocument`] does.

use jiff::civil::Date;

use super::sex::Sex;
use super::typed::is_digits;

/// The check character of 17 digits (ISO 7064:1983, MOD 11-2).
pub(super) fn check_character(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let weighted =
        body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    char::from(CHECKS[weighted.sum::<u32>() as usize % CHECKS.len()])
}

/// Whether it has 17 digits and then a digit or `X`.
pub(super) fn has_its_shape(number: &str) -> bool {
    number.is_ascii()
        && number.len() == 18
        && is_digits(&number[..17])
        && (is_digits(&number[17..]) || number.ends_with('X'))
}

/// Whether the last character agrees with the others. For a number that has the shape.
pub(super) fn check_agrees(number: &str) -> bool {
    number.ends_with(check_character(&number[..17]))
}

/// The 18-character form of 15 digits: the century is put in, the check character is added.
pub(super) fn lengthened(fifteen: &str) -> String {
    let mut number = format!("{}19{}", &fifteen[..6], &fifteen[6..]);
    number.push(check_character(&number));
    number
}

/// The birth date, when there is such a day and it is not before 1900.
pub(super) fn birth_date(number: &str) -> Option<Date> {
    let year = number.get(6..10)?.parse().ok().filter(|year| *year >= 1900)?;
    let month = number.get(10..12)?.parse().ok()?;
    let day = number.get(12..14)?.parse().ok()?;
    Date::new(year, month, day).ok()
}

/// Odd sequence numbers are men's, even ones women's.
pub(super) fn sex(number: &str) -> Option<Sex> {
    let sequence: u32 = number.get(14..17)?.parse().ok()?;
    Some(if sequence % 2 == 1 { Sex::Male } else { Sex::Female })
}

#[cfg(test)]
mod tests {
    use super::{birth_date, check_agrees, has_its_shape, lengthened};

    /// Published samples, and numbers of the fictitious region 310199.
    const RIGHT: [&str; 19] = [
        "500154199301135886",
        "11010119900307803X",
        "440308199901101512",
        "610104196209276908",
        "810000199408230021",
        "830000199201300022",
        "310199199901010013",
        "310199199512310020",
        "310199200402290132",
        "31019919880615118X",
        "31019920010307005X",
        "31010120010101004X",
        "310101200002290015",
        "310115199506151185",
        "310106200101010033",
        "810000199901010014",
        "830000200001010026",
        "310101196803051218",
        "11010519491231002X",
    ];

    #[test]
    fn right_numbers_agree_with_their_check() {
        for number in RIGHT {
            assert!(has_its_shape(number) && check_agrees(number), "{number}");
            assert!(birth_date(number).is_some(), "{number}");
        }
    }

    #[test]
    fn one_wrong_digit_is_always_noticed() {
        for number in RIGHT {
            for at in 0..17 {
                for digit in ('0'..='9').filter(|it| !number[at..].starts_with(*it)) {
                    let wrong = format!("{}{digit}{}", &number[..at], &number[at + 1..]);
                    assert!(!check_agrees(&wrong), "{wrong}");
                }
            }
        }
    }

    #[test]
    fn fifteen_digits_become_eighteen_characters() {
        for (fifteen, eighteen) in
            [("610104620927690", "610104196209276908"), ("310101680305121", "310101196803051218")]
        {
            assert_eq!(lengthened(fifteen), eighteen);
        }
    }

    #[test]
    fn a_birth_date_is_a_day_that_was() {
        for (digits, exists) in [
            ("20000229", true),
            ("19000101", true),
            ("20010229", false),
            ("20000230", false),
            ("19000229", false),
            ("18991231", false),
            ("19991301", false),
            ("19990100", false),
        ] {
            assert_eq!(birth_date(&format!("310199{digits}0000")).is_some(), exists, "{digits}");
        }
    }
}
