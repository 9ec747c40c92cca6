//! The payer at the cashier and on the phone, without JavaScript.

use jiff::SignedDuration;
use kaowu::machinery::gateway::{Channel, Gateway, Standing};

use super::running::{Payer, Running};

const CARD: [(&str, &str); 2] = [("channel", "WECHAT"), ("means", "BANK_CARD")];

#[test]
fn the_cashier_says_what_is_paid_and_until_when() {
    let town = Running::start();

    let payer = Payer::at(&town.gateway.open(&town.bill("0000000001")).unwrap().pay_url);

    for words in [
        "上海市一网通办公共支付平台（模拟）",
        "100.00",
        "上海市云间区教育考试中心",
        "专科层次依法自主招生报名考试费",
        "林*禾",
        "<span>2026</span><span>0313</span><span>3101</span>",
        "10:54:00",
        "支付渠道",
        "确认支付",
        "不支持“微信零钱、支付宝余额”支付，必须绑定银行卡",
    ] {
        assert!(payer.sees(words), "{words}");
    }
    assert_eq!(payer.link("放弃支付，返回缴费页面"), "http://127.0.0.1:9/orders/17");
}

#[test]
fn simulated_scanning_pays_and_leads_back() {
    let town = Running::start();
    let bill = town.bill("0000000002");
    let mut payer = Payer::at(&town.gateway.open(&bill).unwrap().pay_url);

    payer.press("/attempts", &[("channel", "UNIONPAY"), ("means", "BANK_CARD")]);
    assert!(payer.sees("<svg") && payer.sees("云闪付") && payer.sees("30分0秒"));
    payer.press("/scan", &[]);

    assert!(payer.sees("支付成功"));
    assert_eq!(payer.link("返回缴费页面"), "http://127.0.0.1:9/orders/17");
    let success = town.successes(&bill.order_no).remove(0);
    assert_eq!(success.channel, Channel::Unionpay);
}

#[test]
fn money_from_no_known_account_is_not_a_bank_cards() {
    let town = Running::start();
    for means in [&[("channel", "WECHAT")][..], &[("channel", "WECHAT"), ("means", "WALLET")]] {
        let mut payer = Payer::at(&town.gateway.open(&town.bill("0000000009")).unwrap().pay_url);

        payer.press("/attempts", means);

        assert!(payer.sees("还不能付款") && payer.sees("请选择付款账户"), "{means:?}");
    }
}

