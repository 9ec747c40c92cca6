//! Who owes what on a folder that was just made.

use std::collections::VecDeque;

use jiff::SignedDuration;
use jiff::civil::date;
use kaowu::app::App;
use kaowu::base::chance::Chance;
use kaowu::base::outcome::{Never, Result};
use kaowu::base::values::{Fen, IdDocument};
use kaowu::features::candidates::rules::Entry;
use kaowu::features::fees::rules::{ItemTexts, NewItem, NewProject, ProjectTexts, business};
use kaowu::features::identity::password::Hasher;
use kaowu::features::identity::{self, Kind};
use kaowu::features::windows::rules::Interval;
use kaowu::features::{candidates, fees, receipts, windows};
use kaowu::machinery::db::{Actor, WriteTx};

pub const PASSWORD: &str = "Guihua2026";

/// What each person owes: enough that few hashes are needed, less than anybody may place an hour.
const DUES_EACH: i64 = 6;

/// Somebody who owes [`DUES_EACH`] fees.
pub struct Person {
    pub login: String,
    pub dues: Vec<i64>,
}

/// Projects that are open, and people who owe for each of them.
pub fn furnish(app: &App, people: usize) -> VecDeque<Person> {
    let hasher = Hasher::new(&app.chance);
    let phc = hasher.hash_now(&PASSWORD.to_owned().into(), &app.chance).unwrap();
    let chance = app.chance.clone();
    let made: Result<_, Never> = app.db.write_now(Actor::Operator, move |tx| {
        receipts::add_segment(tx, "31010126", 1, 100_000).unwrap();
        let items: Vec<i64> = (1..=DUES_EACH).map(|it| project(tx, it, &chance)).collect();
        Ok((0..people).map(|it| person(tx, it, &phc, &items)).collect())
    });
    made.unwrap()
}

fn project(tx: &WriteTx<'_>, number: i64, chance: &Chance) -> i64 {
    let title = format!("2026年第{number}次考试网上缴费系统");
    let texts = ProjectTexts { title, consequence: String::new(), shown: true };
    let project = NewProject { code: format!("p{number}"), texts };
    let name = "报名考试费".to_owned();
    let texts = ItemTexts { name, unit: "人次".into(), standard: Fen::of(10_000) };
    let item = NewItem { code: "103040199".into(), texts };
    let id = fees::set_up(tx, &project, &item, chance).unwrap();
    let day = SignedDuration::from_hours(24);
    let hours = Interval { opens_at: tx.now() - day, closes_at: tx.now() + day };
    windows::set(tx, &business(id), &[hours]).unwrap();
    fees::items(tx, id).unwrap()[0].id
}

fn person(tx: &WriteTx<'_>, place: usize, phc: &str, items: &[i64]) -> Person {
    let born = date(2007, 1 + i8::try_from(place / 900).unwrap(), 12);
    let document = IdDocument::invented(born, u16::try_from(place % 900).unwrap() + 1);
    let login = document.number().to_owned();
    let name = "林晓禾".parse().unwrap();
    let entry = Entry { document, name, phone: None, email: None, initial_password: None };
    let (id, _) = candidates::register(tx, &entry).unwrap();
    identity::set_password(tx, Kind::Candidate, id, phc).unwrap();
    candidates::read_privacy(tx, id).unwrap();
    let owes = |item: &i64| fees::owe(tx, id, *item, Fen::of(10_000), None).unwrap().0;
    Person { login, dues: items.iter().map(owes).collect() }
}
