//! A form that came to the console after its session had ended.

use jiff::SignedDuration;
use kaowu::features::staff::rules::DutyKind;
use rocket::http::{ContentType, Status};

use super::{CHOSEN, ONE_TIME, account, leads_to, sign_in};
use crate::world::{World, hidden};

const BOUNDARY: &str = "----kaowu2026boundary";

/// 周敏, clerk, logged in with a password of her own.
fn world() -> World {
    let world = World::new();
    comes_in(&world, "zhoumin", "周敏");
    world
}

fn comes_in(world: &World, login: &str, name: &str) {
    account(world, login, name, &[DutyKind::Clerk]);
    sign_in(world, login, ONE_TIME);
    let fields = [("new_password", CHOSEN), ("repeated_password", CHOSEN)];
    world.submit("/console/password", "/console/password", &fields);
    sign_in(world, login, CHOSEN);
}

fn idles(world: &World) {
    world.passes(SignedDuration::from_mins(35));
}

/// An announcement posted from a page that was open all the while. Where that leads.
fn announces_late(world: &World) -> String {
    let page = world.page("/console/announcements/new");
    idles(world);
    let fields = [
        ("_csrf", hidden(&page, "_csrf")),
        ("_key", hidden(&page, "_key")),
        ("title", "网上缴费须知".into()),
        ("body", "请按时缴费 <b>".into()),
        ("any_password", "Secret2026".into()),
    ];
    leads_to(&world.post("/console/announcements", &fields))
}

#[test]
fn it_is_shown_again_after_the_login_and_never_sent_by_itself() {
    let world = world();

    assert_eq!(announces_late(&world), "/console/sign-in?said=kept");
    assert!(world.page("/console/sign-in?said=kept").contains("已保留30分钟"));
    assert_eq!(leads_to(&sign_in(&world, "zhoumin", CHOSEN)), "/console/kept");

    let page = world.page("/console/kept");
    for there in ["正文", "请按时缴费", "公告与联系方式", "action=\"/console/announcements\""]
    {
        assert!(page.contains(there), "{there}: {page}");
    }
    assert!(!page.contains("Secret2026") && !page.contains("<b>"), "{page}");
    assert!(!world.page("/").contains("网上缴费须知"), "nothing was sent");
    let fields = [("title", "网上缴费须知"), ("body", "请按时缴费")];
    let sent = world.submit("/console/kept", "/console/announcements", &fields);
    assert_eq!(leads_to(&sent), "/console/announcements?done=published");

    leads_to(&world.submit("/console", "/console/exit", &[]));
    assert_eq!(leads_to(&sign_in(&world, "zhoumin", CHOSEN)), "/console");
    assert_eq!(leads_to(&world.get("/console/kept")), "/console");
}

#[test]
fn it_is_kept_half_an_hour() {
    let world = world();
    announces_late(&world);

    world.passes(SignedDuration::from_mins(31));

    assert_eq!(leads_to(&sign_in(&world, "zhoumin", CHOSEN)), "/console");
    assert_eq!(leads_to(&world.get("/console/kept")), "/console");
}

#[test]
fn it_is_shown_to_nobody_else() {
    let world = world();
    announces_late(&world);

    comes_in(&world, "qianfang", "钱芳");

    assert_eq!(leads_to(&world.get("/console/kept")), "/console");
}

#[test]
fn of_a_file_only_its_name_is_kept_and_that_is_said() {
    let world = world();
    let page = world.page("/console/rosters/new");
    idles(&world);
    let part = |head: &str, body: &str| {
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
    };
    let body = [
        part("name=\"_csrf\"", &hidden(&page, "_csrf")),
        part("name=\"_key\"", &hidden(&page, "_key")),
        part("name=\"project\"", "1"),
        part("name=\"file\"; filename=\"名单.csv\"", "姓名,证件号码"),
        format!("--{BOUNDARY}--\r\n"),
    ];
    let kind = ContentType::new("multipart", "form-data").with_params(("boundary", BOUNDARY));
    let request = world.client.post("/console/rosters").header(kind).body(body.concat());
    assert_eq!(leads_to(&request.dispatch()), "/console/sign-in?said=kept");

    assert_eq!(leads_to(&sign_in(&world, "zhoumin", CHOSEN)), "/console/kept");
    let page = world.page("/console/kept");
    assert!(page.contains("名单.csv") && page.contains("文件没有保留"), "{page}");

    let again = world.submit("/console/kept", "/console/rosters", &[("project", "1")]);
    assert_eq!(again.status(), Status::UnprocessableEntity);
    assert!(again.into_string().unwrap().contains("请选择要上传的文件。"));
}

#[test]
fn only_a_form_of_ours_that_a_door_of_the_console_turned_away_is_kept() {
    let world = world();
    let nowhere = world.post("/console/nowhere", &[("x", "1".into())]);
    assert_eq!(nowhere.status(), Status::NotFound);
    drop(nowhere);
    let page = world.page("/console/announcements/new");
    idles(&world);
    let foreign = world.post("/console/announcements", &[("title", "x".into())]);
    assert_eq!(foreign.status(), Status::Forbidden, "a form without our token");
    drop(foreign);
    let fields = |note: String| {
        [("_csrf", hidden(&page, "_csrf")), ("_key", hidden(&page, "_key")), ("body", note)]
    };
    let long = world.post("/console/announcements", &fields("长".repeat(6_000)));
    assert_eq!(leads_to(&long), "/console/sign-in?said=late");
    drop(long);
    let nowhere = world.post("/console/nowhere", &fields("短".into()));
    assert_eq!(leads_to(&nowhere), "/console/sign-in?said=late");
}
