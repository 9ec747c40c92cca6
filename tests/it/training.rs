//! What trainers do: at the simulated platform, and in the console of a training folder.

use std::sync::Arc;

use jiff::SignedDuration;
use kaowu::app::{App, Folder};
use kaowu::base::config::Mode;
use kaowu::entry::server;
use kaowu::features::staff::rules::DutyKind;
use kaowu::machinery::gateway::Bill;
use kaowu::overview::training::cast::CAST;
use kaowu::overview::training::time;
use kaowu::simulator::core::fault::Fault;
use kaowu::simulator::core::faults::Scope;
use rocket::http::{ContentType, Status};
use rocket::local::blocking::Client;

use crate::officer::Officer;
use crate::town::MERCHANT;
use crate::visitors;
use crate::world::{World, hidden};

const NO: &str = "2026031331019901011234567890";

/// A trainer at the platform's own machine, and an order there.
struct Desk {
    world: World,
    client: Client,
}

impl Desk {
    fn open() -> Desk {
        let world = World::with_platform();
        let bill = Bill {
            order_no: NO.parse().unwrap(),
            amount: kaowu::base::values::Fen::of(10_000),
            subject: "考试费".into(),
            payer: Some("林*禾".into()),
            attach: "due-1".into(),
            expires_at: world.app.clock.now() + SignedDuration::from_mins(20),
            return_url: "http://127.0.0.1:1/".into(),
            notify_url: "http://127.0.0.1:1/n".into(),
        };
        world.app.gateway.open(&bill).unwrap();
        let platform = Arc::clone(&world.town().platform);
        let client = Client::tracked(kaowu::simulator::server::rocket(platform)).unwrap();
        Desk { world, client }
    }

    fn get_from(&self, path: &str, from: &str) -> (Status, String) {
        let answer = self.client.get(path.to_owned()).remote(from.parse().unwrap()).dispatch();
        (answer.status(), answer.into_string().unwrap_or_default())
    }

    fn page(&self, path: &str) -> String {
        let (status, page) = self.get_from(path, "127.0.0.1:4000");
        assert_eq!(status, Status::Ok, "{path}: {page}");
        page
    }

    fn post(&self, path: &str, body: &str) -> Status {
        let request = self.client.post(path.to_owned()).header(ContentType::Form).body(body);
        request.remote("127.0.0.1:4000".parse().unwrap()).dispatch().status()
    }

    /// Posts a form of the page at `from`.
    fn submits(&self, from: &str, path: &str, fields: &str) -> Status {
        let token = hidden(&self.page(from), "csrf");
        self.post(path, &format!("csrf={token}&{fields}"))
    }
}

fn order_page() -> String {
    format!("/training/orders/{MERCHANT}/{NO}")
}

#[test]
fn a_trainer_sees_every_order_and_every_fault() {
    let desk = Desk::open();

    let page = desk.page("/training");

    assert!(page.contains(&order_page()), "{page}");
    for fault in Fault::ALL {
        assert!(page.contains(fault.label()), "{fault:?}");
    }
    assert!(desk.page(&order_page()).contains("等待付款"));
    assert_eq!(desk.get_from("/training/orders/NOBODY/1", "127.0.0.1:4000").0, Status::NotFound);
}

#[test]
fn phones_on_the_network_find_no_training_console() {
    let desk = Desk::open();

    for path in ["/training", &order_page()] {
        assert_eq!(desk.get_from(path, "192.0.2.7:4000").0, Status::NotFound, "{path}");
    }
}

#[test]
fn other_sites_switch_nothing() {
    let desk = Desk::open();
    desk.page("/training");

    let forged = desk.post("/training/faults", "fault=down&on=1&merchant=&order_no=");

    assert_eq!(forged, Status::Forbidden);
    assert!(desk.world.app.gateway.ping().is_ok());
}

