//! The manual's questions (常见问题解答), each asked in a real Chromium: what a person meets, and that
//! it ends well. And what people do besides: two tabs, two presses, 后退, a session that ends.

use rusqlite::Connection;

use crate::browser::{Browser, Settings};
use crate::browser_manual::{self, signs_in};
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

    /// A trainer switches a fault on for all orders, in a tab that is closed again.
    fn goes_wrong(&self, browser: &Browser, fault: &str) {
        let here = browser.new_tab() - 1;
        browser.visit(self.demo.said("training_url"));
        browser.press(&format!("打开 “{fault}”"));
        browser.see("已打开");
        browser.close_window();
        browser.switch_to_nth(here);
    }

    /// 冯刚 of 系统管理 moves the house's time on by half an hour, in a tab that is closed again.
    fn half_an_hour_passes(&self, browser: &Browser) {
        let here = browser.new_tab() - 1;
        let (login, password) = self.demo.account("冯刚");
        browser.visit(&format!("{}/console", self.demo.url()));
        signs_in(browser, &self.demo, &login, &password);
        browser.see("等我处理");
        browser.visit(&format!("{}/console/training", self.demo.url()));
        browser.press("往后30分钟");
        browser.see("一致");
        browser.close_window();
        browser.switch_to_nth(here);
    }

    /// Leaves, and signs in again.
    fn comes_again(&self, browser: &Browser, name: &str) {
        browser.visit(&format!("{}/person", self.demo.url()));
        browser.press("退出");
        self.comes_to_pay(browser, name);
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

#[test]
fn a_closed_order_and_a_dead_code_lead_to_a_new_order() {
    let house = House::open();
    let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
    house.comes_to_pay(&browser, "赵敏");
    browser.press("提交缴费");
    let order = browser.url();
    browser.follow("在本窗口打开公共支付平台");
    let cashier = browser.url();
    browser.press("确认支付");
    browser.see("模拟扫码");
    house.half_an_hour_passes(&browser);

    browser.press("模拟扫码");
    browser.see("二维码失效");
    browser.visit(&cashier);
    browser.see("订单已关闭，无法支付");
    browser.visit(&order);
    browser.press("确定");
    browser.see("订单已关闭");
    browser.see("没有扣款");
    browser.see("30分钟");

    browser.press("重新申请缴费");
    browser.see("支付结果确认");
    assert_ne!(browser.url(), order);
    browser.follow("在本窗口打开公共支付平台");
    pays(&browser);
    browser.follow("返回缴费页面");
    browser.see("缴费成功");
}

#[test]
fn paid_but_shown_unpaid_mends_at_the_next_sign_in() {
    for fault in ["通知丢失", "只扣款，不通知"] {
        let house = House::open();
        let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
        house.goes_wrong(&browser, fault);
        house.comes_to_pay(&browser, "赵敏");
        browser.press("提交缴费");
        browser.follow("在本窗口打开公共支付平台");
        pays(&browser);

        // The page is closed before it goes back.
        house.comes_again(&browser, "赵敏");
        browser.see("已缴费");
        browser.follow("查看票据");
        browser.see("赵敏");
    }
}

#[test]
fn money_that_the_platform_denies_for_a_while_is_found_and_never_asked_for_again() {
    let house = House::open();
    let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
    house.goes_wrong(&browser, "只扣款，不通知");
    house.goes_wrong(&browser, "查询答“待支付”");
    house.comes_to_pay(&browser, "赵敏");
    browser.press("提交缴费");
    let order = browser.url();
    browser.follow("在本窗口打开公共支付平台");
    pays(&browser);
    browser.visit(&order);
    browser.press("确定");
    browser.see("待支付");
    browser.see("请不要再次付款");

    house.half_an_hour_passes(&browser);
    house.comes_again(&browser, "赵敏");
    browser_manual::looks_until_paid(&browser, &house.demo);
    assert_eq!(house.count("select count(*) from payments where fate = 'to_refund'"), 1, "E30d's");
}

#[test]
fn a_platform_that_is_down_is_told_of_with_a_word_about_money() {
    let house = House::open();
    let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
    house.goes_wrong(&browser, "平台故障");
    house.comes_to_pay(&browser, "赵敏");
    browser.press("提交缴费");
    browser.see("暂时连不上公共支付平台");
    browser.see("还没有扣款");
    browser.press("确定");
    browser.see("待支付");
}

#[test]
fn money_by_two_channels_counts_once_and_goes_back_once() {
    let house = House::open();
    let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
    house.goes_wrong(&browser, "两个渠道都扣了款");
    house.comes_to_pay(&browser, "赵敏");
    let receipts = house.count("select count(*) from receipts where colour = 'blue'");
    browser.press("提交缴费");
    browser.follow("在本窗口打开公共支付平台");
    pays(&browser);
    browser.follow("返回缴费页面");
    browser.see("缴费成功");
    browser.see("退回");

    assert_eq!(house.count("select count(*) from receipts where colour = 'blue'"), receipts + 1);
}
