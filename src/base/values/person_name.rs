use std::fmt;
use std::str::FromStr;

use super::mask::starred;
use super::typed::is_invisible;

/// A person's name: 1 to 50 characters (code points), any that GB 18030-2022 has, which is all.
///
/// Kept as given, without Unicode normalisation (it would replace rare characters of real names);
/// beside it stands how it is shown, with the separator of minority names made `·` (U+00B7,
/// 民委发〔2016〕33号). `Display` prints what was given, so that columns lose nothing; pages and
/// papers use [`PersonName::shown`].
///
/// ```
/// use kaowu::base::values::PersonName;
/// let name: PersonName = "阿卜杜热合曼•买买提".parse()?;
/// assert_eq!(name.shown(), "阿卜杜热合曼·买买提");
/// assert!("".parse::<PersonName>().is_err());
/// # Ok::<(), kaowu::base::values::NotAName>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName {
    given: String,
    shown: String,
}

impl PersonName {
    /// The longest name, in code points.
    pub const CHARACTERS_MAX: usize = 50;

    /// The name as it was given, spaces around it apart.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The name as pages and papers show it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The shown name with a star for each character but the first, and the last of three or more.
    pub fn masked(&self) -> String {
        let tail = usize::from(self.shown.chars().count() > 2);
        starred(&self.shown, 1, tail)
    }

    /// 疑似缺字: whether something stands for a character that an older system could not write.
    ///
    /// That is `？`, a blank box, a private code point, a description of its components in
    /// brackets (`李（女节）`), a figure, or pinyin among Chinese characters.
    pub fn suspicious(&self) -> bool {
        let has_pinyin = self.shown.chars().any(|it| it.is_ascii_alphabetic())
            && self.shown.chars().any(is_chinese);
        has_pinyin || self.shown.chars().any(is_stand_in)
    }
}

/// # Errors
/// [`NotAName`] when it is empty, longer than 50 code points, or holds control characters or
/// invisible marks.
impl FromStr for PersonName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<PersonName, NotAName> {
        // A byte order mark at the edge comes with a file, not with a name.
        let given = text.trim_matches(|it: char| it.is_whitespace() || it == '\u{FEFF}');
        if given.is_empty() {
            return Err(NotAName::Missing);
        }
        if given.chars().any(is_unprintable) {
            return Err(NotAName::Unprintable);
        }
        if given.chars().count() > PersonName::CHARACTERS_MAX {
            return Err(NotAName::TooLong);
        }
        Ok(PersonName { given: given.to_owned(), shown: with_one_separator(given) })
    }
}

fn with_one_separator(given: &str) -> String {
    let characters: Vec<char> = given.chars().collect();
    let shown = |at: usize| match characters[at] {
        it if is_separator(it) => '·',
        // A Latin full stop is an abbreviation, but between two Chinese characters it is not.
        '.' if between_chinese(&characters, at) => '·',
        it => it,
    };
    (0..characters.len()).map(shown).collect()
}

fn between_chinese(characters: &[char], at: usize) -> bool {
    let is_chinese_at = |at: usize| characters.get(at).is_some_and(|it| is_chinese(*it));
    at > 0 && is_chinese_at(at - 1) && is_chinese_at(at + 1)
}

/// What keyboards and old lists have in place of `·`: bullets, dots and the stops of other scripts.
fn is_separator(it: char) -> bool {
    "\u{387}\u{16EB}\u{2022}\u{2027}\u{2219}\u{22C5}\u{25CF}\u{2E31}\u{30FB}\u{FE52}\u{FF0E}\u{FF65}"
        .contains(it)
}

fn is_unprintable(it: char) -> bool {
    it.is_control() || is_invisible(it) || matches!(it, '\u{2028}' | '\u{2029}')
}

