//! Projects and dues: the life of a due, who owes what, and the console that sets projects up.

mod console;

use expect_test::expect;
use kaowu::base::outcome::{Error, refuse};
use kaowu::base::values::{DocumentKind, Fen, IdDocument};
use kaowu::features::candidates::rules::Entry;
use kaowu::features::fees::rules::{
    DueState, Event, ItemTexts, NewItem, NewProject, Owed, ProjectTexts, Refused,
};
use kaowu::features::windows::rules::Interval;
use kaowu::features::{candidates, fees, windows};
use kaowu::machinery::db::{Actor, WriteTx};
use rusqlite::Connection;

use crate::world::World;

/// A title as on the home page.
pub const TITLE: &str = "2026年上海市普通高校专科依法自主招生网上缴费系统";

/// The project of a payment day: two days, 100.00 each.
pub fn set_up(world: &World) -> i64 {
    let hours = [
        ("2026-03-13T09:00:00+08:00", "2026-03-13T20:00:00+08:00"),
        ("2026-03-14T09:00:00+08:00", "2026-03-14T15:00:00+08:00"),
    ];
    set_up_as(world, "2026-ZZ", TITLE, &hours)
}

/// A project with these hours.
pub fn set_up_as(
    world: &World,
    code: &'static str,
    title: &'static str,
    hours: &[(&str, &str)],
) -> i64 {
    let instant = |text: &str| text.parse().unwrap();
    let intervals: Vec<_> = hours
        .iter()
        .map(|(from, to)| Interval { opens_at: instant(from), closes_at: instant(to) })
        .collect();
    let chance = world.app.chance.clone();
    let made = world.app.db.write_now(Actor::Operator, move |tx| {
        let id = fees::set_up(tx, &project(code, title), &item(), &chance)?;
        if !intervals.is_empty() {
            windows::set(tx, &fees::rules::business(id), &intervals).unwrap();
        }
        Ok::<_, Error<Refused>>(id)
    });
    made.unwrap()
}

fn project(code: &str, title: &str) -> NewProject {
    let consequence = "逾期未缴费视作志愿填报无效。".into();
    let texts = ProjectTexts { title: title.into(), consequence, shown: true };
    NewProject { code: code.into(), texts }
}

fn item() -> NewItem {
    let texts =
        ItemTexts {
            name: "报名考试费".into(), unit: "人次".into(), standard: Fen::of(10_000)
        };
    NewItem { code: "10301".into(), texts }
}

fn register(tx: &WriteTx<'_>, number: &str) -> i64 {
    let entry = Entry {
        document: IdDocument::read(DocumentKind::ResidentId, number).unwrap(),
        name: "林晓禾".parse().unwrap(),
        phone: None,
        email: None,
        initial_password: None,
    };
    candidates::register(tx, &entry).unwrap().0
}

/// 林晓禾 owes for the first item, or is said to again.
fn lin_owes(world: &World, fen: i64, school: Option<&'static str>) -> Result<(i64, Owed), Refused> {
    let owed = world.app.db.write_now(Actor::Operator, move |tx| {
        let lin = register(tx, LIN);
        fees::owe(tx, lin, 1, Fen::of(fen), school.map(|it| ("10264", it)))
    });
    match owed {
        Ok(owed) => Ok(owed),
        Err(Error::Refused(reason)) => Err(reason),
        Err(Error::Fault(fault)) => panic!("{fault}"),
    }
}

const LIN: &str = "310199200703154521";

