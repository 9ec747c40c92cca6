//! Each fault of the platform, over the wire, and what the house does about it.

mod house;

use std::time::{Duration, Instant};

use kaowu::base::values::Fen;
use kaowu::features::fees::rules::DueState;
use kaowu::features::orders::platform;
use kaowu::features::orders::rules::{Fate, Order, State};
use kaowu::machinery::db::Actor;
use kaowu::machinery::gateway::{RefundBill, RefundStanding, StatementLine, Success};
use kaowu::simulator::core::attempt::Channel;
use kaowu::simulator::core::fault::Fault;
use kaowu::simulator::core::faults::Scope;
use kaowu::simulator::notices::Round;

use crate::town::MERCHANT;
use house::House;

#[test]
fn a_lost_notice_arrives_when_the_way_is_mended() {
    let house = House::open();
    house.switch(Fault::NoticeLost, None);
    let order = house.submits(0);
    house.pays(&order);

    assert_eq!(house.hears(), Round { sent: 1, heard: 0 });
    assert_eq!(house.due(0), DueState::Unpaid);
    house.quiet();
    house.passes(5);
    assert_eq!(house.hears(), Round { sent: 1, heard: 1 });

    assert_eq!((house.due(0), house.receipts(0)), (DueState::Paid, 1));
}

#[test]
fn a_late_notice_comes_late() {
    let house = House::open();
    house.switch(Fault::NoticeLate, Some(10));
    let order = house.submits(0);
    house.pays(&order);

    house.passes(599);
    assert_eq!(house.hears().sent, 0);
    house.passes(1);
    assert_eq!(house.hears().heard, 1);

    assert_eq!(house.due(0), DueState::Paid);
}

#[test]
fn a_notice_told_twice_counts_once() {
    let house = House::open();
    house.switch(Fault::NoticeTwice, None);
    let order = house.submits(0);
    house.pays(&order);

    assert_eq!(house.hears(), Round { sent: 2, heard: 2 });

    let no = order.no.to_string();
    assert_eq!(house.verdicts(), [("settled".into(), no.clone()), ("known".into(), no)]);
    assert_eq!((house.fates(&order), house.receipts(0)), (vec![Fate::Counted], 1));
}

#[test]
fn money_of_which_nobody_is_told_is_found_by_asking() {
    let house = House::open();
    house.switch(Fault::NoticeNever, None);
    let order = house.submits(0);
    house.pays(&order);

    house.passes(86_400);
    assert_eq!(house.hears().sent, 0);
    let found = house.asks(&order);

    assert_eq!((found.state, house.due(0)), (State::Paid, DueState::Paid));
}

#[test]
fn notices_out_of_order_each_find_their_order() {
    let house = House::open();
    house.switch(Fault::NoticesReordered, None);
    let (first, second) = (house.submits(0), house.submits(1));
    house.pays(&first);
    house.passes(1);
    house.pays(&second);

    assert_eq!(house.hears().sent, 0);
    house.passes(59);
    assert_eq!(house.hears().heard, 2);

    let came: Vec<String> = house.verdicts().into_iter().map(|(_, no)| no).collect();
    assert_eq!(came, [second.no.to_string(), first.no.to_string()]);
    assert_eq!([house.due(0), house.due(1)], [DueState::Paid; 2]);
}

#[test]
fn forged_notices_are_sent_kept_and_not_believed() {
    let house = House::open();
    house.switch(Fault::NoticeForged, None);
    house.switch(Fault::ForgedAmount, None);
    let order = house.submits(0);
    house.world.town().opens(&order, Channel::Wechat);

    assert_eq!(house.hears().sent, 0, "none of them is the platform's");

    let verdicts: Vec<String> = house.verdicts().into_iter().map(|(verdict, _)| verdict).collect();
    assert_eq!(verdicts, ["forged", "forged"]);
    assert_eq!(house.order(&order).state, State::AwaitingPayment);
    let (now, no) = (house.app.clock.now(), order.no.to_string());
    let believed = house.world.town().platform.act_now(|books| {
        let forgeries = &books.find(now, MERCHANT, &no).unwrap().forgeries;
        forgeries.iter().map(|it| it.believed).collect::<Vec<_>>()
    });
    assert_eq!(believed.unwrap(), [Some(false); 2]);
    house.quiet();
    house.pays(&order);
    house.hears();
    assert_eq!(house.due(0), DueState::Paid, "it can still be paid");
}

#[test]
fn a_wrong_amount_is_to_be_given_back() {
    let house = House::open();
    house.switch(Fault::WrongAmount, Some(1));
    let order = house.submits(0);
    house.pays(&order);
    house.hears();

    assert_eq!(house.fates(&order), [Fate::ToRefund]);
    assert_eq!((house.due(0), house.receipts(0)), (DueState::Unpaid, 0));
    assert_eq!(house.asks(&order).state, State::Closed);
}

#[test]
fn of_two_channels_that_paid_one_counts() {
    let house = House::open();
    house.switch(Fault::SecondPayment, None);
    let order = house.submits(0);
    house.pays(&order);

    assert_eq!(house.hears().heard, 2);

    assert_eq!(house.fates(&order), [Fate::Counted, Fate::ToRefund]);
    assert_eq!((house.due(0), house.receipts(0)), (DueState::Paid, 1));
}

#[test]
fn money_that_a_bank_takes_after_closing_still_counts() {
    let house = House::open();
    house.switch(Fault::PaidAfterClose, Some(5));
    let order = house.submits(0);
    house.world.town().opens(&order, Channel::Wechat);
    house.passes(31 * 60);
    platform::expire(&house.app).unwrap();
    assert_eq!(house.order(&order).state, State::Closed);

    house.passes(5 * 60);
    assert_eq!(house.hears().heard, 1, "though nobody looked");

    assert_eq!((house.order(&order).state, house.due(0)), (State::Paid, DueState::Paid));
}

