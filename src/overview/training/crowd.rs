//! The crowd: as many candidates of the payment service as wanted, from one seed.
//!
//! Proportions of sexes, documents and names are those of the demonstration's design. All are
//! invented: names are put together from lists, resident numbers lie in the region 310199 which
//! does not exist, other numbers begin as no real one does, phones are `199 0000 xxxx`, colleges
//! are marked 示例.

mod names;

use std::collections::HashSet;

use jiff::Span;
use jiff::civil::{Date, date};

use self::names::{NAMES, NameSort};
use super::cast::CAST;
use crate::base::chance::Chance;
use crate::base::values::{DocumentKind, IdDocument, PersonName, Phone, Sex};

/// One of the crowd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// 姓名.
    pub name: PersonName,
    /// 证件.
    pub document: IdDocument,
    /// 手机号.
    pub phone: Phone,
    /// 报考院校代码.
    pub school_code: &'static str,
    /// 报考院校名称.
    pub school_name: &'static str,
}

/// The day from which ages are counted: the first day of payment.
const DAY: Date = date(2026, 3, 13);

/// Invented colleges: code and name. The later ones have fewer candidates.
pub const SCHOOLS: [(&str, &str); 8] = [
    ("90001", "上海云间职业技术学院（示例）"),
    ("90002", "上海春申工商职业学院（示例）"),
    ("90003", "上海华亭护理职业学院（示例）"),
    ("90004", "上海沪渎交通职业技术学院（示例）"),
    ("90005", "上海青龙信息职业学院（示例）"),
    ("90006", "上海申江旅游职业学院（示例）"),
    ("90007", "上海鹤沙艺术职业学院（示例）"),
    ("90008", "上海练塘农林职业技术学院（示例）"),
];

/// Makes `count` candidates; the same seed makes the same. None is one of the cast.
///
/// Ages are 17 to 22, a few are older. Every number and phone occurs once.
///
/// # Panics
/// Above 90,000 candidates: there are no more phones of the form `199 000x xxxx`.
pub fn crowd(seed: u64, count: usize) -> Vec<Extra> {
    assert!(count <= 90_000, "the invented phones end at 90,000");
    let chance = Chance::seeded(seed);
    let sexes = shares(&chance, count, &[(580, Sex::Female)], Sex::Male);
    let papers = shares(&chance, count, &PAPERS, Paper::Resident);
    let names = shares(&chance, count, &NAMES, NameSort::Plain);
    let mut taken: HashSet<String> = CAST.iter().map(|it| it.id_document().match_key()).collect();
    (0..count)
        .map(|number| {
            let document = loop {
                let document = papers[number].draw(sexes[number], &chance);
                // An old card is keyed by its 18 digits, so that nobody has two accounts.
                if taken.insert(document.match_key()) {
                    break document;
                }
            };
            // The lesser of two draws makes the first colleges the larger ones.
            let schools = SCHOOLS.len() as u64;
            let school = chance.below(schools).min(chance.below(schools)) as usize;
            let (school_code, school_name) = SCHOOLS[school];
            let name = names[number].draw(sexes[number], &chance);
            Extra { name, document, phone: phone(number), school_code, school_name }
        })
        .collect()
}

/// Deals out what has a share (in a thousand) exactly, and the rest to the others, in any order.
fn shares<T: Copy>(chance: &Chance, count: usize, shares: &[(usize, T)], rest: T) -> Vec<T> {
    let mut dealt = Vec::with_capacity(count);
    let mut until = 0;
    for (share, what) in shares {
        until += share;
        dealt.resize((until * count + 500) / 1_000, *what);
    }
    dealt.resize(count, rest);
    for last in (1..count).rev() {
        dealt.swap(last, chance.below(last as u64 + 1) as usize);
    }
    dealt
}

