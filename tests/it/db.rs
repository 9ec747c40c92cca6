//! The database room: acts, audit, group commit.

use kaowu::base::outcome::{Error, Fault, Known, Never, Result, refuse};
use kaowu::machinery::db::{Actor, FormKey, Once, WriteTx};
use rusqlite::Connection;

use crate::world::World;

fn set(tx: &WriteTx<'_>, value: &str) -> std::result::Result<(), Fault> {
    tx.set_fact("probe", value)
}

fn probe(world: &World) -> Option<String> {
    world.app.db.read_now(|tx| tx.fact("probe")).unwrap()
}

#[test]
fn a_change_without_an_audit_line_is_undone() {
    let world = World::new();
    let done: Result<(), Never> = world.app.db.write_now(Actor::Operator, |tx| Ok(set(tx, "x")?));
    assert!(matches!(done, Err(Error::Fault(ref it)) if it.to_string().contains("audit line")));
    assert_eq!(probe(&world), None);
}

#[test]
fn a_refused_act_leaves_nothing_and_harms_nobody() {
    let world = World::new();
    let refused: Result<(), &str> = world.app.db.write_now(Actor::Operator, |tx| {
        set(tx, "x")?;
        tx.note("probe.set", "probe");
        refuse("no")
    });
    assert!(matches!(refused, Err(Error::Refused("no"))));
    assert_eq!(probe(&world), None);
    let done: Result<(), Never> = world.app.db.write_now(Actor::Operator, |tx| {
        set(tx, "y")?;
        tx.note("probe.set", "probe");
        Ok(())
    });
    done.unwrap();
    assert_eq!(probe(&world).as_deref(), Some("y"));
}

#[test]
fn a_panic_in_an_act_costs_that_act_alone() {
    let world = World::new();
    let broken: Result<(), Never> = world.app.db.write_now(Actor::Operator, |tx| {
        set(tx, "x")?;
        panic!("a bug")
    });
    assert!(matches!(broken, Err(Error::Fault(ref it)) if it.known == Known::NotDone));
    assert_eq!(probe(&world), None);
}

#[test]
fn housekeeping_may_not_touch_the_ledger() {
    let world = World::new();
    let fault = world.app.db.keep_now(|tx| set(tx, "x")).unwrap_err();
    assert!(fault.to_string().contains("house"), "{fault}");
    assert_eq!(probe(&world), None);
}

#[test]
fn a_changed_audit_line_breaks_the_chain() {
    let world = World::new();
    for value in ["a", "b", "c"] {
        let done: Result<(), Never> = world.app.db.write_now(Actor::Operator, move |tx| {
            set(tx, value)?;
            tx.note("probe.set", "probe");
            Ok(())
        });
        done.unwrap();
    }
    let conn = Connection::open(world.app.db.path()).unwrap();
    assert_eq!(kaowu::machinery::db::first_broken_line(&conn).unwrap(), None);
    assert!(conn.execute("update audit set act = 'x' where line = 3", ()).is_err());
    conn.execute_batch("drop trigger audit_is_not_rewritten").unwrap();
    conn.execute("update audit set act = 'x' where line = 3", ()).unwrap();
    assert_eq!(kaowu::machinery::db::first_broken_line(&conn).unwrap(), Some(3));
}

#[test]
fn a_form_is_done_once_and_answered_twice() {
    let world = World::new();
    let key = FormKey::draw(&world.app.chance);
    let post = |content: &'static str| {
        let key = key.clone();
        world.app.db.keep_now(move |tx| {
            let once = tx.once(&key, content)?;
            if once == Once::First {
                tx.answered(&key, "/orders/1")?;
            }
            Ok(once)
        })
    };
    assert_eq!(post("due 1").unwrap(), Once::First);
    assert_eq!(post("due 1").unwrap(), Once::Again("/orders/1".into()));
    assert_eq!(post("due 2").unwrap(), Once::Different);
}

#[test]
fn many_writers_share_commits_and_lose_nothing() {
    let world = World::new();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let db = world.app.db.clone();
            scope.spawn(move || {
                for round in 0..25 {
                    let done: Result<(), Never> = db.write_now(Actor::Operator, move |tx| {
                        tx.set_fact(&format!("probe {writer} {round}"), "x")?;
                        tx.note("probe.set", format_args!("{writer} {round}"));
                        Ok(())
                    });
                    done.unwrap();
                }
            });
        }
    });
    let count = |sql: &'static str| world.app.db.read_now(move |tx| tx.count(sql, ())).unwrap();
    assert_eq!(count("select count(*) from house where fact like 'probe %'"), 200);
    assert_eq!(count("select count(*) from audit where act = 'probe.set'"), 200);
    assert_eq!(
        count("select count(distinct hash) from audit"),
        count("select max(line) from audit")
    );
}
