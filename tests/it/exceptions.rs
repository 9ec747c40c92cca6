//! 异常与退款 at its doors, and what the payer reads of money that goes back.

use kaowu::features::identity::Kind;
use kaowu::features::orders;
use kaowu::features::orders::{platform, refunding};
use kaowu::features::refunds::rules::State;
use kaowu::features::staff::rules::DutyKind;
use kaowu::machinery::db::WriteTx;
use rocket::http::Status;

use crate::officer::Officer;
use crate::payday::Day;
use crate::visitors;

const FINANCE: &[DutyKind] = &[DutyKind::Finance];

fn runs(day: &Day) {
    refunding::carry_on(&day.world.app).unwrap();
    day.passes(1);
    refunding::carry_on(&day.world.app).unwrap();
}

#[test]
fn an_empty_inbox_says_so() {
    let day = Day::new();
    let page = Officer::new(&day.world, FINANCE).page("/console/exceptions");
    assert!(page.contains("没有等人处理的异常"), "{page}");
}

#[test]
fn money_paid_twice_is_approved_on_its_page_and_sent_at_once() {
    let day = Day::new();
    let (_, refund) = day.paid_twice();
    let officer = Officer::new(&day.world, FINANCE);
    let here = format!("/console/refunds/{}", refund.id);

    let inbox = officer.page("/console/exceptions");
    let answer = officer.submit(
        &here,
        &format!("{here}/decision"),
        &[("seen", "asked"), ("decision", "approve")],
    );

    assert!(inbox.contains("同一项费用收到了第二笔付款") && inbox.contains(&here), "{inbox}");
    assert!(inbox.contains("林晓禾") && inbox.contains("批准退款"), "{inbox}");
    assert_eq!(officer.location(&answer), here);
    assert_eq!(day.refund(refund.id).state, State::Sent);
    day.passes(1);
    officer.submit(&here, &format!("{here}/standing"), &[]);
    let page = officer.page(&here);
    assert!(page.contains("钱已经退给考生") && page.contains("周敏"), "{page}");
    assert!(officer.page("/console/refunds").contains("已退款"));
    assert!(officer.page("/console/exceptions").contains("没有等人处理的异常"));
}

#[test]
fn whoever_comes_second_is_told_what_changed() {
    let day = Day::new();
    let (_, refund) = day.paid_twice();
    let one = Officer::new(&day.world, FINANCE);
    let other = Officer::called(&day.world, "zhengjie", "郑洁", FINANCE);
    let here = format!("/console/refunds/{}", refund.id);
    let approve = |tokens: Vec<(&'static str, String)>| {
        let chosen = [("seen", "asked".to_owned()), ("decision", "approve".to_owned())];
        [tokens, chosen.to_vec()].concat()
    };
    let (first, second) = (approve(one.tokens(&here)), approve(other.tokens(&here)));

    one.post(&format!("{here}/decision"), &first);
    let twice = one.post(&format!("{here}/decision"), &first);
    let late = other.post(&format!("{here}/decision"), &second);

    assert_eq!(one.location(&twice), here, "a double click does it once");
    assert_eq!(late.status(), Status::Conflict);
    let told = late.into_string().unwrap();
    assert!(told.contains("由周敏处理") && told.contains("退款中"), "{told}");
}

