//! 重置密码: first, and nothing before it; and the pages behind it.

use kaowu::features::candidates::rules::Entry;
use kaowu::features::identity::{self, Kind};
use kaowu::features::{bulletin, candidates};
use kaowu::machinery::db::Actor;
use rocket::http::{Method, Status};

use super::{
    CHOSEN, acts, comes_in, does, entry, leads_to, lin, reads, registers, resets, said, settled,
    signs_in,
};
use crate::world::World;

/// A newcomer at the door of 重置密码.
fn newcomer(world: &World) -> i64 {
    let id = registers(world, &lin());
    let answer = signs_in(world, lin().document.number(), &lin().document.initial_password());
    assert_eq!(leads_to(&answer), "/password");
    id
}

#[test]
fn the_first_login_leads_through_the_reset_to_the_person() {
    let world = World::new();
    let id = newcomer(&world);
    let page = world.page("/password");
    assert!(page.contains("重置密码") && page.contains("个人信息保护告知"), "{page}");

    assert_eq!(leads_to(&resets(&world, CHOSEN, CHOSEN)), "/password/done");

    let page = world.page("/password/done");
    assert!(page.contains("密码重置成功") && page.contains("回到登录页"));
    assert!(leads_to(&world.get("/person")).starts_with("/sign-in"), "log in again");
    let initial = lin().document.initial_password();
    let answer = signs_in(&world, lin().document.number(), &initial);
    assert_eq!(answer.status(), Status::UnprocessableEntity, "the initial one is over");
    drop(answer);
    comes_in(&world, &lin());
    let page = world.page("/person");
    for there in
        ["林晓禾", "居民身份证", "199****0317", "请仔细核对个人信息", "信息有误", "进入缴费"]
    {
        assert!(page.contains(there), "{there}: {page}");
    }
    assert!(page.contains(&lin().document.masked()) && page.contains("action=\"/dues\""));
    assert!(page.contains("上次登录") && page.contains("127.0.0.1"));
    let read = acts(&world).into_iter().find(|it| it.0 == "privacy.read").unwrap();
    assert_eq!(read.1, format!("candidate {id}"));
    assert!(read.2.contains(bulletin::privacy::VERSION));
}

#[test]
fn no_address_gets_around_the_reset() {
    let world = World::new();
    newcomer(&world);
    // What a newcomer may see: nothing of theirs stands there.
    let open = ["/", "/help", "/privacy", "/password", "/password/done", "/sign-in", "/queue"];
    let routes: Vec<_> = world.client.rocket().routes().cloned().collect();
    let mut closed = 0;
    for route in routes.iter().filter(|it| it.method == Method::Get) {
        let path: Vec<&str> = route.uri.path().split('/').collect();
        let path: Vec<&str> =
            path.iter().map(|it| if it.starts_with('<') { "1" } else { it }).collect();
        let path = path.join("/");
        if path.starts_with("/console") || open.contains(&path.as_str()) {
            continue;
        }
        let answer = world.get(&path);
        let (status, to) =
            (answer.status(), answer.headers().get_one("Location").map(str::to_owned));
        let page = answer.into_string().unwrap_or_default();
        // The head of a page says who is here; what the page says of them stands below.
        let said = page.split("<main").nth(1).unwrap_or(&page);
        let is_theirs = said.contains("林晓禾") && status == Status::Ok;
        assert!(!is_theirs, "{path} is open to a newcomer: {page}");
        closed += usize::from(to.as_deref() == Some("/password"));
    }
    assert!(closed >= 2, "/person and /kept lead to the reset");
    assert_eq!(leads_to(&world.get("/person")), "/password");
    assert_eq!(leads_to(&world.get("/person?next=/dues")), "/password");
    assert_eq!(leads_to(&world.get("/sign-in")), "/password");
    let notice = [("notice", bulletin::privacy::VERSION)];
    assert_eq!(leads_to(&world.submit("/password", "/privacy", &notice)), "/person");
    assert_eq!(leads_to(&world.get("/person")), "/password", "the notice alone is not enough");
}

