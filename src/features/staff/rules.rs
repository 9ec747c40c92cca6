//! Duties and who may hold them; what a login name is; when an account may not be changed.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// One thing that a member of staff may be entrusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DutyKind {
    /// 财务: fees, orders, reconciliation, refunds, receipts.
    Finance,
    /// 考务: rosters, windows, announcements, resets, lists.
    Clerk,
    /// 审核: the queue of the reviewer's own school.
    Review,
    /// 复核: the second level.
    SecondReview,
    /// 查询: finds a candidate and sees states.
    HelpDesk,
    /// 系统管理: accounts, configuration, backups; no business.
    System,
    /// 审计: reads the logs and changes nothing.
    Audit,
}

impl DutyKind {
    /// Every duty, in the order in which lists show them.
    pub const ALL: [DutyKind; 7] = [
        DutyKind::Finance,
        DutyKind::Clerk,
        DutyKind::Review,
        DutyKind::SecondReview,
        DutyKind::HelpDesk,
        DutyKind::System,
        DutyKind::Audit,
    ];

    /// As it lies in the database and in commands.
    pub fn name(self) -> &'static str {
        match self {
            DutyKind::Finance => "finance",
            DutyKind::Clerk => "clerk",
            DutyKind::Review => "review",
            DutyKind::SecondReview => "second_review",
            DutyKind::HelpDesk => "help_desk",
            DutyKind::System => "system",
            DutyKind::Audit => "audit",
        }
    }

    /// Reads [`DutyKind::name`] back.
    pub fn from_name(name: &str) -> Option<DutyKind> {
        DutyKind::ALL.into_iter().find(|it| it.name() == name)
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            DutyKind::Finance => "财务",
            DutyKind::Clerk => "考务",
            DutyKind::Review => "审核",
            DutyKind::SecondReview => "复核",
            DutyKind::HelpDesk => "查询",
            DutyKind::System => "系统管理",
            DutyKind::Audit => "审计",
        }
    }

    /// What comes with it, in one line.
    pub fn meaning(self) -> &'static str {
        match self {
            DutyKind::Finance => "收费项目、订单、对账、退款、票据",
            DutyKind::Clerk => "考生、名册导入、开放时间、公告、重置考生密码",
            DutyKind::Review => "审核本校的申请",
            DutyKind::SecondReview => "复核已通过审核的申请",
            DutyKind::HelpDesk => "查找考生、查看办理状态，不能修改",
            DutyKind::System => "账号与职责、系统设置、备份，不办理业务",
            DutyKind::Audit => "查看操作日志，不能修改",
        }
    }

    /// The duties that may not be held beside this one (`domain.md` 6.1: system, business and audit
    /// are three people).
    ///
    /// Whoever makes accounts could else give themselves any business, so 系统管理 stands alone.
    /// Whoever reads the log must not have written it, so 审计 meets only 查询, which changes
    /// nothing. A second level by the person of the first is no second look, so 审核 and 复核 part.
    /// 财务 and 考务 may meet: a small centre has one person for both, and money needs a second
    /// person wherever it leaves.
    fn shuns(self) -> &'static [DutyKind] {
        match self {
            DutyKind::System => &[
                DutyKind::Finance,
                DutyKind::Clerk,
                DutyKind::Review,
                DutyKind::SecondReview,
                DutyKind::HelpDesk,
                DutyKind::Audit,
            ],
            DutyKind::Audit => {
                &[DutyKind::Finance, DutyKind::Clerk, DutyKind::Review, DutyKind::SecondReview]
            }
            DutyKind::Review => &[DutyKind::SecondReview],
            DutyKind::Finance | DutyKind::Clerk | DutyKind::SecondReview | DutyKind::HelpDesk => {
                &[]
            }
        }
    }

    /// May one person hold both?
    pub fn may_meet(self, other: DutyKind) -> bool {
        !self.shuns().contains(&other) && !other.shuns().contains(&self)
    }
}

/// The duties of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duties(BTreeSet<DutyKind>);

impl Duties {
    /// Is it one of them?
    pub fn has(&self, duty: DutyKind) -> bool {
        self.0.contains(&duty)
    }

    /// All of them, in the order of lists.
    pub fn iter(&self) -> impl Iterator<Item = DutyKind> {
        self.0.iter().copied()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first two that may not meet in one person.
    pub fn clash(&self) -> Option<(DutyKind, DutyKind)> {
        let pairs = self.iter().flat_map(|one| self.iter().map(move |other| (one, other)));
        pairs.into_iter().find(|(one, other)| !one.may_meet(*other))
    }

    /// Their names for the log: `finance clerk`; `none` where there are none.
    pub fn names(&self) -> String {
        let names: Vec<_> = self.iter().map(DutyKind::name).collect();
        if names.is_empty() { "none".into() } else { names.join(" ") }
    }
}

impl FromIterator<DutyKind> for Duties {
    fn from_iter<I: IntoIterator<Item = DutyKind>>(duties: I) -> Duties {
        Duties(duties.into_iter().collect())
    }
}

/// As people read them: 财务、考务.
impl fmt::Display for Duties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<_> = self.iter().map(DutyKind::label).collect();
        f.write_str(&labels.join("、"))
    }
}

/// What a door of the console asks of whoever comes: a duty, or a choice of them.
pub trait Duty: Send + Sync + 'static {
    /// Do these duties open the door?
    fn is_held(duties: &Duties) -> bool;
}

macro_rules! duty_types {
    ($($(#[$doc:meta])+ $duty:ident),+ $(,)?) => {$(
        $(#[$doc])+
        #[derive(Debug)]
        pub enum $duty {}

        impl Duty for $duty {
            fn is_held(duties: &Duties) -> bool {
                duties.has(DutyKind::$duty)
            }
        }
    )+};
}

duty_types! {
    /// 财务 at a door.
    Finance,
    /// 考务 at a door.
    Clerk,
    /// 审核 at a door.
    Review,
    /// 复核 at a door.
    SecondReview,
    /// 查询 at a door.
    HelpDesk,
    /// 系统管理 at a door.
    System,
    /// 审计 at a door.
    Audit,
}

/// A door open to every member of staff.
#[derive(Debug)]
pub enum Anyone {}

impl Duty for Anyone {
    fn is_held(_: &Duties) -> bool {
        true
    }
}

/// A door that either of two opens; they nest.
#[derive(Debug)]
pub struct Either<A, B>(std::marker::PhantomData<fn() -> (A, B)>);

impl<A: Duty, B: Duty> Duty for Either<A, B> {
    fn is_held(duties: &Duties) -> bool {
        A::is_held(duties) || B::is_held(duties)
    }
}

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
    /// The form was posted before; what it asked for is done.
    DoneBefore,
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{Duties, DutyKind, Refused, StaffLogin, unfit};

    #[test]
    fn nobody_watches_over_themselves() {
        let mut table = String::new();
        for one in DutyKind::ALL {
            let alone =
                DutyKind::ALL.into_iter().filter(|it| !one.may_meet(*it)).map(DutyKind::label);
            let alone: Vec<_> = alone.collect();
            table += &format!("{} apart from {}\n", one.label(), alone.join("、"));
        }
        expect![[r#"
            财务 apart from 系统管理、审计
            考务 apart from 系统管理、审计
            审核 apart from 复核、系统管理、审计
            复核 apart from 审核、系统管理、审计
            查询 apart from 系统管理
            系统管理 apart from 财务、考务、审核、复核、查询、审计
            审计 apart from 财务、考务、审核、复核、系统管理
        "#]]
        .assert_eq(&table);
    }

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
