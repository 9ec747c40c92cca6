//! The manual (2024 年专科自主招生缴费系统 用户手册), line by line, in a real Chromium: with scripts,
//! without them, by keyboard alone, and on a phone. What stands in quotation marks there is what
//! these tests press.

use std::time::{Duration, Instant};

use crate::browser::{Browser, Key, Settings};
use crate::demo::Demo;

const NEW_PASSWORD: &str = "Osmanthus7";
const PROJECT: &str = "专科层次依法自主招生网上缴费系统";

/// Types 账号, 密码 and 验证码 and presses 登录.
pub fn signs_in(browser: &Browser, demo: &Demo, login: &str, password: &str) {
    browser.fill("账号", login);
    browser.fill("密码", password);
    browser.fill("验证码", demo.said("captcha"));
    browser.press("登录");
}

/// The open project's whole name, as its link says.
fn project(browser: &Browser) -> String {
    let text = browser.text();
    let before = text.split(PROJECT).next().unwrap_or_default();
    let year: String = before.chars().rev().take_while(|it| *it != ' ').collect();
    format!("{}{PROJECT}", year.chars().rev().collect::<String>())
}

/// No page shuts anybody out.
fn nobody_is_shut_out(browser: &Browser) {
    let findings = browser.axe();
    assert!(findings.is_empty(), "{}: {findings:#?}", browser.url());
    assert!(browser.overflow_px() <= 0, "{} scrolls sideways", browser.url());
}

/// One of the cast comes in.
fn comes_in(browser: &Browser, demo: &Demo, name: &str, look: impl Fn(&Browser)) {
    let (login, password) = demo.account(name);
    comes_in_as(browser, demo, (&login, &password, name), look);
}

/// From the first page to 核对信息: log in, set a password, log in again.
pub fn comes_in_as(
    browser: &Browser,
    demo: &Demo,
    (login, password, name): (&str, &str, &str),
    look: impl Fn(&Browser),
) {
    browser.visit(demo.url());
    look(browser);
    browser.follow(&project(browser));
    browser.see("在线收费系统");
    look(browser);
    signs_in(browser, demo, login, password);
    browser.see("重置密码");
    look(browser);
    browser.fill("新密码", NEW_PASSWORD);
    browser.fill("确认密码", NEW_PASSWORD);
    browser.press("确定");
    browser.see("密码重置成功");
    look(browser);
    browser.follow("回到登录页");
    signs_in(browser, demo, login, NEW_PASSWORD);
    browser.see("请仔细核对个人信息");
    browser.see(name);
    look(browser);
}

/// From 核对信息 to the receipt, as the manual says.
pub fn pays(browser: &Browser) {
    browser.press("进入缴费");
    browser.see("未缴费");
    browser.press("提交缴费");
    browser.see("支付结果确认");
    browser.switch_to("公共支付平台");
    browser.press("确认支付");
    browser.press("模拟扫码");
    browser.see("支付成功");
    browser.switch_to("缴费成功");
    browser.follow("查看票据");
}

#[test]
fn the_manual_works_word_for_word() {
    let demo = Demo::start();
    let browser = Browser::start();
    comes_in(&browser, &demo, "林晓禾", nobody_is_shut_out);

    browser.press("进入缴费");
    browser.see("缴费金额");
    browser.see("100.00");
    browser.see("未缴费");
    browser.see("不支持微信零钱、支付宝余额支付，必须绑定银行卡");
    nobody_is_shut_out(&browser);
    browser.press("提交缴费");
    browser.see("支付结果确认");
    nobody_is_shut_out(&browser);

    browser.switch_to("公共支付平台");
    browser.see("支付渠道");
    nobody_is_shut_out(&browser);
    browser.press("确认支付");
    browser.see("模拟扫码");
    nobody_is_shut_out(&browser);
    browser.press("模拟扫码");
    browser.see("支付成功");

    // 等待5秒左右: the first window follows by itself.
    browser.switch_to("缴费成功");
    browser.see("已缴费");
    nobody_is_shut_out(&browser);
    browser.follow("查看票据");
    browser.see("林晓禾");
    browser.see("壹佰元整");
    nobody_is_shut_out(&browser);
    browser.follow("我的订单");
    browser.see("已缴费");
    nobody_is_shut_out(&browser);
    browser.press("退出");

    // 建议退出后再次登录查看缴费状态.
    let (login, _) = demo.account("林晓禾");
    browser.visit(&format!("{}/sign-in", demo.url()));
    signs_in(&browser, &demo, &login, NEW_PASSWORD);
    browser.press("进入缴费");
    browser.see("已缴费");
    browser.see("查看票据");
}

#[test]
fn the_manual_works_without_scripts() {
    let demo = Demo::start();
    let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
    comes_in(&browser, &demo, "赵𬀩", |_| {});

    browser.press("进入缴费");
    browser.press("提交缴费");
    browser.see("支付结果确认");
    browser.follow("在本窗口打开公共支付平台");
    browser.press("确认支付");
    browser.press("模拟扫码");
    browser.see("支付成功");
    browser.follow("返回缴费页面");
    browser.see("缴费成功");
    browser.follow("查看票据");
    browser.see("赵𬀩");
}

