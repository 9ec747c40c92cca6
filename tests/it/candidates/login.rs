//! The login: captcha, delays, what it tells and what it does not.

use jiff::SignedDuration;
use kaowu::base::values::DocumentKind::{ChinesePassport, ForeignPassport, ResidentId};
use kaowu::features::candidates::rules::Entry;
use kaowu::features::identity::{self, Kind};
use rocket::http::{Accept, Cookie, Status};

use super::{
    CHOSEN, SignIn, WRONG, acts, comes_in, cookie, date, document, entry, leads_to, lin, person,
    plants, probed, reads, registers, said, settled, signs_in,
};
use crate::world::{CAPTCHA, World, hidden};

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

#[test]
fn nobody_learns_whether_there_is_such_an_account() {
    let world = World::new();
    registers(&world, &lin());
    settled(&world, &entry("赵敏", date(1999, 1, 1), 21));
    let unknown = entry("无人", date(1988, 8, 8), 88).document.number().to_owned();
    let zhao = entry("赵敏", date(1999, 1, 1), 21).document.number().to_owned();

    // The same tries for nobody, for an initial password and for one that was set.
    for round in 0..6 {
        let [nobody, initial, set] = [&unknown, lin().document.number(), &zhao].map(|number| {
            let (status, page) = said(signs_in(&world, number, "Wrong2026x"));
            let page = page.replace(number, "N");
            let form = [hidden(&page, "_csrf"), hidden(&page, "_key"), hidden(&page, "challenge")];
            (status, form.iter().fold(page.clone(), |page, it| page.replace(it, "…")))
        });
        assert_eq!(nobody, initial, "round {round}");
        assert_eq!(nobody, set, "round {round}");
    }
}

#[test]
fn failures_wait_longer_and_longer() {
    let world = World::new();
    settled(&world, &lin());
    let number = lin().document.number().to_owned();
    let tries = |password: &str| said(signs_in(&world, &number, password));

    for (left, password) in [(2, "Wrong2026a"), (1, "Wrong2026b")] {
        let (status, page) = tries(password);
        assert_eq!(status, Status::UnprocessableEntity);
        assert!(page.contains(WRONG) && page.contains(&format!("再输错{left}次")), "{page}");
    }
    for wait in [30, 60, 120, 300, 900, 900] {
        let (status, page) = tries("Wrong2026c");
        assert_eq!(status, Status::UnprocessableEntity);
        assert!(page.contains(WRONG) && page.contains("连续输错次数较多"), "{wait}: {page}");
        let (status, page) = tries(CHOSEN);
        assert_eq!(status, Status::TooManyRequests, "the right one is not looked at");
        assert!(page.contains("没有核对密码"), "{page}");
        world.passes(seconds(wait - 1));
        assert_eq!(tries(CHOSEN).0, Status::TooManyRequests, "{wait}");
        world.passes(seconds(1));
    }
    assert_eq!(leads_to(&signs_in(&world, &number, CHOSEN)), "/person");
}

#[test]
fn a_success_forgets_the_failures_before_it() {
    let world = World::new();
    settled(&world, &lin());
    let number = lin().document.number().to_owned();
    for _ in 0..3 {
        for wrong in ["Wrong2026a", "Wrong2026b"] {
            assert!(said(signs_in(&world, &number, wrong)).1.contains(WRONG));
        }
        assert_eq!(leads_to(&signs_in(&world, &number, CHOSEN)), "/person");
        world.submit("/person", "/exit", &[]);
    }
}

#[test]
fn nobody_is_locked_out_from_elsewhere() {
    let world = World::new();
    settled(&world, &lin());
    let number = lin().document.number().to_owned();
    for _ in 0..8 {
        let far = SignIn { address: "192.0.2.7:9", ..SignIn::new(&number, "Wrong2026x") };
        far.press(&world);
    }
    let far = SignIn { address: "192.0.2.7:9", ..SignIn::new(&number, CHOSEN) };
    let told = far.press(&world);
    assert_eq!(told.status(), Status::TooManyRequests);
    let seconds: u64 = told.headers().get_one("Retry-After").unwrap().parse().unwrap();
    assert!((1..=900).contains(&seconds), "{seconds}");
    drop(told);
    assert_eq!(leads_to(&signs_in(&world, &number, CHOSEN)), "/person");
}

