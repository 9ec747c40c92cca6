//! The faults in a table, and what each does to an act of the books.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::asked::NewOrder;
use super::attempt::{Channel, Means};
use super::fault::{Fault, Unit};
use super::faults::{Faults, Road, Scope, Wire};
use super::order::State;
use super::{Books, Key};
use crate::base::values::Fen;

#[test]
fn every_fault_says_what_it_is() {
    let mut codes = HashSet::new();
    for fault in Fault::ALL {
        let card = fault.card();
        assert!(codes.insert(card.code), "{fault:?}");
        assert_eq!(Fault::from_code(card.code), Some(fault));
        for words in [card.what, card.seen] {
            assert!(words.ends_with('。'), "{fault:?}: {words}");
        }
        assert!(card.faq.is_none_or(|it| (1..=4).contains(&it)), "{fault:?}");
        if let Some(measure) = card.measure {
            assert!((1..=measure.most).contains(&measure.usual), "{fault:?}");
        }
    }
}

#[test]
fn a_measure_keeps_its_limits() {
    assert_eq!(Fault::Slow.card().measure.unwrap().unit, Unit::Seconds);
    let asked = [None, Some(0), Some(7), Some(99)];
    assert_eq!(asked.map(|it| Fault::Slow.measured(it)), [5, 1, 7, 30]);
    assert_eq!(asked.map(|it| Fault::Down.measured(it)), [0; 4]);
}

#[test]
fn an_orders_own_switch_goes_before_the_one_for_all() {
    let mut faults = Faults::default();
    let (mine, other) = (key(), ("KW310199".to_owned(), "another-one".to_owned()));
    faults.switch_on(at(0), Fault::NoticeLate, Scope::All, Some(10));
    faults.switch_on(at(1), Fault::NoticeLate, Scope::Order(mine.clone()), Some(20));

    let measure = |key: &Key| faults.hits(Fault::NoticeLate, key).unwrap().measure;
    assert_eq!((measure(&mine), measure(&other)), (20, 10));
    assert!(faults.hits(Fault::Down, &mine).is_none());
}

#[test]
fn the_wire_is_slow_down_or_cut() {
    let mut faults = Faults::default();
    let wire = |faults: &Faults| faults.wire(Some(&key()));
    assert_eq!(wire(&faults), Wire::default());
    faults.switch_on(at(0), Fault::Slow, Scope::All, Some(3));
    faults.switch_on(at(0), Fault::CutOff, Scope::Order(key()), None);
    assert_eq!(wire(&faults), Wire { delay_s: 3, road: Road::CutOff });
    assert_eq!(faults.wire(None), Wire { delay_s: 3, road: Road::Whole });
    faults.switch_on(at(0), Fault::Down, Scope::All, None);
    assert_eq!(wire(&faults).road, Road::Down, "what is down cannot cut an answer off");
}

#[test]
fn late_money_comes_to_orders_that_closed_since_the_switch() {
    let mut books = opened();
    books.close(at(60), "KW310199", NO).unwrap();
    books.switch_on(at(61), Fault::PaidAfterClose, Scope::All, Some(5));
    assert_eq!(state(&mut books, 9_000), State::Closed, "it closed before");

    let mut books = opened();
    books.switch_on(at(30), Fault::PaidAfterClose, Scope::All, Some(5));
    books.close(at(60), "KW310199", NO).unwrap();
    assert_eq!(state(&mut books, 359), State::Closed);
    assert_eq!(state(&mut books, 9_000), State::Paid);
    let order = books.find(at(9_001), "KW310199", NO).unwrap();
    assert_eq!(order.payments[0].paid_at, at(360), "when the bank took it, not when we looked");
    assert_eq!(order.payments.len(), 1);
}

#[test]
fn a_lie_ends_and_never_touches_the_books() {
    let mut books = opened();
    books.switch_on(at(0), Fault::AnswersWaiting, Scope::All, Some(1));
    books.confirm(at(60), "code-1", "yunjian-6217", "000001").unwrap();

    let told = |books: &mut Books, s| books.ask(at(s), "KW310199", NO).unwrap().state;
    assert_eq!((told(&mut books, 119), told(&mut books, 120)), (State::Waiting, State::Paid));
    assert_eq!(state(&mut books, 61), State::Paid);
}

#[test]
fn a_trainer_takes_money_of_any_order() {
    let mut books = opened();
    books.close(at(10), "KW310199", NO).unwrap();
    for (seconds, channel) in [(20, Channel::Wechat), (30, Channel::Wechat)] {
        books.debit(at(seconds), &key(), channel, Fen::of(10_000), "000001").unwrap();
    }
    let order = books.find(at(40), "KW310199", NO).unwrap();
    assert_eq!((order.state, order.payments.len(), order.attempts.len()), (State::Paid, 2, 2));
    let nobody = ("KW310199".to_owned(), "nobody".to_owned());
    assert_eq!(books.debit(at(50), &nobody, Channel::Wechat, Fen::of(1), "1"), None);
}

const NO: &str = "2026031331019901011234567890";

fn key() -> Key {
    ("KW310199".to_owned(), NO.to_owned())
}

fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-03-13T02:24:00Z".parse().unwrap();
    start + SignedDuration::from_secs(seconds)
}

fn state(books: &mut Books, seconds: i64) -> State {
    books.find(at(seconds), "KW310199", NO).unwrap().state
}

/// Books with one order whose code is on a screen.
fn opened() -> Books {
    let mut books = Books::default();
    let wish = NewOrder {
        order_no: NO.to_owned(),
        amount: Fen::of(10_000),
        subject: "考试费".to_owned(),
        payer: None,
        attach: "due-17".to_owned(),
        expires_at: at(86_400),
        return_url: "http://127.0.0.1:1/".to_owned(),
        notify_url: "http://127.0.0.1:1/n".to_owned(),
    };
    books.create(at(0), "KW310199", wish, "token-1".into()).unwrap();
    let way = (Channel::Wechat, Means::BankCard);
    books.begin(at(1), "token-1", way, "code-1".into()).unwrap();
    books
}
