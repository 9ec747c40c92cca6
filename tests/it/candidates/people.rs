//! Who is registered, what is known of them, and how they are found.

use kaowu::base::values::DocumentKind::{
    ChinesePassport, ForeignPassport, HkMacaoPermit, ResidentId, TaiwanPermit,
};
use kaowu::features::candidates::rules::{Entry, Registered};
use kaowu::features::candidates::{self, find_by_login};

use super::{acts, date, document, does, entry, lin, person, reads, registers};
use crate::world::World;

fn again(world: &World, entry: &Entry) -> (i64, Registered) {
    let entry = entry.clone();
    does(world, move |tx| Ok(candidates::register(tx, &entry)?))
}

#[test]
fn a_roster_loaded_twice_changes_nothing() {
    let world = World::new();
    let id = registers(&world, &lin());
    let lines = acts(&world).len();

    assert_eq!(again(&world, &lin()), (id, Registered::Same));

    assert_eq!(acts(&world).len(), lines);
}

#[test]
fn what_changed_is_kept_and_the_log_does_not_repeat_it() {
    let world = World::new();
    let id = registers(&world, &lin());

    let renamed = Entry { name: "林晓荷".parse().unwrap(), phone: None, ..lin() };
    assert_eq!(again(&world, &renamed), (id, Registered::Changed));

    let person = reads(&world, |tx| candidates::find(tx, id)).unwrap().unwrap();
    assert_eq!(person.name.shown(), "林晓荷");
    assert_eq!(person.phone.unwrap().text(), "19900000317", "an empty column takes nothing away");
    let kept = reads(&world, |tx| {
        let sql = "select field, before, after from candidate_changes";
        tx.all(sql, (), |row| Ok(format!("{}: {} → {}", get(row, 0), get(row, 1), get(row, 2))))
    });
    assert_eq!(kept.unwrap(), ["name: 林晓禾 → 林晓荷"]);
    let last = acts(&world).pop().unwrap();
    let about = format!("candidate {id}");
    assert_eq!(last, ("candidate.changed".into(), about, r#"{"fields":["name"]}"#.into()));
}

fn get(row: &rusqlite::Row<'_>, at: usize) -> String {
    row.get(at).unwrap()
}

#[test]
fn fifteen_and_eighteen_digits_are_one_person() {
    let world = World::new();
    let old = person("王建国", document(ResidentId, "310101680305121"));
    let new = person("王建国", document(ResidentId, "310101196803051218"));
    let id = registers(&world, &old);

    assert_eq!(again(&world, &new), (id, Registered::Changed));
    assert_eq!(again(&world, &old), (id, Registered::Same), "the longer number stays");

    let person = reads(&world, |tx| candidates::find(tx, id)).unwrap().unwrap();
    assert_eq!(person.document.number(), "310101196803051218");
    for typed in ["310101680305121", "310101196803051218"] {
        let found = reads(&world, |tx| find_by_login(tx, &typed.parse().unwrap())).unwrap();
        assert_eq!(found.len(), 1, "{typed}");
    }
}

#[test]
fn documents_that_end_alike_are_accounts_of_their_own() {
    let world = World::new();
    let people = [
        person("何家豪", document(HkMacaoPermit, "H12345678")),
        person("陈怡君", document(TaiwanPermit, "12345678")),
        person("张怡", document(ChinesePassport, "E12345678")),
    ];
    let ids: std::collections::BTreeSet<i64> =
        people.iter().map(|it| registers(&world, it)).collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn a_number_of_two_documents_finds_two_people() {
    let world = World::new();
    registers(&world, &person("张怡", document(ChinesePassport, "E12345678")));
    registers(&world, &person("Anna Berg", document(ForeignPassport, "E12345678")));

    let found = reads(&world, |tx| find_by_login(tx, &"e12345678".parse().unwrap())).unwrap();

    let names: Vec<&str> = found.iter().map(|it| it.name.shown()).collect();
    assert_eq!(names, ["张怡", "Anna Berg"]);
}

#[test]
fn people_are_found_by_name_number_and_phone() {
    let world = World::new();
    let zhao = entry("赵敏", date(1999, 1, 1), 21);
    for it in [&lin(), &entry("林晓荷", date(2006, 5, 4), 31), &zhao] {
        registers(&world, it);
    }
    registers(&world, &entry("阿卜杜热合曼•买买提", date(2001, 8, 9), 41));
    let number = lin().document.number().to_owned();
    let wide: String =
        number.chars().map(|it| char::from_u32(it as u32 + 0xFEE0).unwrap()).collect();

    let found = |text: &str| {
        let people = reads(&world, |tx| candidates::search(tx, text, 20)).unwrap();
        people.iter().map(|it| it.name.shown().to_owned()).collect::<Vec<_>>().join(" ")
    };

    assert_eq!(found("林"), "林晓禾 林晓荷");
    assert_eq!(found("林晓禾"), "林晓禾");
    assert_eq!(found("晓禾"), "", "a name is searched by its beginning");
    assert_eq!(found("阿卜杜热合曼·"), "阿卜杜热合曼·买买提");
    assert_eq!(found("阿卜杜热合曼•"), "阿卜杜热合曼·买买提");
    assert_eq!(found(&number), "林晓禾");
    assert_eq!(found(&wide), "林晓禾");
    assert_eq!(found("199 0000 0317"), "林晓禾");
    assert_eq!(found(&zhao.document.number()[..10]), "赵敏");
    assert_eq!(found("%"), "");
    assert_eq!(found(""), "");
    assert_eq!(reads(&world, |tx| candidates::search(tx, "林", 1)).unwrap().len(), 1);
}

#[test]
fn registering_hashes_nothing_and_notes_each_person() {
    let world = World::new();
    for sequence in 1..=50 {
        registers(&world, &entry("某某", date(2005, 1, 1), sequence));
    }
    let noted = acts(&world).iter().filter(|it| it.0 == "candidate.registered").count();
    assert_eq!(noted, 50);
    assert!(!format!("{:?}", acts(&world)).contains("310199"), "no number goes to the log");
}
