//! 首页 and the manual's way to the login.

use kaowu::features::bulletin::rules::{Line, List};
use kaowu::features::{bulletin, fees};
use kaowu::machinery::db::Actor;
use rocket::http::Status;

use crate::fees::{TITLE, set_up};
use crate::world::World;

fn lines(world: &World, lines: Vec<Line>) {
    world
        .app
        .db
        .write_now(Actor::Operator, move |tx| bulletin::set_lines(tx, List::Routes, &lines))
        .unwrap();
}

#[test]
fn the_home_page_says_whose_it_is_and_what_is_open() {
    let world = World::new();
    let page = world.page("/");
    assert!(page.contains("<h1>上海市云间区教育考试中心</h1>"));
    assert!(page.contains("现在没有可以缴费的项目") && page.contains("现在没有公告。"));

    set_up(&world);
    let page = world.page("/");
    assert!(page.contains(TITLE) && page.contains("开放中") && page.contains("9小时36分"));
    for href in ["/verification", "/help", "/browsers", "https://www.google.cn/chrome/"] {
        assert!(page.contains(&format!("href=\"{href}\"")), "{href}");
    }
}

#[test]
fn the_manuals_way_leads_to_the_login() {
    let world = World::new();
    set_up(&world);
    let home = world.page("/");
    assert!(home.contains("<a href=\"/projects\">考试报名</a>"));
    let option = format!("<a href=\"/projects/2026-ZZ/lines\"><strong>{TITLE}</strong></a>");
    assert!(home.contains(&option), "{home}");
    assert!(world.page("/projects").contains(&format!("href=\"/projects/2026-ZZ/lines\">{TITLE}")));

    let straight = world.get("/projects/2026-ZZ/lines");
    assert_eq!(straight.status(), Status::SeeOther);
    assert_eq!(straight.headers().get_one("Location"), Some("/sign-in"));

    lines(
        &world,
        vec![
            Line::new("线路一（推荐）", "https://pay.example.cn/"),
            Line::new("线路二（教育网）", "https://edu.example.cn:8443"),
        ],
    );
    let page = world.page("/projects/2026-ZZ/lines");
    assert!(page.contains("选择线路") && page.contains("线路二（教育网）"));
    assert_eq!(page.matches(">点击进入网上缴费系统</a>").count(), 2);
    assert!(page.contains("href=\"https://pay.example.cn/sign-in\""));
    assert!(page.contains("href=\"https://edu.example.cn:8443/sign-in\""));

    lines(&world, vec![Line::new("线路一", "https://pay.example.cn")]);
    assert_eq!(world.get("/projects/2026-ZZ/lines").status(), Status::SeeOther);
}

#[test]
fn what_is_not_shown_cannot_be_entered_from_here() {
    let world = World::new();
    let id = set_up(&world);
    let hide = move |tx: &kaowu::machinery::db::WriteTx<'_>| {
        let mut texts = fees::project(tx, id)?.unwrap().texts();
        texts.shown = false;
        let seen = fees::told_project(&fees::project(tx, id)?.unwrap().texts());
        fees::reword(tx, id, &seen, &texts)
    };
    world.app.db.write_now(Actor::Operator, hide).unwrap();

    assert!(!world.page("/").contains(TITLE));
    assert!(!world.page("/projects").contains(TITLE));
    let long = format!("/projects/{}/lines", "a".repeat(3_000));
    for path in ["/projects/2026-ZZ/lines", "/projects/nothing/lines", &long] {
        assert_eq!(world.get(path).status(), Status::NotFound);
    }
}

#[test]
fn open_systems_stand_first() {
    let world = World::new();
    set_up(&world);
    crate::fees::set_up_as(&world, "LATER", "尚未开放的网上缴费系统", &[]);

    let page = world.page("/");

    let place = |words| page.find(words).unwrap_or_else(|| panic!("{words} on {page}"));
    assert!(place(TITLE) < place("尚未开放的网上缴费系统"));
    assert!(page.contains("时间待定"));
}
