//! 修改密码: by somebody who is logged in, against the present one.

use jiff::SignedDuration;
use kaowu::features::identity::Kind;
use rocket::http::{Cookie, Status};

use super::{CHOSEN, acts, comes_in, leads_to, lin, said, settled, signs_in};
use crate::visitors::first_session;
use crate::world::World;

const NEW: &str = "Baiyulan2027";

fn changes(world: &World, present: &str, new: &str, repeated: &str) -> (Status, String) {
    let fields =
        [("present_password", present), ("new_password", new), ("repeated_password", repeated)];
    let answer = world.submit("/password", "/password", &fields);
    match answer.headers().get_one("Location") {
        Some(to) => (answer.status(), to.to_owned()),
        None => said(answer),
    }
}

/// Is somebody with this cookie logged in?
fn is_in(world: &World, cookie: &Cookie<'static>) -> bool {
    world.client.get("/person").cookie(cookie.clone()).dispatch().status() == Status::Ok
}

#[test]
fn a_candidate_changes_the_password_and_every_session_ends() {
    let world = World::new();
    let id = settled(&world, &lin());
    comes_in(&world, &lin());
    assert!(world.page("/person").contains("href=\"/password\""));
    let page = world.page("/password");
    assert!(page.contains("<h1>修改密码</h1>") && page.contains("当前密码"), "{page}");

    let (status, to) = changes(&world, CHOSEN, NEW, NEW);

    assert_eq!((status, to.as_str()), (Status::SeeOther, "/password/done"));
    assert!(world.page(&to).contains("密码修改成功"));
    assert!(leads_to(&world.get("/person")).starts_with("/sign-in"));
    let number = lin().document.number().to_owned();
    assert_eq!(signs_in(&world, &number, CHOSEN).status(), Status::UnprocessableEntity);
    assert_eq!(leads_to(&signs_in(&world, &number, NEW)), "/person");
    let told = acts(&world).into_iter().rfind(|it| it.0 == "password.set").unwrap();
    assert_eq!(told.1, format!("candidate {id}"));
}

#[test]
fn what_is_wrong_with_it_is_said_and_nothing_changes() {
    let world = World::new();
    settled(&world, &lin());
    comes_in(&world, &lin());
    for (present, new, repeated, told) in [
        ("", NEW, NEW, "请填写当前密码。"),
        (CHOSEN, "", "", "请填写新密码。"),
        (CHOSEN, "abc12345", "abc12345", "这个密码太常见"),
        (CHOSEN, "gui7hua", "gui7hua", "密码须为 8–16 位字符。"),
        (CHOSEN, NEW, "Baiyulan2028", "两次输入的密码不一致"),
        (CHOSEN, CHOSEN, CHOSEN, "新密码不能与当前密码相同"),
        ("Wrong2026x", NEW, NEW, "当前密码不正确"),
    ] {
        let (status, page) = changes(&world, present, new, repeated);
        assert_eq!(status, Status::UnprocessableEntity, "{told}");
        assert!(page.contains(told), "{told}: {page}");
        assert!(!page.contains(NEW) && !page.contains(CHOSEN), "a password came back");
    }
    assert_eq!(world.get("/person").status(), Status::Ok);
    world.submit("/person", "/exit", &[]);
    comes_in(&world, &lin());
}

#[test]
fn nobody_tries_passwords_without_end_at_an_open_page() {
    let world = World::new();
    settled(&world, &lin());
    comes_in(&world, &lin());
    for _ in 0..3 {
        assert!(changes(&world, "Wrong2026x", NEW, NEW).1.contains("当前密码不正确"));
    }

    let (_, page) = changes(&world, CHOSEN, NEW, NEW);

    assert!(page.contains("当前密码连续输错次数较多，请在30秒后再试"), "{page}");
    world.passes(SignedDuration::from_secs(31));
    assert_eq!(changes(&world, CHOSEN, NEW, NEW).0, Status::SeeOther);
}

#[test]
fn other_devices_are_logged_out() {
    let world = World::new();
    let id = settled(&world, &lin());
    comes_in(&world, &lin());
    let elsewhere = first_session(&world, Kind::Candidate, id);
    assert!(is_in(&world, &elsewhere));
    assert_eq!(changes(&world, CHOSEN, NEW, NEW).0, Status::SeeOther);
    assert!(!is_in(&world, &elsewhere));
}
