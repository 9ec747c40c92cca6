//! What a payer can do, and what a bank does (§9).

use jiff::Timestamp;

use super::attempt::{self, Attempt, Channel, Means};
use super::fault::Fault;
use super::notice::Notice;
use super::order::{Event, Order, Payment, State};
use super::{Books, Key};
use crate::base::clock::office_date;
use crate::base::values::{Digest, Fen};

/// Why a payer cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declined {
    /// No such page.
    Unknown,
    /// 订单已关闭，无法支付
    Closed,
    /// It is paid already.
    Paid,
    /// 二维码失效
    CodeDead,
    /// A wallet's balance: must be a bank card.
    Balance,
    /// No such card.
    CardUnknown,
}

impl Books {
    /// The order of a cashier page.
    ///
    /// # Errors
    /// [`Declined::Unknown`].
    pub fn at_cashier(&mut self, now: Timestamp, token: &str) -> Result<&Order, Declined> {
        let key = self.cashiers.get(token).cloned().ok_or(Declined::Unknown)?;
        self.touch(now, &key).map(|it| &*it).ok_or(Declined::Unknown)
    }

    /// Begins to pay by a channel, or finds the code that is on the screen for it already. Gives
    /// the attempt's place in its order; `code` goes into the QR code's address.
    ///
    /// # Errors
    /// [`Declined::Balance`], [`Declined::Closed`], [`Declined::Paid`], [`Declined::Unknown`].
    pub fn begin(
        &mut self,
        now: Timestamp,
        token: &str,
        (channel, means): (Channel, Means),
        code: String,
    ) -> Result<usize, Declined> {
        let order = self.at_cashier(now, token)?;
        match order.state {
            State::Waiting => {}
            State::Paid => return Err(Declined::Paid),
            State::Closed => return Err(Declined::Closed),
        }
        match means {
            Means::BankCard => {}
            Means::Balance => return Err(Declined::Balance),
        }
        let usable = |it: &Attempt| it.channel == channel && it.state != attempt::State::Dead;
        if let Some(at) = order.attempts.iter().position(usable) {
            return Ok(at);
        }
        let key = order.key();
        let order = self.change(now, &key).ok_or(Declined::Unknown)?;
        let at = order.attempts.len();
        let state = attempt::State::Shown;
        order.attempts.push(Attempt { code: code.clone(), channel, shown_at: now, state });
        self.codes.insert(code.clone(), (key.clone(), at));
        self.forge_for(now, &key, &code);
        Ok(at)
    }

    /// The order and attempt behind a code.
    ///
    /// # Errors
    /// [`Declined::Unknown`].
    pub fn behind(&mut self, now: Timestamp, code: &str) -> Result<(&Order, &Attempt), Declined> {
        let (key, at) = self.codes.get(code).cloned().ok_or(Declined::Unknown)?;
        let order = &*self.touch(now, &key).ok_or(Declined::Unknown)?;
        Ok((order, order.attempts.get(at).ok_or(Declined::Unknown)?))
    }

    /// A phone opened the code.
    ///
    /// # Errors
    /// [`Declined`] when it can no longer be confirmed, which an attempt that took money cannot
    /// either.
    pub fn scan(&mut self, now: Timestamp, code: &str) -> Result<(), Declined> {
        let (order, attempt) = self.behind(now, code)?;
        usable(order, attempt, now)?;
        if attempt.state == attempt::State::Shown {
            let (key, at) = self.codes.get(code).cloned().ok_or(Declined::Unknown)?;
            let order = self.change(now, &key).ok_or(Declined::Unknown)?;
            order.attempts[at].state = attempt::State::Opened;
        }
        Ok(())
    }