#[test]
fn faults_are_switched_on_and_off_for_all_and_for_one() {
    let desk = Desk::open();
    let own = Scope::Order((MERCHANT.to_owned(), NO.to_owned()));
    let standing = |fault, scope: &Scope| {
        let town = &desk.world.town().platform;
        town.act_now(|books| books.faults().at(fault, scope)).unwrap().map(|it| it.measure)
    };

    let all = "fault=notice_late&on=1&measure=99999&merchant=&order_no=";
    assert_eq!(desk.submits("/training", "/training/faults", all), Status::SeeOther);
    assert_eq!(standing(Fault::NoticeLate, &Scope::All), Some(600), "at most");
    let one = format!("fault=down&on=1&merchant={MERCHANT}&order_no={NO}");
    assert_eq!(desk.submits(&order_page(), "/training/faults", &one), Status::SeeOther);
    assert_eq!(standing(Fault::Down, &own), Some(0));
    assert_eq!(standing(Fault::Down, &Scope::All), None);
    assert!(desk.page("/training").contains("现在打开着 2 个故障"));

    let off = one.replace("on=1", "on=0");
    desk.submits(&order_page(), "/training/faults", &off);
    assert_eq!(standing(Fault::Down, &own), None);
    desk.submits("/training", "/training/quiet", "");
    assert_eq!(standing(Fault::NoticeLate, &Scope::All), None);
}

#[test]
fn money_notices_and_forgeries_happen_when_a_trainer_wants() {
    let desk = Desk::open();
    let here = order_page();
    desk.world.app.gateway.close(&NO.parse().unwrap()).unwrap();
    let order = || {
        let now = desk.world.app.clock.now();
        let town = &desk.world.town().platform;
        town.act_now(|books| books.find(now, MERCHANT, NO).unwrap().clone()).unwrap()
    };

    let money = format!("{here}/money");
    let taken = desk.submits(&here, &money, "amount=100.00&channel=ALIPAY");
    assert_eq!(taken, Status::SeeOther);
    assert_eq!(order().payments.len(), 1, "though it was closed");
    assert_eq!(desk.submits(&here, &money, "amount=0&channel=ALIPAY").code, 422);
    desk.submits(&here, &money, "amount=100.00&channel=ALIPAY");
    assert_eq!(order().payments.len(), 2);

    desk.world.passes(SignedDuration::from_hours(30));
    let serial = order().notices[0].serial;
    desk.submits(&here, &format!("{here}/notice"), &format!("serial={serial}"));
    assert_eq!(order().notices[0].due_at, Some(desk.world.app.clock.now()));

    desk.submits(&here, &format!("{here}/forgery"), "amount=1.00");
    assert_eq!(order().forgeries[0].amount.fen(), 100);
    assert_eq!(order().payments.len(), 2, "no money");
    assert!(desk.page(&here).contains("伪造的通知"));
}

#[test]
fn a_trainer_ends_a_refund() {
    let desk = Desk::open();
    let here = order_page();
    desk.submits(&here, &format!("{here}/money"), "amount=100.00&channel=WECHAT");
    let standing = desk.world.app.gateway.ask(&NO.parse().unwrap()).unwrap();
    let kaowu::machinery::gateway::Standing::Paid(paid) = standing else { panic!("{standing:?}") };
    let bill = kaowu::machinery::gateway::RefundBill {
        refund_no: "R2026031300001".parse().unwrap(),
        order_no: paid[0].order_no.clone(),
        trade_no: paid[0].trade_no.clone(),
        amount: paid[0].amount,
        reason: "重复缴费".into(),
    };
    desk.world.app.gateway.refund(&bill).unwrap();

    let path = format!("{here}/refund");
    let ended = desk.submits(&here, &path, "refund_no=R2026031300001&how=refused");

    assert_eq!(ended, Status::SeeOther);
    let said = desk.world.app.gateway.ask_refund(&bill.refund_no).unwrap();
    assert_eq!(said, kaowu::machinery::gateway::RefundStanding::Failed);
}

#[test]
fn the_console_explains_every_fault_with_something_to_try() {
    let world = World::with_platform();
    let officer = Officer::new(&world, &[DutyKind::Finance]);

    let page = officer.page("/console/training");

    for lesson in server::lessons::of() {
        assert!(page.contains(lesson.label) && page.contains(lesson.what), "{lesson:?}");
        let exercise = lesson.exercise().unwrap_or_else(|| panic!("nothing to try: {lesson:?}"));
        assert!(exercise.person().is_some(), "{exercise:?}");
    }
    assert!(page.contains("与真实时间一致") && page.contains("一致"));
    assert!(officer.page("/console").contains("/console/training"));
    assert!(!CAST.is_empty());
}

