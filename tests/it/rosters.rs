//! Rosters: examined without a trace, loaded as a whole or not at all, and never twice.

mod browser;
mod command;
mod doors;
mod files;

use std::time::Instant;

use expect_test::expect;
use kaowu::base::outcome::{Error, Never, Result};
use kaowu::base::values::{Digest, Fen};
use kaowu::features::fees::rules::{Due, DueState};
use kaowu::features::rosters::rules::{Choice, Refused, Roster};
use kaowu::features::rosters::{self, Draft};
use kaowu::features::{candidates, fees, orders};
use kaowu::machinery::db::{Actor, FormKey, WriteTx};
use rocket::http::Status;
use rusqlite::Connection;

use self::files::{BAD_ROWS, gb18030, good_row, roster_csv, twelve_faults};
use crate::fees::set_up;
use crate::world::{CAPTCHA, World, hidden};

/// A roster of three: two with amounts of their own.
const THREE: &str = "姓名,证件类型,证件号,手机号,院校代码,院校名称,应缴金额\n\
    林晓禾,居民身份证,310199199901010013,19900000001,10264,上海云间学院（示例）,\n\
    陈雨,港澳居民来往内地通行证,H01234567,+85261234567,,,120.00\n\
    阿卜杜热合曼•买买提,,31019919880615118X,19900000003,10265,江海学院（示例）,100.00\n";

fn examined(world: &World, bytes: &[u8]) -> std::result::Result<Draft, Error<Refused>> {
    rosters::examine(&world.app, 1, "名单.csv", bytes.to_vec())
}

fn loads(world: &World, bytes: &[u8], choice: Choice) -> Result<Roster, Refused> {
    let draft = examined(world, bytes)?;
    let key = FormKey::draw(&world.app.chance);
    rosters::load(&world.app, draft, choice, Actor::Operator.into(), key)
}

fn loaded(world: &World, text: &str) -> Roster {
    loads(world, text.as_bytes(), Choice::AllOrNothing).unwrap()
}

/// New, changed, the same, not taken.
fn counts(roster: &Roster) -> (usize, usize, usize, usize) {
    assert!(roster.is_finished());
    (roster.added, roster.changed, roster.same(), roster.not_taken())
}

fn count(world: &World, sql: &str) -> i64 {
    let conn = Connection::open(world.app.db.path()).unwrap();
    conn.query_row(sql, (), |row| row.get(0)).unwrap()
}

fn does<T: Send + 'static>(
    world: &World,
    work: impl FnOnce(&WriteTx<'_>) -> Result<T, Never> + Send + 'static,
) -> T {
    world.app.db.write_now(Actor::Operator, work).unwrap()
}

/// What the person of a document owes.
fn due_of(world: &World, number: &str) -> Due {
    let found = world.app.db.read_now(|tx| {
        let person = candidates::find_by_login(tx, &number.parse().unwrap())?.remove(0);
        Ok(fees::dues_of(tx, person.id)?.remove(0))
    });
    found.unwrap()
}

/// The acts of the audit log since a roster was loaded last, but for those of its people.
fn acts_since(world: &World, line: i64) -> Vec<String> {
    let conn = Connection::open(world.app.db.path()).unwrap();
    let sql = "select act from audit where line > ?1 order by line";
    let mut acts = conn.prepare(sql).unwrap();
    let acts = acts.query_map([line], |row| row.get(0)).unwrap();
    acts.collect::<std::result::Result<_, _>>().unwrap()
}

fn last_line(world: &World) -> i64 {
    count(world, "select max(line) from audit")
}

#[test]
fn ten_thousand_people_are_refused_with_twelve_reasons_and_loaded_when_mended() {
    let world = World::new();
    set_up(&world);
    let before = last_line(&world);

    let begun = Instant::now();
    let draft = examined(&world, &gb18030(&roster_csv(10_000, &twelve_faults()))).unwrap();
    println!("10,000 rows were examined in {:?}", begun.elapsed());
    assert_eq!((draft.rows, draft.good, draft.new), (10_000, 9_988, 9_988));
    let lines: Vec<usize> = draft.complaints.iter().map(|it| it.line).collect();
    assert_eq!(lines, BAD_ROWS.map(|row| row + 2));
    let key = FormKey::draw(&world.app.chance);
    let refused =
        rosters::load(&world.app, draft, Choice::AllOrNothing, Actor::Operator.into(), key);
    assert!(matches!(refused, Err(Error::Refused(Refused::BadRows))));
    assert_eq!(count(&world, "select count(*) from candidates"), 0);
    assert_eq!(acts_since(&world, before), [""; 0]);

    let begun = Instant::now();
    let mended = gb18030(&roster_csv(10_000, &[]));
    let roster = loads(&world, &mended, Choice::AllOrNothing).unwrap();
    println!("10,000 rows were examined and loaded in {:?}", begun.elapsed());

    assert_eq!(counts(&roster), (10_000, 0, 0, 0));
    assert_eq!(count(&world, "select count(*) from dues where state = 'unpaid'"), 10_000);
    assert_eq!(acts_since(&world, before).len(), 20_001, "one for each thing, one for the roster");
    let kept = world.app.files.get(&roster.file_digest).unwrap().unwrap();
    assert_eq!(Digest::of(&kept), Digest::of(&mended));
    can_log_in(&world, &good_row(2)[2]);
    can_log_in(&world, &good_row(9_999)[2]);
}

