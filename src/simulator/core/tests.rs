//! The books in tables and small stories.

use std::fmt::Debug;
use std::fmt::Write;

use expect_test::{Expect, expect};
use jiff::{SignedDuration, Timestamp};

use super::asked::{NewOrder, NewRefund};
use super::attempt::{self, Channel, Means};
use super::order::{self, PAY_WITHIN};
use super::refund::{self, BANK_TAKES};
use super::{Books, Declined, Refused};
use crate::base::values::Fen;

const CARD: &str = "yunjian-6217";
const NO: &str = "2026031331019901011234567890";

#[test]
fn the_life_of_an_order() {
    use order::{Event, State};
    let events = [Event::Captured, Event::CloseAsked, Event::TimeRanOut];
    table(&State::ALL, &events, State::after).check(expect![[r#"
        Waiting    + Captured    → Paid
        Waiting    + CloseAsked  → Closed
        Waiting    + TimeRanOut  → Closed
        Paid       + Captured    → Paid
        Paid       + CloseAsked  → –
        Paid       + TimeRanOut  → –
        Closed     + Captured    → Paid
        Closed     + CloseAsked  → Closed
        Closed     + TimeRanOut  → –
    "#]]);
}

#[test]
fn the_life_of_an_attempt() {
    use attempt::{Event, State};
    let events = [Event::Scanned, Event::Captured, Event::OrderPaid, Event::OrderClosed];
    table(&State::ALL, &events, State::after).check(expect![[r#"
        Shown      + Scanned     → Opened
        Shown      + Captured    → Paid
        Shown      + OrderPaid   → Dead
        Shown      + OrderClosed → Dead
        Opened     + Scanned     → Opened
        Opened     + Captured    → Paid
        Opened     + OrderPaid   → Opened
        Opened     + OrderClosed → Dead
        Paid       + Scanned     → –
        Paid       + Captured    → –
        Paid       + OrderPaid   → –
        Paid       + OrderClosed → –
        Dead       + Scanned     → –
        Dead       + Captured    → Paid
        Dead       + OrderPaid   → –
        Dead       + OrderClosed → –
    "#]]);
}

#[test]
fn the_life_of_a_refund() {
    use refund::{Event, State};
    let events = [Event::BankPaid, Event::BankRefused];
    table(&State::ALL, &events, State::after).check(expect![[r#"
        Processing + BankPaid    → Succeeded
        Processing + BankRefused → Failed
        Succeeded  + BankPaid    → –
        Succeeded  + BankRefused → –
        Failed     + BankPaid    → –
        Failed     + BankRefused → –
    "#]]);
}

#[test]
fn a_notice_is_sent_until_it_is_heard_or_a_day_is_over() {
    let mut books = waiting();
    paid(&mut books, at(60), Channel::Wechat, "code-1");

    let mut sent = String::new();
    let mut now = at(60);
    for _ in 0..8 {
        let delivery = books.next_notice(now).unwrap();
        assert!(books.next_notice(now).is_none(), "once each time");
        writeln!(sent, "{} {}", delivery.notice_no, now).unwrap();
        now = books.next_due().unwrap();
    }
    let mut tries = 8;
    while let Some(due) = books.next_due() {
        books.next_notice(due).unwrap();
        tries += 1;
    }

    expect![[r#"
        N000000000001 2026-03-13T02:25:00Z
        N000000000001 2026-03-13T02:25:05Z
        N000000000001 2026-03-13T02:25:20Z
        N000000000001 2026-03-13T02:26:20Z
        N000000000001 2026-03-13T02:29:20Z
        N000000000001 2026-03-13T02:39:20Z
        N000000000001 2026-03-13T03:09:20Z
        N000000000001 2026-03-13T03:39:20Z
    "#]]
    .assert_eq(&sent);
    assert_eq!(tries, 53, "and then half-hourly until a day is over");
}

#[test]
fn what_was_heard_is_not_sent_again() {
    let mut books = waiting();
    paid(&mut books, at(60), Channel::Wechat, "code-1");

    let delivery = books.next_notice(at(60)).unwrap();
    books.heard(at(61), &delivery);

    assert_eq!(books.next_due(), None);
}

#[test]
fn an_order_closes_when_its_time_came_though_nobody_looked() {
    let mut books = waiting();

    let order = books.find(at(7200), "KW310199", NO).unwrap();

    assert_eq!(order.state, order::State::Closed);
    assert_eq!(order.closed_at, Some(at(0) + PAY_WITHIN));
}

#[test]
fn a_code_that_no_phone_opened_dies_when_another_pays() {
    let mut books = waiting();
    begin(&mut books, at(10), Channel::Alipay, "code-2");

    paid(&mut books, at(60), Channel::Wechat, "code-1");

    assert_eq!(books.confirm(at(61), "code-2", "shenjiang-0082", "2"), Err(Declined::CodeDead));
}

#[test]
fn a_code_that_a_phone_holds_open_pays_a_second_time() {
    let mut books = waiting();
    begin(&mut books, at(10), Channel::Alipay, "code-2");
    books.scan(at(20), "code-2").unwrap();
    paid(&mut books, at(60), Channel::Wechat, "code-1");

    books.confirm(at(61), "code-2", "shenjiang-0082", "000002").unwrap();

    let order = books.find(at(62), "KW310199", NO).unwrap();
    let trades: Vec<&str> = order.payments.iter().map(|it| it.trade_no.as_str()).collect();
    assert_eq!(trades, ["20260313000001000001", "20260313000002000002"]);
    assert_eq!(order.notices.len(), 2);
}

#[test]
fn confirming_twice_pays_once() {
    let mut books = waiting();
    paid(&mut books, at(60), Channel::Wechat, "code-1");

    assert_eq!(books.confirm(at(61), "code-1", CARD, "000009"), Ok(()));

    assert_eq!(books.find(at(62), "KW310199", NO).unwrap().payments.len(), 1);
}

#[test]
fn pressing_twice_shows_one_code() {
    let mut books = waiting();

    let first = begin(&mut books, at(10), Channel::Alipay, "code-2");
    let second = begin(&mut books, at(11), Channel::Alipay, "code-3");

    assert_eq!(first, second);
    assert_eq!(books.behind(at(12), "code-3"), Err(Declined::Unknown));
}

#[test]
fn a_bank_that_takes_money_after_closing_makes_it_paid() {
    let mut books = waiting();
    begin(&mut books, at(10), Channel::Wechat, "code-1");
    books.close(at(60), "KW310199", NO).unwrap();
    assert_eq!(books.confirm(at(61), "code-1", CARD, "1"), Err(Declined::Closed));

    let key = ("KW310199".to_owned(), NO.to_owned());
    books.capture(at(62), &key, 0, Fen::of(10_000), "云间银行", "000001").unwrap();

    let order = books.find(at(63), "KW310199", NO).unwrap();
    assert_eq!((order.state, order.closed_at), (order::State::Paid, Some(at(60))));
    assert!(books.next_notice(at(63)).is_some());
}

#[test]
fn a_balance_and_a_strange_card_pay_nothing() {
    let mut books = waiting();

    let by_balance = (Channel::Wechat, Means::Balance);
    let refused = books.begin(at(10), "token-1", by_balance, "code-1".into());
    begin(&mut books, at(11), Channel::Wechat, "code-1");
    let strange = books.confirm(at(12), "code-1", "nobody-0000", "1");

    assert_eq!(refused, Err(Declined::Balance));
    assert_eq!(strange, Err(Declined::CardUnknown));
}

#[test]
fn a_number_stands_for_one_wish() {
    let mut books = waiting();

    let other = NewOrder { amount: Fen::of(10_001), ..wish() };
    let refused = books.create(at(1), "KW310199", other, "token-2".into()).unwrap_err();
    let again = books.create(at(2), "KW310199", wish(), "token-3".into()).unwrap().clone();
    let elsewhere = books.create(at(3), "KW310200", wish(), "token-4".into());

    assert_eq!(refused, Refused::OrderConflict);
    assert_eq!(again.token, "token-1");
    assert!(elsewhere.is_ok(), "another merchant counts for itself");
}

#[test]
fn a_merchant_that_moved_is_told_at_its_new_address() {
    let mut books = waiting();

    let moved = NewOrder { notify_url: "http://127.0.0.1:2/n".into(), ..wish() };
    books.create(at(1), "KW310199", moved, "token-2".into()).unwrap();
    paid(&mut books, at(60), Channel::Wechat, "code-1");

    assert_eq!(books.next_notice(at(60)).unwrap().notify_url, "http://127.0.0.1:2/n");
}

#[test]
fn no_more_goes_back_than_came() {
    let mut books = waiting();
    paid(&mut books, at(60), Channel::Wechat, "code-1");

    let whole = refund_of("R0000001", 10_000);
    books.refund(at(70), "KW310199", whole.clone()).unwrap();
    let again = books.refund(at(71), "KW310199", whole).unwrap().1.clone();
    let more = books.refund(at(72), "KW310199", refund_of("R0000002", 1)).unwrap_err();
    let other = books.refund(at(73), "KW310199", refund_of("R0000001", 9_999)).unwrap_err();

    assert_eq!(again.asked_at, at(70));
    assert_eq!((more, other), (Refused::RefundTooMuch, Refused::RefundConflict));
    let ended = books.find_refund(at(100), "KW310199", "R0000001").unwrap().1;
    assert_eq!(
        (ended.state, ended.finished_at),
        (refund::State::Succeeded, Some(at(70) + BANK_TAKES))
    );
}

#[test]
fn a_day_that_is_not_over_has_no_statement() {
    let mut books = waiting();
    paid(&mut books, at(60), Channel::Wechat, "code-1");
    let day = "2026-03-13".parse().unwrap();

    let early = books.statement(at(3600), "KW310199", day);
    let late = books.statement(at(86_400), "KW310199", day).unwrap();

    assert_eq!(early, Err(Refused::StatementNotReady));
    assert_eq!(late.len(), 1);
    assert_eq!(books.statement(at(86_400), "KW310200", day), Ok(Vec::new()));
}

#[test]
fn a_list_goes_on_where_the_page_before_ended() {
    let mut books = Books::default();
    for n in 0..450 {
        let wish = NewOrder { order_no: format!("order-{n:04}"), ..wish() };
        books.create(at(n / 100), "KW310199", wish, format!("token-{n}")).unwrap();
    }

    let mut pages = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let (page, more) = books.since(at(10), "KW310199", at(0), after.as_deref()).unwrap();
        pages.push(page.len());
        after = page.last().map(|it| it.order_no.clone());
        if !more {
            break;
        }
    }

    assert_eq!(pages, [200, 200, 50]);
}

/// So many seconds after 2026-03-13 10:24:00 at the office.
fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-03-13T02:24:00Z".parse().unwrap();
    start + SignedDuration::from_secs(seconds)
}

fn wish() -> NewOrder {
    NewOrder {
        order_no: NO.to_owned(),
        amount: Fen::of(10_000),
        subject: "专科层次依法自主招生报名考试费".to_owned(),
        payer: Some("林*禾".to_owned()),
        attach: "due-17".to_owned(),
        expires_at: at(86_400),
        return_url: "http://127.0.0.1:1/".to_owned(),
        notify_url: "http://127.0.0.1:1/n".to_owned(),
    }
}

/// Books with one order that waits, its cashier page named `token-1`.
fn waiting() -> Books {
    let mut books = Books::default();
    books.create(at(0), "KW310199", wish(), "token-1".into()).unwrap();
    books
}

fn begin(books: &mut Books, now: Timestamp, channel: Channel, code: &str) -> usize {
    books.begin(now, "token-1", (channel, Means::BankCard), code.into()).unwrap()
}

fn paid(books: &mut Books, now: Timestamp, channel: Channel, code: &str) {
    begin(books, now, channel, code);
    books.confirm(now, code, channel.cards()[0].code, "000001").unwrap();
}

fn refund_of(refund_no: &str, fen: i64) -> NewRefund {
    NewRefund {
        refund_no: refund_no.to_owned(),
        order_no: NO.to_owned(),
        trade_no: "20260313000001000001".to_owned(),
        amount: Fen::of(fen),
        reason: "重复缴费".to_owned(),
    }
}

struct Table(String);

impl Table {
    fn check(&self, expected: Expect) {
        expected.assert_eq(&self.0);
    }
}

fn table<S: Copy + Debug, E: Copy + Debug>(
    states: &[S],
    events: &[E],
    after: impl Fn(S, E) -> Option<S>,
) -> Table {
    let mut text = String::new();
    for state in states {
        for event in events {
            let next = after(*state, *event).map_or("–".to_owned(), |it| format!("{it:?}"));
            let (state, event) = (format!("{state:?}"), format!("{event:?}"));
            writeln!(text, "{state:10} + {event:11} → {next}").unwrap();
        }
    }
    Table(text)
}
