use std::fmt;
use std::str::FromStr;

use super::mask::starred;
use super::typed::{compact, is_digits};

/// 准考证号: 8 to 14 digits, kept as text with its zeros in front.
///
/// One candidate may hold several.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExamNo(String);

impl ExamNo {
    /// The digits.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// # Errors
/// [`NotAnExamNo`] when it has not 8 to 14 characters or not all are digits.
impl FromStr for ExamNo {
    type Err = NotAnExamNo;

    fn from_str(text: &str) -> Result<ExamNo, NotAnExamNo> {
        let text = compact(text);
        let fits = is_digits(&text) && (8..=14).contains(&text.len());
        if fits { Ok(ExamNo(text)) } else { Err(NotAnExamNo) }
    }
}

impl fmt::Display for ExamNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ExamNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExamNo({})", starred(&self.0, 3, 0))
    }
}

complaint! {
    /// A text that is no 准考证号.
    NotAnExamNo, "准考证号应为 8 至 14 位数字（开头的 0 不能省略），请核对后重新填写"
}

#[cfg(test)]
mod tests {
    use super::ExamNo;

    #[test]
    fn zeros_in_front_stay() {
        for (text, kept) in [
            ("012345678901", Some("012345678901")),
            (" ０１２３ 4567 ", Some("01234567")),
            ("12345678901234", Some("12345678901234")),
            ("1234567", None),
            ("123456789012345", None),
            ("01234567a", None),
            ("1.23457E+11", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<ExamNo>().ok().as_ref().map(ExamNo::text), kept, "{text}");
        }
    }
}
