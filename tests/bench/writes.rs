//! Does durability cost throughput? Audited durable writes of one client and of 64, beside plain
//! batched SQLite that writes the same rows with the same settings.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use kaowu::base::clock::Clock;
use kaowu::base::outcome::{Never, Result};
use kaowu::base::values::Digest;
use kaowu::machinery::db::{Actor, Db, WriteTx};
use rusqlite::{Connection, params};

/// How many writes a turn of each side makes.
const WRITES: i64 = 8_000;

/// How many clients the crowded side has. Each waits until its write is on the disk, so this is
/// also the most that can share a commit, and the plain side's batch.
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
        "plain SQLite, 64 a batch",
        many / batched
    );
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Writes from so many clients at once, each a task of one runtime as a request is; the rate over
/// all of them.
fn clients(db: &Db, next: &Arc<AtomicI64>, clients: i64, writes: i64) -> f64 {
    let runtime = rocket::tokio::runtime::Runtime::new().expect("a runtime starts");
    let begun = Instant::now();
    runtime.block_on(async {
        let client = || rocket::tokio::spawn(client(db.clone(), next.clone(), writes / clients));
        for task in (0..clients).map(|_| client()).collect::<Vec<_>>() {
            task.await.expect("no client panics");
        }
    });
    writes as f64 / begun.elapsed().as_secs_f64()
}

async fn client(db: Db, next: Arc<AtomicI64>, writes: i64) {
    for _ in 0..writes {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let work = move |tx: &WriteTx<'_>| {
            tx.set_fact(&format!("bench {number}"), "a value of some length")?;
            tx.note("bench.set", number);
            Ok(())
        };
        let done: Result<(), Never> = db.write(Actor::Operator, work).await;
        done.expect("a bench's disk has room");
    }
}

/// SQLite as one would use it for bulk: prepared statements, as many writes a transaction, the same
/// rows in the same tables, the flush at each commit.
struct Plain(Connection, Vec<String>);

impl Plain {
    fn open(path: &std::path::Path) -> Plain {
        let conn = Connection::open(path).expect("a new file opens");
        conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).expect("wal");
        conn.pragma_update(None, "synchronous", "full").expect("a pragma of SQLite");
        conn.pragma_update(None, "temp_store", "memory").expect("a pragma of SQLite");
        conn.pragma_update(None, "cache_size", -16 * 1024).expect("a pragma of SQLite");
        conn.execute_batch(kaowu::machinery::db::SCHEMA).expect("the schema fits an empty file");
        conn.set_prepared_statement_cache_capacity(64);
        let digest = |number: i64| Digest::of(&number.to_be_bytes()).to_string();
        Plain(conn, (0..WRITES).map(digest).collect())
    }

    fn batches(&self, next: &Arc<AtomicI64>, writes: i64) -> f64 {
        let begun = Instant::now();
        for _ in 0..writes / CLIENTS {
            self.0.execute_batch("begin immediate").expect("nobody else writes");
            for _ in 0..CLIENTS {
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
        // Drawn before: what plain SQLite does not do is hash.
        let digest = &self.1[number as usize % self.1.len()];
        let rows = format!("[[\"house\",{number},\"{digest}\"]]");
        line.execute(params![number.to_string(), rows, digest]).expect("the line fits the table");
    }
}
