//! What the number of each kind of document must look like (domain facts: the cards themselves,
//! GB 11643-1999, ICAO 9303).

use super::document_kind::DocumentKind;
use super::id_number;
use super::not_a_document::NotADocument;
use super::typed::{is_digits, is_scientific};

/// Says what is wrong with a number of this kind, which has been made half-width and compact.
pub(super) fn examine(kind: DocumentKind, number: &str) -> Result<(), NotADocument> {
    if number.is_empty() {
        return Err(NotADocument::Missing(kind));
    }
    if is_scientific(number) {
        return Err(NotADocument::Spoilt(kind));
    }
    match kind {
        DocumentKind::ResidentId if number.len() == 15 && is_digits(number) => {
            examine_resident(kind, &id_number::lengthened(number))
        }
        DocumentKind::ResidentId | DocumentKind::HkMacaoTaiwanResident => {
            examine_resident(kind, number)
        }
        DocumentKind::ForeignPermanentResident
            if number.starts_with(|it: char| it.is_ascii_digit()) =>
        {
            examine_resident(kind, number)
        }
        DocumentKind::HkMacaoPermit => agree(kind, is_hk_macao_permit(number)),
        DocumentKind::TaiwanPermit => agree(kind, is_taiwan_permit(number)),
        DocumentKind::ChinesePassport => agree(kind, is_chinese_passport(number)),
        DocumentKind::ForeignPassport => agree(kind, is_foreign_passport(number)),
        DocumentKind::ForeignPermanentResident => agree(kind, is_old_permanent_resident(number)),
        DocumentKind::Military | DocumentKind::Other => agree(kind, is_free_text(number)),
    }
}

fn agree(kind: DocumentKind, fits: bool) -> Result<(), NotADocument> {
    if fits { Ok(()) } else { Err(NotADocument::Shape(kind)) }
}

/// The kinds that are built like a 居民身份证, told apart by their first digits.
fn examine_resident(kind: DocumentKind, number: &str) -> Result<(), NotADocument> {
    let found = number.chars().count();
    if found != 18 {
        return Err(NotADocument::Length { kind, found });
    }
    if !id_number::has_its_shape(number) {
        return Err(NotADocument::Shape(kind));
    }
    match kind_by_region(&number[..2]) {
        Some(found) if found == kind => {}
        Some(looks_like) => return Err(NotADocument::OfAnotherKind { said: kind, looks_like }),
        None => return Err(NotADocument::Region(kind)),
    }
    if id_number::birth_date(number).is_none() {
        return Err(NotADocument::BirthDate(kind));
    }
    if id_number::check_agrees(number) {
        return Ok(());
    }
    // A spreadsheet keeps 15 digits of a number and fills up with zeros.
    let spoilt = number.ends_with("000");
    Err(if spoilt { NotADocument::Spoilt(kind) } else { NotADocument::Check(kind) })
}

/// Whose numbers begin with these two digits (GB/T 2260, and the kinds that came later).
fn kind_by_region(first_two: &str) -> Option<DocumentKind> {
    match first_two.parse::<u8>().ok()? {
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 => {
            Some(DocumentKind::ResidentId)
        }
        81..=83 => Some(DocumentKind::HkMacaoTaiwanResident),
        90..=99 => Some(DocumentKind::ForeignPermanentResident),
        _ => None,
    }
}

/// `H` or `M` and 8 digits; older cards print two more, which count the re-issues.
fn is_hk_macao_permit(number: &str) -> bool {
    let digits = number.strip_prefix(['H', 'M']).unwrap_or_default();
    is_digits(digits) && matches!(digits.len(), 8 | 10)
}

/// 8 digits; older booklets have 10 and a letter in brackets.
fn is_taiwan_permit(number: &str) -> bool {
    let (digits, rest) = number.split_at(number.find('(').unwrap_or(number.len()));
    let letter = rest.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let is_letter = |it: &str| it.len() == 1 && it.bytes().all(|it| it.is_ascii_uppercase());
    is_digits(digits)
        && match digits.len() {
            8 => rest.is_empty(),
            10 => rest.is_empty() || letter.is_some_and(is_letter),
            _ => false,
        }
}

fn is_chinese_passport(number: &str) -> bool {
    number.is_ascii()
        && number.len() == 9
        && number.starts_with(['E', 'G', 'D', 'S', 'P'])
        && number.as_bytes()[1].is_ascii_alphanumeric()
        && is_digits(&number[2..])
}

fn is_foreign_passport(number: &str) -> bool {
    (5..=20).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_alphanumeric())
}

/// A country's 3 letters and 12 digits: the card of before 2023.
fn is_old_permanent_resident(number: &str) -> bool {
    number.is_ascii()
        && number.len() == 15
        && number.bytes().take(3).all(|it| it.is_ascii_uppercase())
        && is_digits(&number[3..])
}

/// What can be typed at a login: 4 to 30 characters.
fn is_free_text(number: &str) -> bool {
    (4..=30).contains(&number.chars().count()) && !number.chars().any(char::is_control)
}
