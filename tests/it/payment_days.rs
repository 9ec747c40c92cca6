//! Payment days under faults in every run of the tests, and the proof that simulating them can fail.

use crate::simulation::{Lie, simulate, stretch};

#[test]
fn two_thousand_payment_days_keep_both_books_equal() {
    let tally = simulate(1, 2_000, 2, Lie::None).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(tally.days, 2_000);
    assert!(tally.least >= 3, "a day without faults proves nothing: {tally:?}");
    let kinds = [
        "act met the disk",
        "answer garbled",
        "answer lost",
        "bank gives nothing back",
        "bank thinks long",
        "disk fails",
        "disk full",
        "house cut off",
        "house restored",
        "late",
        "lost on its way",
        "never told",
        "notice forged",
        "our clock jumps",
        "platform out of reach",
        "their clock jumps",
        "twice",
    ];
    for kind in kinds {
        assert!(tally.faults.get(kind) > Some(&100), "hardly ever: {kind}: {tally:?}");
    }
    assert!(tally.payments > 20 * 1_000, "hardly anybody paid: {tally:?}");
    assert!(tally.returned.refunds > 3_000, "hardly anything went back: {tally:?}");
    assert!(tally.returned.by_hand > 100, "hardly anything went back by hand: {tally:?}");
}

#[test]
fn a_seed_brings_back_the_same_days() {
    let (first, second) = (stretch(77, Lie::None).unwrap(), stretch(77, Lie::None).unwrap());
    assert_eq!(first, second);
}

#[test]
fn a_wrong_amount_told_as_the_right_one_is_found() {
    assert_found(Lie::WrongAmountAsRight, " here and ");
}

#[test]
fn an_order_closed_here_and_payable_there_is_found() {
    assert_found(Lie::ClosedUnasked, "is closed here, and can be paid there");
}

#[test]
fn money_that_has_two_numbers_is_found() {
    assert_found(Lie::NewTradeNumbers, "is one that the platform has not");
}

#[test]
fn money_called_back_too_soon_is_found() {
    assert_found(Lie::RefundedTooSoon, "has ended here, and is Processing there");
}

/// The simulation finds what is broken, and its seed alone brings it back, step by step.
fn assert_found(lie: Lie, words: &str) {
    let failure = (1..=5).find_map(|seed| stretch(seed, lie).err());
    let failure = failure.expect("a broken rule is found within fifty days");
    assert!(failure.complaint.contains(words), "{failure}");
    assert!(!failure.steps.is_empty());

    let again = stretch(failure.seed, lie).expect_err("a seed that failed fails again");
    assert_eq!(again, failure);
}
