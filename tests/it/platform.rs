//! The payment platform: its document, its two sides, and the pages between them.

mod browser;
mod document;
mod forgeries;
mod pages;
mod running;

use jiff::SignedDuration;
use kaowu::base::values::{Fen, OrderNo, RefundNo};
use kaowu::machinery::gateway::{
    Bill, Channel, Closing, Gateway, RefundBill, RefundStanding, Standing, StatementLine, Success,
    Trouble,
};

use running::{Payer, Running, answer_of, morning};

#[test]
fn an_order_is_created_once() {
    let town = Running::start();
    let bill = town.bill("0000000001");

    let first = town.gateway.open(&bill).unwrap();
    let again = town.gateway.open(&bill).unwrap();
    let other = town.gateway.open(&Bill { amount: Fen::of(10_001), ..bill.clone() });

    assert_eq!(first, again);
    assert_eq!(code(other), "ORDER_CONFLICT");
    assert_eq!(town.gateway.ask(&bill.order_no), Ok(Standing::Waiting));
}

#[test]
fn an_order_that_nobody_made_is_unknown() {
    let town = Running::start();
    let order_no: OrderNo = town.bill("0000000002").order_no;

    assert_eq!(town.gateway.ask(&order_no), Ok(Standing::Unknown));
    assert_eq!(town.gateway.close(&order_no), Ok(Closing::Unknown));
}

#[test]
fn a_bill_that_expires_in_the_past_or_tells_a_stranger_is_refused() {
    let town = Running::start();
    let bill = town.bill("0000000003");

    let past = Bill { expires_at: town.clock.now(), ..bill.clone() };
    let stranger = Bill { notify_url: "http://127.0.0.1:9/other".to_owned(), ..bill };

    assert_eq!(code(town.gateway.open(&past)), "EXPIRY_PAST");
    assert_eq!(code(town.gateway.open(&stranger)), "INVALID");
}

#[test]
fn what_was_paid_is_told_when_asked() {
    let town = Running::start();

    let success = town.paid("0000000004");

    let expected = Success {
        order_no: town.bill("0000000004").order_no,
        trade_no: success.trade_no.clone(),
        amount: Fen::of(10_000),
        channel: Channel::Wechat,
        paid_at: morning(),
        attach: "due-0000000004".to_owned(),
    };
    assert_eq!(success, expected);
    assert!(success.trade_no.starts_with("20260313000001"), "{}", success.trade_no);
}