#[test]
fn a_refund_is_asked_for_on_the_page_of_an_order() {
    let day = Day::new();
    let order = day.paid();
    let asker = Officer::new(&day.world, FINANCE);
    let form = format!("/console/orders/{}/refund", order.no);
    let asks = |amount| {
        let fields = [("amount", amount), ("reason", "exam_cancelled"), ("afterwards", "reopen")];
        asker.submit(&form, &form, &fields)
    };

    let link = asker.page(&format!("/console/orders/{}", order.no));
    let prefilled = asker.page(&form);
    let (part, above) = (asks("50"), asks("100.01"));
    let here = asker.location(&asks("100.00"));

    assert!(link.contains(&form), "{link}");
    assert!(prefilled.contains("value=\"100.00\""), "{prefilled}");
    assert_eq!(
        (part.status(), above.status()),
        (Status::UnprocessableEntity, Status::UnprocessableEntity)
    );
    let part = part.into_string().unwrap();
    assert!(part.contains("不能只退一部分") && part.contains("100.00 元"), "{part}");
    assert!(above.into_string().unwrap().contains("超过了实缴金额 100.00 元"));
    let page = asker.page(&here);
    assert!(
        page.contains("须由另一位财务人员批准") && !page.contains("value=\"approve\""),
        "{page}"
    );
    let decision = format!("{here}/decision");
    let own =
        asker.submit(&form_of(&here), &decision, &[("seen", "asked"), ("decision", "approve")]);
    assert_eq!(own.status(), Status::Conflict);

    let other = Officer::called(&day.world, "zhengjie", "郑洁", FINANCE);
    let invented = [("seen", "asked"), ("decision", "perhaps"), ("why", "不退")];
    assert_eq!(other.submit(&here, &decision, &invented).status(), Status::Conflict);
    let wordless = other.submit(&here, &decision, &[("seen", "asked"), ("decision", "decline")]);
    assert_eq!(wordless.status(), Status::UnprocessableEntity);
    assert!(wordless.into_string().unwrap().contains("请填写驳回的理由"));
    other.submit(&here, &decision, &[("seen", "asked"), ("decision", "approve")]);
    runs(&day);
    let page = other.page(&here);
    assert!(page.contains("重新开放缴费") && page.contains("钱已经退给考生"), "{page}");
}

/// A page of finance that always has a form.
fn form_of(_: &str) -> String {
    "/console/receipts/segments".into()
}

#[test]
fn what_failed_is_sent_again_or_done_by_hand() {
    let day = Day::new();
    let (_, refund) = day.paid_twice();
    let officer = Officer::new(&day.world, FINANCE);
    let here = format!("/console/refunds/{}", refund.id);
    officer.submit(
        &here,
        &format!("{here}/decision"),
        &[("seen", "asked"), ("decision", "approve")],
    );
    let fails = || {
        day.world.town().bank_refuses_refunds();
        day.passes(1);
        refunding::follow_all(&day.world.app).unwrap();
    };

    fails();
    let inbox = officer.page("/console/exceptions");
    officer.submit(&here, &format!("{here}/renewal"), &[("seen", "refund_failed")]);
    fails();
    let second = officer.page("/console/exceptions");
    let unsaid = officer.submit(&here, &format!("{here}/transfer"), &[("seen", "refund_failed")]);
    let fields = [("seen", "refund_failed"), ("voucher", "2026-0313-01")];
    officer.submit(&here, &format!("{here}/transfer"), &fields);
    let mine = officer.page(&here);
    let other = Officer::called(&day.world, "zhengjie", "郑洁", FINANCE);
    let confirm = [("seen", "by_hand"), ("decision", "confirm")];
    other.submit(&here, &format!("{here}/transfer/decision"), &confirm);

    assert!(inbox.contains("退款失败") && inbox.contains("重新发送"), "{inbox}");
    assert!(second.contains("人工处理"), "{second}");
    assert_eq!(unsaid.status(), Status::UnprocessableEntity);
    assert!(mine.contains("须由另一位财务人员复核"), "{mine}");
    assert_eq!(day.refund(refund.id).state, State::Refunded);
    assert!(other.page(&here).contains("凭证号 2026-0313-01"));
}

#[test]
fn forged_notices_show_until_somebody_took_note() {
    let day = Day::new();
    day.world.post("/gateway/notices", &[("forged", "yes".into())]);
    day.world.post("/gateway/notices", &[("forged", "again".into())]);
    let officer = Officer::new(&day.world, FINANCE);

    let inbox = officer.page("/console/exceptions");
    let last = crate::world::hidden(&inbox, "last");
    officer.submit("/console/exceptions", "/console/exceptions/notices", &[("last", &last)]);

    assert!(inbox.contains("收到2份签名不符的支付通知"), "{inbox}");
    assert!(!officer.page("/console/exceptions").contains("签名不符"));
}

#[test]
fn an_order_past_its_time_shows_while_the_platform_does_not_answer() {
    let mut day = Day::new();
    let order = day.submits().unwrap();
    day.world.platform_goes_down();
    day.passes(31);
    platform::expire(&day.world.app).unwrap();
    let officer = Officer::new(&day.world, FINANCE);

    let inbox = officer.page("/console/exceptions");
    let to = format!("/console/orders/{}/question", order.no);
    let answer = officer.submit("/console/exceptions", &to, &[]);

    assert!(inbox.contains("平台没有应答") && inbox.contains(&to), "{inbox}");
    assert_eq!(answer.status(), Status::SeeOther);
}

