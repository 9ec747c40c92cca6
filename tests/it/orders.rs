//! Orders: what is placed, paid and closed, with a real platform on the other side.

use kaowu::base::outcome::Error;
use kaowu::base::values::Fen;
use kaowu::features::fees::rules::DueState;
use kaowu::features::orders::rules::{Fate, Refused, Road, Settled, State};
use kaowu::features::orders::{self, platform};
use kaowu::features::refunds::rules::Reason;
use kaowu::machinery::db::{Actor, FormKey};
use kaowu::machinery::gateway::{self, Success};
use kaowu::simulator::core::Books;
use kaowu::simulator::core::attempt::Channel;
use kaowu::simulator::core::fault::Fault;
use kaowu::simulator::core::faults::Scope;

use crate::payday::{Day, Does};

#[test]
fn an_order_is_placed_paid_and_receipted() {
    let day = Day::new();

    let order = day.submits().unwrap();
    assert_eq!(order.state, State::AwaitingPayment);
    day.world.town().pays(&order, Channel::Wechat);
    let paid = day.asks(&order);

    assert_eq!(paid.state, State::Paid);
    assert_eq!(day.due_state(), DueState::Paid);
    assert_eq!(day.fates(&order), [Fate::Counted]);
    assert_eq!(day.receipts(), 1);
    let letters = "select count(*) from mails where recipient = 'lin@example.com'";
    assert_eq!(day.world.app.db.read_now(|tx| tx.count(letters, ())).unwrap(), 1);
}

#[test]
fn submitting_again_returns_to_the_open_order() {
    let day = Day::new();
    let first = day.submits().unwrap();
    let second = day.submits().unwrap();
    assert_eq!(first.no, second.no);
}

#[test]
fn a_double_click_places_one_order() {
    let day = Day::new();
    let key = FormKey::draw(&day.world.app.chance);
    let (by, person, due) = (day.by(), day.person, day.due);
    let clicks: Vec<_> = (0..6)
        .map(|_| {
            let (key, app) = (key.clone(), day.world.app.clone());
            std::thread::spawn(move || platform::submit(&app, by, person, due, key).unwrap().no)
        })
        .collect();
    let numbers: Vec<_> = clicks.into_iter().map(|it| it.join().unwrap()).collect();
    assert!(numbers.iter().all(|it| *it == numbers[0]), "{numbers:?}");
    let person = day.person;
    let placed = day.world.app.db.read_now(|tx| orders::of_candidate(tx, person)).unwrap();
    assert_eq!(placed.len(), 1);
}

#[test]
fn paid_but_unheard_of_is_found_by_submitting_again() {
    let day = Day::new();
    let order = day.submits().unwrap();
    day.world.town().pays(&order, Channel::Alipay);

    let again = day.submits();

    assert!(matches!(again, Err(Error::Refused(Refused::NothingOwed))), "{again:?}");
    assert_eq!(day.due_state(), DueState::Paid);
}

#[test]
fn logging_in_repairs_what_was_paid_and_shows_unpaid() {
    let day = Day::new();
    let order = day.submits().unwrap();
    day.world.town().pays(&order, Channel::Alipay);
    day.passes(1);

    let asked = platform::repair(&day.world.app, day.by(), day.person).unwrap();

    assert_eq!(asked, 1);
    assert_eq!(day.due_state(), DueState::Paid);
}

#[test]
fn told_twice_money_counts_once() {
    let day = Day::new();
    let order = day.submits().unwrap();
    let success = Success {
        order_no: order.no.clone(),
        trade_no: "T1".into(),
        amount: order.amount,
        channel: gateway::Channel::Wechat,
        paid_at: day.world.app.clock.now(),
        attach: String::new(),
    };
    let house = orders::House::of(&day.world.app);
    let tell = |road| {
        let (success, house) = (success.clone(), house.clone());
        day.world.does(move |tx| orders::settle(tx, &success, road, &house))
    };

    assert_eq!(tell(Road::Notice), Settled::Counted);
    assert_eq!(tell(Road::Question), Settled::Known);

    assert_eq!(day.fates(&order), [Fate::Counted]);
    assert_eq!(day.receipts(), 1);
}

