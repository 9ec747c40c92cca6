//! Staff: in and out of the console, accounts and duties.

mod kept;

use jiff::SignedDuration;
use kaowu::base::outcome::Error;
use kaowu::features::staff::rules::{Duties, DutyKind, Refused};
use kaowu::features::staff::{self, Wish};
use kaowu::machinery::db::Actor;
use rocket::http::Status;
use rocket::local::blocking::LocalResponse;
use rusqlite::Connection;

use crate::visitors::{member, officer};
use crate::world::{CAPTCHA, World, hidden};

const ONE_TIME: &str = "7QXW-2KDM-9RTV-HC4B";
const CHOSEN: &str = "Guihua kai man cheng, zhen xiang!";

/// An account whose one-time password is [`ONE_TIME`].
fn account(world: &World, login: &str, name: &str, duties: &[DutyKind]) -> i64 {
    let hasher = kaowu::features::identity::password::Hasher::new(&world.app.chance);
    let phc = hasher.hash_now(&ONE_TIME.to_owned().into(), &world.app.chance).unwrap();
    let id = member(world, login, name, duties);
    world.app.db.write_now(Actor::Operator, move |tx| staff::reset(tx, id, &phc)).unwrap();
    id
}

fn sign_in<'w>(world: &'w World, login: &str, password: &str) -> LocalResponse<'w> {
    sign_in_from(world, "/console/sign-in", login, password, CAPTCHA)
}

fn sign_in_from<'w>(
    world: &'w World,
    page: &str,
    login: &str,
    password: &str,
    captcha: &str,
) -> LocalResponse<'w> {
    let html = world.page(page);
    let (challenge, next) = (hidden(&html, "challenge"), hidden(&html, "next"));
    let next = next.replace("&#38;", "&").replace("&#x2f;", "/");
    let fields = [
        ("_csrf", hidden(&html, "_csrf")),
        ("_key", hidden(&html, "_key")),
        ("login", login.to_owned()),
        ("password", password.to_owned()),
        ("captcha", captcha.to_owned()),
        ("challenge", challenge),
        ("next", next),
    ];
    world.post("/console/session", &fields)
}

fn leads_to(answer: &LocalResponse<'_>) -> String {
    assert_eq!(answer.status(), Status::SeeOther);
    answer.headers().get_one("Location").unwrap().to_owned()
}

