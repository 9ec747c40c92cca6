//! A form that came after its session had ended.

use jiff::SignedDuration;
use kaowu::features::candidates::guard::Candidate;
use kaowu::web::{Posted, Pressed};
use rocket::http::Status;

use super::{CHOSEN, comes_in, date, entry, leads_to, lin, probed, said, settled, signs_in};
use crate::world::World;

/// A candidate's door like those of other rooms.
#[rocket::post("/<due>/orders?<q>", data = "<_posted>")]
pub(super) fn probe(
    candidate: Candidate,
    due: i64,
    q: Option<&str>,
    _posted: Posted<Pressed>,
) -> String {
    format!("{} {due} {}", candidate.account, q.unwrap_or_default())
}

fn world() -> World {
    let world = probed();
    settled(&world, &lin());
    comes_in(&world, &lin());
    world
}

/// What a candidate sends from a page that was open all the while.
fn sends_late(world: &World, late: impl FnOnce()) -> (Status, String) {
    let page = world.page("/person");
    late();
    let fields = [
        ("_csrf", crate::world::hidden(&page, "_csrf")),
        ("_key", crate::world::hidden(&page, "_key")),
        ("phone", "19900000318".into()),
        ("note", "第一行\n“引号” & <b>".into()),
        ("note", "第二个".into()),
        ("password", "Secret2026".into()),
    ];
    let answer = world.post("/probe/7/orders?q=1", &fields);
    (answer.status(), answer.headers().get_one("Location").unwrap_or_default().to_owned())
}

fn idles(world: &World) {
    world.passes(SignedDuration::from_mins(25));
}

#[test]
fn it_is_shown_again_after_the_login_and_never_sent_by_itself() {
    let world = world();
    let (status, to) = sends_late(&world, || idles(&world));
    assert_eq!((status, to.as_str()), (Status::SeeOther, "/sign-in?said=kept"));
    assert!(world.page("/sign-in?said=kept").contains("已保留30分钟"));

    assert_eq!(leads_to(&signs_in(&world, lin().document.number(), CHOSEN)), "/kept");

    let page = world.page("/kept");
    for there in ["19900000318", "第一行", "第二个", "重新提交", "手机号", "提交缴费"]
    {
        assert!(page.contains(there), "{there}: {page}");
    }
    assert!(!page.contains("Secret2026") && !page.contains("<b>"), "{page}");
    assert!(page.contains("action=\"/probe/7/orders?q=1\""), "{page}");
    assert!(world.page("/kept").contains("重新提交"), "a reload shows it again");
    let fields = [("phone", "19900000318")];
    let (status, text) = said(world.submit("/kept", "/probe/7/orders?q=1", &fields));
    assert_eq!((status, text.as_str()), (Status::Ok, "1 7 1"));

    world.submit("/person", "/exit", &[]);
    assert_eq!(leads_to(&signs_in(&world, lin().document.number(), CHOSEN)), "/person");
}

#[test]
fn it_is_kept_half_an_hour() {
    let world = world();
    sends_late(&world, || idles(&world));
    world.passes(SignedDuration::from_mins(31));
    assert_eq!(leads_to(&signs_in(&world, lin().document.number(), CHOSEN)), "/person");
    assert_eq!(leads_to(&world.get("/kept")), "/person");
}

#[test]
fn it_is_shown_to_nobody_else() {
    let world = world();
    let zhao = entry("赵敏", date(1999, 1, 1), 21);
    settled(&world, &zhao);
    sends_late(&world, || idles(&world));

    comes_in(&world, &zhao);

    assert_eq!(leads_to(&world.get("/kept")), "/person");
}

#[test]
fn it_is_kept_too_when_the_browser_lost_its_session() {
    let world = world();
    let name = world.app.folder.cookie("candidate");
    let (_, to) = sends_late(&world, || drop(world.get(&format!("/probe/no-cookie/{name}"))));
    assert_eq!(to, "/sign-in?said=kept");
    assert_eq!(leads_to(&signs_in(&world, lin().document.number(), CHOSEN)), "/kept");
}

#[test]
fn only_a_form_of_ours_that_a_candidates_door_turned_away_is_kept() {
    let world = world();
    let (status, _) = said(world.post("/nowhere", &[("x", "1".into())]));
    assert_eq!(status, Status::NotFound);
    let page = world.page("/person");
    idles(&world);
    let (status, page_told) = said(world.post("/probe/7/orders", &[("x", "1".into())]));
    assert_eq!(status, Status::Forbidden, "a form without our token");
    assert!(page_told.contains("刷新后重新提交"));
    let csrf = crate::world::hidden(&page, "_csrf");
    let key = crate::world::hidden(&page, "_key");
    let long = [("_csrf", csrf), ("_key", key), ("note", "长".repeat(6_000))];
    let answer = world.post("/probe/7/orders", &long);
    assert_eq!(leads_to(&answer), "/sign-in?said=late");
    drop(answer);
    let answer = world.post("/console/candidates/1/phone", &[("x", "1".into())]);
    let (status, page_told) = said(answer);
    assert_eq!(status, Status::Forbidden, "the console has its own door");
    assert!(page_told.contains("管理控制台"), "{page_told}");
}
