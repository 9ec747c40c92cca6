//! How long until the doors open on an existing folder of ten thousand people, how much memory does
//! it idle in, how large is the one file? Bars: 200 ms, 64 MB, 40 MB.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Span;
use jiff::civil::date;
use kaowu::base::values::IdDocument;

/// Runs the question with the very program that was built beside this bench.
#[expect(clippy::print_stdout, reason = "a bench is read on the terminal")]
pub fn run() {
    let program = env!("CARGO_BIN_EXE_kaowu");
    let dir = tempfile::tempdir().expect("a bench has a folder for itself");
    let folder = dir.path().join("house");
    lived_in(program, dir.path(), &folder);
    let mut took: Vec<(Duration, u64)> = (0..5).map(|_| start(program, &folder)).collect();
    took.sort();
    let (ready, idle_kib) = took[took.len() / 2];
    let size = std::fs::metadata(program).map_or(0, |it| it.len());
    println!("\nstart on an existing folder, median of 5");
    println!("{:32} {:>10.1} ms (bar: 200)", "until the doors are open", ready.as_secs_f64() * 1e3);
    println!("{:32} {:>10.1} MB (bar: 64)", "resident when idle", idle_kib as f64 / 1024.0);
    println!("{:32} {:>10.1} MB (bar: 40)", "the program", size as f64 / 1048576.0);
}

/// A demonstration, and a roster of ten thousand beside its people.
fn lived_in(program: &str, dir: &Path, folder: &Path) {
    let mut demo = Command::new(program)
        .args(["demo", "--json", "--port", "0", "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    first_line(&mut demo);
    end(demo);
    let file = dir.join("roster.csv");
    std::fs::write(&file, roster()).expect("there is room");
    let loaded = Command::new(program)
        .args(["import", "roster", "--project", "zz2026", "--data"])
        .args([folder, &file])
        .output()
        .expect("the program runs");
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
}

fn roster() -> String {
    let born = |number: i64| date(2007, 1, 1).saturating_add(Span::new().days(number / 900));
    let row = |number: i64| {
        let document = IdDocument::invented(born(number), 50 + (number % 900) as u16);
        format!("考生,'{},199{number:08},100.00\n", document.number())
    };
    (0..10_000)
        .map(row)
        .fold("姓名,证件号,手机号,金额\n".to_owned(), |all, row| all + &row)
}

fn first_line(child: &mut Child) {
    let mut line = String::new();
    let out = child.stdout.take().expect("its output is piped");
    BufReader::new(out).read_line(&mut line).expect("it says when it is ready");
}

fn end(mut child: Child) {
    child.kill().expect("it runs until it is ended");
    child.wait().expect("it ends");
}

fn start(program: &str, folder: &Path) -> (Duration, u64) {
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(["serve", "--data"])
        .arg(folder)
        .env("KAOWU_PORT", free_port().to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    first_line(&mut child);
    let ready = begun.elapsed();
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let resident = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    let kib = resident.and_then(|it| it.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    end(child);
    (ready, kib)
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("a listener has an address").port()
}