#[test]
fn a_number_is_read_as_kindly_as_it_is_typed() {
    let world = World::new();
    let with_x = (1..999)
        .map(|it| entry("陈雨", date(2004, 2, 29), it))
        .find(|it| it.document.number().ends_with('X'));
    let with_x: Entry = with_x.unwrap();
    settled(&world, &with_x);
    settled(&world, &person("王建国", document(ResidentId, "310101196803051218")));
    let number = with_x.document.number().to_owned();
    let wide: String =
        number.chars().map(|it| char::from_u32(it as u32 + 0xFEE0).unwrap()).collect();
    let spaced = format!("  {} {} ", &number[..6], &number[6..]);

    for typed in [number.to_lowercase(), wide, spaced, "310101680305121".into()] {
        assert_eq!(leads_to(&signs_in(&world, &typed, CHOSEN)), "/person", "{typed}");
        world.submit("/person", "/exit", &[]);
    }
    assert_eq!(signs_in(&world, &number, &CHOSEN.to_lowercase()).status().code, 422);
}

#[test]
fn the_initial_password_is_the_last_six_or_the_rosters_own() {
    let world = World::new();
    let own = Entry { initial_password: Some("Kx7-92".to_owned().into()), ..lin() };
    registers(&world, &own);
    let zhao = entry("赵敏", date(1999, 1, 1), 21);
    registers(&world, &zhao);

    let answer = signs_in(&world, lin().document.number(), &lin().document.initial_password());
    assert!(said(answer).1.contains(WRONG), "the roster's own replaces the last six");
    assert_eq!(leads_to(&signs_in(&world, lin().document.number(), "kx7-92")), "/password");
    world.submit("/password", "/exit", &[]);
    let initial = zhao.document.initial_password();
    assert_eq!(leads_to(&signs_in(&world, zhao.document.number(), &initial)), "/password");
}

#[test]
fn a_number_of_two_documents_asks_which_one() {
    let world = World::new();
    let (one, two) = (
        person("张怡", document(ChinesePassport, "E12345678")),
        person("Anna Berg", document(ForeignPassport, "E12345678")),
    );
    registers(&world, &one);
    registers(&world, &two);

    // A wrong password says no more than anybody's.
    let (_, page) = said(signs_in(&world, "E12345678", "Wrong2026x"));
    assert!(page.contains(WRONG) && !page.contains("证件类型</label>"));
    let (status, page) = said(signs_in(&world, "E12345678", "345678"));
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(
        page.contains("请选择证件类型") && page.contains("中国护照") && page.contains("外国护照")
    );
    assert!(!page.contains("台湾居民"), "{page}");
    let form = SignIn { document: "foreign_passport", ..SignIn::new("E12345678", "345678") };
    assert_eq!(leads_to(&form.press(&world)), "/password");
    assert!(world.page("/password").contains("Anna Berg"));

    settled(&world, &one);
    world.submit("/password", "/exit", &[]);
    assert_eq!(leads_to(&signs_in(&world, "E12345678", CHOSEN)), "/person", "one fits alone");
}

#[test]
fn every_login_has_a_session_of_its_own() {
    let world = probed();
    settled(&world, &lin());
    // Somebody planted a cookie before.
    let name = world.app.folder.cookie("candidate");
    plants(&world, &Cookie::new(name.clone(), "planted"));
    let token = world.page("/sign-in");
    let before = hidden(&token, "_csrf");
    comes_in(&world, &lin());
    let first = cookie(&world, "candidate").unwrap();
    assert_ne!(first, "planted");
    assert_ne!(hidden(&world.page("/person"), "_csrf"), before, "forms have another token too");

    let json = world.client.get("/captcha").header(Accept::JSON).dispatch().into_string().unwrap();
    let json: serde_json::Value = json.parse().unwrap();
    let number = lin().document.number().to_owned();
    let fields = [
        ("account", number.as_str()),
        ("password", CHOSEN),
        ("captcha", CAPTCHA),
        ("challenge", json["challenge"].as_str().unwrap()),
    ];
    assert_eq!(leads_to(&world.submit("/person", "/session", &fields)), "/person");

    assert_ne!(cookie(&world, "candidate").unwrap(), first);
    assert_eq!(world.get("/person").status(), Status::Ok);
    plants(&world, &Cookie::new(name, first));
    assert!(leads_to(&world.get("/person")).starts_with("/sign-in"), "the old one has ended");
}

