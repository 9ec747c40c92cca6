//! What a merchant can do (§4).

use jiff::Timestamp;
use jiff::civil::Date;

use super::asked::{NewOrder, NewRefund};
use super::fault::Fault;
use super::order::{Event, Order, PAY_WITHIN, State};
use super::refund::{self, BANK_TAKES, Refund};
use super::{Books, Key, Refused};
use crate::base::clock::office_date;
use crate::machinery::gateway::wire::statement::Line;

/// How many orders one page of a list has at most (§4.4).
const PAGE: usize = 200;

impl Books {
    /// Makes an order, or finds the one that was made of the same wish. `token` names its cashier
    /// page.
    ///
    /// # Errors
    /// [`Refused::OrderConflict`], [`Refused::ExpiryPast`].
    pub fn create(
        &mut self,
        now: Timestamp,
        merchant: &str,
        wish: NewOrder,
        token: String,
    ) -> Result<&Order, Refused> {
        let key = (merchant.to_owned(), wish.order_no.clone());
        if self.touch(now, &key).is_some() {
            return self.create_again(key, wish);
        }
        if wish.expires_at <= now {
            return Err(Refused::ExpiryPast);
        }
        self.put(Order {
            merchant: merchant.to_owned(),
            order_no: wish.order_no,
            amount: wish.amount,
            subject: wish.subject,
            payer: wish.payer,
            attach: wish.attach,
            asked_expiry: wish.expires_at,
            expires_at: wish.expires_at.min(now + PAY_WITHIN),
            return_url: wish.return_url,
            notify_url: wish.notify_url,
            token,
            created_at: now,
            state: State::Waiting,
            closed_at: None,
            attempts: Vec::new(),
            payments: Vec::new(),
            refunds: Vec::new(),
            notices: Vec::new(),
            forgeries: Vec::new(),
        });
        self.orders.get(&key).ok_or(Refused::OrderUnknown)
    }

    fn create_again(&mut self, key: Key, wish: NewOrder) -> Result<&Order, Refused> {
        let order = self.orders.get_mut(&key).ok_or(Refused::OrderUnknown)?;
        let same = order.amount == wish.amount
            && order.subject == wish.subject
            && order.payer == wish.payer
            && order.attach == wish.attach
            && order.asked_expiry == wish.expires_at;
        if !same {
            return Err(Refused::OrderConflict);
        }
        let moved = order.return_url != wish.return_url || order.notify_url != wish.notify_url;
        // The merchant's house may have moved to another port; the wish is the same.
        if order.state == State::Waiting && moved {
            order.return_url = wish.return_url;
            order.notify_url = wish.notify_url;
            self.changed.insert(key);
        }
        Ok(order)
    }

    /// The order as it stands.
    ///
    /// # Errors
    /// [`Refused::OrderUnknown`].
    pub fn find(&mut self, now: Timestamp, merchant: &str, no: &str) -> Result<&Order, Refused> {
        let key = (merchant.to_owned(), no.to_owned());
        self.touch(now, &key).map(|it| &*it).ok_or(Refused::OrderUnknown)
    }

    /// The order as the platform tells it when it is asked: as it stands, unless a fault makes the
    /// platform say otherwise.
    ///
    /// # Errors
    /// [`Refused::OrderUnknown`].
    pub fn ask(&mut self, now: Timestamp, merchant: &str, no: &str) -> Result<Order, Refused> {
        let order = self.find(now, merchant, no)?.clone();
        self.faults.told(now, &order).ok_or(Refused::OrderUnknown)
    }

    /// Closes an order that nobody paid.
    ///
    /// # Errors
    /// [`Refused::OrderUnknown`], [`Refused::AlreadyPaid`].
    pub fn close(&mut self, now: Timestamp, merchant: &str, no: &str) -> Result<&Order, Refused> {
        let key = (merchant.to_owned(), no.to_owned());
        let order = self.change(now, &key).ok_or(Refused::OrderUnknown)?;
        if order.state == State::Waiting && self.faults.hits(Fault::CloseFindsPaid, &key).is_some()
        {
            self.debit_unasked(now, &key);
        }
        let order = self.change(now, &key).ok_or(Refused::OrderUnknown)?;
        if order.close(Event::CloseAsked, now) { Ok(order) } else { Err(Refused::AlreadyPaid) }
    }

    /// A page of the orders made or paid since then, and whether another follows.
    ///
    /// # Errors
    /// [`Refused::OrderUnknown`] when there is no order `after`.
    pub fn since(
        &mut self,
        now: Timestamp,
        merchant: &str,
        since: Timestamp,
        after: Option<&str>,
    ) -> Result<(Vec<&Order>, bool), Refused> {
        let from = match after {
            Some(no) => {
                let order = self.find(now, merchant, no)?;
                Some((order.created_at, order.order_no.clone()))
            }
            None => None,
        };
        self.bring_up_to(now);
        let recent = |it: &&Order| {
            it.created_at >= since || it.payments.iter().any(|paid| paid.paid_at >= since)
        };
        let mine = self.orders.values().filter(|it| it.merchant == merchant).filter(recent);
        let mut found: Vec<(Timestamp, &Order)> = mine.map(|it| (it.created_at, it)).collect();
        found.sort_by_key(|(made, it)| (*made, it.order_no.clone()));
        let rest = found.into_iter().map(|(_, it)| it);
        let mut rest = rest.filter(|it| {
            from.as_ref().is_none_or(|from| (it.created_at, &it.order_no) > (from.0, &from.1))
        });
        let page: Vec<&Order> = rest.by_ref().take(PAGE).collect();
        Ok((page, rest.next().is_some()))
    }

