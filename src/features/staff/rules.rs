//! Who may hold which duties; what a login name is; why an account stays as it is.

mod door;
mod duties;

use std::fmt;
use std::str::FromStr;

pub use self::door::{
    Anyone, Audit, Clerk, Duty, Either, Finance, HelpDesk, Review, SecondReview, System,
};
pub use self::duties::{Duties, DutyKind};

/// A member of staff.
#[derive(Clone, Debug)]
pub struct Member {
    /// The account.
    pub id: i64,
    /// What they type to log in.
    pub login: StaffLogin,
    /// As shown.
    pub name: String,
    /// The school a reviewer is bound to.
    pub school: Option<String>,
    /// What they may do.
    pub duties: Duties,
    /// May they log in?
    pub enabled: bool,
}

/// What a member of staff types as 账号: 2 to 32 small letters, digits, `.`, `_` or `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLogin(String);

impl StaffLogin {
    /// The text, in small letters.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Reads what was typed; capitals are made small.
///
/// # Errors
/// [`NotAStaffLogin`] for anything else.
impl FromStr for StaffLogin {
    type Err = NotAStaffLogin;

    fn from_str(text: &str) -> Result<StaffLogin, NotAStaffLogin> {
        let text = text.trim().to_ascii_lowercase();
        let fits = (2..=32).contains(&text.len());
        let plain = text.bytes().all(|it| it.is_ascii_alphanumeric() || b"._-".contains(&it));
        if fits && plain { Ok(StaffLogin(text)) } else { Err(NotAStaffLogin) }
    }
}

impl fmt::Display for StaffLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no login name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAStaffLogin;

impl fmt::Display for NotAStaffLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("账号为 2–32 位英文字母、数字，或“.”“_”“-”。")
    }
}

impl std::error::Error for NotAStaffLogin {}

/// Why nobody may have these duties at this school; `None` where somebody may.
pub fn unfit(duties: &Duties, school: Option<&str>) -> Option<Refused> {
    if let Some((one, other)) = duties.clash() {
        return Some(Refused::MayNotMeet(one, other));
    }
    (duties.has(DutyKind::Review) && school.is_none()).then_some(Refused::NeedsSchool)
}

/// Reads a school's code: 4 to 6 digits, as on rosters; nothing where nothing was typed.
///
/// # Errors
/// [`NotASchoolCode`] for anything else.
pub fn school_code(text: &str) -> Result<Option<String>, NotASchoolCode> {
    let text = text.trim();
    let fits = (4..=6).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    match text {
        "" => Ok(None),
        code if fits => Ok(Some(code.to_owned())),
        _ => Err(NotASchoolCode),
    }
}

/// A text that is no school's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASchoolCode;

impl fmt::Display for NotASchoolCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("院校代码为 4–6 位数字。")
    }
}

impl std::error::Error for NotASchoolCode {}

/// Why an account stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such account.
    Unknown,
    /// Another account has this login name.
    LoginTaken,
    /// These two duties may not meet in one person.
    MayNotMeet(DutyKind, DutyKind),
    /// A reviewer must be bound to a school.
    NeedsSchool,
    /// Nobody would be left to look after accounts.
    LastAdministrator,
    /// The form asked for something that no form of ours asks for.
    Unreadable,
    /// The form was posted before; what it asked for is done.
    DoneBefore,
}

#[cfg(test)]
mod tests {
    use super::{Duties, DutyKind, Refused, StaffLogin, unfit};

    #[test]
    fn a_reviewer_belongs_to_a_school() {
        let reviewer = Duties::from_iter([DutyKind::Review]);
        assert_eq!(unfit(&reviewer, None), Some(Refused::NeedsSchool));
        assert_eq!(unfit(&reviewer, Some("10264")), None);
        let both = Duties::from_iter([DutyKind::System, DutyKind::Finance]);
        let clash = Refused::MayNotMeet(DutyKind::Finance, DutyKind::System);
        assert_eq!(unfit(&both, None), Some(clash));
    }

    #[test]
    fn login_names_are_small_and_plain() {
        let read = |it: &str| it.parse::<StaffLogin>().map(|it| it.to_string()).ok();
        assert_eq!(read(" ZhouMin "), Some("zhoumin".into()));
        assert_eq!(read("zhou.min_2-a"), Some("zhou.min_2-a".into()));
        for wrong in ["", "z", "zhou min", "周敏", &"z".repeat(33)] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
