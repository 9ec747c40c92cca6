//! The simulated platform's faults, told to the training console, which may not know the platform.

use crate::overview::training::lessons::Lesson;
use crate::simulator::core::fault::Fault;

/// Every fault.
pub fn of() -> Vec<Lesson> {
    let lesson = |fault: Fault| {
        let card = fault.card();
        let (code, label, what) = (card.code, card.label, card.what);
        Lesson { code, label, what, seen: card.seen, faq: card.faq }
    };
    Fault::ALL.into_iter().map(lesson).collect()
}