    /// The payer confirms on the phone; `tail` ends the trade number. Confirmed twice, it is paid
    /// once.
    ///
    /// # Errors
    /// [`Declined`] when the code is void, the order closed, or the card none of the channel's.
    pub fn confirm(
        &mut self,
        now: Timestamp,
        code: &str,
        card: &str,
        tail: &str,
    ) -> Result<(), Declined> {
        let (order, attempt) = self.behind(now, code)?;
        if attempt.state == attempt::State::Paid {
            return Ok(());
        }
        usable(order, attempt, now)?;
        let cards = attempt.channel.cards();
        let card = cards.iter().find(|it| it.code == card).ok_or(Declined::CardUnknown)?;
        let (asked, channel) = (order.amount, attempt.channel);
        let (key, at) = self.codes.get(code).cloned().ok_or(Declined::Unknown)?;
        let amount = self.faults.taken(&key, asked);
        self.capture(now, &key, at, amount, card.label, tail);
        if self.faults.hits(Fault::SecondPayment, &key).is_some() {
            let other = Channel::ALL.into_iter().find(|it| *it != channel);
            self.debit(now, &key, other.unwrap_or(channel), asked, tail);
        }
        Ok(())
    }

    /// Whoever forges notices begins when a code is on the screen.
    fn forge_for(&mut self, now: Timestamp, key: &Key, code: &str) {
        let Some(amount) = self.orders.get(key).map(|it| it.amount) else { return };
        let tail = Digest::of(code.as_bytes()).to_string()[..6].to_uppercase();
        if self.faults.hits(Fault::NoticeForged, key).is_some() {
            self.forge(now, key, amount, &tail);
        }
        if self.faults.hits(Fault::ForgedAmount, key).is_some() {
            let other = Fen::new(amount.fen() / 2 + 1).unwrap_or(amount);
            self.forge(now, key, other, &tail);
        }
    }

    /// A bank took money for an attempt. It is money whatever state the order is in; an attempt
    /// takes it once. Gives the trade number, `None` when there is no such attempt or it has taken
    /// money before.
    pub fn capture(
        &mut self,
        now: Timestamp,
        key: &Key,
        at: usize,
        amount: Fen,
        bank: &str,
        tail: &str,
    ) -> Option<String> {
        self.touch(now, key)?;
        self.take(now, key, at, amount, bank, tail)
    }

    /// The same without letting time work first.
    pub(super) fn take(
        &mut self,
        now: Timestamp,
        key: &Key,
        at: usize,
        amount: Fen,
        bank: &str,
        tail: &str,
    ) -> Option<String> {
        let attempt = self.orders.get(key)?.attempts.get(at)?;
        let (channel, next) = (attempt.channel, attempt.state.after(attempt::Event::Captured)?);
        self.payments_made += 1;
        self.notices_made += 1;
        let (serial, notice) = (self.payments_made, self.notices_made);
        let day = office_date(now).strftime("%Y%m%d").to_string();
        let trade_no = format!("{day}{serial:06}{tail}");
        self.changed.insert(key.clone());
        let order = self.orders.get_mut(key)?;
        order.attempts[at].state = next;
        order.state = order.state.after(Event::Captured)?;
        order.tell_attempts(attempt::Event::OrderPaid);
        let payment = Payment {
            serial,
            trade_no: trade_no.clone(),
            attempt: at,
            amount,
            channel,
            bank: bank.to_owned(),
            paid_at: now,
        };
        let mut notice = Notice::of(&payment, notice);
        self.faults.plan(key, &mut notice);
        order.notices.push(notice);
        order.payments.push(payment);
        Some(trade_no)
    }
}

/// Whether a code can still be confirmed.
fn usable(order: &Order, attempt: &Attempt, now: Timestamp) -> Result<(), Declined> {
    match attempt.state {
        attempt::State::Paid => Err(Declined::Paid),
        attempt::State::Dead if order.state == State::Closed => Err(Declined::Closed),
        attempt::State::Dead => Err(Declined::CodeDead),
        attempt::State::Shown | attempt::State::Opened if now >= order.expires_at => {
            Err(Declined::CodeDead)
        }
        attempt::State::Shown | attempt::State::Opened => Ok(()),
    }
}