#[test]
fn the_desk_counts_what_waits() {
    let day = Day::new();
    day.paid_twice();
    let desk = Officer::new(&day.world, FINANCE).page("/console");
    assert!(desk.contains("异常与退款</th><td class=\"k-num\">1<"), "{desk}");
}

#[test]
fn the_payer_reads_where_extra_money_is() {
    let day = Day::new();
    let (order, refund) = day.paid_twice();
    day.world.carries(visitors::session(&day.world, Kind::Candidate, day.person));
    let pages = || {
        [format!("/orders/{}", order.no), "/orders".into(), "/dues".into()]
            .map(|it| day.world.page(&it))
    };
    let all_say = |words: &str| {
        for page in pages() {
            assert!(page.contains(words), "{words}: {page}");
        }
    };

    all_say("待退款");
    all_say("缴费");
    let approve = move |tx: &WriteTx<'_>| refunding::approve(tx, refund.id, State::Asked);
    day.world.app.db.write_now(day.officer("wufang", "吴芳"), approve).unwrap();
    all_say("退款中");
    runs(&day);
    all_say("已退款");
    all_say("按原支付渠道退回");
    all_say("已缴费");
}

#[test]
fn the_payer_reads_that_a_payment_went_back() {
    let day = Day::new();
    let order = day.paid();
    let asker = Officer::new(&day.world, FINANCE);
    let form = format!("/console/orders/{}/refund", order.no);
    let fields = [("amount", "100"), ("reason", "exam_cancelled"), ("afterwards", "cancel")];
    let here = asker.location(&asker.submit(&form, &form, &fields));
    day.world.carries(visitors::session(&day.world, Kind::Candidate, day.person));
    // Nobody has decided: the payer is told nothing that may not come.
    assert!(day.world.page(&format!("/orders/{}", order.no)).contains("缴费成功"));

    let other = Officer::called(&day.world, "zhengjie", "郑洁", FINANCE);
    let decision = format!("{here}/decision");
    other.submit(&here, &decision, &[("seen", "asked"), ("decision", "approve")]);
    let moving = day.world.page(&format!("/orders/{}", order.no));
    runs(&day);

    assert!(moving.contains("退款中") && !moving.contains("缴费成功"), "{moving}");
    let page = day.world.page(&format!("/orders/{}", order.no));
    assert!(page.contains("已退款") && page.contains("考试取消"), "{page}");
    assert!(day.world.page("/orders").contains("已退款"));
    assert!(day.world.page("/dues").contains("已退款"));
    let receipts =
        day.world.app.db.read_now(|tx| kaowu::features::receipts::of_order(tx, &order.no));
    let receipt = day.world.page(&format!("/receipts/{}", receipts.unwrap()[0].id));
    assert!(receipt.contains("已冲红"), "{receipt}");
}

#[test]
fn the_payer_of_a_wrong_amount_reads_that_it_goes_back_and_may_pay() {
    let day = Day::new();
    let order = day.submits().unwrap();
    let at = day.world.town().opens(&order, kaowu::simulator::core::attempt::Channel::Wechat);
    day.world.town().bank_takes(&order, at, kaowu::base::values::Fen::of(9_900));
    day.asks(&order);
    day.world.carries(visitors::session(&day.world, Kind::Candidate, day.person));

    let page = day.world.page(&format!("/orders/{}", order.no));

    assert!(page.contains("付款金额与应缴不符") && page.contains("重新申请缴费"), "{page}");
    assert!(page.contains("待退款") && !page.contains("没有扣款"), "{page}");
}

#[test]
fn who_floods_the_platform_with_orders_is_told_so() {
    let day = Day::new();
    day.world.carries(visitors::session(&day.world, Kind::Candidate, day.person));
    let to = format!("/dues/{}/orders", day.due);
    for _ in 0..orders::rules::FLOOD_LIMIT {
        let placed = day.world.submit("/dues", &to, &[]);
        assert_eq!(placed.status(), Status::SeeOther);
        let person = day.person;
        let order = day.world.app.db.read_now(|tx| orders::of_candidate(tx, person)).unwrap();
        platform::end(&day.world.app, day.by(), &order[0].no, "a test").unwrap();
    }

    let refused = day.world.submit("/dues", &to, &[]);

    assert_eq!(refused.status(), Status::TooManyRequests);
    assert!(refused.into_string().unwrap().contains("一小时内申请缴费的次数过多"));
}
