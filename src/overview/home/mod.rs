//! 首页: what is open, whom to ask, where to begin.
//!
//! The room looks over `fees`, `windows` and `bulletin`, remembers nothing of its own and changes
//! nothing. The manual's way begins here: 考试报名, the project's name, 选择线路, 登录.

pub mod site;

use crate::base::outcome::Fault;
use crate::features::fees::rules::Project;
use crate::features::windows::rules::{Hours, Opening};
use crate::features::{fees, windows};
use crate::machinery::db::ReadTx;

/// A system of the column 考试报名: a payment project and its hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// The project.
    pub project: Project,
    /// When it may be paid for.
    pub hours: Hours,
}

/// The systems that stand on the home page: first those open now, then those to come, last those
/// that are over; among these the newest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn systems(tx: &ReadTx<'_>) -> Result<Vec<System>, Fault> {
    let mut systems = Vec::new();
    for project in fees::projects(tx)?.into_iter().filter(|it| it.shown) {
        let hours = windows::of(tx, &project.business())?;
        systems.push(System { project, hours });
    }
    systems.sort_by_key(|it| place(it.hours.at(tx.now())));
    Ok(systems)
}

fn place(opening: Opening) -> u8 {
    match opening {
        Opening::Open { .. } => 0,
        Opening::Between { .. } => 1,
        Opening::Coming { .. } => 2,
        Opening::Unset => 3,
        Opening::Over { .. } => 4,
    }
}
