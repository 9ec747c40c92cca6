use std::fmt;
use std::str::FromStr;

use super::document_kind::DocumentKind;
use super::id_document::IdDocument;
use super::typed::compact;

/// What a person typed as 账号 or 证件号码 to log in: 4 to 30 characters, of any kind of document.
///
/// Kept as a number is kept: half-width, capitals, no spaces.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LoginName(String);

impl LoginName {
    /// The text, as it is compared.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The match keys of every document this could be the number of, likelier kinds first.
    ///
    /// Several accounts may answer: then 证件类型 must be asked.
    pub fn match_keys(&self) -> Vec<String> {
        let read = |kind| IdDocument::read(kind, &self.0).ok();
        DocumentKind::ALL.into_iter().filter_map(read).map(|it| it.match_key()).collect()
    }
}

/// # Errors
/// [`NotALoginName`] when it is shorter or longer, or holds control characters.
impl FromStr for LoginName {
    type Err = NotALoginName;

    fn from_str(text: &str) -> Result<LoginName, NotALoginName> {
        let text = compact(text);
        let fits = (4..=30).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            Ok(LoginName(text))
        } else {
            Err(NotALoginName)
        }
    }
}

impl fmt::Display for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Tells nothing: people type passwords here by mistake.
impl fmt::Debug for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginName(…)")
    }
}

complaint! {
    /// A text that is no document's number.
    NotALoginName, "请填写完整的证件号码（4 至 30 个字符）"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::{DocumentKind, IdDocument, LoginName};

    proptest! {
        /// Whatever is typed, nothing stumbles; what was read is read again from what was kept,
        /// and its owner finds it at the login.
        #[test]
        fn every_document_is_found_by_what_is_printed_on_it(
            text in "[0-9]{15}|[0-9]{17}[0-9Xx]|[HM]?[0-9]{8,10}|\\PC{0,32}|[0-9A-Zａ-ｚ０-９(（ 号]{0,32}",
        ) {
            for kind in DocumentKind::ALL {
                let Ok(document) = IdDocument::read(kind, &text) else { continue };
                let again = IdDocument::read(kind, document.number());
                assert_eq!(again.as_ref(), Ok(&document));
                let typed: LoginName = document.number().parse().unwrap();
                assert!(typed.match_keys().contains(&document.match_key()));
                assert!(document.is_initial_password(&document.initial_password()));
            }
        }
    }

    #[test]
    fn a_name_knows_every_document_it_could_be() {
        for (typed, keys) in [
            (
                "３１０１９９１９８８０６１５１１８ｘ",
                "R:31019919880615118X F:31019919880615118X M: O:",
            ),
            ("310101680305121", "R:310101196803051218 F:310101680305121 M: O:"),
            ("h12345678", "H:H12345678 F:H12345678 M: O:"),
            ("H1234567802", "H:H12345678 F:H1234567802 M: O:"),
            ("12345678", "T:12345678 F:12345678 M: O:"),
            ("1234567890（b）", "T:1234567890 M: O:"),
            ("E12345678", "C:E12345678 F:E12345678 M: O:"),
            ("310199198806151180", "F:310199198806151180 M: O:"),
            ("军字第12号", "M:军字第12号 O:军字第12号"),
        ] {
            let name: LoginName = typed.parse().unwrap();
            let found = name.match_keys().join(" ");
            let expected = match keys.strip_suffix("M: O:") {
                Some(start) => format!("{start}M:{name} O:{name}"),
                None => keys.to_owned(),
            };
            assert_eq!(found, expected, "{typed}");
        }
    }

    #[test]
    fn a_name_is_neither_tiny_nor_endless() {
        for text in ["", "   ", "123", "1234567890123456789012345678901", "1234\u{7}"] {
            assert!(text.parse::<LoginName>().is_err(), "{text}");
        }
        assert_eq!(format!("{:?}", "secret12".parse::<LoginName>().unwrap()), "LoginName(…)");
    }
}
