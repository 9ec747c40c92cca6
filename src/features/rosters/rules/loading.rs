//! What becomes of a roster that was read, and why it may not be loaded.

use std::fmt;

use jiff::Timestamp;

use super::{Complaint, Field, Reading};
use crate::base::values::Digest;
use crate::machinery::tables::Unreadable;

/// What to do when some rows are bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nothing is loaded.
    AllOrNothing,
    /// The good rows are loaded and the bad ones left out.
    GoodRowsOnly,
}

/// A roster that was loaded, or is being loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// Our number.
    pub id: i64,
    /// What its people owe.
    pub fee_item_id: i64,
    /// As the clerk's machine calls the file.
    pub file_name: String,
    /// The name of its bytes in `files/`.
    pub file_digest: Digest,
    /// How many good rows it has.
    pub people: usize,
    /// How many of them were gone through.
    pub done: usize,
    /// How many of those were new to the fee item.
    pub added: usize,
    /// How many of those changed something.
    pub changed: usize,
    /// How many of those were left out, since what they owe may not change.
    pub refused: usize,
    /// How many bad rows were left out by choice.
    pub left_out: usize,
    /// When it was decided.
    pub loaded_at: Timestamp,
}

impl Roster {
    /// Has every row been gone through?
    pub fn is_finished(&self) -> bool {
        self.done == self.people
    }

    /// How many people were taken over so far.
    pub fn taken(&self) -> usize {
        self.done - self.refused
    }

    /// How many of those changed nothing.
    pub fn same(&self) -> usize {
        self.taken() - self.added - self.changed
    }

    /// How many rows of the file were not taken over, for whatever reason.
    pub fn not_taken(&self) -> usize {
        self.left_out + self.refused
    }

    /// Counts what became of the next row.
    pub fn count(&mut self, taken: Taken) {
        self.done += 1;
        match taken {
            Taken::New => self.added += 1,
            Taken::Changed => self.changed += 1,
            Taken::Same => {}
            Taken::Refused(_) => self.refused += 1,
        }
    }
}

/// What became of one good row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The person did not owe the fee item before.
    New,
    /// Something about the person, or what they owe, is other than before.
    Changed,
    /// All of it was known.
    Same,
    /// What they owe may not change now.
    Refused(Obstacle),
}

/// Why what somebody owes keeps its amount, though the roster says another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is not owed any more: 已缴费, 已免缴 and so on.
    Settled(&'static str),
    /// An order for it is open: the platform may take the old amount at any moment.
    BeingPaid,
}

impl Obstacle {
    /// The complaint about a row that names another amount than is kept. `owed` is as people
    /// read it.
    pub fn complaint(self, line: usize, amount: &str, owed: &str) -> Complaint {
        let (reason, advice) = match self {
            Obstacle::Settled(state) => (
                format!("该考生的这笔费用是“{state}”（{owed} 元），金额不能再改"),
                "请把这一行的金额改回原来的金额，或删去这一行；多退少补由财务处理",
            ),
            Obstacle::BeingPaid => (
                format!("该考生正在支付这笔费用（{owed} 元），金额暂时不能改"),
                "请在订单支付或关闭后（最多 30 分钟）再导入这一行",
            ),
        };
        Complaint {
            line,
            column: Field::Amount.label().to_owned(),
            read: amount.to_owned(),
            reason,
            advice: advice.to_owned(),
        }
    }
}

/// Why a file is no roster at all. Its text says what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is no table.
    Unreadable(Unreadable),
    /// Its headings do not say where to look, or nothing stands below them.
    Headings(Vec<Complaint>),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unusable::Unreadable(why) => why.fmt(f),
            Unusable::Headings(said) => said.iter().try_for_each(|it| {
                let Complaint { line, reason, advice, .. } = it;
                write!(f, "第 {line} 行：{reason}。{advice}。")
            }),
        }
    }
}

/// Why a roster was not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such project, or nothing is charged for in it.
    UnknownProject,
    /// There is no such roster.
    UnknownRoster,
    /// The file is no roster.
    Unusable(Unusable),
    /// Some rows are bad, and nothing was said of leaving them out.
    BadRows,
    /// There is no good row.
    NobodyLeft,
    /// The bytes of the uploaded file are not kept any more.
    FileGone,
    /// The form was posted before, with other content.
    DoneBefore,
}

impl Reading {
    /// Whether no row could be looked at: the headings are wrong, or nothing stands below them.
    pub(in crate::features::rosters) fn is_about_headings(&self, headings_line: usize) -> bool {
        let above = |it: &Complaint| it.line <= headings_line;
        self.people.is_empty() && !self.is_clean() && self.complaints.iter().all(above)
    }
}
