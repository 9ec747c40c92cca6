//! The captcha: seen, heard or waited for; taken once; never counted as a wrong password.

use jiff::SignedDuration;
use rocket::http::{Accept, ContentType, Status};

use super::{CHOSEN, SignIn, WRONG, acts, leads_to, lin, said, settled, signs_in};
use crate::world::{World, hidden};

#[test]
fn a_captcha_is_judged_before_the_password_and_counts_for_nothing() {
    let world = World::new();
    settled(&world, &lin());
    let number = lin().document.number().to_owned();

    for _ in 0..5 {
        let wrong = SignIn { captcha: "0000", ..SignIn::new(&number, CHOSEN) };
        let (status, page) = said(wrong.press(&world));
        assert_eq!(status, Status::UnprocessableEntity);
        assert!(page.contains("验证码不正确") && page.contains(&number) && !page.contains(WRONG));
        assert!(page.contains("<title>出错：登录"), "{page}");
    }

    assert_eq!(leads_to(&signs_in(&world, &number, CHOSEN)), "/person");
    assert!(!acts(&world).iter().any(|it| it.0.starts_with("login.failed")));
}

#[test]
fn a_captcha_is_taken_once_and_grows_old() {
    let world = World::new();
    settled(&world, &lin());
    let number = lin().document.number().to_owned();
    let challenge = hidden(&world.page("/sign-in"), "challenge");

    let once = SignIn { challenge: Some(&challenge), ..SignIn::new(&number, "Wrong2026x") };
    assert!(said(once.press(&world)).1.contains(WRONG));
    let twice = SignIn { challenge: Some(&challenge), ..SignIn::new(&number, CHOSEN) };
    assert!(said(twice.press(&world)).1.contains("验证码已过期"));

    let old = hidden(&world.page("/sign-in"), "challenge");
    world.passes(SignedDuration::from_mins(10));
    let late = SignIn { challenge: Some(&old), ..SignIn::new(&number, CHOSEN) };
    assert!(said(late.press(&world)).1.contains("验证码已过期"));
    let forged = SignIn { challenge: Some("bm9uZQ"), ..SignIn::new(&number, CHOSEN) };
    assert!(said(forged.press(&world)).1.contains("验证码已过期"));
    let empty = SignIn { captcha: " ", ..SignIn::new(&number, CHOSEN) };
    assert!(said(empty.press(&world)).1.contains("请填写验证码"));
}

#[test]
fn a_picture_is_drawn_for_our_challenges_alone() {
    let world = World::new();
    let challenge = hidden(&world.page("/sign-in"), "challenge");

    let picture = world.get(&format!("/captcha/{challenge}"));
    assert_eq!(picture.status(), Status::Ok);
    assert_eq!(picture.headers().get_one("Cache-Control"), Some("no-store"));
    assert_eq!(picture.content_type(), Some(ContentType::PNG));
    assert!(picture.into_bytes().unwrap().starts_with(b"\x89PNG"));

    assert_eq!(world.get("/captcha/none").status(), Status::NotFound);
    let sound = world.get(&format!("/captcha/{challenge}/sound"));
    assert_eq!(sound.content_type(), Some(ContentType::WAV));
    assert_eq!(sound.headers().get_one("Cache-Control"), Some("no-store"));
    assert!(sound.into_bytes().unwrap().starts_with(b"RIFF"));
    assert_eq!(world.get("/captcha/none/sound").status(), Status::NotFound);
    let wait = hidden(&world.page("/sign-in?way=wait"), "challenge");
    assert_eq!(world.get(&format!("/captcha/{wait}")).status(), Status::NotFound);
}

#[test]
fn another_picture_comes_as_a_page_or_as_json() {
    let world = World::new();
    assert_eq!(leads_to(&world.get("/captcha?next=/orders")), "/sign-in?next=%2Forders");
    let json = world.client.get("/captcha").header(Accept::JSON).dispatch();
    let json: serde_json::Value = json.into_string().unwrap().parse().unwrap();
    let image = json["image"].as_str().unwrap();
    assert_eq!(world.get(image).status(), Status::Ok);
    assert!(image.ends_with(json["challenge"].as_str().unwrap()));
}

#[test]
fn whoever_waits_twenty_seconds_needs_no_captcha() {
    let world = World::new();
    settled(&world, &lin());
    let number = lin().document.number().to_owned();
    let page = world.page("/sign-in?way=wait");
    assert!(page.contains("等待20秒") && !page.contains("name=\"captcha\""), "{page}");
    let challenge = hidden(&page, "challenge");
    let form = SignIn {
        page: "/sign-in?way=wait",
        captcha: "",
        challenge: Some(&challenge),
        ..SignIn::new(&number, CHOSEN)
    };

    world.passes(SignedDuration::from_secs(19));
    let (status, page) = said(form.press(&world));
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(page.contains("等待时间还没有到"));
    assert_eq!(hidden(&page, "challenge"), challenge, "the wait goes on");

    world.passes(SignedDuration::from_secs(1));
    assert_eq!(leads_to(&form.press(&world)), "/person");
    world.submit("/person", "/exit", &[]);
    assert!(said(form.press(&world)).1.contains("验证码已过期"), "it is taken once as well");
}
