//! The cast: named people of the payment service, each with a story and something to try.
//!
//! What `demo` writes and tests use. All are invented: the region 310199 does not exist, phones
//! are `199 0000 99xx`. The numbers E01 … E30 are those of the list of edge cases; P stands for
//! people without one. What must be prepared for a person is a [`Plan`]; nothing is done here.

mod payments;

use std::fmt;

use crate::base::values::{DocumentKind, IdDocument, PersonName, Phone};

pub use self::payments::CAST;

/// The password of those who have already been here and chosen one.
pub const PASSWORD: &str = "Yunjian2026";

/// One of the cast.
#[derive(Clone, Copy)]
pub struct Person {
    /// Its number in the list of cases, such as `E07b`.
    pub id: &'static str,
    /// The name as the roster has it.
    pub name: &'static str,
    /// The document as the roster has it, width and case included.
    pub document: (DocumentKind, &'static str),
    /// The phone's number.
    pub phone: &'static str,
    /// Who it is and what to try, for people.
    pub story: &'static str,
    /// What to prepare.
    pub plan: Plan,
}

/// What must have happened to a person before anybody tries the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing: on the roster, never signed in, the initial password holds.
    Nothing,
    /// Has chosen [`PASSWORD`] and has not paid.
    SignedIn,
    /// The same, and has an order that waits for payment.
    OrderWaiting,
    /// One order, opened at the platform three times over different channels, and paid once.
    PaidAfterSeveralTries,
    /// Paid, notified, with a receipt.
    Paid,
    /// Paid at the platform, but no notification came and the page was closed.
    PaidUnnotified,
    /// Paid, and notified twice.
    NotifiedTwice,
    /// The order closed after its time, and the money came afterwards.
    PaidLate,
    /// The order waits; somebody sent a success for it with a wrong signature.
    ForgedNotice,
    /// The platform took another amount than was owed.
    WrongAmount,
}

impl Plan {
    /// Whether the person has already chosen [`PASSWORD`].
    pub const fn has_signed_in(self) -> bool {
        match self {
            Plan::Nothing => false,
            Plan::SignedIn
            | Plan::OrderWaiting
            | Plan::PaidAfterSeveralTries
            | Plan::Paid
            | Plan::PaidUnnotified
            | Plan::NotifiedTwice
            | Plan::PaidLate
            | Plan::ForgedNotice
            | Plan::WrongAmount => true,
        }
    }
}

impl Person {
    /// The document, read.
    pub fn id_document(&self) -> IdDocument {
        let (kind, number) = self.document;
        IdDocument::read(kind, number).expect("a test reads every document of the cast")
    }

    /// The name, read.
    pub fn person_name(&self) -> PersonName {
        self.name.parse().expect("a test reads every name of the cast")
    }

    /// The phone's number, read.
    pub fn phone_number(&self) -> Phone {
        self.phone.parse().expect("a test reads every phone of the cast")
    }

    /// What to type as 账号.
    pub fn login(&self) -> String {
        self.id_document().number().to_owned()
    }

    /// The password that holds now: the initial one, or [`PASSWORD`].
    pub fn password(&self) -> String {
        if self.plan.has_signed_in() {
            PASSWORD.to_owned()
        } else {
            self.id_document().initial_password()
        }
    }
}

/// The case and the plan; whoever wants a name asks for it.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({} {:?})", self.id, self.plan)
    }
}

/// Finds one of the cast by its number in the list of cases.
pub fn find(id: &str) -> Option<&'static Person> {
    CAST.iter().find(|it| it.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{CAST, PASSWORD, Plan, find};
    use crate::base::values::LoginName;

    #[test]
    fn everybody_can_be_read_and_is_somebody_else() {
        let (mut ids, mut keys, mut phones) = (HashSet::new(), HashSet::new(), HashSet::new());
        for person in &CAST {
            assert!(ids.insert(person.id), "{person:?}");
            assert!(keys.insert(person.id_document().match_key()), "{person:?}");
            assert!(phones.insert(person.phone_number()), "{person:?}");
            assert!(person.phone.starts_with("199000099"), "{person:?}");
            assert!(!person.person_name().suspicious(), "{person:?}");
            assert!(person.story.ends_with('。'), "{person:?}");
        }
        assert_eq!(find("E05").unwrap().name, "吴国华");
        assert!(find("E99").is_none());
    }

    #[test]
    fn passwords_follow_the_plan() {
        assert_eq!(find("P01").unwrap().password(), "121244");
        assert_eq!(find("P02").unwrap().password(), PASSWORD);
        assert_eq!(find("E04").unwrap().password(), "10009X");
        assert_eq!(find("E04").unwrap().login(), "31019920070910009X");
        let same_tail = ["E07a", "E07b", "E07c", "E07d"].map(|it| find(it).unwrap().password());
        assert!(same_tail.iter().all(|it| it == "234567"));
    }

    #[test]
    fn cases_are_what_their_stories_say() {
        assert_eq!(find("E03a").unwrap().person_name().shown(), "阿卜杜热合曼·买买提");
        assert!(find("E03b").unwrap().name.chars().count() > 20);
        let old: LoginName = "310199680305122".parse().unwrap();
        assert!(old.match_keys().contains(&find("E05").unwrap().id_document().match_key()));
        let keys = "01234567".parse::<LoginName>().unwrap().match_keys();
        let answering = CAST.iter().filter(|it| keys.contains(&it.id_document().match_key()));
        assert_eq!(answering.map(|it| it.id).collect::<Vec<_>>(), ["E07b", "E07d"]);
        for plan in [Plan::PaidAfterSeveralTries, Plan::PaidLate] {
            assert!(CAST.iter().any(|it| it.plan == plan), "{plan:?}");
        }
    }
}
