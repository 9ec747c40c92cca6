use std::fmt;

use jiff::civil::Date;

use super::document_kind::DocumentKind;
use super::examine::examine;
use super::id_number;
use super::mask::starred;
use super::not_a_document::NotADocument;
use super::sex::Sex;
use super::typed::compact;

/// An identity document: its kind and its number. An account belongs to exactly one.
///
/// The number is kept half-width, in capitals, without spaces, and otherwise as it was given: 15
/// digits stay 15. Two values may therefore name one document; compare [`IdDocument::match_key`].
///
/// `Debug` shows the first three characters at most: the last six are the initial password.
/// There is no `Display`: whoever prints one chooses how much of it.
///
/// ```
/// use kaowu::base::values::{DocumentKind, IdDocument};
/// let card = IdDocument::read(DocumentKind::ResidentId, "３１０１９９１９８８０６１５１１８ｘ")?;
/// assert_eq!(card.number(), "31019919880615118X");
/// assert!(IdDocument::read(DocumentKind::ResidentId, "310199198806151180").is_err());
/// # Ok::<(), kaowu::base::values::NotADocument>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdDocument {
    kind: DocumentKind,
    number: String,
}

impl IdDocument {
    /// Reads the number of a document of the given kind.
    ///
    /// Source: GB 11643-1999 for 居民身份证 and its like, ICAO 9303 for passports, the cards
    /// themselves for the rest. Six-digit regions are not looked up (they are abolished while
    /// people keep them), only the province. That a birth date is not in the future cannot be
    /// known here; see [`IdDocument::born_after`].
    ///
    /// # Errors
    /// [`NotADocument`] with what is wrong: missing, spoilt by a spreadsheet, wrong length or
    /// shape, no such region, another kind's number, no such birth date, wrong check character.
    pub fn read(kind: DocumentKind, text: &str) -> Result<IdDocument, NotADocument> {
        let number = compact(text);
        examine(kind, &number)?;
        Ok(IdDocument { kind, number })
    }

    /// A 居民身份证 of the fictitious region 310199: for demonstrations and tests.
    ///
    /// # Panics
    /// When `sequence` is above 999, or the birth date before 1900.
    pub fn invented(born: Date, sequence: u16) -> IdDocument {
        let mut number = format!("310199{}{sequence:03}", born.strftime("%Y%m%d"));
        number.push(id_number::check_character(&number));
        IdDocument::read(DocumentKind::ResidentId, &number)
            .expect("a number made by the rule keeps the rule")
    }

    /// Which document it is.
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The whole number. Only for papers, archives and staff who ask for it by name.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// What two notations of one document have in common; unique over all kinds.
    ///
    /// 15 digits are keyed by their 18-character form. The two digits that count re-issues of a
    /// 回乡证 and the letter behind an old 台胞证 are left out: people leave them out too.
    pub fn match_key(&self) -> String {
        let number = match self.kind {
            DocumentKind::HkMacaoPermit => self.number[..9].to_owned(),
            DocumentKind::TaiwanPermit => self.number.chars().take_while(|it| *it != '(').collect(),
            DocumentKind::ResidentId
            | DocumentKind::HkMacaoTaiwanResident
            | DocumentKind::ForeignPermanentResident => {
                self.eighteen().unwrap_or_else(|| self.number.clone())
            }
            DocumentKind::ChinesePassport
            | DocumentKind::ForeignPassport
            | DocumentKind::Military
            | DocumentKind::Other => self.number.clone(),
        };
        format!("{}:{number}", self.kind.letter())
    }

    /// The password before the first login: the last six characters, with zeros in front where
    /// there are fewer. Source: both manuals (身份证后六位, 字母须大写).
    pub fn initial_password(&self) -> String {
        last_six(&self.number)
    }

    /// Whether somebody typed the initial password: in either case and width.
    ///
    /// Whoever is registered with 15 digits may also type the last six of the 18 on today's card.
    pub fn is_initial_password(&self, typed: &str) -> bool {
        let typed = compact(typed);
        typed == self.initial_password() || self.eighteen().is_some_and(|it| last_six(&it) == typed)
    }

    /// The number while the password is still the initial one: no character of the last six.
    pub fn masked_before_reset(&self) -> String {
        let hidden_tail = self.number.chars().count().saturating_sub(6);
        starred(&self.number, hidden_tail.min(6), 0)
    }

    /// The number on a person's own pages: the first six and the last four characters.
    ///
    /// Of numbers shorter than 15 characters less is shown, so that enough stays hidden.
    pub fn masked(&self) -> String {
        let count = self.number.chars().count();
        let (head, tail) = if count >= 15 { (6, 4) } else { (count / 3, count / 4) };
        starred(&self.number, head, tail)
    }

    /// The birth date, for the kinds whose numbers tell it.
    pub fn birth_date(&self) -> Option<Date> {
        id_number::birth_date(&self.eighteen()?)
    }

    /// The sex, for the kinds whose numbers tell it.
    pub fn sex(&self) -> Option<Sex> {
        id_number::sex(&self.eighteen()?)
    }

    /// Whether its birth date lies after `day`: on the day of an import that is a mistake.
    pub fn born_after(&self, day: Date) -> bool {
        self.birth_date().is_some_and(|born| born > day)
    }

    /// The 18 characters of GB 11643, for the kinds that have them.
    fn eighteen(&self) -> Option<String> {
        match self.kind {
            DocumentKind::ResidentId if self.number.len() == 15 => {
                Some(id_number::lengthened(&self.number))
            }
            DocumentKind::ResidentId | DocumentKind::HkMacaoTaiwanResident => {
                Some(self.number.clone())
            }
            DocumentKind::ForeignPermanentResident => {
                Some(self.number.clone()).filter(|it| it.len() == 18)
            }
            DocumentKind::HkMacaoPermit
            | DocumentKind::TaiwanPermit
            | DocumentKind::ChinesePassport
            | DocumentKind::ForeignPassport
            | DocumentKind::Military
            | DocumentKind::Other => None,
        }
    }
}

impl fmt::Debug for IdDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.number.chars().count().saturating_sub(6).min(3);
        write!(f, "IdDocument({:?} {})", self.kind, starred(&self.number, shown, 0))
    }
}

fn last_six(number: &str) -> String {
    let skipped = number.chars().count().saturating_sub(6);
    let tail: String = number.chars().skip(skipped).collect();
    format!("{tail:0>6}")
}

#[cfg(test)]
#[path = "id_document_tests.rs"]
mod tests;
