//! How long a letter that was not taken waits, and when it is given up.

use jiff::SignedDuration;

/// How long the next try waits after so many failed ones: 1, 5, 15, 60 min, 4, 12, 24 h. `None`:
/// the letter is given up, some 41 hours after its first try.
pub fn wait_after(tries: i64) -> Option<SignedDuration> {
    const LADDER_MIN: [i64; 7] = [1, 5, 15, 60, 240, 720, 1440];
    let step = usize::try_from(tries - 1).ok()?;
    LADDER_MIN.get(step).map(|it| SignedDuration::from_mins(*it))
}

/// Does this SMTP answer mean that this letter will never be taken?
///
/// A 5xx is for good (RFC 5321, 4.2.1), but for what it says of us and not of the letter: 530 to
/// 538 speak of our login (RFC 4954, 6), which an operator mends, and then all letters go.
pub fn is_for_good(code: u16) -> bool {
    (500..600).contains(&code) && !(530..=538).contains(&code)
}

#[cfg(test)]
mod tests {
    use super::{is_for_good, wait_after};

    #[test]
    fn a_letter_waits_longer_and_longer() {
        let waits: Vec<_> = (1..=8).map(|it| wait_after(it).map(|it| it.as_mins())).collect();
        let minutes = [1, 5, 15, 60, 240, 720, 1440].map(Some);
        assert_eq!(waits, [&minutes[..], &[None]].concat());
    }

    #[test]
    fn only_what_speaks_of_the_letter_is_for_good() {
        for (code, for_good) in [(421, false), (450, false), (535, false), (550, true), (554, true)]
        {
            assert_eq!(is_for_good(code), for_good, "{code}");
        }
    }
}
