use std::fmt;
use std::str::FromStr;

use super::typed::{compact, is_digits};

/// The code of an exam centre: 6 digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CentreCode(String);

impl CentreCode {
    /// The digits.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// # Errors
/// [`NotACentreCode`] when it is not 6 digits.
impl FromStr for CentreCode {
    type Err = NotACentreCode;

    fn from_str(text: &str) -> Result<CentreCode, NotACentreCode> {
        let text = compact(text);
        if text.len() == 6 && is_digits(&text) { Ok(CentreCode(text)) } else { Err(NotACentreCode) }
    }
}

impl fmt::Display for CentreCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

complaint! {
    /// A text that is no centre's code.
    NotACentreCode, "考点代码应为 6 位数字，请核对后重新填写"
}

#[cfg(test)]
mod tests {
    use super::CentreCode;

    #[test]
    fn a_code_has_six_digits() {
        for (text, kept) in [
            ("310199", Some("310199")),
            (" ０１２３４５ ", Some("012345")),
            ("31019", None),
            ("3101990", None),
            ("31019A", None),
        ] {
            assert_eq!(text.parse::<CentreCode>().ok().as_ref().map(CentreCode::text), kept);
        }
    }
}
