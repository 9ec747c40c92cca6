//! Who a candidate is, what they type to come in, and where they may go from there.

use jiff::SignedDuration;
use subtle::ConstantTimeEq;

use crate::base::values::{DocumentKind, Email, IdDocument, LoginName, PersonName, Phone, Secret};
use crate::features::identity::rules::OwnData;

/// The longest password that is looked at; nobody has set a longer one.
pub const PASSWORD_MAX: usize = 64;

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: i64,
    /// The one document it belongs to.
    pub document: IdDocument,
    /// As given and as shown.
    pub name: PersonName,
    /// Where they are called.
    pub phone: Option<Phone>,
    /// Where they are written to.
    pub email: Option<Email>,
    /// Have they read the privacy notice that holds now?
    pub privacy_read: bool,
}

/// A person as a roster names them.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The document the account belongs to.
    pub document: IdDocument,
    /// The name.
    pub name: PersonName,
    /// The phone, where the roster knows it.
    pub phone: Option<Phone>,
    /// The address, where the roster knows it.
    pub email: Option<Email>,
    /// A password to begin with instead of the last six of the document (column 初始密码).
    pub initial_password: Option<Secret<String>>,
}

/// What registering somebody came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// There was no such account.
    New,
    /// Something about them is other than before.
    Changed,
    /// All of it was known.
    Same,
}

/// Why something was not done to a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such account.
    Unknown,
}

/// One thing about a person that may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// 姓名.
    Name,
    /// 证件号: another notation of the same document.
    DocumentNumber,
    /// 手机号.
    Phone,
    /// 邮箱.
    Email,
}

impl Field {
    /// As it lies in the database and in the log.
    pub fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::DocumentNumber => "document_number",
            Field::Phone => "phone",
            Field::Email => "email",
        }
    }
}

/// Which of two notations of one document is kept: the longer one, else the newer one.
///
/// 18 digits replace 15, and never the other way; a re-issued 回乡证 replaces the one before.
pub fn newer_number<'d>(known: &'d IdDocument, given: &'d IdDocument) -> &'d IdDocument {
    if given.number().len() < known.number().len() { known } else { given }
}

/// What failed logins with a name are counted by, so that 15 and 18 digits, `x` and `X` are one.
///
/// It follows from what was typed alone: whether there is such an account changes nothing.
pub fn counted_name(typed: &LoginName) -> String {
    let likeliest = typed.match_keys().into_iter().next();
    let number =
        likeliest.as_deref().and_then(|it| it.split_once(':')).map(|(_, it)| it.to_owned());
    number.unwrap_or_else(|| typed.text().to_owned())
}

/// What this person's failed logins are counted by.
pub fn counted_name_of(person: &Person) -> Option<String> {
    person.document.number().parse().ok().map(|it| counted_name(&it))
}

/// A wait as people say it: 30秒, 5分钟; never shorter than it is.
pub fn spoken(wait: SignedDuration) -> String {
    match wait.as_secs() {
        seconds @ ..60 => format!("{}秒", seconds.max(1)),
        seconds => format!("{}分钟", (seconds + 59) / 60),
    }
}

/// Is this the initial password? Compared without case and width, in constant time.
///
/// It is the roster's own, where there is one; else the last six characters of the document, of
/// either notation (`domain.md` 1.4).
pub fn is_initial_password(document: &IdDocument, own: Option<&str>, typed: &str) -> bool {
    let typed = plain(typed);
    let is = |it: &str| bool::from(plain(it).as_bytes().ct_eq(typed.as_bytes()));
    match own {
        Some(own) => is(own),
        None => {
            let [one, other] = last_sixes(document);
            // Not `||`: both are compared, whatever the first one says.
            is(&one) | is(&other)
        }
    }
}

/// What is known of a person that must not be their password: the initial one, the numbers of
/// the document in both notations, the phone.
pub fn own_data(person: &Person, initial: Option<String>) -> OwnData {
    let document = &person.document;
    let key = document.match_key();
    let mut numbers = vec![document.number().to_owned()];
    numbers.extend(key.split_once(':').map(|(_, number)| number.to_owned()));
    numbers.extend(person.phone.as_ref().map(|it| it.text().to_owned()));
    let initial = initial.unwrap_or_else(|| document.initial_password());
    OwnData { initial, numbers, names: Vec::new() }
}

/// The last six as printed, and those of the 18-character form of an older number.
fn last_sixes(document: &IdDocument) -> [String; 2] {
    let printed = document.initial_password();
    let today = match document.kind() {
        DocumentKind::ResidentId => {
            let key = document.match_key();
            key[key.len().saturating_sub(6)..].to_owned()
        }
        DocumentKind::HkMacaoPermit
        | DocumentKind::TaiwanPermit
        | DocumentKind::HkMacaoTaiwanResident
        | DocumentKind::ChinesePassport
        | DocumentKind::ForeignPassport
        | DocumentKind::ForeignPermanentResident
        | DocumentKind::Military
        | DocumentKind::Other => printed.clone(),
    };
    [printed, today]
}