#[test]
fn both_clocks_travel_together_and_stay_where_they_are() {
    let world = World::with_platform();
    let officer = Officer::new(&world, &[DutyKind::System]);
    let begun = world.app.clock.now();

    let moved = officer.submit("/console/training", "/console/training/clock", &[("move", "30")]);
    assert_eq!(officer.location(&moved), "/console/training?done=together");

    let half_an_hour = SignedDuration::from_mins(30);
    assert_eq!(world.app.clock.now(), begun + half_an_hour);
    assert_eq!(world.town().platform.remembered_shift().unwrap(), half_an_hour);
    let folder = world.app.db.read_now(|tx| Folder::read(tx, world.dir())).unwrap();
    assert_eq!(folder.shift, half_an_hour, "a restart finds it");
    let audit = "select count(*) from audit where act = 'clock.moved' and by_kind = 'staff'";
    assert_eq!(world.app.db.read_now(|tx| tx.count(audit, ())).unwrap(), 1);

    let to = [("move", "at"), ("at", "2026-03-13T19:45")];
    officer.submit("/console/training", "/console/training/clock", &to);
    assert_eq!(world.app.clock.now().to_string(), "2026-03-13T11:45:00Z");
    officer.submit("/console/training", "/console/training/clock", &[("move", "real")]);
    assert_eq!(world.app.clock.now(), begun);
}

#[test]
fn an_instant_that_cannot_be_is_not_travelled_to() {
    let world = World::with_platform();
    let officer = Officer::new(&world, &[DutyKind::System]);
    let begun = world.app.clock.now();

    for at in ["", "later", "3026-03-13T19:45"] {
        let to = [("move", "at"), ("at", at)];
        let answer = officer.submit("/console/training", "/console/training/clock", &to);
        assert_eq!(answer.status(), Status::UnprocessableEntity, "{at}");
    }

    assert_eq!(world.app.clock.now(), begun);
}

#[test]
fn a_platform_that_does_not_answer_is_told_of() {
    let mut world = World::with_platform();
    world.platform_goes_down();
    let officer = Officer::new(&world, &[DutyKind::System]);

    let moved = officer.submit("/console/training", "/console/training/clock", &[("move", "10")]);

    assert_eq!(officer.location(&moved), "/console/training?done=alone");
    assert!(officer.page("/console/training").contains("没有应答"));
}

#[test]
fn production_has_no_training() {
    let world = World::new();
    let folder = Folder { mode: Mode::Production, ..Folder::clone(&world.app.folder) };
    let app = App { folder: Arc::new(folder), ..world.app.clone() };
    let cookie = visitors::officer(&world, "zhoumin", "周敏", &[DutyKind::System]);
    let client = Client::untracked(server::rocket(app.clone())).unwrap();
    let get = |path: &'static str| client.get(path).cookie(cookie.clone()).dispatch();

    for path in ["/console/training", "/console/training/start-over"] {
        assert_eq!(get(path).status(), Status::NotFound, "{path}");
    }
    assert!(!get("/console").into_string().unwrap().contains("/console/training"));
    let by = kaowu::machinery::db::Actor::Operator.into();
    assert!(time::travel(&app, by, SignedDuration::from_mins(10)).is_err());
    assert!(time::start_over(&app, by).is_err());
}

#[test]
fn only_a_demonstration_starts_over() {
    let world = World::new();
    let by = kaowu::machinery::db::Actor::Operator.into();
    let marked = || world.app.db.read_now(time::is_to_start_over).unwrap();

    assert!(time::start_over(&world.app, by).is_err());
    assert!(!marked());
    let folder = Folder { mode: Mode::Demo, ..Folder::clone(&world.app.folder) };
    let demo = App { folder: Arc::new(folder), ..world.app.clone() };
    time::start_over(&demo, by).unwrap();

    assert!(marked());
    let audit = "select count(*) from audit where act = 'training.start_over'";
    assert_eq!(world.app.db.read_now(|tx| tx.count(audit, ())).unwrap(), 1);
}
