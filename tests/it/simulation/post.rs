//! The post: the platform's notices on their way to the house.

use kaowu::simulator::core::notice::Delivery;

use super::errands::Errand;
use super::line;
use super::run::{Event, Run};
use super::town::{Fate, happens, locked};

impl Run {
    /// The platform hears that a notice was kept, unless that answer is lost.
    pub fn heard(&self, errand: &Errand) {
        let Errand::Hear { delivery, signature: "good", answered: true, .. } = errand else {
            return;
        };
        let mut town = locked(&self.town);
        let now = town.theirs();
        town.books.heard(now, delivery);
    }

    /// Sends the notices that are due.
    pub fn posts(&mut self) {
        loop {
            let mut town = locked(&self.town);
            let now = town.theirs();
            let Some(delivery) = town.books.next_notice(now) else { break };
            if town.silent.contains(&delivery.payment.trade_no) {
                // The platform believes that it was told.
                town.books.heard(now, &delivery);
                town.fault("never told", &delivery.payment.trade_no);
                continue;
            }
            let (fate, lag) = (town.fate("notice", &delivery.notice_no), town.lag());
            let (now, forged) = (town.now, happens(&town.dice, town.trouble / 2));
            drop(town);
            for (after, answered) in arrivals(fate, lag) {
                self.at(now + after, Event::Begin(hears(&delivery, "good", answered)));
            }
            if forged {
                locked(&self.town).fault("notice forged", &delivery.notice_no);
                self.at(now, Event::Begin(hears(&delivery, "forged", false)));
            }
        }
        let next = {
            let town = locked(&self.town);
            town.books.next_due().map(|at| (at.as_second() - town.theirs_ahead).max(town.now + 1))
        };
        if let Some(when) = next {
            let waits = |event: &Event| matches!(event, Event::Post);
            let upcoming = self.queue.range(..(when + 1, 0)).any(|(_, event)| waits(event));
            if !upcoming {
                self.at(when, Event::Post);
            }
        }
    }

    /// Is a notice still to be sent?
    pub fn posts_more(&self) -> Option<i64> {
        locked(&self.town).books.next_due().map(|it| it.as_second())
    }
}

/// When a notice comes, and whether the platform hears the answer.
fn arrivals(fate: Fate, lag: i64) -> Vec<(i64, bool)> {
    match fate {
        Fate::Straight => vec![(lag, true)],
        Fate::Lost => Vec::new(),
        Fate::Late(by) => vec![(by, false)],
        Fate::AnswerLost | Fate::Garbled => vec![(lag, false)],
        Fate::Twice(by) => vec![(lag, true), (by, true)],
    }
}

fn hears(delivery: &Delivery, signature: &'static str, answered: bool) -> Errand {
    let mut body = line::written(delivery);
    if signature == "forged" {
        body = String::from_utf8(body).unwrap().replace("\"amount\":", "\"amount\":9").into_bytes();
    }
    Errand::Hear { delivery: Box::new(delivery.clone()), body, signature, answered }
}
