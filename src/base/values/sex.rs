use std::fmt;
use std::str::FromStr;

use super::typed::compact;

/// 性别, as documents and registration forms have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl Sex {
    /// Both.
    pub const ALL: [Sex; 2] = [Sex::Male, Sex::Female];

    /// The name in the database and in forms; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Sex::Male => "male",
            Sex::Female => "female",
        }
    }

    /// 男 or 女.
    pub const fn label(self) -> &'static str {
        match self {
            Sex::Male => "男",
            Sex::Female => "女",
        }
    }

    /// The number of GB/T 2261.1, for exports: 1 or 2.
    pub const fn gb_code(self) -> &'static str {
        match self {
            Sex::Male => "1",
            Sex::Female => "2",
        }
    }

    /// Finds what [`Sex::code`] named.
    pub fn from_code(code: &str) -> Option<Sex> {
        Sex::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Reads a roster's column: 男, 女性, 1 and 2 (GB/T 2261.1), M, F.
    pub fn from_label(text: &str) -> Option<Sex> {
        match compact(text).as_str() {
            "男" | "男性" | "1" | "01" | "M" | "MALE" => Some(Sex::Male),
            "女" | "女性" | "2" | "02" | "F" | "FEMALE" => Some(Sex::Female),
            _ => None,
        }
    }
}

/// The code.
impl fmt::Display for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Reads the code.
///
/// # Errors
/// [`NotASex`] for anything else.
impl FromStr for Sex {
    type Err = NotASex;

    fn from_str(code: &str) -> Result<Sex, NotASex> {
        Sex::from_code(code).ok_or(NotASex)
    }
}

complaint! {
    /// A text that is no code of a [`Sex`].
    NotASex, "性别应为“男”或“女”，请重新选择"
}

#[cfg(test)]
mod tests {
    use super::Sex;

    #[test]
    fn columns_of_rosters_are_read() {
        for (text, sex) in [
            ("男", Some(Sex::Male)),
            (" 女性 ", Some(Sex::Female)),
            ("２", Some(Sex::Female)),
            ("m", Some(Sex::Male)),
            ("9", None),
            ("", None),
        ] {
            assert_eq!(Sex::from_label(text), sex, "{text}");
        }
        for sex in Sex::ALL {
            assert_eq!(sex.code().parse(), Ok(sex));
            assert_eq!(Sex::from_label(sex.label()), Some(sex));
        }
    }
}