#[test]
fn a_second_payment_over_another_channel_is_to_be_given_back() {
    let day = Day::new();
    let (order, refund) = day.paid_twice();

    assert_eq!(order.state, State::Paid);
    assert_eq!(day.fates(&order), [Fate::Counted, Fate::ToRefund]);
    assert_eq!((refund.reason, refund.asked_by), (Reason::Duplicate, None));
    assert_eq!(day.receipts(), 1);
}

#[test]
fn an_order_is_closed_only_after_the_platform_was_asked() {
    let mut day = Day::new();
    let order = day.submits().unwrap();
    day.passes(31);

    day.world.platform_goes_down();
    assert_eq!(platform::expire(&day.world.app).unwrap(), 0);
    let still = day.world.app.db.read_now(|tx| orders::find(tx, &order.no)).unwrap().unwrap();

    assert_eq!(still.state, State::AwaitingPayment);
    assert!(still.ask_trouble.is_some());
}

#[test]
fn an_unpaid_order_closes_after_its_time() {
    let day = Day::new();
    let order = day.submits().unwrap();
    day.passes(31);

    assert_eq!(platform::expire(&day.world.app).unwrap(), 1);

    let closed = day.world.app.db.read_now(|tx| orders::find(tx, &order.no)).unwrap().unwrap();
    assert_eq!(closed.state, State::Closed);
    assert_eq!(day.due_state(), DueState::Unpaid);
    assert_ne!(day.submits().unwrap().no, order.no);
}

#[test]
fn an_order_paid_in_the_last_second_is_paid_and_not_closed() {
    let day = Day::new();
    let order = day.submits().unwrap();
    day.passes(29);
    day.world.town().pays(&order, Channel::Unionpay);
    day.passes(2);

    assert_eq!(platform::expire(&day.world.app).unwrap(), 1);

    assert_eq!(day.due_state(), DueState::Paid);
    assert_eq!(day.fates(&order), [Fate::Counted]);
}

#[test]
fn money_that_comes_after_closing_still_counts() {
    let day = Day::new();
    let order = day.submits().unwrap();
    let at = day.world.town().opens(&order, Channel::Wechat);
    day.passes(31);
    platform::expire(&day.world.app).unwrap();
    day.world.town().bank_takes(&order, at, order.amount);

    let paid = day.asks(&order);

    assert_eq!(paid.state, State::Paid);
    assert_eq!(day.due_state(), DueState::Paid);
    assert_eq!(day.receipts(), 1);
}

#[test]
fn money_for_a_closed_order_whose_due_is_paid_is_to_be_given_back() {
    let day = Day::new();
    let first = day.submits().unwrap();
    let at = day.world.town().opens(&first, Channel::Wechat);
    day.passes(31);
    platform::expire(&day.world.app).unwrap();
    let second = day.submits().unwrap();
    day.world.town().pays(&second, Channel::Wechat);
    day.asks(&second);
    day.world.town().bank_takes(&first, at, first.amount);

    day.asks(&first);

    assert_eq!(day.fates(&first), [Fate::ToRefund]);
    assert_eq!(day.fates(&second), [Fate::Counted]);
    assert_eq!(day.receipts(), 1);
}

#[test]
fn a_wrong_amount_never_counts() {
    let day = Day::new();
    let order = day.submits().unwrap();
    let at = day.world.town().opens(&order, Channel::Wechat);
    day.world.town().bank_takes(&order, at, Fen::of(9_900));

    let closed = day.asks(&order);

    assert_eq!(closed.state, State::Closed);
    assert_eq!(day.fates(&order), [Fate::ToRefund]);
    assert_eq!(day.due_state(), DueState::Unpaid);
    assert_eq!(day.receipts(), 0);
}

#[test]
fn applying_again_closes_the_old_order_first() {
    let day = Day::new();
    let old = day.submits().unwrap();
    let key = FormKey::draw(&day.world.app.chance);

    let new = platform::renew(&day.world.app, day.by(), &old.no, key).unwrap();

    assert_ne!(new.no, old.no);
    let old = day.world.app.db.read_now(|tx| orders::find(tx, &old.no)).unwrap().unwrap();
    assert_eq!(old.state, State::Closed);
}

/// Minutes from the start of a [`Day`] to the end of its window.
const WINDOW: i64 = 576;