#[test]
fn what_is_wrong_with_a_password_stands_at_its_field() {
    let world = World::new();
    newcomer(&world);
    let number = lin().document.number().to_owned();
    for (password, repeated, told) in [
        ("", "", "请填写新密码"),
        ("Gui7hua", "Gui7hua", "8–16 位"),
        ("Gui7huaGui7huaGui", "Gui7huaGui7huaGui", "8–16 位"),
        ("guihuakaile", "guihuakaile", "同时包含数字和英文字母"),
        ("20260313", "20260313", "同时包含数字和英文字母"),
        ("桂花gui7hua5", "桂花gui7hua5", "不能有空格或汉字"),
        (&format!("a{}", &number[8..]), "", "本人的证件号码"),
        ("a19900000317", "a19900000317", "手机号"),
        ("Abc12345", "Abc12345", "太常见"),
        ("Gui7hua5", "Gui7hua6", "两次输入的密码不一致"),
        (&"Ab1".repeat(3_334), "x", "8–16 位"),
    ] {
        let (status, page) = said(resets(&world, password, repeated));
        assert_eq!(status, Status::UnprocessableEntity, "{password}");
        assert!(page.contains(told) && page.contains("<title>出错：重置密码"), "{told}: {page}");
        assert!(password.is_empty() || !page.contains(password), "no password comes back");
    }
    let (status, page) = said(world.submit("/password", "/password", &[]));
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(page.contains("请填写这一项"));
    for fine in ["Demo2026pay", "Test1234abcd", "Kaowu2026!"] {
        assert_eq!(leads_to(&resets(&world, fine, fine)), "/password/done", "{fine}");
        assert!(leads_to(&signs_in(&world, &number, fine)).starts_with("/person"));
        does(&world, |tx| Ok(identity::reset_password(tx, Kind::Candidate, 1, None)?));
        signs_in(&world, &number, &lin().document.initial_password());
    }
}

#[test]
fn until_the_reset_nothing_of_the_last_six_is_shown() {
    let world = World::new();
    newcomer(&world);
    let document = lin().document;
    let tail = &document.number()[12..];
    for path in ["/password", "/privacy", "/password/done", "/person", "/nowhere", "/kept"] {
        let page = world.page(path);
        assert!(!page.contains(&document.masked()), "{path}");
        for run in tail.as_bytes().windows(4) {
            let run = std::str::from_utf8(run).unwrap();
            let shown = page.split(">").any(|it| it.split('<').next().unwrap().contains(run));
            assert!(!shown, "{path} shows {run} of the last six");
        }
    }
}

#[test]
fn a_reset_by_staff_brings_the_initial_password_back() {
    let world = World::new();
    let id = settled(&world, &lin());
    comes_in(&world, &lin());

    world.app.db.write_now(Actor::Operator, move |tx| candidates::reset_password(tx, id)).unwrap();

    assert!(leads_to(&world.get("/person")).starts_with("/sign-in"), "its sessions have ended");
    let answer = signs_in(&world, lin().document.number(), CHOSEN);
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    drop(answer);
    let initial = lin().document.initial_password();
    assert_eq!(leads_to(&signs_in(&world, lin().document.number(), &initial)), "/password");
    assert!(!world.page("/password").contains("id=\"notice\""), "the notice was read before");
}

#[test]
fn a_new_notice_is_read_before_anything_else() {
    let world = World::new();
    let id = settled(&world, &lin());
    comes_in(&world, &lin());
    let text = "一、本中心更新了告知内容。\n\n二、请您阅读。";
    let version = does(&world, move |tx| bulletin::set_privacy_notice(tx, text));

    assert_eq!(leads_to(&world.get("/person")), "/password");
    assert_eq!(leads_to(&world.get("/password")), "/privacy");
    let page = world.page("/privacy");
    assert!(page.contains("我已阅读，继续") && page.contains("二、请您阅读。"), "{page}");
    let read =
        |version: &str| leads_to(&world.submit("/privacy", "/privacy", &[("notice", version)]));
    assert_eq!(read("2026-01-01"), "/person");
    assert_eq!(leads_to(&world.get("/person")), "/password", "another version was shown");
    assert_eq!(read(&version), "/person");
    assert_eq!(world.get("/person").status(), Status::Ok);
    let person = reads(&world, |tx| candidates::find(tx, id)).unwrap().unwrap();
    assert!(person.privacy_read);
    assert!(acts(&world).iter().any(|it| it.0 == "privacy.read" && it.2.contains(&version)));
}

#[test]
fn the_notice_is_open_to_everybody_and_asks_nobody_else() {
    let world = World::new();
    let page = world.page("/privacy");
    assert!(page.contains("个人信息保护告知") && !page.contains("我已阅读"));
}

#[test]
fn a_person_without_a_phone_is_told_so() {
    let world = World::new();
    let zhao: Entry = entry("赵敏", jiff::civil::date(1999, 1, 1), 21);
    settled(&world, &zhao);
    comes_in(&world, &zhao);
    assert!(world.page("/person").contains("没有登记"));
}

#[test]
fn larger_letters_are_remembered_and_lead_back() {
    let world = World::new();
    for (path, back) in [
        ("/large?on=1&back=/sign-in", "/sign-in"),
        ("/large?on=1&back=//evil.example", "/"),
        ("/large?on=1", "/"),
    ] {
        assert_eq!(leads_to(&world.get(path)), back, "{path}");
    }
    assert!(world.page("/sign-in").contains("class=\"k-large\""));
    let referer = rocket::http::Header::new("Referer", "http://127.0.0.1:8800/privacy?x=1");
    let answer = world.client.get("/large?on=0").header(referer).dispatch();
    assert_eq!(leads_to(&answer), "/privacy?x=1");
    drop(answer);
    assert!(!world.page("/sign-in").contains("class=\"k-large\""));
}
