//! The days of a month side by side, and what they come to (月报).

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;

use super::rules::{Closed, Known, Standing, Sums, standing, total};
use super::{ours, store};
use crate::base::clock::office_date;
use crate::base::outcome::Fault;
use crate::machinery::db::ReadTx;

/// A day in a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The day.
    pub day: Date,
    /// How it stands.
    pub standing: Standing,
    /// What our books say.
    pub ours: Sums,
    /// What the platform's statement says; nothing where there is none.
    pub theirs: Sums,
    /// How many differences wait.
    pub unsettled: i64,
}

/// A month.
#[derive(Clone, Debug)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    /// Its days of which there is something to say, up to yesterday.
    pub days: Vec<Line>,
}

impl Month {
    /// What its days come to, by our books and by the platform's statements.
    pub fn total(&self) -> (Sums, Sums) {
        self.days.iter().fold(Default::default(), |(ours, theirs), it| {
            (it.ours.plus(ours), it.theirs.plus(theirs))
        })
    }

    /// The days that are not closed.
    pub fn open(&self) -> Vec<Date> {
        self.days.iter().filter(|it| it.standing.is_open()).map(|it| it.day).collect()
    }
}

/// The month of a day.
///
/// A day is in it when either side has something of it, when its statement is missing among those
/// there are, and when it was yesterday.
///
/// # Errors
/// A fault when it cannot be read.
pub fn month(tx: &ReadTx<'_>, of: Date) -> Result<Month, Fault> {
    let (first, last) = (of.first_of_month(), of.last_of_month());
    let today = office_date(tx.now());
    let ours = ours::sums(tx, first, last)?;
    let mut taken: BTreeMap<Date, Sums> = BTreeMap::new();
    for it in store::statements_between(tx, first, last)? {
        taken.insert(it.day, it.sums);
    }
    let mut closed: BTreeMap<Date, Closed> = BTreeMap::new();
    for it in store::closings_between(tx, first, last)? {
        let none = Closed { ours: Sums::default(), theirs: Sums::default(), later: 0 };
        let all = closed.entry(it.day).or_insert(none);
        (all.ours, all.theirs) = (all.ours.plus(it.ours), all.theirs.plus(it.theirs));
    }
    let mut unsettled = BTreeMap::new();
    for (day, waiting, later) in store::waiting(tx, first, last)? {
        unsettled.insert(day, waiting);
        if let Some(closed) = closed.get_mut(&day) {
            closed.later = later;
        }
    }
    let begun = store::first_day(tx)?;
    let mut days = Vec::new();
    for day in first.series(Span::new().days(1)).take_while(|it| *it <= last && *it < today) {
        let said = ours.contains_key(&day) || taken.contains_key(&day) || closed.contains_key(&day);
        let is_yesterday = day.tomorrow().is_ok_and(|it| it == today);
        if !said && !is_yesterday && begun.is_none_or(|begun| day < begun) {
            continue;
        }
        let known = Known {
            theirs: taken.get(&day).copied(),
            ours: ours.get(&day).map(total).unwrap_or_default(),
            unsettled: unsettled.get(&day).copied().unwrap_or_default(),
            closed: closed.get(&day).copied(),
        };
        days.push(Line {
            day,
            standing: standing(day, today, &known),
            ours: known.ours,
            theirs: known.theirs.unwrap_or_default(),
            unsettled: known.unsettled,
        });
    }
    Ok(Month { first, days })
}