#[test]
fn a_notice_is_repeated_until_the_answer_is_success() {
    let town = Running::start();
    town.shop.will_answer(answer_of(503, r#"{"code":"BUSY"}"#));
    town.shop.will_answer(answer_of(200, "SUCCESS"));
    town.shop.will_answer(String::new());
    let success = town.paid("0000000005");

    let (mut heard, mut told) = (Vec::new(), Vec::new());
    for pause in [0, 4, 1, 14, 1, 59, 1, 3600] {
        town.pass(SignedDuration::from_secs(pause));
        let round = town.deliver();
        heard.push((round.sent, round.heard));
        for _ in 0..round.sent {
            told.push(town.gateway.read_notice(&town.shop.notice()).unwrap());
        }
    }

    assert_eq!(heard, [(1, 0), (0, 0), (1, 0), (0, 0), (1, 0), (0, 0), (1, 1), (0, 0)]);
    assert!(told.iter().all(|it| *it == told[0]), "the same in all its deliveries");
    assert_eq!(told[0].success, Some(success));
}

#[test]
fn a_payment_is_told_by_itself() {
    let town = Running::start_telling();

    let success = town.paid("0000000006");

    let told = town.gateway.read_notice(&town.shop.notice()).unwrap();
    assert_eq!(told.success, Some(success));
}

#[test]
fn an_unpaid_order_is_closed_for_good() {
    let town = Running::start();
    let bill = town.bill("0000000007");
    let mut payer = Payer::at(&town.gateway.open(&bill).unwrap().pay_url);
    payer.press("/attempts", &[("channel", "ALIPAY"), ("means", "BANK_CARD")]);

    assert_eq!(town.gateway.close(&bill.order_no), Ok(Closing::Closed));
    assert_eq!(town.gateway.close(&bill.order_no), Ok(Closing::Closed));

    payer.press("/scan", &[]);
    assert!(payer.sees("订单已关闭，无法支付") && payer.sees("二维码失效"));
    assert_eq!(town.gateway.ask(&bill.order_no), Ok(Standing::Closed));
}

#[test]
fn a_paid_order_is_not_closed_and_says_what_was_paid() {
    let town = Running::start();
    let success = town.paid("0000000008");

    let closing = town.gateway.close(&success.order_no);

    assert_eq!(closing, Ok(Closing::AlreadyPaid(vec![success])));
}

#[test]
fn an_order_closes_after_thirty_minutes_of_business_time() {
    let town = Running::start();
    let bill =
        Bill { expires_at: morning() + SignedDuration::from_hours(9), ..town.bill("0000000009") };
    town.gateway.open(&bill).unwrap();

    // Only business time moves; the signatures go by the wall's.
    town.clock.set_shift(SignedDuration::from_secs(30 * 60 - 1));
    assert_eq!(town.gateway.ask(&bill.order_no), Ok(Standing::Waiting));
    town.clock.set_shift(SignedDuration::from_mins(30));

    assert_eq!(town.gateway.ask(&bill.order_no), Ok(Standing::Closed));
    assert_eq!(town.gateway.close(&bill.order_no), Ok(Closing::Closed));
}

#[test]
fn a_refund_is_accepted_once_and_followed_to_its_end() {
    let town = Running::start();
    let bill = refund_of(&town.paid("0000000010"), "R2026031300001");
    let unknown: RefundNo = "R2026031399999".parse().unwrap();

    assert_eq!(town.gateway.refund(&bill), Ok(RefundStanding::Processing));
    assert_eq!(town.gateway.refund(&bill), Ok(RefundStanding::Processing));
    town.pass(SignedDuration::from_secs(3));

    let at = morning() + SignedDuration::from_secs(3);
    assert_eq!(town.gateway.ask_refund(&bill.refund_no), Ok(RefundStanding::Refunded { at }));
    assert_eq!(town.gateway.refund(&bill), Ok(RefundStanding::Refunded { at }));
    assert_eq!(town.gateway.ask_refund(&unknown), Ok(RefundStanding::Unknown));
}

#[test]
fn a_refund_of_more_or_of_something_else_is_refused() {
    let town = Running::start();
    let bill = refund_of(&town.paid("0000000011"), "R2026031300002");
    town.gateway.refund(&bill).unwrap();

    let other = RefundBill { reason: "改了主意".to_owned(), ..bill.clone() };
    let more = RefundBill { refund_no: "R2026031300003".parse().unwrap(), ..bill.clone() };
    let strange = RefundBill { trade_no: "20260313999999999999".to_owned(), ..more.clone() };

    assert_eq!(code(town.gateway.refund(&other)), "REFUND_CONFLICT");
    assert_eq!(code(town.gateway.refund(&more)), "REFUND_TOO_MUCH");
    assert_eq!(code(town.gateway.refund(&strange)), "TRADE_UNKNOWN");
}

#[test]
fn the_statement_of_a_day_that_is_over_says_what_came_and_went() {
    let town = Running::start();
    let kept = town.paid("0000000012");
    town.pass(SignedDuration::from_mins(1));
    let returned = town.paid("0000000013");
    let refund = refund_of(&returned, "R2026031300004");
    town.gateway.refund(&refund).unwrap();
    let day = "2026-03-13".parse().unwrap();
    assert_eq!(code(town.gateway.statement(day)), "STATEMENT_NOT_READY");

    town.pass(SignedDuration::from_hours(14));

    let payment = |success: &Success| StatementLine::Payment { success: success.clone() };
    let expected = [
        payment(&kept),
        payment(&returned),
        StatementLine::Refund {
            refund_no: refund.refund_no,
            order_no: refund.order_no,
            trade_no: refund.trade_no,
            amount: refund.amount,
            channel: returned.channel,
            at: morning() + SignedDuration::from_secs(63),
            attach: "due-0000000013".into(),
        },
    ];
    assert_eq!(town.gateway.statement(day).unwrap(), expected);
    assert_eq!(town.gateway.statement("2026-03-12".parse().unwrap()), Ok(Vec::new()));
}

#[test]
fn orders_are_listed_since_a_time() {
    let town = Running::start();
    town.gateway.open(&town.bill("0000000014")).unwrap();
    town.pass(SignedDuration::from_hours(1));
    let success = town.paid("0000000015");

    let found = town.gateway.since(morning() + SignedDuration::from_mins(30)).unwrap();

    let seen: Vec<_> = found.iter().map(|it| (it.attach.as_str(), it.standing.clone())).collect();
    assert_eq!(seen, [("due-0000000015", Standing::Paid(vec![success]))]);
    assert_eq!(town.gateway.since(morning()).unwrap().len(), 2);
}

#[test]
fn a_ping_tells_business_time() {
    let town = Running::start();
    town.clock.set_shift(SignedDuration::from_hours(48));

    assert_eq!(town.gateway.ping(), Ok(morning() + SignedDuration::from_hours(48)));
}

#[test]
fn a_platform_that_was_killed_knows_everything_it_answered() {
    let town = Running::start();
    let success = town.paid("0000000016");
    let refund = refund_of(&success, "R2026031300005");
    town.gateway.refund(&refund).unwrap();

    // What lies on the disk at this instant, without a clean end, is all that a killed process
    // leaves.
    let left = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(town.dir.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), left.path().join(file.file_name())).unwrap();
    }
    let again = Running::start_in(left, town.clock.clone(), false);

    assert_eq!(again.platform.public_key(), town.platform.public_key());
    assert_eq!(again.successes(&success.order_no), [success]);
    assert_eq!(again.gateway.ask_refund(&refund.refund_no), Ok(RefundStanding::Processing));
    assert_eq!(again.deliver().sent, 1, "what nobody heard is told after the restart");
}

#[test]
fn a_platform_that_was_stopped_goes_on_counting() {
    let town = Running::start();
    let before = town.paid("0000000017");
    let (dir, clock) = town.stop();

    let again = Running::start_in(dir, clock, false);
    let after = again.paid("0000000018");

    assert_eq!(&before.trade_no[..14], "20260313000001");
    assert_eq!(&after.trade_no[..14], "20260313000002");
}

#[test]
fn one_folder_has_one_platform() {
    let town = Running::start();

    let second = running::settings(town.dir.path(), &town.clock, "http://127.0.0.1:9/", false);

    assert!(kaowu::simulator::Platform::open(second).is_err());
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

/// The code of a refusal.
fn code<T: std::fmt::Debug>(answer: Result<T, Trouble>) -> String {
    match answer {
        Err(Trouble::Refused { code, .. }) => code,
        other => panic!("{other:?} is no refusal"),
    }
}
