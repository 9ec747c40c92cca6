//! What a trainer makes happen: faults switched on and off, money taken now, a notice sent again, a
//! refund ended.

use jiff::Timestamp;

use super::attempt::{self, Attempt, Channel};
use super::fault::Fault;
use super::faults::{Faults, Scope};
use super::refund;
use super::{Books, Key};
use crate::base::values::{Digest, Fen};

impl Books {
    /// The faults that are switched on.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Switches a fault on; see [`Faults::switch_on`].
    pub fn switch_on(&mut self, now: Timestamp, fault: Fault, scope: Scope, measure: Option<u32>) {
        self.faults.switch_on(now, fault, scope, measure);
        self.faults_changed = true;
    }

    /// Switches a fault off; says whether it was on.
    pub fn switch_off(&mut self, fault: Fault, scope: &Scope) -> bool {
        let was_on = self.faults.switch_off(fault, scope);
        self.faults_changed |= was_on;
        was_on
    }

    /// Switches every fault off.
    pub fn quiet(&mut self) {
        self.faults.quiet();
        self.faults_changed = true;
    }

    /// The faults, when they changed since this was last asked.
    pub fn take_changed_faults(&mut self) -> Option<&Faults> {
        std::mem::take(&mut self.faults_changed).then_some(&self.faults)
    }

    /// A bank takes money for an order now, whatever state it is in: by the code of that channel
    /// that has taken none yet, or by a new one. Gives the trade number, which `tail` ends; `None`
    /// when there is no such order.
    pub fn debit(
        &mut self,
        now: Timestamp,
        key: &Key,
        channel: Channel,
        amount: Fen,
        tail: &str,
    ) -> Option<String> {
        self.touch(now, key)?;
        self.debit_at(now, key, channel, amount, tail)
    }

    /// The same without letting time work first.
    pub(super) fn debit_at(
        &mut self,
        at: Timestamp,
        key: &Key,
        channel: Channel,
        amount: Fen,
        tail: &str,
    ) -> Option<String> {
        let order = self.orders.get_mut(key)?;
        let free = |it: &Attempt| it.channel == channel && it.state != attempt::State::Paid;
        let place = match order.attempts.iter().rposition(free) {
            Some(place) => place,
            None => {
                let place = order.attempts.len();
                // As hard to guess as the page's own name, of which it is made.
                let seed = format!("{} {place}", order.token);
                let code = Digest::of(seed.as_bytes()).to_string()[..43].to_owned();
                let state = attempt::State::Opened;
                let attempt = Attempt { code: code.clone(), channel, shown_at: at, state };
                order.attempts.push(attempt);
                self.codes.insert(code, (key.clone(), place));
                place
            }
        };
        self.take(at, key, place, amount, channel.cards()[0].label, tail)
    }

    /// The money that comes without a payer at the cashier: by the channel opened last.
    pub(super) fn debit_unasked(&mut self, at: Timestamp, key: &Key) -> Option<String> {
        let order = self.orders.get(key)?;
        let opened = order.attempts.iter().rev().find(|it| it.state != attempt::State::Paid);
        let channel = opened.map_or(Channel::Wechat, |it| it.channel);
        let (amount, tail) = (order.amount, tail_of(&order.token));
        let amount = self.faults.taken(key, amount);
        self.debit_at(at, key, channel, amount, &tail)
    }

    /// Sends a notice again now, heard or not; says whether there is one of that number.
    pub fn notice_again(&mut self, now: Timestamp, key: &Key, serial: u64) -> bool {
        let Some(order) = self.change(now, key) else { return false };
        let notice = order.notices.iter_mut().find(|it| it.serial == serial);
        notice.map(|it| it.due_at = Some(now)).is_some()
    }

    /// The bank ends a refund now; `false` when there is none, or it has ended before.
    pub fn end_refund(
        &mut self,
        now: Timestamp,
        merchant: &str,
        refund_no: &str,
        event: refund::Event,
    ) -> bool {
        let number = (merchant.to_owned(), refund_no.to_owned());
        let Some(key) = self.refunds.get(&number).cloned() else { return false };
        let Some(order) = self.change(now, &key) else { return false };
        let refund = order.refunds.iter_mut().find(|it| it.refund_no == refund_no);
        refund.is_some_and(|it| it.end(event, now))
    }
}

/// Six digits that end a trade number where nobody rolls dice.
fn tail_of(token: &str) -> String {
    let digest = Digest::of(token.as_bytes()).to_string();
    digest.bytes().take(6).map(|it| char::from(b'0' + it % 10)).collect()
}
