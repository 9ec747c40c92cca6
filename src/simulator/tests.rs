//! Random days: whatever payers, merchants, banks and the clock do, the books stay true, in memory
//! and on disk. A failure names its seed.

use jiff::{SignedDuration, Timestamp};

use super::core::Books;
use super::core::asked::{NewOrder, NewRefund};
use super::core::attempt::{self, Channel, Means};
use super::core::fault::Fault;
use super::core::faults::Scope;
use super::core::order::{Order, State};
use super::core::refund;
use super::store::Store;
use crate::base::chance::Chance;
use crate::base::values::Fen;

const MERCHANT: &str = "KW310199";
const ORDERS: u64 = 6;

#[test]
fn a_hundred_random_days_leave_true_books() {
    for seed in 0..100 {
        let (chance, mut now) = (Chance::seeded(seed), morning());
        let mut books = Books::default();
        for _ in 0..200 {
            now += SignedDuration::from_secs(chance.below(120) as i64);
            something_happens(&mut books, now, &chance);
            books.bring_up_to(now);
            for order in books.orders() {
                check(order, seed);
            }
        }
        every_payment_is_told(books, now, seed);
    }
}

#[test]
fn faults_never_make_the_books_untrue() {
    for seed in 0..60 {
        let (chance, mut now) = (Chance::seeded(seed), morning());
        let mut books = Books::default();
        for _ in 0..200 {
            now += SignedDuration::from_secs(chance.below(120) as i64);
            something_goes_wrong(&mut books, now, &chance);
            something_happens(&mut books, now, &chance);
            books.bring_up_to(now);
            for order in books.orders() {
                check(order, seed);
            }
        }
    }
}

#[test]
fn what_is_read_from_the_disk_is_what_was_written() {
    for seed in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let (chance, mut now) = (Chance::seeded(seed), morning());
        let store = Store::open(dir.path()).unwrap();
        for _ in 0..60 {
            now += SignedDuration::from_secs(chance.below(120) as i64);
            let acts = |books: &mut Books| {
                something_goes_wrong(books, now, &chance);
                something_happens(books, now, &chance);
            };
            store.act(acts).unwrap();
        }
        let before = store.act(|books| format!("{books:?}")).unwrap();
        drop(store);

        let after = Store::open(dir.path()).unwrap().act(|books| format!("{books:?}")).unwrap();

        assert_eq!(after, before, "seed {seed}");
    }
}

/// Somebody switches a fault, or forges, or ends a refund, once in four times.
fn something_goes_wrong(books: &mut Books, now: Timestamp, chance: &Chance) {
    let key = (MERCHANT.to_owned(), format!("order-{:04}", chance.below(ORDERS)));
    let fault = *chance.pick(&Fault::ALL);
    let scope = *chance.pick(&[None, Some(())]);
    let scope = scope.map_or(Scope::All, |()| Scope::Order(key.clone()));
    match chance.below(12) {
        0 => books.switch_on(now, fault, scope, Some(chance.below(90) as u32)),
        1 => {
            books.switch_off(fault, &scope);
        }
        2 => {
            books.forge(now, &key, Fen::of(100), &chance.digits(6));
            books.debit(now, &key, *chance.pick(&Channel::ALL), Fen::of(7), &chance.digits(6));
            books.end_refund(now, MERCHANT, "refund-0001", refund::Event::BankRefused);
        }
        _ => {}
    }
}

/// One act of somebody. What is refused is refused; only the books count.
fn something_happens(books: &mut Books, now: Timestamp, chance: &Chance) {
    let no = format!("order-{:04}", chance.below(ORDERS));
    let key = (MERCHANT.to_owned(), no.clone());
    let found = books.find(now, MERCHANT, &no).ok().cloned();
    let (token, code) = match &found {
        Some(order) => (order.token.clone(), code_of(order, chance)),
        None => (String::new(), String::new()),
    };
    match chance.below(10) {
        0 | 1 => {
            let _ = books.create(now, MERCHANT, wish(no, now), chance.token());
        }
        2 | 3 => {
            let way =
                (*chance.pick(&Channel::ALL), *chance.pick(&[Means::BankCard, Means::Balance]));
            let _ = books.begin(now, &token, way, chance.token());
        }
        4 => {
            let _ = books.scan(now, &code);
        }
        5 | 6 => {
            let _ = books.confirm(now, &code, "shenjiang-0082", &chance.digits(6));
        }
        7 => {
            let _ = books.close(now, MERCHANT, &no);
        }
        8 => {
            let at = chance.below(4) as usize;
            books.capture(now, &key, at, Fen::of(9_999), "云间银行", &chance.digits(6));
        }
        _ => {
            let trade_no = found.and_then(|it| Some(it.payments.first()?.trade_no.clone()));
            let refund = NewRefund {
                refund_no: format!("refund-{:04}", chance.below(40)),
                order_no: no,
                trade_no: trade_no.unwrap_or_default(),
                amount: Fen::of(1 + chance.below(9_999) as i64),
                reason: "退费".to_owned(),
            };
            let _ = books.refund(now, MERCHANT, refund);
        }
    }
}

fn code_of(order: &Order, chance: &Chance) -> String {
    if order.attempts.is_empty() {
        return String::new();
    }
    chance.pick(&order.attempts).code.clone()
}

fn check(order: &Order, seed: u64) {
    let paid: Vec<usize> = order.payments.iter().map(|it| it.attempt).collect();
    let marked = order.attempts.iter().enumerate();
    let marked = marked.filter(|(_, it)| it.state == attempt::State::Paid).map(|(at, _)| at);
    let mut once = paid.clone();
    once.sort_unstable();
    assert_eq!(once, marked.collect::<Vec<_>>(), "an attempt is paid once, seed {seed}");
    assert_eq!(order.state == State::Paid, !paid.is_empty(), "money is PAID, seed {seed}");
    assert_eq!(order.notices.len(), paid.len(), "a notice a payment, seed {seed}");
    for payment in &order.payments {
        assert!(order.left_of(payment) >= 0, "more went back than came, seed {seed}");
    }
    if order.state == State::Closed {
        let dead = order.attempts.iter().all(|it| it.state == attempt::State::Dead);
        assert!(dead, "a closed order has no living code, seed {seed}");
    }
}

fn every_payment_is_told(mut books: Books, now: Timestamp, seed: u64) {
    while let Some(delivery) = books.next_notice(now) {
        books.heard(now, &delivery);
    }
    let payments: usize = books.orders().map(|it| it.payments.len()).sum();
    let heard = books.orders().flat_map(|it| &it.notices).filter(|it| it.heard_at.is_some());
    assert_eq!(heard.count(), payments, "seed {seed}");
}

fn wish(order_no: String, now: Timestamp) -> NewOrder {
    NewOrder {
        order_no,
        amount: Fen::of(10_000),
        subject: "考试费".to_owned(),
        payer: None,
        attach: "due-1".to_owned(),
        expires_at: now + SignedDuration::from_mins(20),
        return_url: "http://127.0.0.1:1/".to_owned(),
        notify_url: "http://127.0.0.1:1/n".to_owned(),
    }
}

fn morning() -> Timestamp {
    "2026-03-13T02:24:00Z".parse().unwrap()
}
