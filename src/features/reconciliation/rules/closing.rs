//! How a day stands, and what is written on its sheet (日结单).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Sums;

/// How a day stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not over.
    NotOver,
    /// There is no statement of it yet.
    NoStatement,
    /// So many differences are neither settled nor explained.
    Unsettled(i64),
    /// It may be closed.
    Ready,
    /// Nothing came and nothing went, by either side: there is nothing to close.
    Quiet,
    /// It is closed.
    Closed,
    /// It is closed, and something came afterwards: it may have a supplement.
    Late,
}

impl Standing {
    /// As staff read it.
    pub fn label(self) -> &'static str {
        match self {
            Standing::NotOver => "未结束",
            Standing::NoStatement => "缺对账文件",
            Standing::Unsettled(_) => "有差异",
            Standing::Ready => "可日结",
            Standing::Quiet => "无收付",
            Standing::Closed => "已日结",
            Standing::Late => "待补充日结",
        }
    }

    /// The kind of tag (`parts::tag`) it is shown with.
    pub fn tag(self) -> &'static str {
        match self {
            Standing::NotOver | Standing::Quiet => "draft",
            Standing::NoStatement | Standing::Unsettled(_) => "odd",
            Standing::Ready | Standing::Late => "await",
            Standing::Closed => "passed",
        }
    }

    /// Does a month still wait for this day?
    pub fn is_open(self) -> bool {
        match self {
            Standing::NotOver
            | Standing::NoStatement
            | Standing::Unsettled(_)
            | Standing::Ready
            | Standing::Late => true,
            Standing::Quiet | Standing::Closed => false,
        }
    }
}

/// What is known of a day, to tell how it stands.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// What the platform's statement comes to; `None`: there is none.
    pub theirs: Option<Sums>,
    /// What our books come to.
    pub ours: Sums,
    /// How many differences are neither settled nor explained.
    pub unsettled: i64,
    /// What its closings come to, and whether differences came after them; `None`: it was never
    /// closed.
    pub closed: Option<Closed>,
}

/// What a day was closed with.
#[derive(Clone, Copy, Debug)]
pub struct Closed {
    /// Our side.
    pub ours: Sums,
    /// The platform's.
    pub theirs: Sums,
    /// How many differences came afterwards.
    pub later: i64,
}

/// How a day stands.
pub fn standing(day: Date, today: Date, known: &Known) -> Standing {
    let Some(theirs) = known.theirs else {
        return if day >= today { Standing::NotOver } else { Standing::NoStatement };
    };
    match known.closed {
        _ if day >= today => Standing::NotOver,
        _ if known.unsettled > 0 => Standing::Unsettled(known.unsettled),
        Some(it) if it.later > 0 || it.ours != known.ours || it.theirs != theirs => Standing::Late,
        Some(_) => Standing::Closed,
        None if theirs.is_nothing() && known.ours.is_nothing() => Standing::Quiet,
        None => Standing::Ready,
    }
}

/// What stands on the sheet of a closed day; kept as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// The centre.
    pub centre: String,
    /// The day.
    pub day: Date,
    /// 0: the day's own; from 1: its supplements.
    pub part: i64,
    /// By which road the statement came.
    pub statement_road: String,
    /// What the statement's bytes are found by.
    pub statement_file: String,
    /// Counts and sums, by channel, in their order.
    pub channels: Vec<ChannelSums>,
    /// All channels together.
    pub total: ChannelSums,
    /// What was closed with it: differences, and how each ended.
    pub differences: Vec<Told>,
    /// Who closed it.
    pub closed_by: String,
    /// When, by the house's time.
    pub closed_at: Timestamp,
    /// The head of the audit chain just before.
    pub head: Head,
}

/// What came and went over a channel, on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelSums {
    /// Its name.
    pub name: String,
    /// By our books.
    pub ours: Sums,
    /// By the platform's statement.
    pub theirs: Sums,
}

impl ChannelSums {
    /// A channel over which nothing went.
    pub fn nothing(name: &str) -> ChannelSums {
        ChannelSums { name: name.to_owned(), ours: Sums::default(), theirs: Sums::default() }
    }

    /// What is left without `other`.
    #[must_use]
    pub fn minus(&self, other: &ChannelSums) -> ChannelSums {
        ChannelSums {
            name: self.name.clone(),
            ours: self.ours.minus(other.ours),
            theirs: self.theirs.minus(other.theirs),
        }
    }

    /// Did anything go over it?
    pub fn says_something(&self) -> bool {
        !self.ours.is_nothing() || !self.theirs.is_nothing()
    }
}

/// A difference, as it is told on the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// 缴费 or 退款, and how the sides differ.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// The order.
    pub order_no: String,
    /// What the platform says, in fen.
    pub theirs_fen: Option<i64>,
    /// What we said when it was found, in fen.
    pub ours_fen: Option<i64>,
    /// How it ended, in words.
    pub ended: String,
    /// Who proposed that, and who confirmed it; empty where nobody had to.
    pub by: String,
}

/// The signed head of the audit chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The last line's number.
    pub line: i64,
    /// Its hash, in hex.
    pub hash: String,
    /// The centre's signature over [`Head::text`] (ECDSA P-256, SHA-256, ASN.1), in Base64.
    pub signature: String,
    /// SHA-256 of the certificate that checks it, in hex.
    pub certificate: String,
}

impl Head {
    /// The text that is signed: centre, day, line and hash, each on a line of its own.
    pub fn text(centre: &str, day: Date, line: i64, hash: &str) -> String {
        format!("KAOWU-AUDIT-HEAD-1\n{centre}\n{day}\n{line}\n{hash}\n")
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Closed, Known, Standing, standing};
    use crate::features::reconciliation::rules::Sums;

    #[test]
    fn how_a_day_stands() {
        let (day, next) = (date(2026, 3, 13), date(2026, 3, 14));
        let sums = |payments| Sums { payments, payments_fen: payments * 100, ..Sums::default() };
        let known = |theirs: Option<i64>, ours, unsettled, closed| Known {
            theirs: theirs.map(sums),
            ours: sums(ours),
            unsettled,
            closed,
        };
        let at = |later| Some(Closed { ours: sums(2), theirs: sums(2), later });
        let cases = [
            (day, known(None, 2, 0, None), Standing::NotOver),
            (day, known(Some(2), 2, 0, None), Standing::NotOver),
            (next, known(None, 2, 0, None), Standing::NoStatement),
            (next, known(Some(2), 2, 1, None), Standing::Unsettled(1)),
            (next, known(Some(2), 2, 0, None), Standing::Ready),
            (next, known(Some(0), 0, 0, None), Standing::Quiet),
            (next, known(Some(2), 2, 0, at(0)), Standing::Closed),
            (next, known(Some(3), 2, 0, at(0)), Standing::Late),
            (next, known(Some(2), 3, 0, at(0)), Standing::Late),
            (next, known(Some(2), 2, 0, at(1)), Standing::Late),
            (next, known(Some(3), 3, 1, at(1)), Standing::Unsettled(1)),
        ];
        for (today, known, expected) in cases {
            assert_eq!(standing(day, today, &known), expected, "{known:?}");
        }
    }
}
