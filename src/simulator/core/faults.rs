//! Which faults are switched on, for whom, and what follows from them for an act of the books.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::Key;
use super::fault::Fault;
use super::notice::Notice;
use super::order::{Order, State};
use crate::base::clock::OFFICE;
use crate::base::values::Fen;
use crate::machinery::gateway::wire::statement::Line;

/// Whom a switch is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Every order.
    All,
    /// This one.
    Order(Key),
}

/// A switch that is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    /// How much of it, in the fault's unit; 0 where it has none.
    pub measure: u32,
    /// Since when.
    pub since: Timestamp,
}

/// The switches that are on. They stand until they are switched off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(BTreeMap<(Fault, Scope), Switch>);

/// How an operation goes over the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// How many seconds its answer takes.
    pub delay_s: u32,
    /// What becomes of it.
    pub road: Road,
}

/// What becomes of an operation on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Road {
    /// It is done and answered.
    #[default]
    Whole,
    /// It is not done; somebody says 503.
    Down,
    /// It is done; the answer breaks off.
    CutOff,
}

impl Faults {
    /// Switches a fault on; measured anew where it was on before. `measure` is put within the
    /// fault's limits.
    pub fn switch_on(&mut self, now: Timestamp, fault: Fault, scope: Scope, measure: Option<u32>) {
        let switch = Switch { measure: fault.measured(measure), since: now };
        let key = (fault, scope);
        let since = self.0.get(&key).map_or(now, |before| before.since);
        self.0.insert(key, Switch { since, ..switch });
    }

    /// Switches it off; says whether it was on.
    pub fn switch_off(&mut self, fault: Fault, scope: &Scope) -> bool {
        self.0.remove(&(fault, scope.clone())).is_some()
    }

    /// Switches everything off.
    pub fn quiet(&mut self) {
        self.0.clear();
    }

