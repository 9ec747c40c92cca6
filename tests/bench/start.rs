//! How long until the doors open on an existing folder, how much memory does it idle in, how
//! large is the one file? Bars: 200 ms, 64 MB, 40 MB.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs the question with the very program that was built beside this bench.
#[expect(clippy::print_stdout, reason = "a bench is read on the terminal")]
pub fn run() {
    let program = env!("CARGO_BIN_EXE_kaowu");
    let dir = tempfile::tempdir().expect("a bench has a folder for itself");
    let folder = dir.path().join("house");
    let made = Command::new(program)
        .args(["init", "--training", "--centre", "310199", "--name", "考试中心", "--data"])
        .arg(&folder)
        .output()
        .expect("the program runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut took: Vec<(Duration, u64)> = (0..5).map(|_| start(program, &folder)).collect();
    took.sort();
    let (ready, idle_kib) = took[took.len() / 2];
    let size = std::fs::metadata(program).map_or(0, |it| it.len());
    println!("\nstart on an existing folder, median of 5");
    println!("{:32} {:>10.1} ms (bar: 200)", "until the doors are open", ready.as_secs_f64() * 1e3);
    println!("{:32} {:>10.1} MB (bar: 64)", "resident when idle", idle_kib as f64 / 1024.0);
    println!("{:32} {:>10.1} MB (bar: 40)", "the program", size as f64 / 1048576.0);
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
    let mut line = String::new();
    let out = child.stdout.take().expect("its output is piped");
    BufReader::new(out).read_line(&mut line).expect("it says when it is ready");
    let ready = begun.elapsed();
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let resident = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    let kib = resident.and_then(|it| it.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    child.kill().expect("it runs until it is ended");
    child.wait().expect("it ends");
    (ready, kib)
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("a listener has an address").port()
}