#[test]
fn a_session_ends_by_idleness_and_by_age() {
    let world = World::new();
    settled(&world, &lin());
    comes_in(&world, &lin());
    for _ in 0..3 {
        world.passes(SignedDuration::from_mins(19));
        assert_eq!(world.get("/person").status(), Status::Ok);
    }
    world.passes(SignedDuration::from_mins(21));
    assert_eq!(leads_to(&world.get("/person")), "/sign-in?next=%2Fperson");

    comes_in(&world, &lin());
    for _ in 0..24 {
        assert_eq!(world.get("/person").status(), Status::Ok);
        world.passes(SignedDuration::from_mins(20) - seconds(1));
    }
    world.passes(seconds(60));
    assert_eq!(world.get("/person").status(), Status::SeeOther, "eight hours at the most");
}

#[test]
fn a_wish_is_kept_and_leads_nowhere_else() {
    let world = World::new();
    settled(&world, &lin());
    let number = lin().document.number().to_owned();
    for (page, leads) in [
        ("/sign-in?next=/orders/2026%3Fx%3D1", "/orders/2026?x=1"),
        ("/sign-in?next=/orders/2026/standing", "/orders/2026"),
        ("/sign-in?next=/dues/3", "/person?next=%2Fdues%2F3"),
        ("/sign-in?next=//evil.example/", "/person"),
        ("/sign-in?next=https://evil.example/", "/person"),
        ("/sign-in?next=/%5Cevil.example", "/person"),
        ("/sign-in?next=/exit", "/person"),
    ] {
        let form = SignIn { page, ..SignIn::new(&number, CHOSEN) };
        assert_eq!(leads_to(&form.press(&world)), leads, "{page}");
        world.submit("/person", "/exit", &[]);
    }
}

#[test]
fn hostile_forms_meet_a_page() {
    let world = World::new();
    settled(&world, &lin());
    let long = "9".repeat(10_000);
    for (account, password) in [
        (long.as_str(), CHOSEN),
        (lin().document.number(), long.as_str()),
        ("", ""),
        ("\u{0}\u{0}\u{0}\u{0}\u{0}", "x"),
        ("<script>alert(1)</script>", "x"),
    ] {
        let (status, page) = said(signs_in(&world, account, password));
        assert_eq!(status, Status::UnprocessableEntity);
        assert!(page.contains("k-errors") && !page.contains("<script>alert"));
        assert!(password.len() < 2 || !page.contains(password), "no password comes back");
    }

    let (status, page) = said(world.submit("/sign-in", "/session", &[]));
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(page.contains("请填写这一项"), "{page}");
    let (status, page) = said(world.post("/session", &[("account", "x".into())]));
    assert_eq!(status, Status::Forbidden);
    assert!(page.contains("刷新后重新提交"), "{page}");
    let failures = acts(&world).iter().filter(|it| it.0 == "login.failed").count();
    assert_eq!(failures, 1, "only what could be a number was looked at");
}

#[test]
fn out_means_out() {
    let world = probed();
    settled(&world, &lin());
    comes_in(&world, &lin());
    let token = cookie(&world, "candidate").unwrap();

    let answer = world.submit("/person", "/exit", &[]);

    assert_eq!(leads_to(&answer), "/sign-in?said=out");
    assert!(answer.headers().get_one("Clear-Site-Data").unwrap().contains("cache"));
    drop(answer);
    assert!(world.page("/sign-in?said=out").contains("您已安全退出"));
    assert_eq!(cookie(&world, "candidate"), None);
    plants(&world, &Cookie::new(world.app.folder.cookie("candidate"), token));
    assert!(leads_to(&world.get("/person")).starts_with("/sign-in"));
}

#[test]
fn the_log_says_who_came_in_and_names_nobody() {
    let world = World::new();
    let id = settled(&world, &lin());
    signs_in(&world, lin().document.number(), "Wrong2026x");
    comes_in(&world, &lin());

    let acts = acts(&world);
    let about = format!("candidate {id}");
    let noted = |act: &str| acts.iter().any(|it| it.0 == act && it.1 == about);
    assert!(noted("login.failed") && noted("login.succeeded"));
    let all = format!("{acts:?}");
    assert!(!all.contains("310199") && !all.contains("林晓禾") && !all.contains("Wrong2026x"));
    let credential = reads(&world, |tx| identity::credential(tx, Kind::Candidate, id)).unwrap();
    assert!(credential.unwrap().last_login.is_some());
}