/// Without blanks around it, in half width, in capitals.
fn plain(text: &str) -> String {
    let half = |it: char| match it {
        // The block repeats ASCII in its order, 0xFEE0 higher.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(it as u32 - 0xFEE0).unwrap_or(it),
        it => it,
    };
    text.trim().chars().map(half).collect::<String>().to_ascii_uppercase()
}

/// Does a path lead to a page of ours, and nowhere else?
pub fn is_local(path: &str) -> bool {
    // Browsers take `//` and `/\` for another host, and drop tabs and line ends.
    let rooted = path.starts_with('/') && !path.starts_with("//") && path.len() <= 500;
    rooted && path.bytes().all(|it| it.is_ascii_graphic() && it != b'\\')
}

/// The first part of a path: `dues` of `/dues/3?x`.
fn first_part(path: &str) -> &str {
    path.split(['/', '?', '#']).nth(1).unwrap_or_default()
}

/// Where somebody wanted to go before they had to log in: a page of ours, never elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish(String);

impl Wish {
    /// Reads a path. `None` when it could lead away from here, or to the login itself.
    pub fn read(path: &str) -> Option<Wish> {
        // What a script asks is nothing to read.
        let path = match path.split(['?', '#']).next()?.strip_suffix("/standing") {
            Some(page) => page,
            None => path,
        };
        let leads_back = matches!(
            first_part(path),
            "sign-in"
                | "session"
                | "queue"
                | "exit"
                | "captcha"
                | "large"
                | "password"
                | "privacy"
                | "assets"
                | "healthz"
                | "metrics"
        );
        (is_local(path) && !leads_back).then(|| Wish(path.to_owned()))
    }

    /// The path.
    pub fn path(&self) -> &str {
        &self.0
    }

    /// Is it on the way of a payment, which begins with 核对信息?
    pub fn is_payment(&self) -> bool {
        matches!(first_part(&self.0), "" | "person" | "dues")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_wishes() {
        for ok in ["/", "/dues", "/orders/2026?x=1", "/receipts/12#seal"] {
            assert_eq!(Wish::read(ok).unwrap().path(), ok);
        }
        let long = format!("/{}", "a".repeat(500));
        for wrong in [
            "",
            "dues",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a b",
            "/\t/evil",
            "/登录",
            "/sign-in",
            "/sign-in?next=/x",
            "/exit",
            "/queue",
            "/queue/standing",
            "/assets/1/kaowu.css",
            "/healthz",
            &long,
        ] {
            assert_eq!(Wish::read(wrong), None, "{wrong}");
        }
        assert_eq!(Wish::read("/orders/2026/standing?x=1").unwrap().path(), "/orders/2026");
        assert!(Wish::read("/dues/3").unwrap().is_payment());
        assert!(!Wish::read("/orders").unwrap().is_payment());
    }

    #[test]
    fn the_initial_password_is_compared_kindly() {
        let read = |number| IdDocument::read(DocumentKind::ResidentId, number).unwrap();
        let lin = read("31019919880615118X");
        for typed in ["15118X", "15118x", " 15118x ", "１５１１８ｘ"] {
            assert!(is_initial_password(&lin, None, typed), "{typed}");
        }
        for typed in ["", "151180", "5118X", "31019919880615118X"] {
            assert!(!is_initial_password(&lin, None, typed), "{typed}");
        }
        let old = read("310101680305121");
        assert!(
            is_initial_password(&old, None, "305121") && is_initial_password(&old, None, "051218")
        );
        assert!(is_initial_password(&lin, Some("Kx7-92"), "kx7-92"));
        assert!(
            !is_initial_password(&lin, Some("Kx7-92"), "15118X"),
            "the roster's own replaces it"
        );
    }

    #[test]
    fn failures_are_counted_by_the_document_not_by_how_it_was_typed() {
        let counted = |it: &str| counted_name(&it.parse().unwrap());
        assert_eq!(counted("310101680305121"), counted("310101196803051218"));
        assert_eq!(counted("31019919880615118x"), counted("３１０１９９１９８８０６１５１１８Ｘ"));
        assert_ne!(counted("31019919880615118x"), counted("310199199512310020"));
    }

    #[test]
    fn the_longer_number_is_kept() {
        let read = |kind, number| IdDocument::read(kind, number).unwrap();
        let kept =
            |known: &IdDocument, given: &IdDocument| newer_number(known, given).number().len();
        let (old, new) = (
            read(DocumentKind::ResidentId, "310101680305121"),
            read(DocumentKind::ResidentId, "310101196803051218"),
        );
        assert_eq!((kept(&old, &new), kept(&new, &old)), (18, 18));
        let (first, again) = (
            read(DocumentKind::HkMacaoPermit, "H1234567801"),
            read(DocumentKind::HkMacaoPermit, "H1234567802"),
        );
        assert_eq!(newer_number(&first, &again).number(), "H1234567802");
    }
}