/// `199 0000 0000` and on, without the hundred that belong to the cast.
fn phone(number: usize) -> Phone {
    let number = if number < 9_900 { number } else { number + 100 };
    format!("199{number:08}").parse().expect("eleven digits that begin with 1")
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Paper {
    Resident,
    OldResident,
    HkMacaoTaiwanResident,
    HkMacao,
    Taiwan,
    Chinese,
    Foreign,
    Permanent,
}

/// Shares in a thousand; the rest has a 居民身份证.
const PAPERS: [(usize, Paper); 7] = [
    (15, Paper::HkMacaoTaiwanResident),
    (7, Paper::HkMacao),
    (5, Paper::Taiwan),
    (4, Paper::Chinese),
    (4, Paper::Foreign),
    (2, Paper::Permanent),
    (5, Paper::OldResident),
];

impl Paper {
    fn draw(self, sex: Sex, chance: &Chance) -> IdDocument {
        let born = birth_date(self, chance);
        let sequence = sequence(sex, chance);
        let (ymd, digits) = (born.strftime("%Y%m%d"), chance.digits(6));
        match self {
            Paper::Resident => IdDocument::invented(born, sequence),
            Paper::OldResident => {
                let number = format!("310199{}{sequence:03}", born.strftime("%y%m%d"));
                sound(DocumentKind::ResidentId, &number)
            }
            Paper::HkMacaoTaiwanResident => {
                // The regions end at 0000; 9900 lies in none.
                let region = chance.pick(&["819900", "829900", "839900"]);
                checked(DocumentKind::HkMacaoTaiwanResident, &format!("{region}{ymd}{sequence:03}"))
            }
            Paper::Permanent => {
                // 9, Shanghai, and 999, which is no country.
                checked(
                    DocumentKind::ForeignPermanentResident,
                    &format!("931999{ymd}{sequence:03}"),
                )
            }
            Paper::HkMacao => {
                let letter = chance.pick(&["H", "M"]);
                sound(DocumentKind::HkMacaoPermit, &format!("{letter}00{digits}"))
            }
            Paper::Taiwan => sound(DocumentKind::TaiwanPermit, &format!("00{digits}")),
            Paper::Chinese => sound(DocumentKind::ChinesePassport, &format!("EX0{digits}")),
            Paper::Foreign => sound(DocumentKind::ForeignPassport, &format!("XX0{digits}")),
        }
    }
}

fn sound(kind: DocumentKind, number: &str) -> IdDocument {
    IdDocument::read(kind, number).expect("a number made by the rule keeps the rule")
}

/// The document whose first seventeen digits these are: one of eleven check characters fits.
fn checked(kind: DocumentKind, seventeen: &str) -> IdDocument {
    "0123456789X"
        .chars()
        .find_map(|check| IdDocument::read(kind, &format!("{seventeen}{check}")).ok())
        .expect("one of the check characters fits")
}

fn birth_date(paper: Paper, chance: &Chance) -> Date {
    let (youngest, years) = match (paper, chance.below(100)) {
        // Cards of 15 digits ended in 1999, and two digits of the year mean 19.
        (Paper::OldResident, _) => (48, 12),
        (_, 0..88) => (17, 3),
        (_, 88..98) => (20, 3),
        (_, _) => (23, 12),
    };
    let days = youngest * 365 + 5 + chance.below(years * 365) as i64;
    DAY.checked_sub(Span::new().days(days)).expect("a lifetime ago lies within the calendar")
}

/// Odd for men, even for women; never 000.
fn sequence(sex: Sex, chance: &Chance) -> u16 {
    let half = chance.below(499) as u16;
    match sex {
        Sex::Male => half * 2 + 1,
        Sex::Female => half * 2 + 2,
    }
}

#[cfg(test)]
mod tests {
    use super::names::RARE;
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_people() {
        assert_eq!(crowd(1, 600), crowd(1, 600));
        assert_ne!(crowd(1, 600), crowd(2, 600));
    }

    #[test]
    fn everybody_has_numbers_of_their_own() {
        for seed in 0..3 {
            let people = crowd(seed, 2_000);
            let cast = CAST.iter();
            let keys: HashSet<_> = people
                .iter()
                .map(|it| it.document.match_key())
                .chain(cast.clone().map(|it| it.id_document().match_key()))
                .collect();
            let phones: HashSet<_> = people
                .iter()
                .map(|it| it.phone.clone())
                .chain(cast.map(|it| it.phone_number()))
                .collect();

            assert_eq!(keys.len(), 2_000 + CAST.len());
            assert_eq!(phones.len(), 2_000 + CAST.len());
        }
        assert_eq!(phone(9_900).text(), "19900010000", "the cast's hundred is left out");
    }

    #[test]
    fn proportions_are_those_of_the_design() {
        let people = crowd(2026, 600);
        let count = |is: &dyn Fn(&Extra) -> bool| people.iter().filter(|it| is(it)).count();
        let of_kind = |kind| count(&|it: &Extra| it.document.kind() == kind);
        let age = |it: &Extra| it.document.birth_date().map(|born| (DAY - born).get_days() / 365);

        for (what, found, expected) in [
            ("居民身份证", of_kind(DocumentKind::ResidentId), 578..=578),
            ("居住证", of_kind(DocumentKind::HkMacaoTaiwanResident), 9..=9),
            ("回乡证", of_kind(DocumentKind::HkMacaoPermit), 3..=5),
            ("台胞证", of_kind(DocumentKind::TaiwanPermit), 2..=4),
            ("护照", of_kind(DocumentKind::ChinesePassport), 2..=3),
            ("外国护照", of_kind(DocumentKind::ForeignPassport), 2..=3),
            ("永居", of_kind(DocumentKind::ForeignPermanentResident), 1..=2),
            ("15 位", count(&|it| it.document.number().len() == 15), 3..=3),
            ("·", count(&|it| it.name.given().contains('·')), 18..=18),
            ("生僻字", count(&|it| RARE.iter().any(|c| it.name.given().contains(c))), 6..=6),
            ("17–22 岁", count(&|it| age(it).is_some_and(|it| (17..=22).contains(&it))), 550..=595),
            ("女", count(&|it| it.document.sex() == Some(Sex::Female)), 330..=348),
            ("大院校", count(&|it| it.school_code == "90001"), 100..=180),
            ("小院校", count(&|it| it.school_code == "90008"), 2..=25),
        ] {
            assert!(expected.contains(&found), "{what}: {found}");
        }
    }

    #[test]
    fn nobody_could_be_real() {
        for person in crowd(7, 2_000) {
            let number = person.document.number();
            let marks = ["310199", "819900", "829900", "839900", "931999", "H00", "M00", "00"];
            let is_marked = marks.iter().any(|it| number.starts_with(it));
            assert!(is_marked || number.starts_with("EX0") || number.starts_with("XX0"));
            assert!(person.phone.text().starts_with("1990000"));
            assert!(!person.name.suspicious());
            assert!(person.school_name.ends_with("（示例）"));
            assert!(!person.document.born_after(DAY));
        }
    }
}
