//! The payer in a real browser: pages that follow by themselves, shut nobody out, and fit a
//! telephone.

use kaowu::base::clock::Clock;
use kaowu::machinery::gateway::Gateway;

use super::running::{Payer, Running};
use crate::browser::{Browser, Settings};

const PHONE: (u32, u32) = (320, 800);

#[test]
fn a_payer_chooses_a_channel_scans_and_is_led_back() {
    let town = Running::start();
    let browser = Browser::start();

    browser.visit(&town.gateway.open(&town.bill("0000000001")).unwrap().pay_url);
    browser.choose("支付宝");
    browser.press("确认支付");
    browser.see("请用支付宝扫一扫");
    browser.press("模拟扫码");

    browser.see("支付成功");
    browser.see("秒后自动返回");
    browser.press("留在本页");
    browser.see_no_more("秒后自动返回");
}

#[test]
fn a_balance_is_refused_where_it_was_chosen() {
    let town = Running::start();
    let browser = Browser::start();

    browser.visit(&town.gateway.open(&town.bill("0000000002")).unwrap().pay_url);
    browser.choose("零钱或余额");
    browser.press("确认支付");

    browser.see("还不能付款");
    assert!(browser.title().starts_with("出错：收银台"));
}

#[test]
fn the_screen_follows_the_phone_by_itself() {
    let town = Running::start();
    let (desk, phone) =
        (Browser::start(), Browser::with(Settings { size: PHONE, ..Settings::default() }));
    let mut payer = Payer::at(&town.gateway.open(&town.bill("0000000003")).unwrap().pay_url);
    payer.press("/attempts", &[("channel", "WECHAT"), ("means", "BANK_CARD")]);

    desk.visit(&payer.url);
    desk.see("等待扫码");
    phone.visit(&payer.link("不能扫码？打开手机确认页"));
    desk.see("已扫码，请在手机上确认付款");
    phone.choose("申江银行储蓄卡（0082）");
    phone.press("确认付款");

    phone.see("支付成功");
    desk.see("支付成功");
}

#[test]
fn without_scripts_a_press_shows_the_latest() {
    let town = Running::start();
    let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
    let bill = town.bill("0000000004");

    browser.visit(&town.gateway.open(&bill).unwrap().pay_url);
    browser.press("确认支付");
    browser.see("查看最新状态");
    town.gateway.close(&bill.order_no).unwrap();
    browser.press("查看最新状态");

    browser.see("订单已关闭，无法支付");
    browser.see("二维码失效");
}

#[test]
fn no_page_shuts_anybody_out_or_is_wider_than_a_telephone() {
    let town = Running::start_in(tempfile::tempdir().unwrap(), Clock::real(), false);
    let browser = Browser::start();
    let mut wrong = Vec::new();

    for (name, url) in pages(&town) {
        browser.resize(1280, 900);
        browser.visit(&url);
        wrong.extend(browser.axe().iter().map(|it| format!("{name}: {it}")));
        for width in [320, 768, 1280] {
            browser.resize(width, 900);
            browser.screenshot(&format!("platform-{name}.{width}"));
            if browser.overflow_px() > 0 {
                wrong.push(format!("{name}: {} px too wide at {width}", browser.overflow_px()));
            }
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every page in every state that a payer can meet.
fn pages(town: &Running) -> Vec<(&'static str, String)> {
    let pay = |random| town.gateway.open(&town.bill(random)).unwrap().pay_url;
    let begun = |random| {
        let mut desk = Payer::at(&pay(random));
        desk.press("/attempts", &[("channel", "WECHAT"), ("means", "BANK_CARD")]);
        let phone = desk.link("不能扫码？打开手机确认页");
        (desk, phone)
    };
    let (waiting, phone) = begun("0000000011");
    let (mut paid, phone_paid) = begun("0000000012");
    paid.press("/scan", &[]);
    let (closed, phone_dead) = begun("0000000013");
    town.gateway.close(&town.bill("0000000013").order_no).unwrap();
    vec![
        ("home", town.base.clone()),
        ("choose", pay("0000000010")),
        ("scan", waiting.url),
        ("phone", phone),
        ("paid", paid.url),
        ("phone-paid", phone_paid),
        ("closed", closed.url),
        ("phone-dead", phone_dead),
        ("lost", format!("{}/q/none", town.base)),
    ]
}