    /// Accepts a refund, or finds the one that was accepted of the same wish.
    ///
    /// # Errors
    /// [`Refused::OrderUnknown`], [`Refused::TradeUnknown`], [`Refused::RefundConflict`],
    /// [`Refused::RefundTooMuch`].
    pub fn refund(
        &mut self,
        now: Timestamp,
        merchant: &str,
        wish: NewRefund,
    ) -> Result<(&Order, &Refund), Refused> {
        let number = (merchant.to_owned(), wish.refund_no.clone());
        if self.refunds.contains_key(&number) {
            let (order, refund) = self.find_refund(now, merchant, &wish.refund_no)?;
            let same = order.order_no == wish.order_no
                && refund.trade_no == wish.trade_no
                && refund.amount == wish.amount
                && refund.reason == wish.reason;
            return if same { Ok((order, refund)) } else { Err(Refused::RefundConflict) };
        }
        let key = (merchant.to_owned(), wish.order_no);
        let order = self.touch(now, &key).ok_or(Refused::OrderUnknown)?;
        let payment = order.payments.iter().find(|it| it.trade_no == wish.trade_no);
        if wish.amount.fen() > order.left_of(payment.ok_or(Refused::TradeUnknown)?) {
            return Err(Refused::RefundTooMuch);
        }
        let takes = self.faults.refund_takes(&key).unwrap_or(BANK_TAKES);
        let fails = self.faults.hits(Fault::RefundFails, &key).is_some();
        let outcome = if fails { refund::Event::BankRefused } else { refund::Event::BankPaid };
        let order = self.orders.get_mut(&key).ok_or(Refused::OrderUnknown)?;
        order.refunds.push(Refund {
            refund_no: wish.refund_no.clone(),
            trade_no: wish.trade_no,
            amount: wish.amount,
            reason: wish.reason,
            asked_at: now,
            ready_at: now + takes,
            outcome,
            state: refund::State::Processing,
            finished_at: None,
        });
        self.changed.insert(key.clone());
        self.refunds.insert(number, key);
        self.find_refund(now, merchant, &wish.refund_no)
    }

    /// The refund as it stands, and its order.
    ///
    /// # Errors
    /// [`Refused::RefundUnknown`].
    pub fn find_refund(
        &mut self,
        now: Timestamp,
        merchant: &str,
        no: &str,
    ) -> Result<(&Order, &Refund), Refused> {
        let number = (merchant.to_owned(), no.to_owned());
        let key = self.refunds.get(&number).cloned().ok_or(Refused::RefundUnknown)?;
        let order = &*self.touch(now, &key).ok_or(Refused::RefundUnknown)?;
        let refund = order.refunds.iter().find(|it| it.refund_no == no);
        Ok((order, refund.ok_or(Refused::RefundUnknown)?))
    }

    /// What came and what went back on `day`, as the statement says it: the truth, unless a fault
    /// misprints it.
    ///
    /// # Errors
    /// [`Refused::StatementNotReady`] while the day lasts.
    pub fn statement(
        &mut self,
        now: Timestamp,
        merchant: &str,
        day: Date,
    ) -> Result<Vec<Line>, Refused> {
        if office_date(now) <= day {
            return Err(Refused::StatementNotReady);
        }
        self.bring_up_to(now);
        let mine = self.orders.values().filter(|it| it.merchant == merchant);
        let lines = mine.flat_map(lines).filter(|it| office_date(it.at) == day).collect();
        Ok(self.faults.misprinted(merchant, day, lines))
    }
}

/// Every line that an order ever puts into a statement.
fn lines(order: &Order) -> Vec<Line> {
    let line = |trade_no: &str, at| {
        let payment = order.payments.iter().find(|it| it.trade_no == trade_no)?;
        Some(Line {
            at,
            order_no: order.order_no.clone(),
            trade_no: trade_no.to_owned(),
            refund_no: None,
            amount: payment.amount.fen(),
            channel: payment.channel.code().to_owned(),
            attach: order.attach.clone(),
        })
    };
    let came = order.payments.iter().filter_map(|it| line(&it.trade_no, it.paid_at));
    let succeeded = order.refunds.iter().filter(|it| it.state == refund::State::Succeeded);
    let went = succeeded.filter_map(|it| {
        let (refund_no, amount) = (Some(it.refund_no.clone()), it.amount.fen());
        Some(Line { refund_no, amount, ..line(&it.trade_no, it.finished_at?)? })
    });
    came.chain(went).collect()
}