#[test]
fn a_phone_opens_the_code_and_confirms() {
    let town = Running::start();
    let bill = town.bill("0000000003");
    let mut desk = Payer::at(&town.gateway.open(&bill).unwrap().pay_url);
    desk.press("/attempts", &[("channel", "ALIPAY"), ("means", "BANK_CARD")]);
    let standing = format!("{}/standing", desk.url);
    assert_eq!(Payer::at(&standing).page, r#"{"state":"SHOWN"}"#);

    let mut phone = Payer::at(&desk.link("不能扫码？打开手机确认页"));
    assert!(phone.sees("确认付款") && phone.sees("申江银行储蓄卡（0082）"));
    assert_eq!(Payer::at(&standing).page, r#"{"state":"OPENED"}"#);
    desk.look();
    assert!(desk.sees("已扫码，请在手机上确认付款"));
    phone.press("/payment", &[("card", "putan-5530")]);

    assert!(phone.sees("支付成功") && phone.sees("浦滩银行信用卡（5530）"));
    assert_eq!(Payer::at(&standing).page, r#"{"state":"ORDER_PAID"}"#);
    desk.look();
    assert!(desk.sees("支付成功"));
    assert_eq!(town.successes(&bill.order_no).len(), 1);
}

#[test]
fn a_wallet_balance_is_refused_with_the_manuals_sentence() {
    let town = Running::start();
    let bill = town.bill("0000000004");
    let mut payer = Payer::at(&town.gateway.open(&bill).unwrap().pay_url);

    payer.press("/attempts", &[("channel", "ALIPAY"), ("means", "BALANCE")]);

    assert_eq!(payer.status, 422);
    let complaint = payer.page.split("role=\"alert\"").nth(1).unwrap();
    assert!(complaint.contains(">不支持“微信零钱、支付宝余额”支付，必须绑定银行卡</a>"));
    assert!(payer.sees("value=\"ALIPAY\" required checked"), "what was chosen is kept");
    assert_eq!(town.gateway.ask(&bill.order_no), Ok(Standing::Waiting));
}

#[test]
fn double_clicks_are_harmless() {
    let town = Running::start();
    let bill = town.bill("0000000005");
    let mut desk = Payer::at(&town.gateway.open(&bill).unwrap().pay_url);
    let mut twin = Payer::at(&desk.url);
    desk.press("/attempts", &CARD);
    twin.press("/attempts", &CARD);
    assert_eq!(desk.url, twin.url, "one code on the screen");
    let mut phone = Payer::at(&desk.link("不能扫码？打开手机确认页"));
    let mut thumb = Payer::at(&phone.url);

    phone.press("/payment", &[("card", "yunjian-6217")]);
    thumb.press("/payment", &[("card", "yunjian-6217")]);
    desk.press("/scan", &[]);
    twin.press("/scan", &[]);

    assert!([&phone, &thumb, &desk, &twin].iter().all(|it| it.sees("支付成功")));
    assert_eq!(town.successes(&bill.order_no).len(), 1);
}

#[test]
fn two_phones_on_two_channels_pay_twice() {
    let town = Running::start();
    let bill = town.bill("0000000006");
    let pay_url = town.gateway.open(&bill).unwrap().pay_url;
    let mut phones = ["WECHAT", "ALIPAY"].map(|channel| {
        let mut desk = Payer::at(&pay_url);
        desk.press("/attempts", &[("channel", channel), ("means", "BANK_CARD")]);
        Payer::at(&desk.link("不能扫码？打开手机确认页"))
    });

    for phone in &mut phones {
        phone.press("/payment", &[("card", "shenjiang-0082")]);
        assert!(phone.sees("支付成功"));
    }

    let trades = town.successes(&bill.order_no);
    assert_eq!(trades.len(), 2);
    assert_ne!(trades[0].trade_no, trades[1].trade_no);
    assert!(Payer::at(&pay_url).sees("这个订单付了不止一次"));
}

#[test]
fn after_its_time_the_order_is_closed_and_the_code_void() {
    let town = Running::start();
    let bill = town.bill("0000000007");
    let mut desk = Payer::at(&town.gateway.open(&bill).unwrap().pay_url);
    desk.press("/attempts", &CARD);
    let mut phone = Payer::at(&desk.link("不能扫码？打开手机确认页"));

    town.pass(SignedDuration::from_mins(31));
    phone.press("/payment", &[("card", "yunjian-6217")]);
    desk.look();

    assert!(phone.sees("二维码失效") && phone.sees("没有扣款"));
    assert!(desk.sees("订单已关闭，无法支付") && desk.sees("二维码失效"));
    assert_eq!(desk.link("返回缴费页面"), "http://127.0.0.1:9/orders/17");
    assert_eq!(town.gateway.ask(&bill.order_no), Ok(Standing::Closed));
}

#[test]
fn a_form_that_is_not_from_our_page_does_nothing() {
    let town = Running::start();
    let bill = town.bill("0000000008");
    let mut desk = Payer::at(&town.gateway.open(&bill).unwrap().pay_url);
    desk.press("/attempts", &CARD);

    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    let to = format!("{}/scan", desk.url);
    let answer = config.build().new_agent().post(&to).send_form([("csrf", "x")]).unwrap();

    assert_eq!(answer.status().as_u16(), 403);
    assert_eq!(town.gateway.ask(&bill.order_no), Ok(Standing::Waiting));
}

#[test]
fn a_page_that_is_not_there_says_that_nothing_was_taken() {
    let town = Running::start();
    let mut lost = Vec::new();
    for path in ["/cashier/none", "/cashier/none/attempts/0", "/q/none", "/elsewhere"] {
        let payer = Payer::at(&format!("{}{path}", town.base));
        lost.push((payer.status, payer.sees("没有这个页面")));
    }

    assert_eq!(lost, [(404, true); 4]);
}

#[test]
fn nothing_is_framed_kept_or_told_to_others() {
    let town = Running::start();
    let config = ureq::Agent::config_builder().proxy(None);

    let answer = config.build().new_agent().get(&town.base).call().unwrap();

    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-security-policy").contains("default-src 'none'; script-src 'self'"));
    assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("set-cookie").contains("HttpOnly; SameSite=Lax"));
}
