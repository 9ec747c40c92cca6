//! A clerk loads a roster at a browser: with scripts and without, on a phone, and nobody is shut
//! out.

use std::path::PathBuf;

use super::THREE;
use super::files::{gb18030, good_row, roster_csv, twelve_faults};
use crate::browser::{Browser, Settings};
use crate::browser_manual;
use crate::demo::Demo;

const PROJECT: &str = "专科层次依法自主招生网上缴费系统";

/// 周敏 of 考务 stands before 导入名册.
fn goes_to_rosters(browser: &Browser, demo: &Demo) {
    let (login, password) = demo.account("周敏");
    browser.visit(&format!("{}/console", demo.url()));
    browser.fill("账号", &login);
    browser.fill("密码", &password);
    browser.fill("验证码", demo.said("captcha"));
    browser.press("登录");
    browser.see("等我处理");
    browser.visit(&format!("{}/console/rosters", demo.url()));
    browser.see("还没有导入过名册");
    look(browser, "index-empty");
    browser.visit(&format!("{}/console/rosters/new", demo.url()));
}

/// Looks at the page on a phone and at a desk: nothing shuts anybody out.
fn look(browser: &Browser, name: &str) {
    for width in [320, 1280] {
        browser.resize(width, 900);
        browser.screenshot(&format!("rosters-{name}.{width}"));
        assert!(browser.overflow_px() <= 0, "{} scrolls sideways at {width}", browser.url());
    }
}

fn nobody_is_shut_out(browser: &Browser, name: &str) {
    look(browser, name);
    let findings = browser.axe();
    assert!(findings.is_empty(), "{name}: {findings:#?}");
}

/// The project's line in the list.
fn chooses_the_project(browser: &Browser) {
    let text = browser.text();
    let line = text.split(' ').find(|it| it.ends_with(PROJECT)).unwrap_or_default();
    let code = text.split(' ').take_while(|it| *it != line).last().unwrap_or_default();
    browser.fill("收费项目", &format!("{code} {line}"));
}

fn file(folder: &tempfile::TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_clerk_mends_a_roster_and_loads_it() {
    let (demo, folder) = (Demo::start(), tempfile::tempdir().unwrap());
    let browser = Browser::start();
    goes_to_rosters(&browser, &demo);
    nobody_is_shut_out(&browser, "new");

    browser.press("上传并检查");
    browser.see("请选择要上传的文件。");
    nobody_is_shut_out(&browser, "wrong");
    chooses_the_project(&browser);
    browser.attach("名册文件", &file(&folder, "大.csv", "a".repeat(40_000_000)));
    browser.press("上传并检查");
    browser.see("文件超过 32 MB。");
    let spoilt = THREE.replace("19900000001", "1990000");
    browser.attach(
        "名册文件",
        &file(&folder, "名单.csv", &(spoilt + "刘𠮟,,310199199512310020,19900000004,,,\n")),
    );
    browser.press("上传并检查");
    browser.see("只导入正确的行（3人）");
    browser.see("手机号应为以 1 开头的 11 位数字");
    nobody_is_shut_out(&browser, "review-bad");
    browser.follow("取消，返回重新选择文件");
    browser.attach("名册文件", &file(&folder, "名单二.csv", THREE));
    browser.press("上传并检查");
    browser.see("可以导入");
    nobody_is_shut_out(&browser, "review-good");
    browser.press("确认导入");
    browser.see("已导入");
    nobody_is_shut_out(&browser, "show");
    browser.follow("返回名册导入");
    browser.see("名单二.csv");
    nobody_is_shut_out(&browser, "index");
}

#[test]
fn a_clerk_loads_the_good_rows_without_scripts() {
    let (demo, folder) = (Demo::start(), tempfile::tempdir().unwrap());
    let browser = Browser::with(Settings { javascript: false, ..Settings::default() });
    goes_to_rosters(&browser, &demo);
    chooses_the_project(&browser);
    let spoilt = THREE.replace("19900000001", "1990000");
    browser.attach("名册文件", &file(&folder, "名单.csv", &spoilt));
    browser.press("上传并检查");
    browser.see("错误");

    browser.press("只导入正确的行（2人）");

    browser.see("已导入");
    browser.see("错误1行");
}

#[test]
fn people_of_a_large_roster_come_in_and_pay() {
    let (demo, folder) = (Demo::start(), tempfile::tempdir().unwrap());
    let browser = Browser::start();
    goes_to_rosters(&browser, &demo);
    chooses_the_project(&browser);
    let spoilt = gb18030(&roster_csv(10_000, &twelve_faults()));
    browser.attach("名册文件", &file(&folder, "名单.csv", spoilt));
    browser.press("上传并检查");
    browser.see("只导入正确的行（9988人）");
    let text = browser.text();
    for reason in
        ["驾驶证", "手机号应为以 1 开头的 11 位数字", "一百元", "末尾几位已丢失", "共12处"]
    {
        assert!(text.contains(reason), "{reason} is not among the reasons: {text}");
    }
    look(&browser, "review-ten-thousand");
    browser.follow("取消，返回重新选择文件");
    let mended = gb18030(&roster_csv(10_000, &[]));
    browser.attach("名册文件", &file(&folder, "名单.csv", mended));
    browser.press("上传并检查");
    browser.press("确认导入");
    browser.see("已导入");

    let [name, _, number, ..] = good_row(9_998);
    let person = (number.as_str(), &number[12..], name.as_str());
    browser_manual::comes_in_as(&browser, &demo, person, |_| {});
    browser_manual::pays(&browser);
    browser.see(&name);
    browser.see("壹佰元整");
}
