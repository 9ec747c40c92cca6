//! Does durability cost throughput? Audited durable writes of one client and of 64, beside plain
//! batched SQLite that writes the same rows with the same settings.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Instant;

use kaowu::base::clock::Clock;
use kaowu::base::outcome::{Never, Result};
use kaowu::machinery::db::{Actor, Db};
use rusqlite::{Connection, params};

/// How many writes a turn of each side makes.
const WRITES: i64 = 8_000;

/// How many clients the crowded side has.
const CLIENTS: i64 = 64;

/// Runs the question and prints writes per second and the two ratios that matter.
#[expect(clippy::print_stdout, reason = "a bench is read on the terminal")]
pub fn run() {
    let dir = tempfile::tempdir().expect("a bench has a folder for itself");
    let db = Db::open(&dir.path().join("house.sqlite"), Clock::real()).expect("a new file opens");
    let plain = Plain::open(&dir.path().join("plain.sqlite"));
    let next = Arc::new(AtomicI64::new(0));
    let (mut one, mut many, mut batched) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        one.push(clients(&db, &next, 1, WRITES / 8));
        many.push(clients(&db, &next, CLIENTS, WRITES));
        batched.push(plain.batches(&next, WRITES));
    }
    let [one, many, batched] = [one, many, batched].map(median);
    println!("\naudited durable writes a second (synchronous = full), median of 5 turns");
    println!("{:32} {one:>10.0}", "one client");
    println!("{:32} {many:>10.0}  {:.1} × one client (bar: 5)", "64 clients", many / one);
    println!(
        "{:32} {batched:>10.0}  64 clients reach {:.2} of it (bar: 0.5)",
        "plain SQLite, 128 a batch",
        many / batched
    );
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Writes from so many clients at once; the rate over all of them.
fn clients(db: &Db, next: &Arc<AtomicI64>, clients: i64, writes: i64) -> f64 {
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..clients {
            let (db, next) = (db.clone(), next.clone());
            scope.spawn(move || {
                for _ in 0..writes / clients {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let done: Result<(), Never> = db.write_now(Actor::Operator, move |tx| {
                        tx.set_fact(&format!("bench {number}"), "a value of some length")?;
                        tx.note("bench.set", number);
                        Ok(())
                    });
                    done.expect("a bench's disk has room");
                }
            });
        }
    });
    writes as f64 / begun.elapsed().as_secs_f64()
}

/// SQLite as one would use it for bulk: prepared statements, 128 writes a transaction, the same
/// rows in the same tables, the flush at each commit.
struct Plain(Connection);

impl Plain {
    fn open(path: &std::path::Path) -> Plain {
        let conn = Connection::open(path).expect("a new file opens");
        conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).expect("wal");
        conn.pragma_update(None, "synchronous", "full").expect("a pragma of SQLite");
        conn.execute_batch(kaowu::machinery::db::SCHEMA).expect("the schema fits an empty file");
        conn.set_prepared_statement_cache_capacity(64);
        Plain(conn)
    }

    fn batches(&self, next: &Arc<AtomicI64>, writes: i64) -> f64 {
        let begun = Instant::now();
        for _ in 0..writes / 128 {
            self.0.execute_batch("begin immediate").expect("nobody else writes");
            for _ in 0..128 {
                self.write(next.fetch_add(1, Ordering::Relaxed));
            }
            self.0.execute_batch("commit").expect("a bench's disk has room");
        }
        writes as f64 / begun.elapsed().as_secs_f64()
    }

    fn write(&self, number: i64) {
        let mut fact = self
            .0
            .prepare_cached("insert into house (fact, value) values (?1, 'a value of some length')")
            .expect("the statement fits the schema");
        fact.execute([format!("bench {number}")]).expect("the number is new");
        let mut line = self
            .0
            .prepare_cached(
                "insert into audit (at, house_at, by_kind, act, about, rows, hash)
                 values ('2026-03-13T02:24:00Z', '2026-03-13T02:24:00Z', 'operator', 'bench.set',
                         ?1, ?2, ?3)",
            )
            .expect("the statement fits the schema");
        let digest = format!("{number:064}");
        let rows = format!("[[\"house\",{number},\"{digest}\"]]");
        line.execute(params![number.to_string(), rows, digest]).expect("the hash is new");
    }
}
