//! A disk that has no room, cannot be written or cannot be flushed for a while: what people are
//! told meanwhile, and that all heals by itself.

use std::time::Duration;

use kaowu::app::database;
use rusqlite::Connection;

use super::caller::{Trouble, between};
use super::house::{House, Process};
use super::payer::{Habit, Payer};
use super::referee;
use super::trouble::{Failing, Small};

/// 林 has an order and has not paid it, 王 too; 赵 is about to begin.
struct Morning {
    lin: (Payer, String, String),
    wang: (Payer, String, String),
    zhao: Payer,
}

impl Morning {
    fn of(house: &House) -> Morning {
        let [lin, wang] = [house.payer(Habit::Asks), house.payer(Habit::Leaves)].map(|mut it| {
            it.is_next(&house.crowd).unwrap();
            let (no, page) = it.submits(it.next_due()).unwrap().unwrap();
            (it, no, format!("/cashier/{}", between(&page, "/cashier/", "\"")))
        });
        let mut zhao = house.payer(Habit::Asks);
        zhao.is_next(&house.crowd).unwrap();
        // All of them have been sitting there for a while.
        let conn = Connection::open(database(&house.dir)).unwrap();
        conn.busy_timeout(Duration::from_secs(10)).unwrap();
        let sat = "update sessions set seen_at = strftime('%FT%TZ', seen_at, '-5 minutes')";
        assert!(conn.execute(sat, ()).unwrap() >= 3);
        Morning { lin, wang, zhao }
    }

    /// The trouble is there. What is said, and what works.
    fn is_troubled(&mut self, house: &House, words: &[&str]) {
        let (lin, lins, cashier) = &mut self.lin;
        // What room there is in the log of the database is soon used up.
        let told = (0..500).find_map(|_| lin.asks(lins).err()).expect("it cannot write for ever");
        is_said(told, words);
        for path in ["/", "/help", "/orders", &format!("/orders/{lins}")] {
            let page = lin.site.get(path).unwrap_or_else(|it| panic!("{path}: {it:?}"));
            assert_eq!(page.status, 200, "{path}: {}", page.page);
        }
        let zhao = &mut self.zhao;
        let told = (0..500).find_map(|_| zhao.submits(zhao.next_due()).err());
        is_said(told.expect("it cannot write for ever"), words);

        lin.gives_money(cashier).unwrap();
        let (wang, _, cashier) = &mut self.wang;
        wang.gives_money(cashier).unwrap();
        let sent = || referee::waiting(house).len() == 2 && referee::told_in_vain(house) == 2;
        referee::until(|| sent().then_some(()), || "both notices are tried".into());
        let told = lin.asks(lins).expect_err("it cannot write");
        is_said(told, words);
        assert!(referee::heard(house).is_empty() && referee::settled(house).is_empty());
    }

    /// The trouble is over, and nobody has started anything again.
    fn heals(mut self, house: &House) {
        let (lin, no, _) = &mut self.lin;
        assert!(lin.asks(no).unwrap(), "it is paid at the platform");
        assert!(self.zhao.goes_on(&house.crowd).unwrap());
        assert_eq!(self.zhao.paid.len(), 1);
        // 王 has shut the browser: the platform tells us again.
        referee::all_money_arrives(house);
        let heard = || referee::heard(house).len() == 3;
        referee::until(|| heard().then_some(()), || "the platform is heard".into());
        assert!(referee::roads(house).contains("notice"), "{}", referee::roads(house));
        let all = [self.lin.0, self.wang.0, self.zhao];
        referee::nothing_is_lost_or_invented(house, &all);
        referee::checks_well(house);
    }
}

fn is_said(trouble: Trouble, words: &[&str]) {
    let Trouble::Told(status, page) = trouble else { panic!("{trouble:?}") };
    assert_eq!(status, 503, "{page}");
    for words in words {
        assert!(page.contains(words), "{words} is not said: {page}");
    }
}

