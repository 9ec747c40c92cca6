//! The manual's questions (常见问题解答), each asked in a real Chromium: what a person meets, and that
//! it ends well. And what people do besides: two tabs, two presses, 后退, a session that ends.

use rusqlite::Connection;

use crate::browser::{Browser, Settings};
use crate::browser_manual::signs_in;
use crate::demo::Demo;

/// A demonstration, and the folder it lives in.
struct House {
    demo: Demo,
    folder: tempfile::TempDir,
}

impl House {
    fn open() -> House {
        let folder = tempfile::tempdir().unwrap();
        House { demo: Demo::start_in(&folder.path().join("demo"), &[]), folder }
    }

    /// How many rows there are, asked beside the running program.
    fn count(&self, sql: &str) -> i64 {
        let file = self.folder.path().join("demo/kaowu.sqlite");
        Connection::open(file).unwrap().query_row(sql, (), |row| row.get(0)).unwrap()
    }

    /// Changes the database behind the running program's back, as time would.
    fn write(&self, sql: &str) {
        let file = self.folder.path().join("demo/kaowu.sqlite");
        Connection::open(file).unwrap().execute(sql, ()).unwrap();
    }

    /// Signs in as one of the cast who has a password, and goes to 缴费.
    fn comes_to_pay(&self, browser: &Browser, name: &str) {
        let (login, password) = self.demo.account(name);
        browser.visit(&format!("{}/sign-in", self.demo.url()));
        signs_in(browser, &self.demo, &login, &password);
        browser.press("进入缴费");
        browser.see("缴费状态");
    }
}

/// At the cashier, in the window that shows it.
fn pays(browser: &Browser) {
    browser.press("确认支付");
    browser.press("模拟扫码");
    browser.see("支付成功");
}

#[test]
fn a_window_that_was_blocked_is_told_of_and_the_same_tab_pays() {
    let house = House::open();
    let browser = Browser::with(Settings { popups: false, ..Settings::default() });
    house.comes_to_pay(&browser, "赵敏");
    browser.press("提交缴费");
    browser.see("支付结果确认");

    browser.see("支付窗口没有打开");
    browser.see("选择“允许”");
    assert_eq!(browser.windows().len(), 1);
    assert!(browser.axe().is_empty(), "{:#?}", browser.axe());

    browser.follow("在本窗口打开公共支付平台");
    pays(&browser);
    browser.see("缴费成功");
}

#[test]
fn who_left_half_way_goes_on_with_the_same_order() {
    let house = House::open();
    let browser = Browser::start();
    house.comes_to_pay(&browser, "赵敏");
    let orders = house.count("select count(*) from orders");
    browser.press("提交缴费");
    browser.switch_to("公共支付平台");
    browser.close_window();
    browser.see("支付结果确认");

    browser.press("确定");
    browser.see("待支付");
    browser.visit(&format!("{}/dues", house.demo.url()));
    browser.see("待支付");
    browser.follow("查看支付结果");
    browser.follow("继续支付");
    browser.switch_to("公共支付平台");
    pays(&browser);
    browser.switch_to("缴费成功");

    assert_eq!(house.count("select count(*) from orders"), orders + 1);
}

#[test]
fn who_applies_anew_gets_a_new_order_and_the_old_code_takes_no_money() {
    let house = House::open();
    let browser = Browser::start();
    house.comes_to_pay(&browser, "赵敏");
    browser.press("提交缴费");
    browser.switch_to("公共支付平台");
    browser.press("确认支付");
    browser.see("模拟扫码");
    let code = browser.url();
    browser.close_window();

    browser.press("重新申请缴费");
    browser.switch_to("公共支付平台");
    let before = browser.new_tab();
    browser.visit(&code);
    browser.see("订单已关闭，无法支付");
    browser.switch_to_nth(before - 1);
    pays(&browser);
    browser.switch_to("缴费成功");

    assert_eq!(house.count("select count(*) from payments where fate = 'to_refund'"), 1, "E30d's");
}

#[test]
fn two_presses_and_two_tabs_make_one_order() {
    let house = House::open();
    let browser = Browser::start();
    house.comes_to_pay(&browser, "赵敏");
    let orders = house.count("select count(*) from orders");
    let dues = browser.url();
    let tab = browser.new_tab();
    browser.visit(&dues);
    browser.see("缴费状态");
    browser.switch_to_nth(0);

    browser.press_twice("提交缴费");
    browser.see("支付结果确认");
    let no = browser.url();
    browser.switch_to_nth(tab);
    browser.press("提交缴费");
    browser.see("支付结果确认");

    assert_eq!(browser.url(), no);
    assert_eq!(house.count("select count(*) from orders"), orders + 1);
}

#[test]
fn going_back_after_paying_and_an_old_tab_ask_for_no_more_money() {
    let house = House::open();
    let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
    house.comes_to_pay(&browser, "赵敏");
    let dues = browser.url();
    let old = browser.new_tab();
    browser.visit(&dues);
    browser.see("提交缴费");
    browser.switch_to_nth(0);
    browser.press("提交缴费");
    browser.follow("在本窗口打开公共支付平台");
    pays(&browser);
    let orders = house.count("select count(*) from orders");
    browser.follow("返回缴费页面");
    browser.see("缴费成功");

    // Back over the cashier and 支付结果确认 to 缴费, which is not shown as it stood before.
    let steps = (0..9).take_while(|_| !browser.url().contains("/dues"));
    steps.for_each(|_| browser.back());
    browser.see("查看票据");
    browser.switch_to_nth(old);
    browser.press("提交缴费");

    browser.see("这项费用已经不需要缴纳，没有再次扣款。");
    assert_eq!(house.count("select count(*) from orders"), orders);
}

#[test]
fn a_session_that_ended_in_the_middle_loses_nothing() {
    let house = House::open();
    let browser = Browser::start();
    house.comes_to_pay(&browser, "赵敏");
    house.write("delete from sessions");

    browser.press("提交缴费");
    browser.switch_to("登录");
    let (login, password) = house.demo.account("赵敏");
    signs_in(&browser, &house.demo, &login, &password);

    browser.see("内容还没有生效");
    browser.press("重新提交");
    browser.see("支付结果确认");
}
