//! The duties, and which of them may not meet in one person.

use std::collections::BTreeSet;
use std::fmt;

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

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::DutyKind;

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
}