#[test]
fn applying_again_after_the_windows_end_leaves_the_old_order_payable() {
    let day = Day::new();
    day.passes(WINDOW - 5);
    let old = day.submits().unwrap();
    day.passes(7);
    let key = FormKey::draw(&day.world.app.chance);

    let refused = platform::renew(&day.world.app, day.by(), &old.no, key);

    assert!(matches!(refused, Err(Error::Refused(Refused::KeepsOld { .. }))), "{refused:?}");
    assert_eq!(day.asks(&old).state, State::AwaitingPayment);
    day.world.town().pays(&old, Channel::Wechat);
    assert_eq!(day.asks(&old).state, State::Paid);
}

#[test]
fn a_form_that_asked_for_something_else_before_closes_nothing() {
    let day = Day::new();
    let key = FormKey::draw(&day.world.app.chance);
    let app = &day.world.app;
    let order = platform::submit(app, day.by(), day.person, day.due, key.clone()).unwrap();

    let refused = platform::renew(app, day.by(), &order.no, key);

    assert!(matches!(refused, Err(Error::Refused(Refused::FormReused))), "{refused:?}");
    assert_eq!(day.asks(&order).state, State::AwaitingPayment);
}

#[test]
fn a_renewal_posted_twice_makes_one_new_order() {
    let day = Day::new();
    let old = day.submits().unwrap();
    let key = FormKey::draw(&day.world.app.chance);

    let first = platform::renew(&day.world.app, day.by(), &old.no, key.clone()).unwrap();
    let again = platform::renew(&day.world.app, day.by(), &old.no, key).unwrap();

    assert_ne!(first.no, old.no);
    assert_eq!(again.no, first.no);
    assert_eq!(again.state, State::AwaitingPayment);
}

#[test]
fn once_the_platform_is_back_asking_takes_the_order_there() {
    let day = Day::new();
    let (platform_there, now) = (&day.world.town().platform, day.world.app.clock.now());
    let goes_down = move |books: &mut Books| books.switch_on(now, Fault::Down, Scope::All, None);
    platform_there.act_now(goes_down).unwrap();
    let order = day.submits().unwrap();
    assert_eq!(order.state, State::Created);
    platform_there.act_now(Books::quiet).unwrap();

    let order = platform::confirm(&day.world.app, day.by(), &order.no).unwrap();

    assert_eq!(order.state, State::AwaitingPayment);
    assert!(order.pay_url.is_some());
}

#[test]
fn applying_again_for_what_was_paid_finds_the_money() {
    let day = Day::new();
    let old = day.submits().unwrap();
    day.world.town().pays(&old, Channel::Wechat);
    let key = FormKey::draw(&day.world.app.chance);

    let found = platform::renew(&day.world.app, day.by(), &old.no, key).unwrap();

    assert_eq!((found.no, found.state), (old.no, State::Paid));
}

#[test]
fn while_the_platform_is_down_nothing_is_lost_and_nothing_is_placed_twice() {
    let mut day = Day::new();
    day.world.platform_goes_down();

    let first = day.submits().unwrap();
    let second = day.submits().unwrap();

    assert_eq!(first.state, State::Created);
    assert_eq!(first.no, second.no);
    assert!(second.ask_trouble.is_some());
}

#[test]
fn outside_the_window_nothing_is_placed() {
    let day = Day::new();
    day.passes(10 * 60);
    let refused = day.submits();
    assert!(matches!(refused, Err(Error::Refused(Refused::Shut { opens: None }))), "{refused:?}");
}

#[test]
fn somebody_elses_due_does_not_exist() {
    let day = Day::new();
    let key = FormKey::draw(&day.world.app.chance);
    let other = day.person + 1;
    let by = Actor::Candidate(other).into();
    let refused = platform::submit(&day.world.app, by, other, day.due, key);
    assert!(matches!(refused, Err(Error::Refused(Refused::NoSuchDue))), "{refused:?}");
}

#[test]
fn one_person_cannot_flood_the_platform_with_orders() {
    let day = Day::new();
    let mut placed = 0;
    loop {
        match day.submits() {
            Ok(order) => {
                placed += 1;
                platform::end(&day.world.app, day.by(), &order.no, "a test").unwrap();
            }
            Err(Error::Refused(Refused::TooMany)) => break,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(placed, 20);
}