fn acts(world: &World) -> Vec<(String, String)> {
    let conn = Connection::open(world.app.db.path()).unwrap();
    let mut lines = conn.prepare("select act, about from audit order by line").unwrap();
    let lines = lines.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    lines.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_one_time_password_opens_only_the_page_that_changes_it() {
    let world = World::new();
    let zhou = account(&world, "zhoumin", "周敏", &[DutyKind::Finance, DutyKind::Clerk]);

    let answer = sign_in(&world, "ZhouMin", ONE_TIME);
    assert_eq!(leads_to(&answer), "/console/password");
    assert_eq!(leads_to(&world.get("/console")), "/console/password");
    assert_eq!(leads_to(&world.get("/console/staff")), "/console/password");

    let new = |password: &str| {
        let fields = [("new_password", password), ("repeated_password", password)];
        world.submit("/console/password", "/console/password", &fields)
    };
    let told = new("zhoumin-12345").into_string().unwrap();
    assert!(told.contains("出错") && !told.contains("zhoumin-12345"), "{told}");
    assert_eq!(new("太短").status(), Status::UnprocessableEntity);
    assert_eq!(leads_to(&new(CHOSEN)), "/console/password/set");
    assert!(world.page("/console/password/set").contains("回到登录页"));
    assert!(leads_to(&world.get("/console")).starts_with("/console/sign-in"));

    assert_eq!(sign_in(&world, "zhoumin", ONE_TIME).status(), Status::UnprocessableEntity);
    assert_eq!(leads_to(&sign_in(&world, "zhoumin", CHOSEN)), "/console");
    let desk = world.page("/console");
    assert!(desk.contains("工作台") && desk.contains("周敏（财务、考务）"), "{desk}");
    assert!(acts(&world).contains(&("login.succeeded".into(), format!("staff {zhou}"))));
}

#[test]
fn strangers_go_to_the_login_and_from_there_to_where_they_wanted() {
    let world = World::new();
    account(&world, "wang.jianguo", "王建国", &[DutyKind::System]);
    sign_in(&world, "wang.jianguo", ONE_TIME);
    let fields = [("new_password", CHOSEN), ("repeated_password", CHOSEN)];
    world.submit("/console/password", "/console/password", &fields);

    let page = leads_to(&world.get("/console/staff?done=open"));

    assert_eq!(page, "/console/sign-in?next=%2Fconsole%2Fstaff%3Fdone%3Dopen");
    let answer = sign_in_from(&world, &page, "wang.jianguo", CHOSEN, CAPTCHA);
    assert_eq!(leads_to(&answer), "/console/staff?done=open");
    assert_eq!(world.get("/console/staff").status(), Status::Ok);
    let left = leads_to(&world.submit("/console", "/console/exit", &[]));
    assert_eq!(left, "/console/sign-in?said=out");
    assert!(world.page(&left).contains("您已安全退出"));
    assert_eq!(world.get("/console/staff").status(), Status::SeeOther);
}

#[test]
fn a_wrong_password_waits_longer_and_tells_nothing() {
    let world = World::new();
    account(&world, "zhoumin", "周敏", &[DutyKind::Finance]);
    let told = |login| {
        let page = sign_in(&world, login, "no such password").into_string().unwrap();
        let told = page.split("k-errors").nth(1).unwrap().split("</div>").next().unwrap();
        told.to_owned()
    };

    let known: Vec<_> = (0..4).map(|_| told("zhoumin")).collect();
    let unknown: Vec<_> = (0..4).map(|_| told("nobody")).collect();

    assert_eq!(known, unknown);
    assert!(known[0].contains("账号或密码不正确") && !known[0].contains("再试"));
    assert!(known[2].contains("请在 30 秒后再试"), "{}", known[2]);
    assert!(known[3].contains("本次没有核对密码"), "{}", known[3]);
    let right = sign_in(&world, "zhoumin", ONE_TIME);
    assert_eq!(right.status(), Status::UnprocessableEntity);
    world.passes(SignedDuration::from_secs(30));
    assert_eq!(leads_to(&sign_in(&world, "zhoumin", ONE_TIME)), "/console/password");
}

#[test]
fn a_captcha_is_asked_first_and_taken_once() {
    let world = World::new();
    account(&world, "zhoumin", "周敏", &[DutyKind::Finance]);

    let answer = sign_in_from(&world, "/console/sign-in", "zhoumin", ONE_TIME, "0000");

    assert_eq!(answer.status(), Status::UnprocessableEntity);
    assert!(answer.into_string().unwrap().contains("验证码不正确"));
    assert!(!acts(&world).iter().any(|(act, _)| act.starts_with("login.")));
}

#[test]
fn whoever_cannot_read_or_hear_the_captcha_waits_instead() {
    let world = World::new();
    account(&world, "zhoumin", "周敏", &[DutyKind::Finance]);
    let page = world.page("/console/sign-in?way=wait");
    let challenge = hidden(&page, "challenge");
    let enter = || {
        let page = world.page("/console/sign-in?way=wait");
        let fields = [
            ("_csrf", hidden(&page, "_csrf")),
            ("_key", hidden(&page, "_key")),
            ("login", "zhoumin".into()),
            ("password", ONE_TIME.into()),
            ("way", "wait".into()),
            ("challenge", challenge.clone()),
        ];
        world.post("/console/session", &fields)
    };

    assert!(enter().into_string().unwrap().contains("等待时间还没有到"));
    world.passes(SignedDuration::from_secs(20));
    assert_eq!(leads_to(&enter()), "/console/password");
}

#[test]
fn a_door_without_the_duty_stays_shut_and_is_written_down() {
    let world = World::new();
    let cookie = officer(&world, "zhoumin", "周敏", &[DutyKind::Finance]);

    let answer = world.client.get("/console/staff/1").cookie(cookie).dispatch();

    assert_eq!(answer.status(), Status::Forbidden);
    let page = answer.into_string().unwrap();
    assert!(page.contains("不在您的职责范围内"), "{page}");
    let refused = ("door.refused".into(), "GET /console/staff/<id>?<done>".into());
    assert_eq!(acts(&world).last(), Some(&refused));
}

#[test]
fn an_administrator_makes_an_account_whose_password_is_shown_once() {
    let world = World::new();
    let admin = account(&world, "admin.li", "李想", &[DutyKind::System]);
    sign_in(&world, "admin.li", ONE_TIME);
    let fields = [("new_password", CHOSEN), ("repeated_password", CHOSEN)];
    world.submit("/console/password", "/console/password", &fields);
    sign_in(&world, "admin.li", CHOSEN);
    let page = world.page("/console/staff/new");
    let form = |extra: &[(&'static str, &str)]| {
        let mut all = vec![
            ("_csrf", hidden(&page, "_csrf")),
            ("_key", hidden(&page, "_key")),
            ("login", "zhoumin".to_owned()),
            ("name", "周敏".to_owned()),
            ("duties.finance", "true".to_owned()),
        ];
        all.extend(extra.iter().map(|(name, value)| (*name, (*value).to_owned())));
        world.post("/console/staff", &all)
    };

    let clash = form(&[("duties.system", "true")]);
    assert_eq!(clash.status(), Status::UnprocessableEntity);
    assert!(clash.into_string().unwrap().contains("不能由同一人担任"));
    let unbound = form(&[("duties.review", "true")]).into_string().unwrap();
    assert!(unbound.contains("审核人员必须绑定院校"));

    let made = form(&[]);
    assert_eq!(made.status(), Status::Ok);
    let shown = made.into_string().unwrap();
    let password = shown.split("translate=\"no\">").nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(form(&[]).status(), Status::Conflict);
    assert_eq!(leads_to(&sign_in(&world, "zhoumin", password)), "/console/password");
    assert!(acts(&world).iter().filter(|(act, _)| act == "staff.added").count() == 2);
    assert!(admin > 0);
}

#[test]
fn somebody_can_always_look_after_the_accounts() {
    let world = World::new();
    let one = member(&world, "admin.li", "李想", &[DutyKind::System]);
    let write = |work: fn(&kaowu::machinery::db::WriteTx<'_>, i64) -> _, id: i64| {
        world.app.db.write_now(Actor::Operator, move |tx| work(tx, id))
    };
    let last = |it| matches!(it, Err(Error::Refused(Refused::LastAdministrator)));

    assert!(last(write(staff::disable, one)));
    assert!(last(write(|tx, id| staff::assign(tx, id, &Duties::default(), None), one)));

    let other = member(&world, "admin.sun", "孙丽", &[DutyKind::System]);
    write(staff::disable, one).unwrap();
    assert!(last(write(staff::disable, other)));
    write(staff::enable, one).unwrap();
    write(|tx, id| staff::assign(tx, id, &Duties::default(), None), other).unwrap();
}

#[test]
fn a_disabled_account_is_a_stranger_at_once() {
    let world = World::new();
    member(&world, "admin.sun", "孙丽", &[DutyKind::System]);
    let zhou = account(&world, "zhoumin", "周敏", &[DutyKind::Finance]);
    sign_in(&world, "zhoumin", ONE_TIME);
    assert_eq!(world.get("/console/password").status(), Status::Ok);

    world.app.db.write_now(Actor::Operator, move |tx| staff::disable(tx, zhou)).unwrap();

    assert!(leads_to(&world.get("/console/password")).starts_with("/console/sign-in"));
    assert_eq!(sign_in(&world, "zhoumin", ONE_TIME).status(), Status::UnprocessableEntity);
}

#[test]
fn nobody_is_added_twice_or_where_duties_clash() {
    let world = World::new();
    member(&world, "zhoumin", "周敏", &[DutyKind::Finance]);
    let add = |login: &str, duties: &[DutyKind]| {
        let wish = Wish {
            login: login.parse().unwrap(),
            name: "周敏".parse().unwrap(),
            school: None,
            duties: duties.iter().copied().collect(),
        };
        world.app.db.write_now(Actor::Operator, move |tx| staff::add(tx, &wish, "(none)"))
    };
    assert!(matches!(add("ZHOUMIN", &[]), Err(Error::Refused(Refused::LoginTaken))));
    let clash = add("sun", &[DutyKind::Audit, DutyKind::Clerk]);
    assert!(matches!(clash, Err(Error::Refused(Refused::MayNotMeet(..)))));
    let unbound = add("sun", &[DutyKind::Review]);
    assert!(matches!(unbound, Err(Error::Refused(Refused::NeedsSchool))));
    assert!(add("sun", &[DutyKind::Audit, DutyKind::HelpDesk]).is_ok());
}
