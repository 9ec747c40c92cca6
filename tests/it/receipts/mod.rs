//! Receipts: their numbers, their paper, who sees them, and how strangers check them.

mod characters;
mod console;
mod numbers;
mod paper;
mod site;
mod verification;

use std::io::Write;
use std::process::Command;

use kaowu::app::App;
use kaowu::base::chance::Chance;
use kaowu::base::clock::office_date;
use kaowu::base::outcome::{Never, Result};
use kaowu::base::values::{DocumentKind, Fen, IdDocument, OrderNo};
use kaowu::features::candidates;
use kaowu::features::candidates::rules::Entry;
use kaowu::features::identity::Kind;
use kaowu::features::receipts::rules::Refused;
use kaowu::features::receipts::{self, Line, Purchase, Receipt};
use kaowu::machinery::db::{Actor, WriteTx};

use crate::visitors;
use crate::world::World;

const CODE: &str = "31010126";
const LIN: (&str, &str) = ("310199200803130024", "林晓禾");
const WANG: (&str, &str) = ("310199198806151179", "王建国");

/// Somebody with an account, their own password, and the privacy notice read.
fn person(world: &World, (number, name): (&str, &str)) -> i64 {
    let entry = Entry {
        document: IdDocument::read(DocumentKind::Other, number).unwrap(),
        name: name.parse().unwrap(),
        phone: None,
        email: None,
        initial_password: None,
    };
    let done: Result<i64, candidates::rules::Refused> =
        world.app.db.write_now(Actor::Operator, move |tx| {
            let (id, _) = candidates::register(tx, &entry)?;
            candidates::read_privacy(tx, id)?;
            Ok(id)
        });
    done.unwrap()
}

/// Lets somebody be the one who looks at the pages of this world.
fn enters(world: &World, account: i64) {
    world.carries(visitors::session(world, Kind::Candidate, account));
}

/// A payment of 100 yuan that nobody has a receipt of yet.
fn purchase(app: &App, candidate: i64, name: &str) -> Purchase {
    let chance = &app.chance;
    let now = app.clock.now();
    let fee = Fen::of(10_000);
    let line = Line {
        code: "103042701".into(),
        name: "专科层次依法自主招生报名考试费".into(),
        unit: "人次".into(),
        quantity: 1,
        standard: fee,
        amount: fee,
    };
    Purchase {
        trade_no: format!("8810{}", chance.digits(16)),
        order_no: OrderNo::draw(office_date(now), "310199", 1, 1, chance),
        candidate_id: candidate,
        payer: name.parse().unwrap(),
        lines: vec![line],
        amount: fee,
        channel: "微信支付（银行卡）".into(),
        paid_at: now,
    }
}

fn issue(world: &World, purchase: &Purchase) -> i64 {
    let (purchase, chance) = (purchase.clone(), world.app.chance.clone());
    done(world, move |tx| receipts::issue(tx, &purchase, &chance))
}

/// A receipt of somebody's payment.
fn receipt(world: &World, candidate: i64, name: &str) -> Receipt {
    find(world, issue(world, &purchase(&world.app, candidate, name)))
}

fn reverse(world: &World, blue: &Receipt) -> Receipt {
    let (order, trade) = (blue.order_no.clone(), blue.trade_no.clone());
    let chance: Chance = world.app.chance.clone();
    let id = done(world, move |tx| receipts::reverse(tx, &order, &trade, &chance));
    find(world, id)
}

fn find(world: &World, id: i64) -> Receipt {
    world.app.db.read_now(|tx| receipts::find(tx, id)).unwrap().unwrap()
}

fn add_segment(world: &World, first: i64, last: i64) -> Result<(), Refused> {
    world.app.db.write_now(Actor::Staff(1), move |tx| receipts::add_segment(tx, CODE, first, last))
}

/// A world whose numbers begin with this one.
fn world_from(first: i64) -> World {
    let world = World::new();
    add_segment(&world, first, first + 999).unwrap();
    world
}

/// Does an act that refuses nothing.
fn done<T: Send + 'static>(
    world: &World,
    act: impl FnOnce(&WriteTx<'_>) -> std::result::Result<T, kaowu::base::outcome::Fault>
    + Send
    + 'static,
) -> T {
    let done: Result<T, Never> = world.app.db.write_now(Actor::Job("test"), move |tx| Ok(act(tx)?));
    done.unwrap()
}

fn serial(receipt: &Receipt) -> i64 {
    receipt.number.as_ref().map_or(0, |it| it.serial)
}

/// What a program of others says of a document. `-` in its arguments is where it writes.
fn said(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let path = file.path().to_str().unwrap();
    let arguments = arguments.iter().map(|it| if *it == "FILE" { path } else { it });
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn text_of(pdf: &[u8]) -> String {
    said("pdftotext", &["-layout", "FILE", "-"], pdf)
}
