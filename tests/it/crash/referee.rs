//! The two books side by side, as somebody outside reads them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use kaowu::app::database;
use rusqlite::{Connection, OpenFlags, ToSql};

use super::house::House;
use super::payer::Payer;

/// How long money may be on its way that nobody asks about.
const PATIENCE: Duration = Duration::from_secs(60);

/// Trades: the order they came by, and how much.
type Book = BTreeMap<String, (String, i64)>;

fn connect(file: &Path) -> Connection {
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    conn.busy_timeout(Duration::from_secs(10)).unwrap();
    conn
}

fn theirs(house: &House) -> Connection {
    connect(&house.platform_dir.join("platform.sqlite"))
}

fn book(conn: &Connection) -> Book {
    let mut trades = conn.prepare("select trade_no, order_no, amount from payments").unwrap();
    let trades = trades.query_map((), |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))));
    trades.unwrap().map(|it| it.unwrap()).collect()
}

fn texts(conn: &Connection, sql: &str) -> Vec<String> {
    let mut rows = conn.prepare(sql).unwrap();
    rows.query_map((), |row| row.get(0)).unwrap().map(|it| it.unwrap()).collect()
}

/// The money that the platform took.
pub fn captured(house: &House) -> Book {
    book(&theirs(house))
}

/// The money that we know of.
pub fn settled(house: &House) -> Book {
    book(&connect(&database(&house.dir)))
}

/// The trades whose notices we said we have.
pub fn heard(house: &House) -> Vec<String> {
    texts(&theirs(house), "select trade_no from notices where heard_at is not null")
}

/// The trades that the platform will tell of again.
pub fn waiting(house: &House) -> Vec<String> {
    texts(&theirs(house), "select trade_no from notices where due_at is not null")
}

/// What must be so at once after each start: nothing that was answered is lost, and nothing here
/// is of our own making. The platform's book goes first: ours only grows meanwhile.
pub fn nothing_is_lost_or_invented(house: &House, payers: &[Payer]) {
    let heard = heard(house);
    let settled = settled(house);
    for trade in &heard {
        assert!(settled.contains_key(trade), "the notice of {trade} was answered, and is lost");
    }
    let captured = captured(house);
    for (trade, payment) in &settled {
        assert_eq!(captured.get(trade), Some(payment), "{trade} is not the platform's");
    }
    let ours = connect(&database(&house.dir));
    for no in payers.iter().flat_map(|it| &it.placed) {
        let sql = "select count(*) from orders where order_no = ?1";
        assert_eq!(count(&ours, sql, &[no]), 1, "order {no} was shown, and is lost");
    }
    for due in payers.iter().flat_map(|it| &it.owed_no_more) {
        let sql = "select count(*) from dues where id = ?1 and state = 'paid'";
        assert_eq!(
            count(&ours, sql, &[due]),
            1,
            "due {due} was asked for no more, and is not paid"
        );
    }
    for (no, trade) in payers.iter().flat_map(|it| &it.paid) {
        let sql = "select count(*)
                     from orders o
                     join payments p on p.order_no = o.order_no
                     join receipts r on r.trade_no = p.trade_no
                     join dues d on d.id = o.due_id
                    where o.order_no = ?1 and p.trade_no = ?2 and o.state = 'paid'
                      and p.fate = 'counted' and r.number is not null and d.state = 'paid'";
        assert_eq!(count(&ours, sql, &[no, trade]), 1, "{no} was called paid, and is not");
    }
}

fn count(conn: &Connection, sql: &str, values: &[&dyn ToSql]) -> i64 {
    conn.prepare_cached(sql).unwrap().query_row(values, |row| row.get(0)).unwrap()
}

/// Waits until the platform's money is all here, and nothing else.
pub fn all_money_arrives(house: &House) {
    let what = || (captured(house), settled(house));
    until(
        || Some(what()).filter(|(there, here)| there == here).map(|_| ()),
        || format!("there and here: {:#?}\n{}", what(), house.log()),
    );
}

/// Looks again and again, until there is something.
pub fn until<T>(mut look: impl FnMut() -> Option<T>, why: impl Fn() -> String) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {}", why());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// `kaowu check --platform` finds nothing wrong. That a disk is small is no fault of a small disk.
pub fn checks_well(house: &House) {
    let checked = house.kaowu(&["check", "--platform"]);
    let said = String::from_utf8(checked.stdout).unwrap();
    let errors = String::from_utf8(checked.stderr).unwrap();
    let wrong: Vec<&str> = said.lines().filter(|it| it.starts_with("wrong")).collect();
    let is_small = wrong.len() == 1 && wrong[0].contains(" disk: ");
    assert!(checked.status.success() || is_small, "{said}\n{errors}\n{}", house.log());
    assert!(said.contains("agree, trade by trade"), "{said}");
}

/// By which roads our money was learnt of, and how often.
pub fn roads(house: &House) -> String {
    let sql = "select learnt_by || ' ' || count(*) from payments group by learnt_by";
    texts(&connect(&database(&house.dir)), sql).join(", ")
}

/// How many notices were sent at least once, and not heard.
pub fn told_in_vain(house: &House) -> usize {
    texts(&theirs(house), "select trade_no from notices where tries > 0 and heard_at is null").len()
}

/// How many orders there are for a due.
pub fn orders_for(house: &House, due: i64) -> i64 {
    let ours = connect(&database(&house.dir));
    count(&ours, "select count(*) from orders where due_id = ?1", &[&due])
}
