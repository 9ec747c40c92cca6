//! Candidates and staff at one browser: neither face disturbs the other.

use kaowu::features::identity::password::Hasher;
use kaowu::features::identity::{self, Kind};
use kaowu::features::staff::rules::DutyKind;
use kaowu::features::{candidates, staff};
use kaowu::machinery::db::{Actor, WriteTx};
use rocket::http::{ContentType, Status};
use rocket::local::blocking::LocalResponse;

use crate::visitors;
use crate::world::{CAPTCHA, World, hidden};

const PASSWORD: &str = "Guihua2026";
const STAFFS: &str = "Guihua kai man cheng, zhen xiang!";
const LIN: &str = "310199200703120124";
const ZHAO: &str = "310199199901010219";

/// 林晓禾 and 赵敏, candidates, and 周敏, clerk: each with a password of their own.
fn world() -> World {
    let world = World::new();
    let hash = |password: &str| {
        let hasher = Hasher::new(&world.app.chance);
        hasher.hash_now(&password.to_owned().into(), &world.app.chance).unwrap()
    };
    for (name, number) in [("林晓禾", LIN), ("赵敏", ZHAO)] {
        let (id, phc) = (visitors::candidate(&world, name, &valid(number)), hash(PASSWORD));
        let settle = move |tx: &WriteTx<'_>| {
            identity::set_password(tx, Kind::Candidate, id, &phc)?;
            candidates::read_privacy(tx, id)
        };
        world.app.db.write_now(Actor::Operator, settle).unwrap();
    }
    let id = visitors::member(&world, "zhoumin", "周敏", &[DutyKind::Clerk]);
    let phc = hash(STAFFS);
    let settle = move |tx: &WriteTx<'_>| {
        staff::reset(tx, id, &phc)?;
        Ok(identity::set_password(tx, Kind::Staff, id, &phc)?)
    };
    let done: kaowu::base::outcome::Result<(), staff::rules::Refused> =
        world.app.db.write_now(Actor::Operator, settle);
    done.unwrap();
    world
}

/// The number with whatever its check character is.
fn valid(number: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = number.chars().filter_map(|it| it.to_digit(10));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][sum as usize % 11];
    format!("{}{check}", &number[..17])
}

