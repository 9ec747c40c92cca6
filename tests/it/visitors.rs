//! Who may stand at a door, each with the cookie that says so: for tests that need not log in.

use kaowu::base::outcome::{Never, Result};
use kaowu::base::values::{DocumentKind, IdDocument};
use kaowu::features::candidates::{self, rules::Entry};
use kaowu::features::identity::{self, Kind};
use kaowu::features::staff::rules::{Duties, DutyKind};
use kaowu::features::staff::{self, Wish};
use kaowu::machinery::db::{Actor, WriteTx};
use rocket::http::Cookie;

use crate::world::World;

/// An account of staff, made without hashing anything.
pub fn member(world: &World, login: &str, name: &str, duties: &[DutyKind]) -> i64 {
    let duties: Duties = duties.iter().copied().collect();
    let school = duties.has(DutyKind::Review).then(|| "10264".to_owned());
    let (login, name) = (login.parse().unwrap(), name.parse().unwrap());
    let wish = Wish { login, name, school, duties };
    world.app.db.write_now(Actor::Operator, move |tx| staff::add(tx, &wish, "(none)")).unwrap()
}

/// A candidate of a roster, with a resident card.
pub fn candidate(world: &World, name: &str, number: &str) -> i64 {
    let entry = Entry {
        document: IdDocument::read(DocumentKind::ResidentId, number).unwrap(),
        name: name.parse().unwrap(),
        phone: None,
        email: None,
        initial_password: None,
    };
    let made: Result<_, Never> =
        world.app.db.write_now(Actor::Operator, move |tx| Ok(candidates::register(tx, &entry)?));
    made.unwrap().0
}

/// The cookie of a session that is opened here and now.
pub fn session(world: &World, kind: Kind, account: i64) -> Cookie<'static> {
    let set: Result<(), Never> = world.app.db.write_now(Actor::Operator, move |tx| {
        Ok(identity::set_password(tx, kind, account, "(none)")?)
    });
    set.unwrap();
    if kind == Kind::Candidate {
        let read = move |tx: &WriteTx<'_>| candidates::read_privacy(tx, account);
        world.app.db.write_now(Actor::Operator, read).unwrap();
    }
    first_session(world, kind, account)
}

/// The same with the password that the account has: a one-time or an initial one must be changed.
pub fn first_session(world: &World, kind: Kind, account: i64) -> Cookie<'static> {
    let token = world.app.chance.token();
    let cookie = Cookie::new(world.app.folder.cookie(kind.name()), token.clone());
    let opened: Result<(), Never> = world.app.db.write_now(Actor::Operator, move |tx| {
        Ok(identity::log_in(tx, kind, account, true, &token)?)
    });
    opened.unwrap();
    cookie
}

/// An officer who is logged in.
pub fn officer(world: &World, login: &str, name: &str, duties: &[DutyKind]) -> Cookie<'static> {
    let account = member(world, login, name, duties);
    session(world, Kind::Staff, account)
}
