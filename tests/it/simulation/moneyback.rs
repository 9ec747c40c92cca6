//! The referee on money that goes back: both sides' books, refund by refund.

use std::collections::{BTreeMap, BTreeSet};

use kaowu::base::outcome::Fault;
use kaowu::features::refunds;
use kaowu::features::refunds::rules::{Refund, State};
use kaowu::machinery::db::{Db, ReadTx};
use kaowu::simulator::core::refund;

use super::office::is_stuck;
use super::referee::{Verdict, unreadable};
use super::town::{MERCHANT, Shared, Town, locked};

/// How money went back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    /// Refunds that ended well at the platform.
    pub refunds: u64,
    /// Bank transfers.
    pub by_hand: u64,
    /// Refunds at the platform of which a restored house knows nothing.
    pub lost: u64,
}

impl Returned {
    /// Adds what went back elsewhere.
    pub fn add(&mut self, other: Returned) {
        self.refunds += other.refunds;
        self.by_hand += other.by_hand;
        self.lost += other.lost;
    }
}

/// A refund that was just said to have ended.
pub fn judge_ended(town: &mut Town, no: &str) -> Verdict {
    let now = town.theirs();
    match town.books.find_refund(now, MERCHANT, no) {
        Ok((_, it)) if it.state == refund::State::Succeeded => Ok(()),
        Ok((_, it)) => Err(format!("refund {no} has ended here, and is {:?} there", it.state)),
        Err(_) => Err(format!("refund {no} has ended here, and the platform knows nothing of it")),
    }
}

/// What the house says of refunds.
struct Ours {
    refunds: Vec<Refund>,
    /// Every number that one was ever sent by.
    numbers: BTreeSet<String>,
    /// Payments that did not count: trade number and fate.
    uncounted: Vec<(String, String)>,
}

/// What the platform says of refunds that ended well: by number, of which trade, how much.
type Theirs = BTreeMap<String, (String, i64)>;

/// Judges everything, when all has been retried.
pub fn judges_refunds(db: &Db, town: &Shared) -> std::result::Result<Returned, String> {
    let ours = db.read_now(Ours::read).map_err(unreadable)?;
    let mut town = locked(town);
    let now = town.theirs();
    town.books.bring_up_to(now);
    let (theirs, taken) = read_theirs(&town);
    let lost: BTreeMap<&str, &str> = theirs
        .iter()
        .filter(|it| !ours.numbers.contains(it.0))
        .map(|(no, (trade, _))| (trade.as_str(), no.as_str()))
        .collect();
    ours.went_back_once(&theirs, &taken)?;
    ours.same_as(&theirs)?;
    ours.came_to_an_end(&lost)?;
    let by_hand = ours.refunds.iter().filter(|it| it.transfer.is_some()).count() as u64;
    Ok(Returned { refunds: theirs.len() as u64, by_hand, lost: lost.len() as u64 })
}

/// The refunds there that ended well, and how much each trade brought.
fn read_theirs(town: &Town) -> (Theirs, BTreeMap<String, i64>) {
    let (mut all, mut taken) = (Theirs::new(), BTreeMap::new());
    for order in town.books.orders() {
        taken.extend(order.payments.iter().map(|it| (it.trade_no.clone(), it.amount.fen())));
        for it in order.refunds.iter().filter(|it| it.state == refund::State::Succeeded) {
            all.insert(it.refund_no.clone(), (it.trade_no.clone(), it.amount.fen()));
        }
    }
    (all, taken)
}

impl Ours {
    fn read(tx: &ReadTx<'_>) -> std::result::Result<Ours, Fault> {
        let numbers = tx.all("select refund_no from refund_numbers", (), |row| row.get(0))?;
        let uncounted = "select trade_no, fate from payments where counted_at is null";
        Ok(Ours {
            refunds: refunds::list(tx, None, i64::MAX)?,
            numbers: numbers.into_iter().collect(),
            uncounted: tx.all(uncounted, (), |row| Ok((row.get(0)?, row.get(1)?)))?,
        })
    }

    fn ended(&self) -> impl Iterator<Item = &Refund> {
        self.refunds.iter().filter(|it| it.state == State::Refunded)
    }

    /// No money goes back twice, by whichever road.
    fn went_back_once(&self, theirs: &Theirs, taken: &BTreeMap<String, i64>) -> Verdict {
        let by_hand = self.ended().filter(|it| it.transfer.is_some());
        let by_hand = by_hand.map(|it| (&it.trade_no, it.amount.fen()));
        let mut back = BTreeMap::<&String, i64>::new();
        for (trade, fen) in theirs.values().map(|it| (&it.0, it.1)).chain(by_hand) {
            *back.entry(trade).or_default() += fen;
        }
        match back.iter().find(|it| taken.get(*it.0).is_none_or(|taken| it.1 > taken)) {
            None => Ok(()),
            Some((trade, fen)) => Err(format!("{fen} fen of payment {trade} went back: too much")),
        }
    }

    /// What ended here ended there, and the other way round, wherever the number is known.
    fn same_as(&self, theirs: &Theirs) -> Verdict {
        let known = theirs.iter().filter(|it| self.numbers.contains(it.0));
        let there: Theirs = known.map(|it| (it.0.clone(), it.1.clone())).collect();
        let ended = self.ended().filter(|it| it.transfer.is_none());
        let here: Theirs =
            ended.map(|it| (it.no.to_string(), (it.trade_no.clone(), it.amount.fen()))).collect();
        if here == there {
            return Ok(());
        }
        let differ = |one: &Theirs, other: &Theirs| {
            one.iter()
                .filter(|it| other.get(it.0) != Some(it.1))
                .map(|it| format!("{it:?}"))
                .collect()
        };
        let (here, there): (Vec<_>, Vec<_>) = (differ(&here, &there), differ(&there, &here));
        Err(format!("refunds differ: here alone {here:?}, there alone {there:?}"))
    }

    /// Nothing waits any more, unless a restored house asked again for money that had gone back.
    fn came_to_an_end(&self, lost: &BTreeMap<&str, &str>) -> Verdict {
        let open = |it: &&Refund| match it.state {
            State::Refunded | State::Declined => false,
            State::Asked | State::Approved | State::Sent | State::Failed | State::ByHand => true,
        };
        for it in self.refunds.iter().filter(open) {
            if !(is_stuck(it) && lost.contains_key(it.trade_no.as_str())) {
                return Err(format!(
                    "refund {} is {:?} when all is retried: {it:?}",
                    it.no, it.state
                ));
            }
        }
        for (trade, fate) in self.uncounted.iter().filter(|it| it.1 != "refunded") {
            if !lost.contains_key(trade.as_str()) {
                return Err(format!("payment {trade} never counted, and is {fate} in the evening"));
            }
        }
        Ok(())
    }
}
