//! Differences: whose act each is, and how two people end it.

use jiff::SignedDuration;
use kaowu::base::values::Fen;
use kaowu::features::fees::rules::DueState;
use kaowu::features::orders::{self, platform};
use kaowu::features::reconciliation::rules::{Kind, Refused, Remedy, Standing, State};
use kaowu::features::reconciliation::{self, Brought};
use kaowu::machinery::db::WriteTx;
use kaowu::simulator::core::attempt::Channel;

use super::{Books, DAY, refused};

#[test]
fn lost_money_is_recorded_by_two_people() {
    let books = Books::open(2);
    books.pays(0);
    books.pays_unheard(1);
    books.hours_pass(24);

    assert_eq!(books.fetches(DAY).unwrap(), Brought::New);
    let lost = books.the_difference(DAY);
    assert_eq!((lost.found.kind, lost.found.remedy), (Kind::TheirsOnly, Remedy::Settle));
    assert_eq!(books.standing(DAY), Standing::Unsettled(1));
    books.proposes(books.wu(), lost.id, None).unwrap();
    assert_eq!(refused(books.confirms(books.wu(), lost.id)), Refused::SamePerson);
    assert_eq!(books.due(1), DueState::Unpaid);
    let ended = books.confirms(books.zheng(), lost.id).unwrap();

    assert_eq!((ended.state, ended.outcome.as_str()), (State::Cleared, "已补记入账"));
    assert_eq!(books.due(1), DueState::Paid);
    assert_eq!(books.standing(DAY), Standing::Ready);
    assert_eq!(refused(books.confirms(books.zheng(), lost.id)), Refused::NotNow);
}

#[test]
fn lost_money_that_is_paid_twice_goes_back_by_rule() {
    let books = Books::open(1);
    let order = books.places(0);
    let second = books.world.town().opens(&order, Channel::Alipay);
    books.world.town().scans(&order, second);
    books.world.town().pays(&order, Channel::Wechat);
    platform::ask(&books.world.app, books.wu(), &order.no).unwrap();
    books.world.town().bank_takes(&order, second, Fen::of(9_000));
    books.hours_pass(24);

    books.fetches(DAY).unwrap();
    let odd = books.the_difference(DAY);
    assert_eq!((odd.found.kind, odd.found.remedy), (Kind::AmountDiffers, Remedy::Settle));
    books.proposes(books.wu(), odd.id, None).unwrap();
    let ended = books.confirms(books.zheng(), odd.id).unwrap();

    assert_eq!(ended.outcome, "已补记，金额与订单不符，转退款");
    let to_refund = books.world.app.db.read_now(|tx| orders::takings(tx, tx.now())).unwrap();
    assert_eq!(to_refund.to_refund_fen, 9_000);
    assert_eq!(books.standing(DAY), Standing::Ready);
}

#[test]
fn what_we_alone_have_is_asked_about_and_then_explained_by_two() {
    let books = Books::open(1);
    let order = books.places(0);
    books.hears(&order, "T-NOBODY", SignedDuration::ZERO);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    let id = books.the_difference(DAY).id;
    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Ask, State::Open)]);
    assert_eq!(refused(books.proposes(books.wu(), id, Some("平台漏记"))), Refused::NotNow);

    reconciliation::ask(&books.world.app, books.wu(), id).unwrap();

    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Explain, State::Open)]);
    assert_eq!(refused(books.proposes(books.wu(), id, Some("  "))), Refused::NoWords);
    books.proposes(books.wu(), id, Some("平台漏记，已电话确认")).unwrap();
    assert_eq!(refused(books.confirms(books.wu(), id)), Refused::SamePerson);
    books.confirms(books.zheng(), id).unwrap();
    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Explain, State::Explained)]);
    // Compared once more, it stays explained.
    reconciliation::compare(&books.world.app, books.wu(), DAY).unwrap();
    assert_eq!(books.standing(DAY), Standing::Ready);
    let face = books.closes(books.wu(), DAY).unwrap().face;
    assert_eq!(face.differences[0].ended, "平台漏记，已电话确认");
    assert_eq!(face.differences[0].by, "经办 吴芳，确认 郑洁");
}

#[test]
fn what_was_sent_back_can_be_done_otherwise() {
    let books = Books::open(1);
    books.pays_unheard(0);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    let id = books.the_difference(DAY).id;
    books.proposes(books.wu(), id, None).unwrap();

    let act = |tx: &WriteTx<'_>| reconciliation::send_back(tx, 1);
    books.world.app.db.write_now(books.zheng(), act).unwrap();

    assert_eq!(books.differences(DAY), [(Kind::TheirsOnly, Remedy::Settle, State::Open)]);
    books.proposes(books.zheng(), id, None).unwrap();
    books.confirms(books.wu(), id).unwrap();
    assert_eq!(books.due(0), DueState::Paid);
}

#[test]
fn money_at_midnight_is_found_on_the_neighbouring_day() {
    let books = Books::open(1);
    // 13 hours and 36 minutes after the morning it is midnight.
    let order = books.places(0);
    let code = books.world.town().opens(&order, Channel::Wechat);
    books.world.town().scans(&order, code);
    books.world.passes(SignedDuration::from_secs(13 * 3600 + 36 * 60 + 5));
    books.world.town().bank_takes(&order, code, order.amount);
    let trade_no = {
        let next = DAY.tomorrow().unwrap();
        books.hours_pass(24);
        books.file(next).lines().nth(1).unwrap().split(',').nth(3).unwrap().to_owned()
    };
    // The notice said some seconds before midnight.
    books.hears(&order, &trade_no, SignedDuration::from_secs(24 * 3600 + 10));

    books.fetches(DAY).unwrap();
    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Ask, State::Open)]);
    books.fetches(DAY.tomorrow().unwrap()).unwrap();

    let across = (Kind::AcrossMidnight, Remedy::Nothing, State::Cleared);
    assert_eq!(books.differences(DAY), [across]);
    assert_eq!(books.differences(DAY.tomorrow().unwrap()), [across]);
    assert_eq!(books.the_difference(DAY).outcome, "对方记在 2026-03-14，金额一致");
    assert_eq!(books.standing(DAY), Standing::Ready);
}

#[test]
fn a_file_that_somebody_brought_proves_no_money() {
    let mut books = Books::open(2);
    books.pays(0);
    books.hours_pass(24);
    let invented = books.places(1);
    let line = format!(
        "PAYMENT,2026-03-13T11:00:00+08:00,{},T-INVENTED,,10000,1,WECHAT,\r\nPAYMENT_TOTAL",
        invented.no
    );
    let file = books.file(DAY).replace("PAYMENT_TOTAL", &line).replace(",10000,1,,", ",20000,2,,");
    books.brings(DAY, &file).unwrap();
    let id = books.the_difference(DAY).id;
    books.proposes(books.wu(), id, None).unwrap();

    assert_eq!(refused(books.confirms(books.zheng(), id)), Refused::Contradicted);
    books.world.platform_goes_down();
    assert!(matches!(refused(books.confirms(books.zheng(), id)), Refused::PlatformAway(_)));

    assert_eq!(books.due(1), DueState::Unpaid);
}

#[test]
fn what_the_platform_signed_is_proof_while_it_is_away() {
    let mut books = Books::open(1);
    books.pays_unheard(0);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    let id = books.the_difference(DAY).id;
    books.proposes(books.wu(), id, None).unwrap();

    books.world.platform_goes_down();
    books.confirms(books.zheng(), id).unwrap();

    assert_eq!(books.due(0), DueState::Paid);
}
