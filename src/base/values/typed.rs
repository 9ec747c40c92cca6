//! What hands, input methods and spreadsheets do to a number, undone.

/// Full-width ASCII made half-width, invisible marks dropped, the edges trimmed.
///
/// This is what NFKC does to the width forms of ASCII, and nothing else of NFKC.
pub fn narrow(text: &str) -> String {
    let kept: String = text.chars().filter(|it| !is_invisible(*it)).map(half_width).collect();
    kept.trim().to_owned()
}

/// The same, without any space inside and in capitals: how a number is kept.
pub(super) fn compact(text: &str) -> String {
    let mut text = narrow(text);
    text.retain(|it| !it.is_whitespace());
    text.make_ascii_uppercase();
    text
}

/// Whether all of a text is decimal digits (of ASCII), and there is one at least.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

/// Whether a spreadsheet has turned a long number into a floating one: `3.10199E+17`.
pub(super) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let mantissa_is_number = mantissa.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    mantissa.contains('.') && mantissa_is_number && is_digits(exponent)
}

/// Marks without width that travel with copied text: joiners, directions, byte order marks.
pub(super) fn is_invisible(it: char) -> bool {
    matches!(it,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206F}' | '\u{FEFF}')
}

fn half_width(it: char) -> char {
    match it {
        '\u{3000}' => ' ',
        // The block repeats ASCII in its order, 0xFEE0 higher.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(it as u32 - 0xFEE0).unwrap_or(it),
        it => it,
    }
}

#[cfg(test)]
mod tests {
    use super::{compact, is_scientific, narrow};

    #[test]
    fn width_and_spaces_do_not_matter() {
        for (typed, kept) in [
            ("３１０１９９１９８８０６１５１１８ｘ", "31019919880615118X"),
            (" 310199 19880615 118x\t", "31019919880615118X"),
            ("\u{FEFF}\u{202D}310199\u{202C}\u{3000}", "310199"),
            ("0123456789（b）", "0123456789(B)"),
            ("军字第１２号", "军字第12号"),
        ] {
            assert_eq!(compact(typed), kept);
        }
        assert_eq!(narrow("　Ａ b　"), "A b");
        assert_eq!(narrow("㈱ﬁ"), "㈱ﬁ", "the rest of NFKC is left alone");
    }

    #[test]
    fn a_spreadsheets_float_is_recognised() {
        for (text, expected) in [
            ("3.10101E+17", true),
            ("3.10101e17", true),
            ("E12345678", false),
            ("310101", false),
            ("1E5", false),
            ("", false),
        ] {
            assert_eq!(is_scientific(text), expected, "{text}");
        }
    }
}