/// Logs in with the initial password, which opens the page that changes it and no other.
fn can_log_in(world: &World, number: &str) {
    let html = world.page("/sign-in");
    let fields = [
        ("_csrf", hidden(&html, "_csrf")),
        ("_key", hidden(&html, "_key")),
        ("next", hidden(&html, "next").replace("&#x2f;", "/")),
        ("account", number.to_owned()),
        ("password", number[12..].to_owned()),
        ("captcha", CAPTCHA.to_owned()),
        ("challenge", hidden(&html, "challenge")),
    ];
    let answer = world.post("/session", &fields);
    assert_eq!(answer.status(), Status::SeeOther, "{:?}", answer.into_string());
    let to = answer.headers().get_one("Location").unwrap();
    assert!(["/password", "/privacy"].contains(&to), "{to}");
    world.submit(to, "/exit", &[]);
}

#[test]
fn one_roster_may_come_in_any_clothes() {
    let utf8 = THREE.as_bytes().to_vec();
    let marked = ["\u{FEFF}".as_bytes(), &utf8].concat();
    let rows = THREE.lines().map(|line| line.split(','));
    let mut rows = rows.collect::<Vec<_>>().into_iter();
    let headings: Vec<&str> = rows.next().unwrap().collect();
    let workbook = kaowu::machinery::tables::write_xlsx(&headings, rows).unwrap();

    for bytes in [utf8, marked, workbook, gb18030(THREE)] {
        let world = World::new();
        set_up(&world);
        let roster = loads(&world, &bytes, Choice::AllOrNothing).unwrap();
        assert_eq!(counts(&roster), (3, 0, 0, 0));
        assert_eq!(due_of(&world, "H01234567").amount, Fen::of(12_000));
        let due = due_of(&world, "310199199901010013");
        assert_eq!((due.amount, due.school_code.as_deref()), (Fen::of(10_000), Some("10264")));
    }
}

#[test]
fn the_same_roster_again_changes_nothing() {
    let world = World::new();
    set_up(&world);
    assert_eq!(counts(&loaded(&world, THREE)), (3, 0, 0, 0));
    let line = last_line(&world);

    assert_eq!(counts(&loaded(&world, THREE)), (0, 0, 3, 0));

    assert_eq!(acts_since(&world, line), ["roster.loaded"]);
    assert_eq!(count(&world, "select count(*) from dues"), 3);
}

#[test]
fn the_same_form_loads_once() {
    let world = World::new();
    set_up(&world);
    let key = FormKey::draw(&world.app.chance);
    let posts = |text: &str, choice| {
        let draft = examined(&world, text.as_bytes()).unwrap();
        rosters::load(&world.app, draft, choice, Actor::Operator.into(), key.clone())
    };

    let first = posts(THREE, Choice::AllOrNothing).unwrap();
    let line = last_line(&world);

    assert_eq!(posts(THREE, Choice::AllOrNothing).unwrap(), first);
    assert_eq!(acts_since(&world, line), [""; 0]);
    let other = posts(&THREE.replace("120.00", "150.00"), Choice::AllOrNothing);
    assert!(matches!(other, Err(Error::Refused(Refused::DoneBefore))));
    let otherwise = posts(THREE, Choice::GoodRowsOnly);
    assert!(matches!(otherwise, Err(Error::Refused(Refused::DoneBefore))));
}

#[test]
fn an_amount_changes_while_it_is_unpaid_and_never_after() {
    let world = World::new();
    set_up(&world);
    loaded(&world, THREE);
    let dearer = THREE.replace("120.00", "150.00");
    let line = last_line(&world);

    assert_eq!(counts(&loaded(&world, &dearer)), (0, 1, 2, 0));
    assert_eq!(acts_since(&world, line), ["due.changed", "roster.loaded"]);

    let due = due_of(&world, "H01234567");
    does(&world, move |tx| fees::settle(tx, due.id));
    let draft = examined(&world, THREE.as_bytes()).unwrap();
    assert_eq!((draft.rows, draft.good, draft.new), (3, 2, 0));
    expect!["第 3 行 应缴金额“120.00”：该考生的这笔费用是“已缴费”（150.00 元），金额不能再改。请把这一行的金额改回原来的金额，或删去这一行；多退少补由财务处理。"]
        .assert_eq(&draft.complaints[0].to_string());
    let refused = loads(&world, THREE.as_bytes(), Choice::AllOrNothing);
    assert!(matches!(refused, Err(Error::Refused(Refused::BadRows))));
    let roster = loads(&world, THREE.as_bytes(), Choice::GoodRowsOnly).unwrap();
    assert_eq!(counts(&roster), (0, 0, 2, 1));
    let due = due_of(&world, "H01234567");
    assert_eq!((due.amount, due.state), (Fen::of(15_000), DueState::Paid));
    assert_eq!(counts(&loaded(&world, &dearer)), (0, 0, 3, 0), "what was paid is no obstacle");
}