#[test]
fn closing_that_finds_money_closes_nothing() {
    let house = House::open();
    house.switch(Fault::CloseFindsPaid, None);
    let order = house.submits(0);

    let by = Actor::Operator.into();
    let ended = platform::end(&house.app, by, &order.no, "not paid in time").unwrap();

    assert_eq!((ended.state, house.fates(&order)), (State::Paid, vec![Fate::Counted]));
}

#[test]
fn a_platform_that_lies_is_asked_again() {
    for lie in [Fault::AnswersWaiting, Fault::AnswersUnknown] {
        let house = House::open();
        house.switch(lie, Some(5));
        house.switch(Fault::NoticeNever, None);
        let order = house.submits(0);
        house.pays(&order);

        assert_eq!(house.asks(&order).state, State::AwaitingPayment, "{lie:?}");
        house.passes(300);
        assert_eq!(house.asks(&order).state, State::Paid, "{lie:?}");
    }
}

#[test]
fn a_slow_platform_is_waited_for() {
    let house = House::open();
    house.switch(Fault::Slow, Some(1));

    let begun = Instant::now();
    house.app.gateway.ping().unwrap();

    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_platform_that_is_down_leaves_the_order_as_it_is() {
    let house = House::open();
    house.switch(Fault::Down, None);

    let order = house.submits(0);
    assert_eq!(order.state, State::Created);
    assert!(order.ask_trouble.is_some());
    house.quiet();
    let again = house.submits(0);

    assert_eq!((again.no, again.state), (order.no, State::AwaitingPayment));
}

#[test]
fn an_answer_that_breaks_off_is_none_though_the_thing_was_done() {
    let house = House::open();
    house.switch(Fault::CutOff, None);

    let order = house.submits(0);
    assert_eq!(order.state, State::Created);
    let (now, no) = (house.app.clock.now(), order.no.to_string());
    let there = house.world.town().platform.act_now(|it| it.find(now, MERCHANT, &no).is_ok());
    assert!(there.unwrap(), "the platform has it");
    house.quiet();
    let again = house.submits(0);

    assert_eq!((again.no, again.state), (order.no, State::AwaitingPayment));
}

#[test]
fn a_fault_of_one_order_leaves_the_others_alone() {
    let house = House::open();
    let (first, second) = (house.submits(0), house.submits(1));
    let (now, key) = (house.app.clock.now(), (MERCHANT.to_owned(), first.no.to_string()));
    let town = &house.world.town().platform;
    let scope = Scope::Order(key);
    town.act_now(|books| books.switch_on(now, Fault::Down, scope, None)).unwrap();

    assert!(house.asks(&first).ask_trouble.is_some());
    assert_eq!(house.asks(&second).ask_trouble, None);
}

#[test]
fn a_bank_refuses_a_refund_or_takes_its_time() {
    let house = House::open();
    let order = house.submits(0);
    house.pays(&order);
    let (success, gateway) = (success(&house, &order), &house.app.gateway);

    house.switch(Fault::RefundFails, None);
    gateway.refund(&refund_of(&success, "R2026031300001")).unwrap();
    house.passes(3);
    let failed = gateway.ask_refund(&"R2026031300001".parse().unwrap());
    house.quiet();
    house.switch(Fault::RefundSlow, Some(60));
    gateway.refund(&refund_of(&success, "R2026031300002")).unwrap();
    house.passes(3599);
    let slow = gateway.ask_refund(&"R2026031300002".parse().unwrap());
    house.passes(1);
    let ended = gateway.ask_refund(&"R2026031300002".parse().unwrap());

    assert_eq!((failed, slow), (Ok(RefundStanding::Failed), Ok(RefundStanding::Processing)));
    assert_eq!(ended, Ok(RefundStanding::Refunded { at: house.app.clock.now() }));
}

#[test]
fn a_misprinted_statement_leaves_the_books_true() {
    let house = House::open();
    let order = house.submits(0);
    house.pays(&order);
    let day = house.app.clock.today();
    house.passes(86_400);
    let amounts = || -> Vec<i64> {
        let lines = house.app.gateway.statement(day).unwrap();
        let amount = |it: &StatementLine| match it {
            StatementLine::Payment { success, .. } => success.amount.fen(),
            StatementLine::Refund { amount, .. } => -amount.fen(),
        };
        lines.iter().map(amount).collect()
    };
    let truth = amounts();
    let with = |fault| {
        house.quiet();
        house.switch(fault, Some(2));
        amounts()
    };

    assert_eq!(truth, [10_000]);
    assert!(with(Fault::StatementLacks).is_empty());
    assert_eq!(with(Fault::StatementExtra).len(), 2);
    assert_eq!(with(Fault::StatementAmount), [10_200]);
    assert_eq!(success(&house, &order).amount, Fen::of(10_000));
    house.quiet();
    assert_eq!(amounts(), truth);
}

fn success(house: &House, order: &Order) -> Success {
    match house.app.gateway.ask(&order.no).unwrap() {
        kaowu::machinery::gateway::Standing::Paid(mut all) => all.remove(0),
        other => panic!("{other:?}"),
    }
}

fn refund_of(success: &Success, refund_no: &str) -> RefundBill {
    RefundBill {
        refund_no: refund_no.parse().unwrap(),
        order_no: success.order_no.clone(),
        trade_no: success.trade_no.clone(),
        amount: success.amount,
        reason: "重复缴费".to_owned(),
    }
}