    /// Nothing is switched on.
    pub fn is_quiet(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults as they were written down.
    pub fn restored(switches: Vec<(Fault, Scope, Switch)>) -> Faults {
        let pairs = switches.into_iter().map(|(fault, scope, switch)| ((fault, scope), switch));
        Faults(pairs.collect())
    }

    /// Every switch that is on.
    pub fn switches(&self) -> impl Iterator<Item = (Fault, &Scope, Switch)> {
        self.0.iter().map(|((fault, scope), switch)| (*fault, scope, *switch))
    }

    /// The switch of exactly this scope.
    pub fn at(&self, fault: Fault, scope: &Scope) -> Option<Switch> {
        self.0.get(&(fault, scope.clone())).copied()
    }

    /// Whether a fault hits this order, and how much: its own switch goes before that for all.
    pub fn hits(&self, fault: Fault, key: &Key) -> Option<Switch> {
        let own = self.at(fault, &Scope::Order(key.clone()));
        own.or_else(|| self.at(fault, &Scope::All))
    }

    fn minutes(&self, fault: Fault, key: &Key) -> Option<SignedDuration> {
        self.hits(fault, key).map(|it| SignedDuration::from_mins(i64::from(it.measure)))
    }

    /// How an operation about this order goes over the wire; `None` where it is about no order.
    pub fn wire(&self, key: Option<&Key>) -> Wire {
        let hits = |fault| match key {
            Some(key) => self.hits(fault, key),
            None => self.at(fault, &Scope::All),
        };
        let road = match (hits(Fault::Down), hits(Fault::CutOff)) {
            (Some(_), _) => Road::Down,
            (None, Some(_)) => Road::CutOff,
            (None, None) => Road::Whole,
        };
        Wire { delay_s: hits(Fault::Slow).map_or(0, |it| it.measure), road }
    }

    /// How much a bank takes of what was asked.
    pub(super) fn taken(&self, key: &Key, asked: Fen) -> Fen {
        let less = self.hits(Fault::WrongAmount, key).map_or(0, |it| i64::from(it.measure) * 100);
        Fen::new((asked.fen() - less).max(1)).unwrap_or(asked)
    }

    /// Whether a notice gets lost on the way.
    pub(super) fn loses(&self, key: &Key) -> bool {
        self.hits(Fault::NoticeLost, key).is_some()
    }

    /// Whether what was heard is sent once more.
    pub(super) fn repeats(&self, key: &Key) -> bool {
        self.hits(Fault::NoticeTwice, key).is_some()
    }

    /// Whether the newest goes first.
    pub(super) fn reverses(&self, key: &Key) -> bool {
        self.hits(Fault::NoticesReordered, key).is_some()
    }

    /// Plans the first delivery of a notice.
    pub(super) fn plan(&self, key: &Key, notice: &mut Notice) {
        let mut due = notice.since;
        if let Some(late) = self.minutes(Fault::NoticeLate, key) {
            due += late;
        }
        if self.reverses(key) {
            due += SignedDuration::from_secs(60 - due.as_second().rem_euclid(60));
        }
        let never = self.hits(Fault::NoticeNever, key).is_some();
        notice.due_at = (!never).then_some(due);
    }

    /// When a bank takes the money of an order that closed while the switch was on.
    pub(super) fn late_money_at(&self, order: &Order) -> Option<Timestamp> {
        // Asked of every order whenever it is looked at; most days nothing is on.
        if self.is_quiet() {
            return None;
        }
        let key = order.key();
        let closed = match order.state {
            State::Closed => order.closed_at?,
            State::Waiting | State::Paid => return None,
        };
        let switch = self.hits(Fault::PaidAfterClose, &key)?;
        let late = SignedDuration::from_mins(i64::from(switch.measure));
        (closed >= switch.since && !order.attempts.is_empty()).then_some(closed + late)
    }

    /// How long a bank thinks about a refund, where not as long as usual.
    pub(super) fn refund_takes(&self, key: &Key) -> Option<SignedDuration> {
        self.minutes(Fault::RefundSlow, key)
    }

    /// The order as the platform tells it when it is asked: the truth, or what it says instead.
    /// `None`: it says that there is none.
    pub fn told(&self, now: Timestamp, order: &Order) -> Option<Order> {
        let key = order.key();
        let Some(first) = order.payments.first() else { return Some(order.clone()) };
        let lies = |fault| self.minutes(fault, &key).is_some_and(|it| now < first.paid_at + it);
        if lies(Fault::AnswersUnknown) {
            return None;
        }
        let mut told = order.clone();
        if lies(Fault::AnswersWaiting) {
            told.state = State::Waiting;
            told.closed_at = None;
            told.payments.clear();
        }
        Some(told)
    }

    /// The statement as it is handed out: the truth, or a misprint of it. A switch for one order
    /// hits its lines; one for all hits the day's first payment.
    pub fn misprinted(&self, merchant: &str, day: Date, mut lines: Vec<Line>) -> Vec<Line> {
        lines.sort_by(|a, b| (a.at, &a.trade_no).cmp(&(b.at, &b.trade_no)));
        let first = lines.iter().position(|it| it.refund_no.is_none());
        let hits = |fault, at: usize, line: &Line| {
            let own = Scope::Order((merchant.to_owned(), line.order_no.clone()));
            let all = self.at(fault, &Scope::All).filter(|_| first == Some(at));
            line.refund_no.is_none().then(|| self.at(fault, &own).or(all)).flatten()
        };
        let mut printed = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let own = Scope::Order((merchant.to_owned(), line.order_no.clone()));
            if line.refund_no.is_none() && self.at(Fault::StatementExtra, &own).is_some() {
                printed.push(Line { trade_no: invented(day), ..line.clone() });
            }
            if hits(Fault::StatementLacks, at, line).is_some() {
                continue;
            }
            let more = hits(Fault::StatementAmount, at, line);
            let more = more.map_or(0, |it| i64::from(it.measure) * 100);
            printed.push(Line { amount: line.amount + more, ..line.clone() });
        }
        printed.extend(self.at(Fault::StatementExtra, &Scope::All).map(|_| stray(day)));
        printed
    }
}

/// The trade number of a payment that never was. No real serial number has come so far.
fn invented(day: Date) -> String {
    format!("{}999999000000", day.strftime("%Y%m%d"))
}

/// A line of an order that never was, at noon.
fn stray(day: Date) -> Line {
    let noon = day.at(12, 0, 0, 0).to_zoned(OFFICE).map(|it| it.timestamp());
    Line {
        at: noon.unwrap_or(Timestamp::UNIX_EPOCH),
        order_no: format!("{}31019901019999999999", day.strftime("%Y%m%d")),
        trade_no: invented(day),
        refund_no: None,
        amount: 10_000,
        channel: "WECHAT".to_owned(),
        attach: "training".to_owned(),
    }
}
