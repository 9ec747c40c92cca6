//! The platform's books: a pure state machine, the whole truth of what this platform did.
//!
//! Every act takes the instant and whatever chance drew, changes [`Books`], and says how it ended.
//! There is no clock, no disk and no network here, so that a test can drive thousands of days with
//! a seed. What an act changed is remembered in a list ([`Books::take_changed`]) for whoever keeps
//! the books on disk.
//!
//! Time works on an order when it is looked at: it closes at its expiry and its refunds end, at the
//! instant they should have, whether or not anybody looked then.
//!
//! What goes wrong for training's sake is switched on in [`faults`]; a fault changes what a bank or
//! the wire does, never what the books say happened.

pub mod asked;
pub mod attempt;
pub mod fault;
pub mod faults;
pub mod forgery;
mod merchant;
pub mod notice;
pub mod order;
mod payer;
pub mod refund;
mod trainer;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use faults::Faults;
use order::Order;

pub use payer::Declined;

/// The merchant code and the merchant's order number.
pub type Key = (String, String);

/// Everything the platform knows.
#[derive(Clone, Debug, Default)]
pub struct Books {
    orders: BTreeMap<Key, Order>,
    /// Which order a cashier page is for.
    cashiers: BTreeMap<String, Key>,
    /// Which attempt of which order a QR code is for.
    codes: BTreeMap<String, (Key, usize)>,
    /// Which order a refund belongs to, by merchant and refund number.
    refunds: BTreeMap<(String, String), Key>,
    payments_made: u64,
    notices_made: u64,
    forgeries_made: u64,
    changed: BTreeSet<Key>,
    faults: Faults,
    faults_changed: bool,
}

/// Why a merchant's request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is money; the order is not closed.
    AlreadyPaid,
    /// No order of that number.
    OrderUnknown,
    /// The number belongs to an order with other content.
    OrderConflict,
    /// The expiry does not lie ahead.
    ExpiryPast,
    /// The order has no payment of that number.
    TradeUnknown,
    /// No refund of that number.
    RefundUnknown,
    /// The number belongs to a refund with other content.
    RefundConflict,
    /// More than is left.
    RefundTooMuch,
    /// The day is not over.
    StatementNotReady,
}

impl Books {
    /// The books as they were written down: the same orders and faults give the same books.
    pub fn restored(orders: Vec<Order>, faults: Faults) -> Books {
        let mut books = Books { faults, ..Books::default() };
        for order in orders {
            books.put(order);
        }
        books.changed.clear();
        books
    }

    /// Every order, by merchant and number, as it was when last looked at.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// Lets time work on every order, so that [`Books::orders`] is as of `now`.
    pub fn bring_up_to(&mut self, now: Timestamp) {
        let keys: Vec<Key> = self.orders.keys().cloned().collect();
        for key in keys {
            self.touch(now, &key);
        }
    }

    /// The orders that changed since this was last asked.
    pub fn take_changed(&mut self) -> Vec<&Order> {
        let changed = std::mem::take(&mut self.changed);
        changed.iter().filter_map(|key| self.orders.get(key)).collect()
    }

    fn put(&mut self, order: Order) {
        let key = order.key();
        self.cashiers.insert(order.token.clone(), key.clone());
        for (at, attempt) in order.attempts.iter().enumerate() {
            self.codes.insert(attempt.code.clone(), (key.clone(), at));
        }
        for refund in &order.refunds {
            self.refunds.insert((key.0.clone(), refund.refund_no.clone()), key.clone());
        }
        let serials = order.payments.iter().map(|it| it.serial).max();
        self.payments_made = self.payments_made.max(serials.unwrap_or(0));
        let serials = order.notices.iter().map(|it| it.serial).max();
        self.notices_made = self.notices_made.max(serials.unwrap_or(0));
        let serials = order.forgeries.iter().map(|it| it.serial).max();
        self.forgeries_made = self.forgeries_made.max(serials.unwrap_or(0));
        self.changed.insert(key.clone());
        self.orders.insert(key, order);
    }

    /// The order as of `now`.
    fn touch(&mut self, now: Timestamp, key: &Key) -> Option<&mut Order> {
        let order = self.orders.get_mut(key)?;
        if order.time_passes(now) {
            self.changed.insert(key.clone());
        }
        if let Some(at) = self.faults.late_money_at(order).filter(|at| *at <= now) {
            self.debit_unasked(at, key);
        }
        self.orders.get_mut(key)
    }

    /// The order as of `now`, to be changed.
    fn change(&mut self, now: Timestamp, key: &Key) -> Option<&mut Order> {
        self.changed.insert(key.clone());
        self.touch(now, key)
    }
}

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod tests;