/// What stands in the login form of a page, filled in.
fn filled(
    page: &str,
    account: (&'static str, String),
    password: &str,
) -> Vec<(&'static str, String)> {
    let mut fields = vec![account];
    for name in ["_csrf", "_key", "challenge"] {
        fields.push((name, hidden(page, name)));
    }
    fields.push(("password", password.to_owned()));
    fields.push(("captcha", CAPTCHA.to_owned()));
    fields
}

fn as_candidate(page: &str, number: &str) -> Vec<(&'static str, String)> {
    filled(page, ("account", valid(number)), PASSWORD)
}

fn as_staff(page: &str) -> Vec<(&'static str, String)> {
    filled(page, ("login", "zhoumin".to_owned()), STAFFS)
}

fn candidate_comes(world: &World, number: &str) {
    let page = world.page("/sign-in");
    let to = leads_to(&world.post("/session", &as_candidate(&page, number)));
    assert!(["/person", "/kept"].contains(&to.as_str()), "{to}");
}

fn staff_come(world: &World) {
    let page = world.page("/console/sign-in");
    assert_eq!(leads_to(&world.post("/console/session", &as_staff(&page))), "/console");
}

fn leads_to(answer: &LocalResponse<'_>) -> String {
    assert_eq!(answer.status(), Status::SeeOther);
    answer.headers().get_one("Location").unwrap().to_owned()
}

fn tokens(page: &str) -> Vec<(&'static str, String)> {
    vec![("_csrf", hidden(page, "_csrf")), ("_key", hidden(page, "_key"))]
}

#[test]
fn staff_lose_nothing_when_a_candidate_comes_and_goes_in_another_tab() {
    let world = world();
    staff_come(&world);
    let page = world.page("/console/announcements/new");

    candidate_comes(&world, LIN);
    let left = leads_to(&world.submit("/person", "/exit", &[]));
    assert_eq!(left, "/sign-in?said=out");

    let mut fields = tokens(&page);
    fields.push(("title", "网上缴费须知".into()));
    fields.push(("body", "请按时缴费".into()));
    let sent = leads_to(&world.post("/console/announcements", &fields));
    assert_eq!(sent, "/console/announcements?done=published");
}

#[test]
fn a_candidate_can_still_go_out_after_staff_have_come_in() {
    let world = world();
    candidate_comes(&world, LIN);
    let page = world.page("/person");

    staff_come(&world);

    let left = world.post("/exit", &tokens(&page));
    let cleared = left.headers().get_one("Clear-Site-Data").unwrap().to_owned();
    assert_eq!(leads_to(&left), "/sign-in?said=out");
    assert!(!cleared.contains("cookies"), "{cleared}");
    drop(left);
    assert!(leads_to(&world.get("/person")).starts_with("/sign-in"));
    assert_eq!(world.get("/console").status(), Status::Ok, "staff are still there");
}

#[test]
fn of_two_tabs_that_show_the_login_both_work() {
    let world = world();
    let [one, two] = [(); 2].map(|()| world.page("/sign-in"));
    for page in [one, two] {
        assert_eq!(leads_to(&world.post("/session", &as_candidate(&page, LIN))), "/person");
    }
    let [one, two] = [(); 2].map(|()| world.page("/console/sign-in"));
    for page in [one, two] {
        assert_eq!(leads_to(&world.post("/console/session", &as_staff(&page))), "/console");
    }
}

#[test]
fn a_page_of_the_same_person_stays_good_through_another_login() {
    let world = world();
    candidate_comes(&world, LIN);
    let page = world.page("/person");
    world.passes(jiff::SignedDuration::from_mins(25));
    candidate_comes(&world, LIN);

    assert_eq!(leads_to(&world.post("/exit", &tokens(&page))), "/sign-in?said=out");
}

#[test]
fn a_page_of_the_last_person_is_worth_nothing_to_the_next() {
    let world = world();
    candidate_comes(&world, LIN);
    let page = world.page("/person");
    world.submit("/person", "/exit", &[]);
    candidate_comes(&world, ZHAO);

    let answer = world.post("/exit", &tokens(&page));

    assert_eq!(answer.status(), Status::Forbidden);
    drop(answer);
    assert_eq!(world.get("/person").status(), Status::Ok, "赵敏 is still there");
}

#[test]
fn a_form_is_kept_for_its_own_person_even_when_staff_ended_the_session() {
    let world = world();
    candidate_comes(&world, LIN);
    let page = world.page("/person");
    let reset = |world: &World| {
        let ended = |tx: &WriteTx<'_>| Ok(identity::reset_password(tx, Kind::Candidate, 1, None)?);
        let done: kaowu::base::outcome::Result<(), kaowu::base::outcome::Never> =
            world.app.db.write_now(Actor::Operator, ended);
        done.unwrap();
    };
    reset(&world);
    let kept = leads_to(&world.post("/dues/7/orders", &tokens(&page)));
    assert_eq!(kept, "/sign-in?said=kept");

    let page = world.page("/sign-in");
    assert_eq!(leads_to(&world.post("/session", &as_candidate(&page, ZHAO))), "/person");
    assert_eq!(leads_to(&world.get("/kept")), "/person");
}

#[test]
fn what_is_no_form_is_refused_as_such() {
    let world = world();
    for path in ["/session", "/exit", "/console/session", "/console/exit"] {
        let json = world.client.post(path).header(ContentType::JSON).body("{}").dispatch();
        assert_eq!(json.status(), Status::UnsupportedMediaType, "{path}");
        drop(json);
        let bare = world.client.post(path).body("x=1").dispatch();
        assert_eq!(bare.status(), Status::UnsupportedMediaType, "{path}");
    }
}

#[test]
fn whoever_did_not_just_set_a_password_is_not_told_so() {
    let world = world();
    assert!(leads_to(&world.get("/password/done")).starts_with("/sign-in"));
    candidate_comes(&world, LIN);

    let to = leads_to(&world.get("/password/done"));

    assert_eq!(leads_to(&world.get(&to)), "/person");
}

#[test]
fn programs_that_watch_are_answered_without_a_name_in_it() {
    let world = world();
    assert_eq!(world.page("/healthz"), "ok\n");
    let measured = world.page("/metrics");
    assert!(measured.contains("kaowu_receipt_numbers_left 0\n"), "{measured}");
    let from = "192.0.2.7:4000".parse().unwrap();
    let elsewhere = world.client.get("/metrics").remote(from).dispatch();
    assert_eq!(elsewhere.status(), Status::NotFound);
}
