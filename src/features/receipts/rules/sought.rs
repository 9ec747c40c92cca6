use super::{Number, is_digits, plain};
use crate::base::values::OrderNo;

/// What a member of staff looks for, known by its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Nothing in particular.
    Anything,
    /// An order's receipts.
    Order(OrderNo),
    /// 票据代码 and 票据号码, typed one after the other.
    Number(Number),
    /// 票据号码 alone.
    Serial(i64),
    /// The beginning of a payer's name, or a platform's number of a payment.
    Words(String),
}

/// The longest text that is looked for, in characters.
const LETTERS_MAX: usize = 60;

impl Sought {
    /// Reads what was typed into the one field. Whatever it is, it is looked for.
    pub fn read(typed: &str) -> Sought {
        let words: String = typed.trim().chars().take(LETTERS_MAX).collect();
        let plain = plain(&words);
        if plain.is_empty() {
            return Sought::Anything;
        }
        if let Ok(no) = plain.parse() {
            return Sought::Order(no);
        }
        match (is_digits(&plain, 18..=18), plain.parse()) {
            (true, _) => match plain[8..].parse() {
                Ok(serial) => Sought::Number(Number { code: plain[..8].to_owned(), serial }),
                Err(_) => Sought::Words(words),
            },
            (false, Ok(serial)) if is_digits(&plain, 1..=10) => Sought::Serial(serial),
            (false, _) => Sought::Words(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, Sought};

    #[test]
    fn what_is_sought_is_known_by_its_form() {
        let order = "2026031331019901011234567890";
        let number = Number { code: "31010126".into(), serial: 1842 };
        for (typed, wanted) in [
            ("  ", Sought::Anything),
            (order, Sought::Order(order.parse().unwrap())),
            ("20260313 310199 01 01 1234567890", Sought::Order(order.parse().unwrap())),
            ("0000001842", Sought::Serial(1842)),
            ("１８４２", Sought::Serial(1842)),
            ("31010126 0000001842", Sought::Number(number)),
            ("林晓", Sought::Words("林晓".into())),
            ("阿依古丽 买", Sought::Words("阿依古丽 买".into())),
            ("88102603131028027719", Sought::Words("88102603131028027719".into())),
            ("-1", Sought::Words("-1".into())),
        ] {
            assert_eq!(Sought::read(typed), wanted, "{typed}");
        }
    }
}
