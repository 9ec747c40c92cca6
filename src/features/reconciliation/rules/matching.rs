//! Which lines of the two sides are the same money, and what to think of the others.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::{Entry, Found, Kind, Remedy, What};

/// What a comparison of two lists finds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// How many lines agree.
    pub agreed: usize,
    /// Lines that both have, and that say something else: ours, theirs.
    pub unlike: Vec<(Entry, Entry)>,
    /// Lines that we alone have.
    pub ours_only: Vec<Entry>,
    /// Lines that the platform alone has.
    pub theirs_only: Vec<Entry>,
}

/// Lays two lists beside each other, by number; each number stands in each list once at most.
///
/// The order of the lists does not matter. It costs no more than sorting them.
pub fn compare(mut ours: Vec<Entry>, mut theirs: Vec<Entry>) -> Matching {
    let by_number = |a: &Entry, b: &Entry| key(a).cmp(&key(b));
    ours.sort_unstable_by(by_number);
    theirs.sort_unstable_by(by_number);
    let mut found = Matching::default();
    let (mut ours, mut theirs) = (ours.into_iter().peekable(), theirs.into_iter().peekable());
    loop {
        let order = match (ours.peek(), theirs.peek()) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(our), Some(their)) => key(our).cmp(&key(their)),
        };
        match order {
            Ordering::Less => found.ours_only.extend(ours.next()),
            Ordering::Greater => found.theirs_only.extend(theirs.next()),
            Ordering::Equal => {
                let (Some(our), Some(their)) = (ours.next(), theirs.next()) else { continue };
                if agree(&our, &their) {
                    found.agreed += 1;
                } else {
                    found.unlike.push((our, their));
                }
            }
        }
    }
}

fn key(entry: &Entry) -> (What, &str) {
    (entry.what, &entry.number)
}

/// The channel and the second may differ between a notice and the statement; the money may not.
fn agree(our: &Entry, their: &Entry) -> bool {
    our.fen == their.fen && our.order_no == their.order_no && our.trade_no == their.trade_no
}

/// What the other side knows of a line that it does not have on this day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// It has the line on another day, for so many fen.
    On(Date, i64),
    /// It has no such line, but the order, for so many fen.
    Order(i64),
    /// It has it on the way: not ended yet.
    Underway,
    /// It has it, and it ended otherwise: declined, or done past the platform.
    Otherwise,
    /// It knows nothing of it.
    Nowhere,
}

impl Elsewhere {
    /// The other day, and what is said there.
    fn on(self) -> (Option<Date>, Option<i64>) {
        match self {
            Elsewhere::On(day, fen) => (Some(day), Some(fen)),
            Elsewhere::Order(_)
            | Elsewhere::Underway
            | Elsewhere::Otherwise
            | Elsewhere::Nowhere => (None, None),
        }
    }
}

/// What to think of a line that both have and that is not the same.
pub fn unlike(our: &Entry, their: Entry) -> Found {
    let kind = if our.fen == their.fen { Kind::StateDiffers } else { Kind::AmountDiffers };
    Found {
        kind,
        remedy: Remedy::Explain,
        theirs_fen: Some(their.fen),
        ours_fen: Some(our.fen),
        other_day: None,
        entry: their,
    }
}

/// What to think of a line that the platform alone has on `day`, by what we know of it elsewhere.
pub fn alone_there(day: Date, their: Entry, here: Elsewhere) -> Found {
    let (kind, remedy) = match (here, their.what) {
        (Elsewhere::On(other, fen), _) => on_another_day(day, other, fen == their.fen),
        // Money that does not fit is recorded all the same, and goes back by rule.
        (Elsewhere::Order(fen), What::Payment) if fen != their.fen => {
            (Kind::AmountDiffers, Remedy::Settle)
        }
        (Elsewhere::Order(_) | Elsewhere::Nowhere, What::Payment) => {
            (Kind::TheirsOnly, Remedy::Settle)
        }
        (Elsewhere::Underway, _) => (Kind::StateDiffers, Remedy::Ask),
        (Elsewhere::Otherwise, _) => (Kind::StateDiffers, Remedy::Explain),
        (Elsewhere::Order(_) | Elsewhere::Nowhere, What::Refund) => {
            (Kind::TheirsOnly, Remedy::Explain)
        }
    };
    let (other_day, ours_fen) = here.on();
    Found { kind, remedy, theirs_fen: Some(their.fen), ours_fen, other_day, entry: their }
}

/// What to think of a line that we alone have on `day`, by what the neighbouring statements say.
pub fn alone_here(day: Date, our: Entry, there: Elsewhere) -> Found {
    let (kind, remedy) = match there {
        Elsewhere::On(other, fen) => on_another_day(day, other, fen == our.fen),
        Elsewhere::Order(_) | Elsewhere::Underway | Elsewhere::Otherwise | Elsewhere::Nowhere => {
            (Kind::OursOnly, Remedy::Ask)
        }
    };
    let (other_day, theirs_fen) = there.on();
    Found { kind, remedy, theirs_fen, ours_fen: Some(our.fen), other_day, entry: our }
}

fn on_another_day(day: Date, other: Date, same_amount: bool) -> (Kind, Remedy) {
    let is_neighbour =
        [day.yesterday(), day.tomorrow()].into_iter().flatten().any(|it| it == other);
    match (same_amount, is_neighbour) {
        (false, _) => (Kind::AmountDiffers, Remedy::Explain),
        (true, true) => (Kind::AcrossMidnight, Remedy::Nothing),
        (true, false) => (Kind::StateDiffers, Remedy::Explain),
    }
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