/// What is said when nothing was kept, and when nobody can tell; what became of the money both
/// times.
const NOT_SAVED: [&str; 3] = ["没有保存", "没有因此扣款", "不要再次付款"];
const UNSURE: [&str; 3] = ["结果待确认", "没有因此扣款", "不要再次付款"];

/// How an appliance in trouble comes out of it.
#[derive(PartialEq, Eq)]
enum Then {
    LivesOn,
    /// It is killed in the midst of it, and started again once it is over.
    IsKilled,
}

/// Lets `begin` trouble a running appliance, and ends the trouble again.
fn fails<T>(house: &House, words: &[&str], then: Then, begin: impl FnOnce(&Process) -> T) {
    let _platform = house.platform();
    let mut appliance = house.appliance();
    let mut morning = Morning::of(house);
    let trouble = begin(&appliance);
    morning.is_troubled(house, words);
    if then == Then::IsKilled {
        appliance.dies();
        // It serves what can be read, or says what is wrong.
        let is_there = house.tries_to_start().is_some();
        assert!(is_there || house.log().contains("error: cannot open"), "{}", house.log());
        eprintln!("started again while the trouble lasts, it serves: {is_there}");
        drop(trouble);
        appliance = house.appliance();
    } else {
        drop(trouble);
    }
    if words == NOT_SAVED {
        let orders = referee::orders_for(house, morning.zhao.next_due());
        assert_eq!(orders, 0, "what was said not to be saved is there");
    }
    morning.heals(house);
    assert!(!appliance.has_ended(), "it lives on");
}

fn full(then: Then) {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("small");
    let small = Small::mount(&at, "8m");
    let centre = if small.is_some() { at } else { dir.path().join("centre") };
    let house = House::made(dir, centre, 3);
    // Unmounted before the folder is removed that it lies in.
    let small = small;
    match &small {
        Some(small) => {
            eprintln!("a full disk: a tmpfs of 8 MB");
            fails(&house, &NOT_SAVED, then, |_| small.fills());
        }
        None => {
            eprintln!("a full disk: mounting is not permitted; the calls fail instead");
            let calls = "pwrite64,fallocate,ftruncate";
            fails(&house, &NOT_SAVED, then, |it| Failing::calls(it.id(), calls, "ENOSPC"));
        }
    }
}

#[test]
fn a_full_disk_is_told_and_heals() {
    full(Then::LivesOn);
}

#[test]
fn what_found_no_room_does_not_come_back_by_a_kill() {
    full(Then::IsKilled);
}

#[test]
fn a_disk_that_turns_read_only_is_told_and_heals() {
    let house = House::new(3);
    fails(&house, &UNSURE, Then::LivesOn, |it| {
        Failing::calls(it.id(), "pwrite64,ftruncate", "EROFS")
    });
}

#[test]
fn a_flush_that_fails_leaves_the_result_to_be_confirmed() {
    let house = House::new(3);
    fails(&house, &UNSURE, Then::LivesOn, |it| Failing::calls(it.id(), "fdatasync,fsync", "EIO"));
}

#[test]
fn a_write_that_fails_leaves_the_result_to_be_confirmed() {
    let house = House::new(3);
    fails(&house, &UNSURE, Then::LivesOn, |it| Failing::calls(it.id(), "pwrite64", "EIO"));
}

#[test]
fn a_folder_that_cannot_be_written_is_not_served() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("small");
    let Some(small) = Small::mount(&at, "16m") else {
        eprintln!("mounting is not permitted: nothing to turn read-only");
        return;
    };
    let house = House::made(dir, at, 1);
    let small = small;
    small.is_read_only(true);
    let refused = house.kaowu(&["serve"]);
    small.is_read_only(false);
    house.appliance().dies();

    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("error: ") && said.contains("hint: "), "{said}");
    assert!(said.contains("cannot open") && said.contains("kaowu.sqlite"), "{said}");
}
