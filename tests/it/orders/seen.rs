//! What is seen of an order elsewhere: on the receipt, and on the page of its candidate.

use kaowu::base::values::Fen;
use kaowu::features::staff::rules::DutyKind;
use kaowu::features::{fees, receipts};
use kaowu::simulator::core::attempt::Channel;

use crate::payday::{Day, Does};

#[test]
fn on_a_receipt_the_standard_times_the_quantity_is_the_amount() {
    let day = Day::new();
    let due = day.due;
    day.world.does(move |tx| {
        let due = fees::due(tx, due)?.unwrap();
        fees::owe(tx, due.candidate_id, due.fee_item_id, Fen::of(12_000), None).unwrap();
        Ok(())
    });

    let order = day.submits().unwrap();
    day.world.town().pays(&order, Channel::Wechat);
    day.asks(&order);

    let person = day.person;
    let receipts = day.world.app.db.read_now(|tx| receipts::of_candidate(tx, person)).unwrap();
    let line = &receipts[0].printed.lines[0];
    assert_eq!((line.quantity, line.standard, line.amount), (1, Fen::of(12_000), Fen::of(12_000)));
}

#[test]
fn an_orders_link_is_shown_to_whoever_may_follow_it() {
    let day = Day::new();
    day.submits().unwrap();
    let (world, here) = (&day.world, format!("/console/candidates/{}", day.person));
    for (login, duties, leads) in [
        ("zhoumin", &[DutyKind::Clerk][..], false),
        ("chenlin", &[DutyKind::HelpDesk], false),
        ("wufang", &[DutyKind::Clerk, DutyKind::Finance], true),
    ] {
        world.carries(crate::visitors::officer(world, login, "周敏", duties));

        let page = world.page(&here);

        assert!(page.contains("¥100.00"), "{page}");
        assert_eq!(page.contains("href=\"/console/orders/"), leads, "{login}");
    }
}
