//! The browser of these tests does what it says, tried on pages where the answer is known.

use super::served::{Pages, serve};
use super::{Browser, Key, Settings};

const PAY: &str = r#"<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>缴费</title></head>
<body>
<main>
<h1>缴费</h1>
<form action="/paid">
  <p><label for="account">账号 <span>必填</span></label> <input id="account" name="account"></p>
  <p><label for="way">支付方式</label>
    <select id="way" name="way"><option>微信支付</option><option>支付宝</option></select></p>
  <p><label><input type="checkbox" name="agreed"> 我已阅读须知</label></p>
  <p><label for="proof">备案表</label> <input id="proof" name="proof" type="file"></p>
  <button>提交缴费</button>
</form>
<table>
<tr><th scope="row">毕业申请</th><td><a href="/case">查看</a></td><td><button>删除</button></td></tr>
<tr><th scope="row">电子票据</th><td><a href="/receipt" target="_blank">查看</a></td><td>
  <form action="/gone"><button>删除</button></form></td></tr>
</table>
<p id="script">没有脚本</p>
<p><a href="/bad">另一页</a> <a href="/wide">宽页</a></p>
</main>
<script src="/say.js"></script>
</body>
</html>"#;

/// A field nobody can name and words nobody can read.
const BAD: &str = r#"<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>不好的一页</title></head>
<body><main><h1>不好</h1><input name="nameless">
<p><font color="eeeeee">看不清</font></p></main></body>
</html>"#;

const SAY: &str = "setTimeout(() => {
  document.getElementById('script').textContent = '脚本已运行';
}, 300);";

const PAGES: Pages = &[
    ("/", PAY),
    ("/bad", BAD),
    ("/say.js", SAY),
    ("/wide", "<!doctype html><title>宽页</title><body><table width=500><td>宽"),
    ("/paid", "<!doctype html><title>已缴费</title><p>缴费  成功"),
    ("/receipt", "<!doctype html><title>票据预览</title><p>电子票据"),
    ("/case", "<!doctype html><title>申请</title><p>毕业申请"),
    ("/gone", "<!doctype html><title>已删除</title><p>已删除"),
];

#[test]
fn a_form_is_filled_and_sent_by_its_visible_names() {
    let served = serve(PAGES);
    let browser = Browser::start();
    browser.visit(&served.url("/"));
    browser.fill("账号", "旧");
    browser.fill("账号", "310199-x");
    browser.fill("支付方式", "支付宝");
    browser.choose("我已阅读须知");
    browser.attach("备案表", "Cargo.toml".as_ref());
    assert_eq!(browser.value("账号"), "310199-x");

    browser.press("提交缴费");

    browser.see("缴费 成功");
    assert_eq!(browser.title(), "已缴费");
    let url = browser.url();
    let sent = ["account=310199-x", "way=%E6%94%AF", "agreed=on", "proof=Cargo.toml"];
    assert!(sent.iter().all(|it| url.contains(it)), "{url}");
}

#[test]
fn one_of_several_is_found_by_its_row_and_a_window_by_its_title() {
    let served = serve(PAGES);
    let browser = Browser::start();
    browser.visit(&served.url("/"));

    browser.follow_beside("电子票据", "查看");
    browser.switch_to("票据");
    browser.see("电子票据");
    assert_eq!(browser.windows(), ["缴费", "票据预览"]);

    browser.close_window();
    assert_eq!(browser.title(), "缴费");
    browser.press_beside("电子票据", "删除");
    browser.see("已删除");
}

#[test]
fn what_comes_late_is_waited_for() {
    let served = serve(PAGES);
    let browser = Browser::start();
    browser.visit(&served.url("/"));

    browser.see("脚本已运行");
    browser.see_no_more("没有脚本");
}

#[test]
fn without_javascript_pages_stay_as_they_were_sent() {
    let served = serve(PAGES);
    let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
    browser.visit(&served.url("/"));

    // Long after the script would have run, it has not.
    browser.follow("另一页");
    browser.see("不好");
    browser.visit(&served.url("/"));
    browser.see("没有脚本");

    browser.fill("账号", "310199");
    browser.press("提交缴费");
    browser.see("缴费 成功");
}

#[test]
fn the_keyboard_alone_reaches_and_presses() {
    let served = serve(PAGES);
    let browser = Browser::start();
    browser.visit(&served.url("/"));

    assert_eq!(browser.focused(), "");
    let mut reached = Vec::new();
    for _ in 0..5 {
        browser.key(Key::Tab);
        reached.push(browser.focused());
    }
    assert_eq!(reached, ["账号 必填", "支付方式", "我已阅读须知", "备案表", "提交缴费"]);
    browser.key(Key::BackTab);
    browser.key(Key::BackTab);
    browser.key(Key::Space);
    browser.key(Key::Tab);
    browser.key(Key::Tab);
    browser.key(Key::Enter);

    browser.see("缴费 成功");
    assert!(browser.url().contains("agreed=on"), "{}", browser.url());
}

#[test]
fn axe_finds_a_seeded_fault_and_nothing_on_a_good_page() {
    let served = serve(PAGES);
    let browser = Browser::start();
    browser.visit(&served.url("/"));
    assert_eq!(browser.axe(), []);

    browser.visit(&served.url("/bad"));
    let findings = browser.axe();

    let rules: Vec<&str> = findings.iter().map(|it| it.rule.as_str()).collect();
    assert_eq!(rules, ["color-contrast", "label"], "{findings:#?}");
    assert!(findings[1].element.contains("nameless"), "{}", findings[1]);
}

#[test]
fn a_page_can_be_as_narrow_as_a_phone() {
    let served = serve(PAGES);
    let browser = Browser::with(Settings { any_certificate: true, ..Settings::default() });
    browser.visit(&served.url("/"));

    browser.resize(320, 200);
    assert_eq!(browser.overflow_px(), 0);
    let picture = std::fs::read(browser.screenshot("proof-320")).unwrap();

    // A PNG says its width in bytes 16 to 19.
    assert_eq!(picture[16..20], 320_u32.to_be_bytes());

    browser.follow("宽页");
    browser.see("宽");
    assert!(browser.overflow_px() > 100, "{}", browser.overflow_px());
}