fn acts(world: &World) -> Vec<String> {
    let conn = Connection::open(world.app.db.path()).unwrap();
    let mut lines = conn.prepare("select act from audit order by line").unwrap();
    let acts = lines.query_map((), |row| row.get(0)).unwrap();
    acts.collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_whole_life_of_a_due() {
    let mut table = format!("{:10}", "");
    for event in Event::ALL {
        table += &format!("{:>10}", format!("{event:?}").to_lowercase());
    }
    for state in DueState::ALL {
        table += &format!("\n{:10}", state.name());
        for event in Event::ALL {
            table += &format!("{:>10}", state.after(event).map_or("-", DueState::name));
        }
    }
    expect![[r#"
                        paid    waived cancelled  refunded  reopened
        unpaid          paid    waived cancelled         -         -
        paid               -         -         -  refunded         -
        waived             -         -         -         -    unpaid
        cancelled          -         -         -         -    unpaid
        refunded           -         -         -         -    unpaid"#]]
    .assert_eq(&table);
}

#[test]
fn a_due_said_again_changes_nothing_and_said_otherwise_changes_while_unpaid() {
    let world = World::new();
    set_up(&world);

    assert_eq!(lin_owes(&world, 10_000, None), Ok((1, Owed::New)));
    assert_eq!(lin_owes(&world, 10_000, None), Ok((1, Owed::Same)));
    assert_eq!(lin_owes(&world, 10_000, Some("江海理工学院")), Ok((1, Owed::Changed)));
    assert_eq!(lin_owes(&world, 12_000, Some("江海理工学院")), Ok((1, Owed::Changed)));
    let due = world.app.db.read_now(|tx| fees::due(tx, 1)).unwrap().unwrap();
    assert_eq!((due.amount, due.state), (Fen::of(12_000), DueState::Unpaid));
    assert_eq!(due.school_name.as_deref(), Some("江海理工学院"));

    world.app.db.write_now(Actor::Operator, |tx| fees::settle(tx, 1)).unwrap();
    let otherwise = lin_owes(&world, 10_000, Some("江海理工学院"));
    assert_eq!(otherwise, Err(Refused::NoLongerUnpaid(DueState::Paid)));
    assert_eq!(lin_owes(&world, 12_000, Some("云间学院")), Ok((1, Owed::Changed)));
}

#[test]
fn nothing_is_owed_for_nothing_by_nobody() {
    let world = World::new();
    assert_eq!(lin_owes(&world, 10_000, None), Err(Refused::Unknown), "there is no fee item");
    set_up(&world);
    assert_eq!(lin_owes(&world, 0, None), Err(Refused::NothingToPay));
    let owed =
        world.app.db.write_now(Actor::Operator, |tx| fees::owe(tx, 77, 1, Fen::of(10_000), None));
    assert!(matches!(owed, Err(Error::Refused(Refused::Unknown))));
}

#[test]
fn a_due_is_paid_once() {
    let world = World::new();
    set_up(&world);
    lin_owes(&world, 10_000, None).unwrap();
    let settle = || world.app.db.write_now(Actor::Platform, |tx| fees::settle(tx, 1)).unwrap();

    assert!(settle());
    assert!(!settle());

    assert_eq!(acts(&world).iter().filter(|it| *it == "due.paid").count(), 1);
    let counts = world.app.db.read_now(|tx| fees::counts(tx, 1)).unwrap();
    assert_eq!((counts.unpaid, counts.paid, counts.paid_fen), (0, 1, 10_000));
    assert!(world.app.db.write_now(Actor::Platform, |tx| fees::settle(tx, 2)).is_err());
}

/// Why a due was not kept: its key was all that was wanted.
#[derive(Debug)]
enum Undone {
    Key(String),
}

#[test]
fn a_due_made_anew_has_the_key_of_the_same_person() {
    let world = World::new();
    set_up(&world);
    // The refusal undoes everything, as the restoring of an older copy would.
    let key_of = |numbers: &'static [&'static str]| {
        let undone = world.app.db.write_now(Actor::Operator, move |tx| {
            let mut key = String::new();
            for number in numbers {
                let id = register(tx, number);
                fees::owe(tx, id, 1, Fen::of(10_000), None).unwrap();
                key = fees::dues_of(tx, id)?.remove(0).due_key;
            }
            refuse::<(), _>(Undone::Key(key))
        });
        match undone {
            Err(Error::Refused(Undone::Key(key))) => key,
            Ok(()) | Err(Error::Fault(_)) => panic!("nothing was refused"),
        }
    };

    let alone = key_of(&[LIN]);
    let second = key_of(&["310199200605124011", LIN]);

    assert_eq!(alone.len(), 32);
    assert_eq!(alone, second, "though the account's number is another");
}
