//! Clients that take their time.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use kaowu::entry::door::Limits;

use super::{House, PATIENCE, SOON, assert_told, parcel, patient};

#[test]
fn half_a_head_is_cut_off_with_a_sentence() {
    let house = House::new(Limits { header: SOON, ..patient() });
    let mut lin = house.call();

    lin.say("GET / HTTP/1.1\r\nHost: kaoshi");

    assert_told(&lin.hear_all(), "408", "请求没有在规定时间内送达，本次操作没有保存。");
}

#[test]
fn a_byte_now_and_then_wins_no_time() {
    let house = House::new(Limits { header: SOON, ..patient() });
    let mut lin = house.call();
    let mut dribble = lin.0.try_clone().unwrap();
    let begun = Instant::now();

    let dribbling = thread::spawn(move || {
        while begun.elapsed() < PATIENCE && dribble.write_all(b"G").is_ok() {
            thread::sleep(SOON / 20);
        }
    });

    let mut heard = [0; 12];
    lin.0.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"HTTP/1.1 408");
    drop(lin.0.shutdown(std::net::Shutdown::Both));
    dribbling.join().unwrap();
}

#[test]
fn a_slow_body_is_cut_off_with_a_sentence() {
    let house = House::new(Limits { pace_over: SOON, ..patient() });
    let mut lin = house.call();

    lin.say("POST /parcels HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n0123456789");

    assert_told(&lin.hear_all(), "408", "提交的内容没有完整送达，本次操作没有保存。");
}

#[test]
fn a_body_that_keeps_its_pace_may_take_long() {
    let house = House::new(Limits { pace_over: SOON, ..patient() });
    let mut lin = house.call();
    lin.say("POST /parcels HTTP/1.1\r\nHost: a\r\nContent-Length: 6000\r\n\r\n");

    let begun = Instant::now();
    for _ in 0..20 {
        thread::sleep(SOON / 6);
        lin.say(&"x".repeat(300));
    }

    assert!(begun.elapsed() > SOON * 3);
    assert!(lin.hear().0.starts_with("HTTP/1.1 200"));
}

#[test]
fn who_asks_nothing_more_is_left_without_a_word() {
    let house = House::new(Limits { idle: SOON, ..patient() });
    let mut lin = house.call();
    lin.ask("/");
    assert_eq!(lin.hear().1, "你好");

    assert_eq!(lin.hear_all(), "");
}

#[test]
fn who_never_asks_is_left_without_a_word() {
    let house = House::new(Limits { header: SOON, ..patient() });

    assert_eq!(house.call().hear_all(), "");
}

#[test]
fn who_does_not_read_is_cut_off() {
    const LENGTH: usize = 32 * 1024 * 1024;
    let limits = Limits { pace_over: SOON, per_address_max: 1, ..patient() };
    let house = House::new(limits);
    let mut lin = house.call();

    lin.ask(&format!("/parcels/{LENGTH}"));

    // There is room for one; so the next is served once this one is gone.
    until(|| served(house.address));
    let mut read = Vec::new();
    drop(lin.0.read_to_end(&mut read));
    assert!(read.len() < LENGTH, "all of it came: {}", read.len());
}

#[test]
fn who_reads_slowly_but_steadily_gets_all() {
    const LENGTH: usize = 12 * 1024 * 1024;
    let house = House::new(Limits { pace_over: SOON, ..patient() });
    let mut lin = house.call();
    lin.ask(&format!("/parcels/{LENGTH}"));
    drop(lin.hear_head());

    let mut read = vec![0; LENGTH];
    for piece in read.chunks_mut(LENGTH / 24) {
        thread::sleep(SOON / 6);
        lin.0.read_exact(piece).unwrap();
    }

    assert!(read == parcel(LENGTH), "other bytes came");
}

#[test]
fn an_answer_that_never_comes_leaves_nobody_in_the_dark() {
    let house = House::new(Limits { answer: SOON, ..patient() });
    let mut lin = house.call();

    lin.ask("/gate");

    assert_told(&lin.hear_all(), "504", "结果待确认");
}

#[test]
fn a_head_without_end_is_refused() {
    let house = House::new(patient());
    let mut lin = house.call();

    lin.say("GET / HTTP/1.1\r\nCookie: ");
    lin.say(&"x".repeat(66_000));

    assert_told(&lin.hear_all(), "431", "请清除浏览器中本网站的 Cookie");
}

/// Tries again until it is so.
pub fn until(mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < PATIENCE, "it never came to be so");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Whether a new client is served.
pub fn served(address: std::net::SocketAddr) -> bool {
    let mut caller = super::Caller::new(TcpStream::connect(address).unwrap());
    caller.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    caller.hear_all().starts_with("HTTP/1.1 200")
}
