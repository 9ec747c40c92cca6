use jiff::civil::Date;

use super::{Number, is_digits, plain};

/// What a stranger types, or a code on paper says, to check a receipt (查验).
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'t> {
    /// 票据代码.
    pub code: &'t str,
    /// 票据号码.
    pub number: &'t str,
    /// 校验码.
    pub check: &'t str,
    /// 开票日期.
    pub date: &'t str,
}

/// That there is a receipt with this number, check code and date. All must be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// 票据代码 and 票据号码.
    pub number: Number,
    /// 校验码, in lower case.
    pub check_code: String,
    /// 开票日期: the day in the office.
    pub date: Date,
}

/// A field's name, and what is wrong with it.
pub type Complaint = (&'static str, &'static str);

impl Claim {
    /// Reads the four fields.
    ///
    /// # Errors
    /// What is wrong with each field that cannot be one of a receipt. That tells nobody anything:
    /// every receipt has the same form (`domain.md` 4.2).
    pub fn read(typed: &Typed<'_>) -> Result<Claim, Vec<Complaint>> {
        let code = plain(typed.code);
        let serial = plain(typed.number);
        let check_code = plain(typed.check).to_ascii_lowercase();
        let date = day(typed.date);
        let mut wrong = Vec::new();
        if !is_digits(&code, 8..=8) {
            wrong.push(("code", "请填写 8 位数字的票据代码，例如 31010126"));
        }
        if !is_digits(&serial, 1..=10) {
            wrong.push(("number", "请填写 10 位数字的票据号码，例如 0000001842"));
        }
        if check_code.len() != 6 || !check_code.bytes().all(|it| it.is_ascii_alphanumeric()) {
            wrong.push(("check", "请填写 6 位的校验码，由数字和字母组成，例如 7f3a9c"));
        }
        match (date, serial.parse()) {
            (Some(date), Ok(serial)) if wrong.is_empty() => {
                Ok(Claim { number: Number { code, serial }, check_code, date })
            }
            (None, _) => {
                wrong.push(("date", "请按“年-月-日”填写开票日期，例如 2026-03-13"));
                Err(wrong)
            }
            (Some(_), _) => Err(wrong),
        }
    }
}

/// A day, written in any of the usual ways: `2026-03-13`, `2026/3/13`, `2026年3月13日`, `20260313`.
fn day(typed: &str) -> Option<Date> {
    let typed = plain(typed);
    let parts: Vec<&str> =
        typed.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
    let (year, month, day) = match parts[..] {
        [all] if all.len() == 8 => (&all[..4], &all[4..6], &all[6..]),
        [year, month, day] if year.len() == 4 => (year, month, day),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Claim, Typed};

    const RIGHT: Typed<'_> =
        Typed { code: "31010126", number: "0000001842", check: "7f3a9c", date: "2026-03-13" };

    #[test]
    fn what_hands_do_to_numbers_does_not_matter() {
        let claim = Claim::read(&RIGHT).unwrap();

        assert_eq!((claim.number.serial, claim.date), (1842, date(2026, 3, 13)));
        for typed in [
            Typed { code: " ３１０１０１２６", ..RIGHT },
            Typed { number: "0000 001842", ..RIGHT },
            Typed { number: "1842", ..RIGHT },
            Typed { check: "7F3A9C ", ..RIGHT },
            Typed { date: "2026/3/13", ..RIGHT },
            Typed { date: "2026年3月13日", ..RIGHT },
            Typed { date: "20260313", ..RIGHT },
        ] {
            assert_eq!(Claim::read(&typed), Ok(claim.clone()), "{typed:?}");
        }
    }

    #[test]
    fn what_cannot_be_a_receipts_is_named_by_field() {
        for (typed, field) in [
            (Typed { code: "3101012", ..RIGHT }, "code"),
            (Typed { code: "3101012六", ..RIGHT }, "code"),
            (Typed { number: "", ..RIGHT }, "number"),
            (Typed { number: "12345678901", ..RIGHT }, "number"),
            (Typed { number: "-1", ..RIGHT }, "number"),
            (Typed { check: "7f3a9c0", ..RIGHT }, "check"),
            (Typed { check: "7f3a'c", ..RIGHT }, "check"),
            (Typed { check: "七三甲", ..RIGHT }, "check"),
            (Typed { date: "2026-02-30", ..RIGHT }, "date"),
            (Typed { date: "26-3-13", ..RIGHT }, "date"),
            (Typed { date: "2026-99999999999999999999-1", ..RIGHT }, "date"),
            (Typed { date: "昨天", ..RIGHT }, "date"),
        ] {
            let wrong = Claim::read(&typed).unwrap_err();
            let fields: Vec<&str> = wrong.iter().map(|(field, _)| *field).collect();
            assert_eq!(fields, [field], "{typed:?}");
        }
        assert_eq!(Claim::read(&Typed::default()).unwrap_err().len(), 4);
    }
}
