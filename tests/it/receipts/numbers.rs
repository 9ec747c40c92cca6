//! Numbers follow each other, whatever happens; a used-up segment fails nobody.

use jiff::SignedDuration;
use kaowu::base::outcome::{Error, Result, refuse};
use kaowu::features::receipts;
use kaowu::features::receipts::rules::{Colour, Refused, Standing};
use kaowu::machinery::db::Actor;

use super::{
    CODE, LIN, WANG, add_segment, done, find, issue, person, purchase, receipt, reverse, serial,
    world_from,
};
use crate::world::World;

#[test]
fn numbers_have_no_gap_however_many_pay_and_however_many_fail() {
    let world = world_from(1001);
    let lin = person(&world, LIN);

    let app = &world.app;
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for round in 0..20 {
                    let (purchase, chance) = (purchase(app, lin, "林晓禾"), app.chance.clone());
                    let done: Result<i64, &str> = app.db.write_now(Actor::Platform, move |tx| {
                        let id = receipts::issue(tx, &purchase, &chance)?;
                        match round % 4 {
                            0 => refuse("thought better of it"),
                            1 => panic!("a bug after the number was drawn"),
                            _ => Ok(id),
                        }
                    });
                    assert_eq!(done.is_ok(), round % 4 > 1);
                }
            });
        }
    });

    let all = world.app.db.read_now(|tx| receipts::of_candidate(tx, lin)).unwrap();
    let serials: Vec<i64> = all.iter().rev().map(serial).collect();
    assert_eq!(serials, (1001..1081).collect::<Vec<_>>());
}

#[test]
fn a_payment_has_one_receipt_and_a_second_one_costs_no_number() {
    let world = world_from(1);
    let lin = person(&world, LIN);
    let paid = purchase(&world.app, lin, "林晓禾");
    issue(&world, &paid);

    let (again, chance) = (paid.clone(), world.app.chance.clone());
    let refused: Result<i64, ()> = world
        .app
        .db
        .write_now(Actor::Platform, move |tx| Ok(receipts::issue(tx, &again, &chance)?));

    assert!(matches!(refused, Err(Error::Fault(_))));
    assert_eq!(serial(&receipt(&world, lin, "林晓禾")), 2);
}

#[test]
fn when_numbers_run_out_payments_go_on_and_receipts_wait_in_order() {
    let world = World::new();
    let (lin, wang) = (person(&world, LIN), person(&world, WANG));
    add_segment(&world, 7, 8).unwrap();

    let ids: Vec<i64> = [lin, wang, wang, lin].map(|who| receipt(&world, who, "某某").id).to_vec();
    let standing = |id: &i64| find(&world, *id).standing();
    assert_eq!(
        ids.iter().map(standing).collect::<Vec<_>>(),
        [Standing::Valid, Standing::Valid, Standing::Waiting, Standing::Waiting]
    );
    let stock = world.app.db.read_now(receipts::stock).unwrap();
    assert_eq!((stock.left, stock.waiting), (0, 2));
    assert_eq!(done(&world, receipts::number_waiting), 0);

    world.passes(SignedDuration::from_hours(24));
    add_segment(&world, 100, 200).unwrap();

    let serials: Vec<i64> = ids.iter().map(|id| serial(&find(&world, *id))).collect();
    assert_eq!(serials, [7, 8, 100, 101]);
    assert_eq!(find(&world, ids[2]).issued_at, world.app.clock.now(), "issued with its number");
    assert_eq!(serial(&receipt(&world, lin, "林晓禾")), 102);
}

#[test]
fn nobody_overtakes_who_waits() {
    let world = World::new();
    let lin = person(&world, LIN);
    let first = receipt(&world, lin, "林晓禾");
    // Another process has loaded a segment, and the night shift has not been round yet.
    let connection = rusqlite::Connection::open(world.app.db.path()).unwrap();
    connection
        .execute(
            "insert into receipt_segments (code, first_no, last_no, next_no, added_at)
             values (?1, 1, 9, 1, '2026-03-13T02:24:00Z')",
            [CODE],
        )
        .unwrap();

    let second = receipt(&world, lin, "林晓禾");
    let red = reverse(&world, &first);

    assert_eq!([serial(&second), serial(&red)], [0, 0]);
    assert_eq!(done(&world, receipts::number_waiting), 3);
    let serials = [first.id, second.id, red.id].map(|id| serial(&find(&world, id)));
    assert_eq!(serials, [1, 2, 3]);
}

#[test]
fn segments_are_used_in_turn_and_never_overlap() {
    let world = World::new();
    add_segment(&world, 10, 11).unwrap();
    add_segment(&world, 1, 5).unwrap();

    let refused = add_segment(&world, 5, 9);
    assert!(
        matches!(&refused, Err(Error::Refused(Refused::Overlaps(it))) if it.first == 1),
        "{refused:?}"
    );
    let other_code: Result<(), Refused> =
        world.app.db.write_now(Actor::Staff(1), |tx| receipts::add_segment(tx, "31010127", 5, 9));
    other_code.unwrap();

    let lin = person(&world, LIN);
    let serials: Vec<i64> = (0..4).map(|_| serial(&receipt(&world, lin, "林晓禾"))).collect();
    assert_eq!(serials, [10, 11, 1, 2]);
}

#[test]
fn a_receipt_is_taken_back_once() {
    let world = world_from(1);
    let lin = person(&world, LIN);
    let blue = receipt(&world, lin, "林晓禾");

    let red = reverse(&world, &blue);
    let again = reverse(&world, &blue);

    assert_eq!((red.colour, red.standing(), serial(&red)), (Colour::Red, Standing::Red, 2));
    assert_eq!(again.id, red.id);
    assert_eq!((red.amount, red.candidate_id), (blue.amount, lin));
    assert_ne!(red.check_code, blue.check_code);
    assert_eq!(find(&world, blue.id).standing(), Standing::Reversed);
    let of_order = world.app.db.read_now(|tx| receipts::of_order(tx, &blue.order_no)).unwrap();
    assert_eq!(of_order.iter().map(|it| it.id).collect::<Vec<_>>(), [blue.id, red.id]);
}
