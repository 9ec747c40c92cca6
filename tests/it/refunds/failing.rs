//! What happens to refunds when machines die, platforms are down and banks say no.

use kaowu::base::outcome::Error;
use kaowu::features::fees::rules::DueState;
use kaowu::features::orders::House;
use kaowu::features::orders::refunding;
use kaowu::features::orders::rules::Fate;
use kaowu::features::refunds;
use kaowu::features::refunds::Refund;
use kaowu::features::refunds::rules::{Afterwards, Refused, State};
use kaowu::machinery::db::{Actor, WriteTx};
use kaowu::machinery::gateway::RefundBill;
use kaowu::simulator::core::refund::State as AtPlatform;

use crate::payday::Day;

fn bill(refund: &Refund) -> RefundBill {
    RefundBill {
        refund_no: refund.no.clone(),
        order_no: refund.order_no.clone(),
        trade_no: refund.trade_no.clone(),
        amount: refund.amount,
        reason: refund.reason.label().to_owned(),
    }
}

/// A refund that was approved and that the bank then refused.
fn refused_by_the_bank(day: &Day) -> Refund {
    let order = day.paid();
    let wish = day.wish(&order, order.amount, Afterwards::Cancel);
    let id = day.asks_back(day.officer("wufang", "吴芳"), wish).unwrap();
    day.approves(day.officer("zhengjie", "郑洁"), id).unwrap();
    refunding::send_all(&day.world.app).unwrap();
    day.world.town().bank_refuses_refunds();
    day.passes(1);
    refunding::follow_all(&day.world.app).unwrap();
    day.refund(id)
}

#[test]
fn killed_after_the_call_it_is_sent_again_and_goes_back_once() {
    let day = Day::new();
    let (order, refund) = day.paid_twice();
    day.approves(day.officer("wufang", "吴芳"), refund.id).unwrap();
    // The platform heard of it, and the machine died before it could write that down.
    day.world.app.gateway.refund(&bill(&refund)).unwrap();
    assert_eq!(day.refund(refund.id).state, State::Approved);

    day.refunds_run();

    assert_eq!(day.world.town().refunds(), [AtPlatform::Succeeded]);
    assert_eq!(day.refund(refund.id).state, State::Refunded);
    assert_eq!(day.fates(&order), [Fate::Counted, Fate::Refunded]);
}

#[test]
fn told_twice_that_it_ended_it_ends_once() {
    let day = Day::new();
    let order = day.paid();
    let wish = day.wish(&order, order.amount, Afterwards::Cancel);
    let id = day.asks_back(day.officer("wufang", "吴芳"), wish).unwrap();
    day.approves(day.officer("zhengjie", "郑洁"), id).unwrap();
    day.refunds_run();

    let (no, house) = (day.refund(id).no, House::of(&day.world.app));
    let at = day.world.app.clock.now();
    let again = move |tx: &WriteTx<'_>| {
        refunding::ended(tx, &no, at, &house).map_err(Error::<Refused>::Fault)
    };
    day.world.app.db.write_now(Actor::Platform, again).unwrap();

    assert_eq!(day.receipts(), 2);
    assert_eq!(day.letters("退款完成"), 1);
}

#[test]
fn while_the_platform_is_down_it_waits_with_growing_pauses() {
    let mut day = Day::new();
    let (order, refund) = day.paid_twice();
    day.approves(day.officer("wufang", "吴芳"), refund.id).unwrap();
    day.world.platform_goes_down();

    let tries: Vec<i64> = (0..4)
        .map(|_| {
            refunding::carry_on(&day.world.app).unwrap();
            // Nobody presses the platform again at once.
            refunding::carry_on(&day.world.app).unwrap();
            day.world.passes(jiff::SignedDuration::from_secs(31));
            day.refund(refund.id).tries.count
        })
        .collect();

    assert_eq!(tries, [1, 2, 3, 3]);
    let refund = day.refund(refund.id);
    assert_eq!(refund.state, State::Approved);
    assert_eq!(refund.tries.trouble.as_deref(), Some("平台没有应答"));
    assert_eq!(day.fates(&order), [Fate::Counted, Fate::ToRefund]);
}

#[test]
fn what_the_bank_refused_is_tried_again_under_a_new_number() {
    let day = Day::new();
    let failed = refused_by_the_bank(&day);
    assert_eq!(failed.state, State::Failed);
    assert_eq!((day.due_state(), day.receipts()), (DueState::Paid, 1));

    let by = day.officer("fenggang", "冯刚");
    let house = House::of(&day.world.app);
    let retry = move |tx: &WriteTx<'_>| refunding::retry(tx, failed.id, State::Failed, &house);
    let retried = day.world.app.db.write_now(by, retry).unwrap();
    day.refunds_run();

    assert_ne!(retried.no, failed.no);
    assert_eq!(day.refund(failed.id).state, State::Refunded);
    assert_eq!(day.world.town().refunds(), [AtPlatform::Failed, AtPlatform::Succeeded]);
    assert_eq!((day.due_state(), day.receipts()), (DueState::Refunded, 2));
    let old = day.world.app.db.read_now(|tx| refunds::by_no(tx, &failed.no)).unwrap().unwrap();
    assert_eq!(old.id, failed.id);
}

#[test]
fn a_transfer_by_hand_needs_two_persons() {
    let day = Day::new();
    let failed = refused_by_the_bank(&day);
    let (one, other) = (day.officer("fenggang", "冯刚"), day.officer("chenjing", "陈静"));
    let db = &day.world.app.db;
    let enter =
        move |tx: &WriteTx<'_>| refunds::transfer(tx, failed.id, State::Failed, "2026-0313-01");
    db.write_now(one, enter).unwrap();
    let confirms = |by| {
        let house = House::of(&day.world.app);
        let confirm =
            move |tx: &WriteTx<'_>| refunding::confirm(tx, failed.id, State::ByHand, &house);
        db.write_now(by, confirm)
    };

    let alone = confirms(one);
    let house = House::of(&day.world.app);
    let retry = move |tx: &WriteTx<'_>| refunding::retry(tx, failed.id, State::Failed, &house);
    let meanwhile = db.write_now(other, retry);
    confirms(other).unwrap();

    assert!(matches!(alone, Err(Error::Refused(Refused::SamePerson))), "{alone:?}");
    // What goes by hand does not go by the platform too.
    assert!(
        matches!(&meanwhile, Err(Error::Refused(Refused::Moved { now: State::ByHand, by: Some(it) })) if it == "冯刚"),
        "{meanwhile:?}"
    );
    assert_eq!((day.due_state(), day.receipts()), (DueState::Refunded, 2));
    assert_eq!(day.letters("退款方式：银行转账"), 1);
}

#[test]
fn what_the_platform_does_not_know_has_failed_and_is_not_tried_for_ever() {
    let day = Day::new();
    let success = kaowu::machinery::gateway::Success {
        order_no: "2026031331019901011234567890".parse().unwrap(),
        trade_no: "T-NEVER".into(),
        amount: kaowu::base::values::Fen::of(100),
        channel: kaowu::machinery::gateway::Channel::Wechat,
        paid_at: day.world.app.clock.now(),
        attach: "nobody's".into(),
    };
    day.settles(&success);
    let refund = day.refunds().pop().unwrap();
    day.approves(day.officer("wufang", "吴芳"), refund.id).unwrap();

    refunding::send_all(&day.world.app).unwrap();

    let refund = day.refund(refund.id);
    assert_eq!(refund.state, State::Failed);
    assert!(refund.failure.unwrap().starts_with("平台拒绝"));
}
