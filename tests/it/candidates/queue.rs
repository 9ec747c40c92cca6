//! 排队: a login that cannot be hashed at once.

use kaowu::features::identity::Desk;
use rocket::http::{Cookie, Status};
use rocket::tokio::runtime::Runtime;

use super::{CHOSEN, leads_to, lin, plants, probed, said, settled, signs_in};
use crate::world::World;

/// Everybody waits until the answer is dropped.
fn held(world: &World) -> impl Drop + use<> {
    let desk = world.client.rocket().state::<Desk>().unwrap();
    Runtime::new().unwrap().block_on(desk.hasher.hold()).unwrap()
}

#[test]
fn a_login_that_must_wait_shows_its_place_and_then_comes_in() {
    let world = World::new();
    settled(&world, &lin());
    let hold = held(&world);

    assert_eq!(leads_to(&signs_in(&world, lin().document.number(), CHOSEN)), "/queue");
    let (status, page) = said(world.get("/queue"));
    assert_eq!(status, Status::Ok);
    for there in ["正在排队登录", "查看最新状态", "data-follow=\"/queue/standing\"", "前面还有"]
    {
        assert!(page.contains(there), "{there}: {page}");
    }
    let standing = || -> serde_json::Value { world.page("/queue/standing").parse().unwrap() };
    assert_eq!(standing()["state"], "waiting");
    assert_eq!(standing()["told"]["ahead"], "0");

    drop(hold);
    while standing()["state"] == "waiting" {
        std::thread::yield_now();
    }
    assert_eq!(standing()["href"], "/queue", "looking takes nothing");
    assert_eq!(leads_to(&world.get("/queue")), "/person");
    assert_eq!(world.get("/person").status(), Status::Ok);
    assert_eq!(leads_to(&world.get("/queue")), "/sign-in", "an answer is given once");
}

#[test]
fn a_wrong_password_is_told_at_the_end_of_the_queue_too() {
    let world = World::new();
    settled(&world, &lin());
    let hold = held(&world);
    assert_eq!(leads_to(&signs_in(&world, lin().document.number(), "Wrong2026x")), "/queue");
    drop(hold);

    let (status, page) = said(world.get("/queue"));

    assert_eq!(status, Status::UnprocessableEntity);
    assert!(page.contains("账号或密码不正确") && page.contains(lin().document.number()));
}

#[test]
fn a_ticket_that_nobody_knows_leads_back_to_the_login() {
    let world = probed();
    plants(&world, &Cookie::new(world.app.folder.cookie("queue"), "none"));
    assert_eq!(leads_to(&world.get("/queue")), "/sign-in?said=gone");
    assert!(world.page("/sign-in?said=gone").contains("排队号已经失效"));
}