fn is_stand_in(it: char) -> bool {
    let is_private = matches!(it, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}');
    let is_description = matches!(it, '\u{2FF0}'..='\u{2FFF}' | '\u{31EF}' | '→' | '+' | '＋');
    let is_bracket = "()（）[]［］【】{}｛｝〔〕<>＜＞《》".contains(it);
    let is_blank = "?？*＊□■〓〿\u{FFFD}_＿#＃".contains(it);
    is_private || is_description || is_bracket || is_blank || it.is_ascii_digit()
}

/// Chinese characters of every block, `〇` and the compatibility ones included.
fn is_chinese(it: char) -> bool {
    matches!(it,
        '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}')
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonName({})", starred(&self.shown, 1, 0))
    }
}

/// Why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAName {
    /// Nothing was typed.
    Missing,
    /// It has more than 50 characters.
    TooLong,
    /// It holds control characters or marks that nobody sees.
    Unprintable,
}

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotAName::Missing => "请填写姓名",
            NotAName::TooLong => "姓名最多 50 个字，请核对后重新填写",
            NotAName::Unprintable => "姓名里有换行或看不见的控制字符，请删除后重新填写",
        })
    }
}

impl std::error::Error for NotAName {}

#[cfg(test)]
mod tests {
    use super::{NotAName, PersonName};

    fn name(text: &str) -> PersonName {
        text.parse().unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    #[test]
    fn rare_characters_stay_what_they_are() {
        for character in "㛃䶮㼆龑𠅤𡋾𫖯𬀩𰻞\u{F9DC}".chars() {
            let given = format!("李{character}");
            let name = name(&given);
            assert_eq!((name.given(), name.shown()), (given.as_str(), given.as_str()));
            assert!(!name.suspicious(), "{given}");
            assert_eq!(name.masked(), "李*");
        }
    }

    #[test]
    fn separators_are_shown_as_one() {
        for separator in "·•‧・．･∙⋅.".chars() {
            let given = format!("阿卜杜热合曼{separator}买买提");
            let name = name(&given);
            assert_eq!(name.given(), given);
            assert_eq!(name.shown(), "阿卜杜热合曼\u{B7}买买提", "U+{:04X}", separator as u32);
            assert_eq!(name.to_string().parse(), Ok(name));
        }
        assert_eq!(name("J. R. Smith").shown(), "J. R. Smith");
    }

    #[test]
    fn fifty_characters_are_a_name_and_more_are_not() {
        assert!("𰻞".repeat(50).parse::<PersonName>().is_ok());
        for (text, why) in [
            ("𰻞".repeat(51), NotAName::TooLong),
            (String::new(), NotAName::Missing),
            ("　 \t".to_owned(), NotAName::Missing),
            ("张\n三".to_owned(), NotAName::Unprintable),
            ("张\u{0}三".to_owned(), NotAName::Unprintable),
            ("张\u{202E}三".to_owned(), NotAName::Unprintable),
        ] {
            assert_eq!(text.parse::<PersonName>(), Err(why));
        }
        assert_eq!(name("\u{FEFF}　林晓禾 ").given(), "林晓禾");
    }

    #[test]
    fn missing_characters_are_suspected() {
        for (text, suspicious) in [
            ("李？", true),
            ("李?", true),
            ("李\u{E863}", true),
            ("李（女节）", true),
            ("李(女+节)", true),
            ("李⿰女节", true),
            ("李jie", true),
            ("李1", true),
            ("李□", true),
            ("李\u{FFFD}", true),
            ("林晓禾", false),
            ("阿依古丽·买买提", false),
            ("Anna Müller", false),
        ] {
            assert_eq!(name(text).suspicious(), suspicious, "{text}");
        }
    }

    #[test]
    fn a_masked_name_keeps_its_ends() {
        for (text, masked) in [("张三", "张*"), ("张三丰", "张*丰"), ("林", "林")] {
            assert_eq!(name(text).masked(), masked);
        }
        assert_eq!(format!("{:?}", name("林晓禾")), "PersonName(林**)");
    }
}
