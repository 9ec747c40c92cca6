use super::{is_digits, serial_text};

/// The numbers left below which staff are told to load another segment.
pub const NUMBERS_LOW: i64 = 200;

/// The highest number: 10 digits (`domain.md` 4.2).
const SERIAL_MAX: i64 = 9_999_999_999;

/// A range of numbers that this machine draws from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// 票据代码, 8 digits.
    pub code: String,
    /// The first number.
    pub first: i64,
    /// The last number.
    pub last: i64,
    /// The next one to be given; one past the last when used up.
    pub next: i64,
}

impl Segment {
    /// A range of which no number was given yet.
    ///
    /// # Errors
    /// [`Refused::NotACode`], [`Refused::NotANumber`] or [`Refused::OutOfOrder`].
    pub fn new(code: &str, first: i64, last: i64) -> Result<Segment, Refused> {
        if !is_digits(code, 8..=8) {
            return Err(Refused::NotACode);
        }
        if let Some(field) = [("first", first), ("last", last)]
            .into_iter()
            .find_map(|(field, it)| (!(1..=SERIAL_MAX).contains(&it)).then_some(field))
        {
            return Err(Refused::NotANumber { field });
        }
        if last < first {
            return Err(Refused::OutOfOrder);
        }
        Ok(Segment { code: code.to_owned(), first, last, next: first })
    }

    /// How many numbers it still has.
    pub fn left(&self) -> i64 {
        self.last + 1 - self.next
    }

    /// Whether the two have a number in common.
    pub fn overlaps(&self, other: &Segment) -> bool {
        self.code == other.code && self.first <= other.last && other.first <= self.last
    }

    /// Its first number in 10 digits.
    pub fn first_text(&self) -> String {
        serial_text(self.first)
    }

    /// Its last number in 10 digits.
    pub fn last_text(&self) -> String {
        serial_text(self.last)
    }

    /// The next number to be given, in 10 digits. `None`: it is used up.
    pub fn next_text(&self) -> Option<String> {
        (self.left() > 0).then(|| serial_text(self.next))
    }
}

/// Why a segment is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// 票据代码 has not eight digits.
    NotACode,
    /// A number is below 1 or has more than ten digits.
    NotANumber {
        /// Which: `first` or `last`.
        field: &'static str,
    },
    /// The last number comes before the first.
    OutOfOrder,
    /// It overlaps a range that is there.
    Overlaps(Segment),
    /// The form was posted before, with another range.
    FormReused,
}

/// What there is to draw numbers from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock {
    /// The numbers left.
    pub left: i64,
    /// The receipts that wait for one.
    pub waiting: i64,
}

impl Stock {
    /// Must another segment be loaded soon?
    pub fn is_low(&self) -> bool {
        self.left < NUMBERS_LOW
    }
}

#[cfg(test)]
mod tests {
    use super::{Refused, Segment};

    #[test]
    fn a_range_of_receipts_is_known_from_anything_else() {
        for (code, first, last, wanted) in [
            ("31010126", 1, 1, None),
            ("31010126", 1, 9_999_999_999, None),
            ("3101012", 1, 2, Some(Refused::NotACode)),
            ("3101012a", 1, 2, Some(Refused::NotACode)),
            ("31010126", 0, 2, Some(Refused::NotANumber { field: "first" })),
            ("31010126", -1, 2, Some(Refused::NotANumber { field: "first" })),
            ("31010126", 1, 10_000_000_000, Some(Refused::NotANumber { field: "last" })),
            ("31010126", 1, i64::MAX, Some(Refused::NotANumber { field: "last" })),
            ("31010126", 2, 1, Some(Refused::OutOfOrder)),
        ] {
            assert_eq!(Segment::new(code, first, last).err(), wanted, "{code} {first} {last}");
        }
    }

    #[test]
    fn ranges_overlap_where_they_share_a_number() {
        let range = |code, first, last| Segment::new(code, first, last).unwrap();
        let there = range("31010126", 100, 200);
        for (code, first, last, overlaps) in [
            ("31010126", 200, 300, true),
            ("31010126", 1, 100, true),
            ("31010126", 150, 160, true),
            ("31010126", 1, 999, true),
            ("31010126", 201, 300, false),
            ("31010126", 1, 99, false),
            ("31010127", 100, 200, false),
        ] {
            assert_eq!(there.overlaps(&range(code, first, last)), overlaps, "{code} {first}");
        }
    }
}