#[test]
fn the_manual_works_on_a_phone_that_opens_the_codes_link() {
    let demo = Demo::start();
    let phone = Settings { size: (375, 812), ..Settings::default() };
    let browser = Browser::with(phone);
    comes_in(&browser, &demo, "刘𰻞", nobody_is_shut_out);

    browser.press("进入缴费");
    nobody_is_shut_out(&browser);
    browser.press("提交缴费");
    browser.see("支付结果确认");
    nobody_is_shut_out(&browser);
    browser.switch_to("公共支付平台");
    browser.press("确认支付");
    browser.follow("不能扫码？打开手机确认页");
    nobody_is_shut_out(&browser);
    browser.press("确认付款");
    browser.see("支付成功");

    browser.switch_to("缴费成功");
    browser.see("已缴费");
}

#[test]
fn the_manual_works_by_keyboard_alone() {
    let demo = Demo::start();
    let browser = Browser::start();
    let (login, password) = demo.account("赵敏");
    browser.visit(&format!("{}/sign-in", demo.url()));
    // The first stop leads past the header.
    browser.key(Key::Tab);
    assert_eq!(browser.focused(), "跳到正文");
    tabs_to(&browser, "账号");
    browser.types(&login);
    tabs_to(&browser, "密码");
    browser.types(&password);
    tabs_to(&browser, "验证码");
    browser.types(demo.said("captcha"));
    browser.key(Key::Enter);
    browser.see("请仔细核对个人信息");
    tabs_to(&browser, "进入缴费");
    browser.key(Key::Enter);
    browser.see("缴费金额");
    tabs_to(&browser, "提交缴费");
    browser.key(Key::Enter);
    browser.see("支付结果确认");

    browser.switch_to("公共支付平台");
    tabs_to(&browser, "确认支付");
    browser.key(Key::Enter);
    browser.see("模拟扫码");
    tabs_to(&browser, "模拟扫码");
    browser.key(Key::Enter);
    browser.see("支付成功");
    browser.switch_to("缴费成功");
    tabs_to(&browser, "查看票据");
    browser.key(Key::Enter);
    browser.see("赵敏");
}

#[test]
fn a_demonstration_for_the_network_is_paid_from_a_phone() {
    let folder = tempfile::tempdir().unwrap();
    let captcha = [("KAOWU_CAPTCHA_ANSWER", "YUNJIAN")];
    let demo = Demo::start_with(&folder.path().join("demo"), &["--lan"], &captcha);
    assert!(demo.url().starts_with("https://"), "{}", demo.url());
    let phone = Settings { size: (375, 812), any_certificate: true, ..Settings::default() };
    let browser = Browser::with(phone);
    comes_in(&browser, &demo, "林晓禾", nobody_is_shut_out);

    browser.press("进入缴费");
    browser.press("提交缴费");
    browser.see("支付结果确认");
    browser.switch_to("公共支付平台");
    browser.press("确认支付");
    browser.follow("不能扫码？打开手机确认页");
    browser.press("确认付款");
    browser.see("支付成功");
    browser.switch_to("缴费成功");
    browser.follow("查看票据");
    browser.see("林晓禾");
}

/// Presses Tab until something of that name has the focus.
#[track_caller]
fn tabs_to(browser: &Browser, name: &str) {
    let mut met = Vec::new();
    for _ in 0..60 {
        browser.key(Key::Tab);
        let focused = browser.focused();
        if focused.starts_with(name) {
            return;
        }
        met.push(focused);
    }
    panic!("{name} is not reached by Tab: {met:?}");
}

#[test]
fn a_wallet_balance_is_refused_in_the_manuals_words() {
    let demo = Demo::start();
    let browser = Browser::start();
    let (login, password) = demo.account("李㛃");
    browser.visit(&format!("{}/sign-in", demo.url()));
    signs_in(&browser, &demo, &login, &password);
    browser.press("进入缴费");
    browser.press("提交缴费");
    browser.switch_to("公共支付平台");
    browser.choose("零钱或余额");
    browser.press("确认支付");
    browser.see("不支持“微信零钱、支付宝余额”支付，必须绑定银行卡");
}

/// Looks at 缴费 until it is paid: the platform that was just asked is not asked again for some
/// seconds.
#[track_caller]
pub fn looks_until_paid(browser: &Browser, demo: &Demo) {
    let begun = Instant::now();
    while !browser.text().contains("已缴费") && begun.elapsed() < Duration::from_secs(60) {
        browser.visit(&format!("{}/dues", demo.url()));
    }
    browser.see("已缴费");
}

#[test]
fn paid_but_shown_unpaid_mends_itself() {
    let demo = Demo::start();
    let browser = Browser::start();
    let (login, password) = demo.account("周晓");
    browser.visit(&format!("{}/sign-in", demo.url()));
    signs_in(&browser, &demo, &login, &password);
    browser.press("进入缴费");
    looks_until_paid(&browser, &demo);
    browser.follow("查看票据");
    browser.see("周晓");
}
