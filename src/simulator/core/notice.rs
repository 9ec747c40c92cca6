//! Notices: the queue of what merchants have yet to hear (§6).
//!
//! [`Books::next_notice`] takes one delivery off the queue and puts it back for later in the same
//! step; only [`Books::heard`] ends it. So a platform that dies while it delivers delivers again.

use jiff::{SignedDuration, Timestamp};

use super::order::{Order, Payment};
use super::{Books, Key};

/// The pauses after the first, second … delivery; then always the last.
pub const PAUSES: [SignedDuration; 6] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(15),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(3),
    SignedDuration::from_mins(10),
    SignedDuration::from_mins(30),
];

/// How long after the payment the platform gives up.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// That a payment happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Counts all notices of this platform.
    pub serial: u64,
    /// Which payment.
    pub trade_no: String,
    /// When the payment happened.
    pub since: Timestamp,
    /// How often it was sent.
    pub tries: u32,
    /// When it is to be sent; `None` when the merchant has it, or the platform gave up.
    pub due_at: Option<Timestamp>,
    /// When the merchant had it.
    pub heard_at: Option<Timestamp>,
}

/// A notice on its way.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The notice's number on the wire.
    pub notice_no: String,
    /// Of which order.
    pub key: Key,
    /// Which notice.
    pub serial: u64,
    /// Where to.
    pub notify_url: String,
    /// The merchant's own key.
    pub attach: String,
    /// The money.
    pub payment: Payment,
    /// It gets lost on the way: nobody is to send it.
    pub lost: bool,
}

impl Notice {
    /// A notice that is due at once.
    pub fn of(payment: &Payment, serial: u64) -> Notice {
        let (trade_no, since) = (payment.trade_no.clone(), payment.paid_at);
        Notice { serial, trade_no, since, tries: 0, due_at: Some(since), heard_at: None }
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.due_at.is_some_and(|at| at <= now)
    }

    fn sent(&mut self, now: Timestamp) {
        let pause = PAUSES.get(self.tries as usize).unwrap_or(&PAUSES[PAUSES.len() - 1]);
        let next = now + *pause;
        self.tries += 1;
        self.due_at = (next <= self.since + GIVE_UP_AFTER).then_some(next);
    }
}

impl Books {
    /// Takes the delivery that has been due longest, and plans the next one in case this is not
    /// heard.
    pub fn next_notice(&mut self, now: Timestamp) -> Option<Delivery> {
        let due = |order: &Order| {
            let newest_first = !self.faults.is_quiet() && self.faults.reverses(&order.key());
            let rank =
                |it: &Notice| if newest_first { -(it.serial as i64) } else { it.serial as i64 };
            let notices = order.notices.iter().filter(|it| it.is_due(now));
            notices.map(|it| (it.due_at, rank(it), it.serial)).min()
        };
        let first = self.orders.values().filter_map(|it| Some((due(it)?, it.key()))).min()?;
        let ((_, _, serial), key) = first;
        let lost = self.faults.loses(&key);
        let order = self.change(now, &key)?;
        let notice = order.notices.iter_mut().find(|it| it.serial == serial)?;
        notice.sent(now);
        let trade_no = notice.trade_no.clone();
        let payment = order.payments.iter().find(|it| it.trade_no == trade_no)?.clone();
        Some(Delivery {
            notice_no: format!("N{serial:012}"),
            serial,
            notify_url: order.notify_url.clone(),
            attach: order.attach.clone(),
            payment,
            key,
            lost,
        })
    }

    /// When the next delivery of a notice is due, if any is.
    pub fn next_due(&self) -> Option<Timestamp> {
        let notices = self.orders.values().flat_map(|it| &it.notices);
        notices.filter_map(|it| it.due_at).min()
    }

    /// The merchant has it: no more deliveries, unless a fault repeats it once.
    pub fn heard(&mut self, now: Timestamp, delivery: &Delivery) {
        let repeats = self.faults.repeats(&delivery.key);
        let Some(order) = self.change(now, &delivery.key) else { return };
        if let Some(notice) = order.notices.iter_mut().find(|it| it.serial == delivery.serial) {
            let again = repeats && notice.heard_at.is_none();
            notice.due_at = again.then_some(now);
            notice.heard_at.get_or_insert(now);
        }
    }
}
