//! A candidate at a browser: the manual's words, step by step, with and without scripts; and each
//! page looked at on a telephone and on a desk.

use std::sync::mpsc;
use std::thread;

use kaowu::entry::server;
use kaowu::features::identity::Desk;
use kaowu::features::staff::rules::DutyKind;
use rocket::fairing::AdHoc;
use rocket::tokio::runtime::Runtime;

use super::{CHOSEN, date, entry, lin, registers, settled};
use crate::browser::{Browser, Settings};
use crate::visitors::member;
use crate::world::{CAPTCHA, World};

/// A world's doors on a port of their own, and its login desk.
struct Open {
    url: String,
    desk: &'static Desk,
}

/// Opens the doors for as long as the test binary runs.
fn opens(world: &World) -> Open {
    let rocket = server::rocket(world.app.clone());
    let (tell, told) = mpsc::channel();
    let on_a_free_port = rocket.figment().clone().merge(("port", 0));
    let rocket = rocket.configure(on_a_free_port).attach(AdHoc::on_liftoff("tell", move |it| {
        let desk = it.state::<Desk>().unwrap();
        let desk: &'static Desk = Box::leak(Box::new(desk.clone()));
        tell.send((it.config().port, desk)).unwrap();
        Box::pin(async {})
    }));
    thread::spawn(move || drop(Runtime::new().unwrap().block_on(rocket.launch())));
    let (port, desk) = told.recv().unwrap();
    Open { url: format!("http://127.0.0.1:{port}"), desk }
}

/// Nothing shuts anybody out, and nobody scrolls sideways on a telephone.
#[track_caller]
fn looks_well(browser: &Browser, name: &str) {
    for width in [320, 768, 1280] {
        browser.resize(width, 900);
        browser.screenshot(&format!("candidates-{name}.{width}"));
        assert_eq!(browser.overflow_px(), 0, "{name} at {width} px");
    }
    let found: Vec<String> = browser.axe().iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{name}:\n{}", found.join("\n"));
}

fn signs_in(browser: &Browser, account: &str, password: &str) {
    browser.fill("账号", account);
    browser.fill("密码", password);
    browser.fill("验证码", CAPTCHA);
    browser.press("登录");
}

#[test]
fn the_manuals_way_from_the_login_to_the_payment() {
    let world = World::new();
    registers(&world, &lin());
    let (open, browser) = (opens(&world), Browser::start());
    let number = lin().document.number().to_owned();

    browser.visit(&format!("{}/sign-in", open.url));
    looks_well(&browser, "sign-in");
    signs_in(&browser, &number, "Wrong2026x");
    browser.see("账号或密码不正确");
    looks_well(&browser, "sign-in-wrong");

    browser.follow("听验证码");
    browser.see("没有登录成功");
    assert!(browser.url().contains("/session"), "the sound plays beside the page");
    browser.follow("看不清也听不清？");
    browser.see("等待20秒");
    looks_well(&browser, "sign-in-wait");
    browser.follow("改用图片验证码");
    browser.follow("换一张");
    signs_in(&browser, &number, &lin().document.initial_password());

    browser.see("重置密码");
    looks_well(&browser, "password");
    browser.fill("新密码", "Abc12345");
    browser.fill("确认密码", "Abc12345");
    browser.press("确定");
    browser.see("这个密码太常见");
    looks_well(&browser, "password-wrong");
    browser.fill("新密码", CHOSEN);
    browser.fill("确认密码", CHOSEN);
    browser.press("确定");
    browser.see("密码重置成功");
    looks_well(&browser, "password-done");
    browser.follow("回到登录页");
    signs_in(&browser, &number, CHOSEN);

    browser.see("请仔细核对个人信息");
    looks_well(&browser, "person");
    browser.follow("长辈版");
    browser.see("标准版");
    looks_well(&browser, "person-large");
    browser.press("退出");
    browser.see("您已安全退出");
    looks_well(&browser, "out");
}

#[test]
fn everything_works_without_scripts() {
    let world = World::new();
    registers(&world, &lin());
    let plain = Settings { javascript: false, ..Settings::default() };
    let (open, browser) = (opens(&world), Browser::with(plain));
    let number = lin().document.number().to_owned();

    browser.visit(&format!("{}/sign-in", open.url));
    browser.follow("换一张");
    signs_in(&browser, &number, &lin().document.initial_password());
    browser.fill("新密码", CHOSEN);
    browser.fill("确认密码", CHOSEN);
    browser.press("确定");
    browser.follow("回到登录页");
    let hold = Runtime::new().unwrap().block_on(open.desk.hasher.hold()).unwrap();
    signs_in(&browser, &number, CHOSEN);
    browser.see("正在排队登录");
    browser.press("查看最新状态");
    browser.see("正在排队登录");
    drop(hold);
    browser.press("查看最新状态");
    browser.see("请仔细核对个人信息");
    browser.press("退出");
    browser.see("您已安全退出");
}

#[test]
fn a_queue_follows_by_itself() {
    let world = World::new();
    settled(&world, &lin());
    let (open, browser) = (opens(&world), Browser::start());
    let hold = Runtime::new().unwrap().block_on(open.desk.hasher.hold()).unwrap();
    browser.visit(&format!("{}/sign-in?next=/orders", open.url));
    signs_in(&browser, lin().document.number(), CHOSEN);
    browser.see("正在排队登录");
    looks_well(&browser, "queue");
    drop(hold);
    browser.see("我的订单");
}

#[test]
fn staff_look_after_a_candidate() {
    let world = World::new();
    settled(&world, &lin());
    registers(&world, &entry("林晓荷", date(2006, 5, 4), 31));
    let clerk = member(&world, "zhoumin", "周敏", &[DutyKind::Clerk]);
    let hasher = kaowu::features::identity::password::Hasher::new(&world.app.chance);
    let phc = hasher.hash_now(&"满城桂花开了 2026 真香啊".to_owned().into(), &world.app.chance);
    let phc = phc.unwrap();
    super::does(&world, move |tx| {
        let kind = kaowu::features::identity::Kind::Staff;
        Ok(kaowu::features::identity::set_password(tx, kind, clerk, &phc)?)
    });
    let (open, browser) = (opens(&world), Browser::start());
    browser.visit(&format!("{}/console/candidates", open.url));
    signs_in(&browser, "zhoumin", "满城桂花开了 2026 真香啊");

    browser.fill("姓名、证件号码或手机号", "林");
    browser.press("查找");
    browser.see("林晓荷");
    looks_well(&browser, "console-index");
    browser.follow_beside("林晓禾", "查看");
    browser.see("已设置密码");
    looks_well(&browser, "console-show");
    browser.press("显示完整证件号");
    browser.see(lin().document.number());
    browser.press("重置密码");
    browser.see("请先核对证件原件");
    looks_well(&browser, "console-show-wrong");
    browser.choose("已核对证件原件");
    browser.press("重置密码");
    browser.see("密码已重置为初始密码");
    looks_well(&browser, "console-show-done");
}
