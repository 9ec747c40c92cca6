//! Projects and fee items: what is charged for, on which occasion.

use crate::base::values::Fen;

/// One occasion of paying: a 网上缴费系统.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Our number.
    pub id: i64,
    /// For rosters, commands and links; never changed.
    pub code: String,
    /// As on the home page.
    pub title: String,
    /// What follows from not paying in time; may be empty.
    pub consequence: String,
    /// Does it stand on the home page?
    pub shown: bool,
}

impl Project {
    /// The name of its hours in `windows`.
    pub fn business(&self) -> String {
        business(self.id)
    }

    /// What may be changed about it.
    pub fn texts(&self) -> ProjectTexts {
        ProjectTexts {
            title: self.title.clone(),
            consequence: self.consequence.clone(),
            shown: self.shown,
        }
    }
}

/// The name in `windows` of the hours of the project with this number.
pub fn business(project_id: i64) -> String {
    format!("project {project_id}")
}

/// What may be changed about a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectTexts {
    /// As on the home page.
    pub title: String,
    /// What follows from not paying in time; may be empty.
    pub consequence: String,
    /// Does it stand on the home page?
    pub shown: bool,
}

/// A project about to be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProject {
    /// For rosters, commands and links: ASCII letters, digits and `-`.
    pub code: String,
    /// What may be changed later.
    pub texts: ProjectTexts,
}

/// What is charged for in a project, as the receipt prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeItem {
    /// Our number.
    pub id: i64,
    /// Of which project.
    pub project_id: i64,
    /// 项目编码.
    pub code: String,
    /// 项目名称.
    pub name: String,
    /// 单位: 人次.
    pub unit: String,
    /// 标准: what it costs as a rule; a due may differ.
    pub standard: Fen,
}

impl FeeItem {
    /// What may be changed about it.
    pub fn texts(&self) -> ItemTexts {
        ItemTexts { name: self.name.clone(), unit: self.unit.clone(), standard: self.standard }
    }
}

/// What may be changed about a fee item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemTexts {
    /// 项目名称.
    pub name: String,
    /// 单位.
    pub unit: String,
    /// 标准; more than nothing.
    pub standard: Fen,
}

/// A fee item about to be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// 项目编码.
    pub code: String,
    /// What may be changed later.
    pub texts: ItemTexts,
}
