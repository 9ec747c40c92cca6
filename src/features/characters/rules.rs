//! Which character a picture is for.

use std::fmt;

use jiff::Timestamp;

use crate::base::values::{Digest, narrow};

/// A character and the picture that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplied {
    /// The character.
    pub character: char,
    /// Its picture, a PNG or JPEG in files/.
    pub picture: Digest,
    /// The house's time it was supplied.
    pub supplied_at: Timestamp,
}

impl Supplied {
    /// Its number in Unicode.
    pub fn number(&self) -> u32 {
        u32::from(self.character)
    }

    /// The same as people write it.
    pub fn code(&self) -> String {
        code(self.character)
    }
}

/// A character's number in Unicode: `U+1F600`.
pub fn code(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// A character that no embedded font draws, typed as itself or as its number: `U+2A6D7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lacking(pub char);

impl Lacking {
    /// Reads what was typed; `lacks` says whether the fonts of our papers lack a character.
    ///
    /// # Errors
    /// [`NotLacking`] when it is not one character, or one that needs no picture or can have none.
    pub fn read(text: &str, lacks: impl Fn(char) -> bool) -> Result<Lacking, NotLacking> {
        let text = narrow(text);
        let mut characters = text.chars();
        let character = match (characters.next(), characters.next()) {
            (None, _) => return Err(NotLacking::Missing),
            (Some(one), None) => one,
            (Some(_), Some(_)) => numbered(&text).ok_or(NotLacking::NotOne)?,
        };
        if character.is_control() || character.is_whitespace() {
            return Err(NotLacking::NotOne);
        }
        if lacks(character) { Ok(Lacking(character)) } else { Err(NotLacking::Covered) }
    }
}

fn numbered(text: &str) -> Option<char> {
    let digits = text.to_ascii_uppercase();
    let number = u32::from_str_radix(digits.strip_prefix("U+")?, 16).ok()?;
    char::from_u32(number)
}

/// Why a text names no character that needs a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLacking {
    /// Nothing was typed.
    Missing,
    /// It is not one character, nor the number of one.
    NotOne,
    /// An embedded font draws it.
    Covered,
}

impl fmt::Display for NotLacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotLacking::Missing => "请填写缺的字，或它的编码，例如 U+2A6D7。",
            NotLacking::NotOne => "请只填一个字，或它的编码，例如 U+2A6D7。",
            NotLacking::Covered => "内置字体中有这个字，可以直接打印，不需要图片。",
        })
    }
}

impl std::error::Error for NotLacking {}

#[cfg(test)]
mod tests {
    use super::{Lacking, NotLacking};

    #[test]
    fn a_character_is_named_by_itself_or_by_its_number() {
        for (text, read) in [
            ("😀", Ok(Lacking('😀'))),
            (" U+1F600 ", Ok(Lacking('😀'))),
            ("ｕ＋1f600", Ok(Lacking('😀'))),
            ("\u{E863}", Ok(Lacking('\u{E863}'))),
            ("", Err(NotLacking::Missing)),
            ("王", Err(NotLacking::Covered)),
            ("U+738B", Err(NotLacking::Covered)),
            ("王😀", Err(NotLacking::NotOne)),
            ("U+D800", Err(NotLacking::NotOne)),
            ("U+7", Err(NotLacking::NotOne)),
        ] {
            assert_eq!(Lacking::read(text, |it| it != '王'), read, "{text}");
        }
    }
}
