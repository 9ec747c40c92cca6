//! Notices that somebody else sends in the platform's name (§11): for training alone.

use jiff::{SignedDuration, Timestamp};

use super::{Books, Key};
use crate::base::clock::office_date;
use crate::base::values::Fen;

/// How long after no answer it is tried again.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// How long after that nobody tries any more.
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// A notice of money that never came, whose signature is not the platform's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgery {
    /// Counts all forgeries of this platform.
    pub serial: u64,
    /// The trade number it makes up.
    pub trade_no: String,
    /// The amount it claims.
    pub amount: Fen,
    /// When it was thought out; the time of payment it claims.
    pub made_at: Timestamp,
    /// When it is to be sent; `None` when the merchant answered, or nobody tries any more.
    pub due_at: Option<Timestamp>,
    /// Whether the merchant believed it, once it answered.
    pub believed: Option<bool>,
}

/// A forgery on its way.
#[derive(Clone, Debug)]
pub struct Forged {
    /// Of which order.
    pub key: Key,
    /// Where to.
    pub notify_url: String,
    /// The merchant's own key.
    pub attach: String,
    /// What it says.
    pub forgery: Forgery,
}

impl Books {
    /// Somebody makes up a success of `amount` for an order; `tail` ends the trade number. It is
    /// due at once. `false` when there is no such order.
    pub fn forge(&mut self, now: Timestamp, key: &Key, amount: Fen, tail: &str) -> bool {
        self.forgeries_made += 1;
        let serial = self.forgeries_made;
        let day = office_date(now).strftime("%Y%m%d").to_string();
        let trade_no = format!("{day}8{serial:05}{tail}");
        let (made_at, due_at) = (now, Some(now));
        let forgery = Forgery { serial, trade_no, amount, made_at, due_at, believed: None };
        let Some(order) = self.change(now, key) else { return false };
        order.forgeries.push(forgery);
        true
    }

    /// Takes a forgery that is due, and plans the next try in case nobody answers.
    pub fn next_forgery(&mut self, now: Timestamp) -> Option<Forged> {
        let due = |it: &Forgery| it.due_at.filter(|at| *at <= now);
        let orders = self.orders.values();
        let found = orders.flat_map(|order| {
            order.forgeries.iter().filter_map(move |it| Some((due(it)?, it.serial, order.key())))
        });
        let (_, serial, key) = found.min()?;
        let order = self.change(now, &key)?;
        let forgery = order.forgeries.iter_mut().find(|it| it.serial == serial)?;
        let next = now + AGAIN_AFTER;
        forgery.due_at = (next <= forgery.made_at + GIVE_UP_AFTER).then_some(next);
        let forgery = forgery.clone();
        let (notify_url, attach) = (order.notify_url.clone(), order.attach.clone());
        Some(Forged { key, notify_url, attach, forgery })
    }

    /// The merchant answered a forgery.
    pub fn forgery_answered(&mut self, now: Timestamp, forged: &Forged, believed: bool) {
        let Some(order) = self.change(now, &forged.key) else { return };
        let serial = forged.forgery.serial;
        if let Some(forgery) = order.forgeries.iter_mut().find(|it| it.serial == serial) {
            forgery.due_at = None;
            forgery.believed = Some(believed);
        }
    }
}