#[test]
fn an_amount_stays_while_somebody_pays_it() {
    let world = World::new();
    set_up(&world);
    loaded(&world, THREE);
    let due = due_of(&world, "H01234567");
    let (key, chance) = (FormKey::draw(&world.app.chance), world.app.chance.clone());
    let machine = orders::Machine { centre: "310199".into(), machine: 1, incarnation: 1 };
    let placed = world.app.db.write_now(Actor::Candidate(due.candidate_id), move |tx| {
        orders::place(tx, due.candidate_id, due.id, &key, &machine, &chance)
    });
    placed.unwrap();

    let draft = examined(&world, THREE.replace("120.00", "150.00").as_bytes()).unwrap();

    assert_eq!(draft.good, 2);
    let told = draft.complaints[0].to_string();
    assert!(told.contains("正在支付这笔费用（120.00 元）"), "{told}");
    assert_eq!(counts(&loaded(&world, THREE)), (0, 0, 3, 0), "the same amount is no obstacle");
}

#[test]
fn a_payment_between_the_look_and_the_loading_turns_all_of_it_back() {
    let world = World::new();
    set_up(&world);
    loaded(&world, THREE);
    let dearer = THREE.replace("120.00", "150.00").replace("19900000001", "19900000009");
    let draft = examined(&world, dearer.as_bytes()).unwrap();
    assert!(draft.is_clean());
    let due = due_of(&world, "H01234567").id;
    does(&world, move |tx| fees::settle(tx, due));
    let line = last_line(&world);

    let key = FormKey::draw(&world.app.chance);
    let refused =
        rosters::load(&world.app, draft, Choice::AllOrNothing, Actor::Operator.into(), key);

    assert!(matches!(refused, Err(Error::Refused(Refused::BadRows))));
    assert_eq!(acts_since(&world, line), [""; 0]);
    assert_eq!(count(&world, "select count(*) from candidates where phone = '19900000009'"), 0);
    assert_eq!(count(&world, "select count(*) from rosters"), 1);
}

#[test]
fn another_name_of_a_known_document_is_pointed_out() {
    let world = World::new();
    set_up(&world);
    loaded(&world, THREE);

    let draft = examined(&world, THREE.replace("陈雨", "成雨").as_bytes()).unwrap();

    assert!(draft.is_clean());
    expect!["第 3 行 姓名“成雨”：与系统中同一证件的姓名“陈雨”不同，导入后以名册为准。请对照证件核对姓名和证件号。"]
        .assert_eq(&draft.warnings[0].to_string());
}

#[test]
fn what_was_accepted_is_carried_on_after_an_interruption() {
    let world = World::new();
    set_up(&world);
    let digest = world.app.files.put(THREE.as_bytes()).unwrap();
    let conn = Connection::open(world.app.db.path()).unwrap();
    conn.execute(
        "insert into rosters (fee_item_id, file_name, file_digest, people, done, added, changed,
                              refused, left_out, loaded_at)
         values (1, '名单.csv', ?1, 3, 1, 1, 0, 0, 0, '2026-03-13T02:00:00Z')",
        [digest.to_string()],
    )
    .unwrap();

    assert_eq!(rosters::carry_on(&world.app).unwrap(), 1);
    assert_eq!(rosters::carry_on(&world.app).unwrap(), 0);

    let roster = world.app.db.read_now(|tx| rosters::find(tx, 1)).unwrap().unwrap();
    assert_eq!(counts(&roster), (3, 0, 0, 0));
    assert_eq!(count(&world, "select count(*) from dues"), 2, "the first one was done before");
}

#[test]
fn a_roster_too_large_for_one_transaction_keeps_nobody_waiting() {
    let world = World::new();
    set_up(&world);
    let bytes = roster_csv(10_001, &[]).into_bytes();
    let line = last_line(&world);
    let db = world.app.db.clone();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let other = std::thread::spawn(move || {
        let mut longest = std::time::Duration::ZERO;
        while let Err(std::sync::mpsc::TryRecvError::Empty) = stopped.try_recv() {
            let begun = Instant::now();
            let _: Result<(), Never> = db.write_now(Actor::Nobody, |tx| {
                tx.note("door.refused", "somewhere");
                Ok(())
            });
            longest = longest.max(begun.elapsed());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        longest
    });

    let begun = Instant::now();
    let roster = loads(&world, &bytes, Choice::AllOrNothing).unwrap();
    println!("10,001 rows were loaded in chunks in {:?}", begun.elapsed());
    stop.send(()).unwrap();
    println!("nobody else waited longer than {:?}", other.join().unwrap());

    assert_eq!(counts(&roster), (10_001, 0, 0, 0));
    let acts = acts_since(&world, line);
    let of_the_roster: Vec<_> = acts.iter().filter(|it| it.starts_with("roster.")).collect();
    assert_eq!(of_the_roster.first().unwrap().as_str(), "roster.accepted");
    assert_eq!(of_the_roster.last().unwrap().as_str(), "roster.loaded");
    assert!(acts.iter().any(|it| it == "door.refused"));
}
