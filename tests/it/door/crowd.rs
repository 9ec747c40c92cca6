//! Many clients at once.

use std::time::{Duration, Instant};

use kaowu::entry::door::Limits;
use rocket::local::blocking::Client;
use rocket::tokio::net::TcpSocket;

use super::slow::{served, until};
use super::{Caller, House, SOON, assert_told, patient};

#[test]
fn three_hundred_who_hang_hold_up_nobody() {
    let house = House::new(patient());
    let hanging: Vec<Caller> = (0..300)
        .map(|which| {
            let mut caller = house.call();
            match which % 3 {
                0 => caller.say("GET / HTTP/1.1\r\nHost: kaoshi"),
                1 => caller.say("POST /parcels HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1"),
                _ => {
                    caller.ask("/");
                    caller.hear();
                }
            }
            caller
        })
        .collect();

    let begun = Instant::now();
    for _ in 0..10 {
        assert!(served(house.address));
    }

    assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?}", begun.elapsed());
    drop(hanging);
}

#[test]
fn one_address_has_so_many_connections_and_no_more() {
    let house = House::new(Limits { per_address_max: 2, ..patient() });
    let mut inside = [house.call(), house.call()];
    for caller in &mut inside {
        caller.ask("/");
        caller.hear();
    }

    let mut third = house.call();
    third.ask("/");

    let heard = third.hear_all();
    assert_told(&heard, "503", "您所在的网络同时打开的连接太多");
    assert!(heard.contains("\r\nRetry-After: 5\r\n"), "{heard}");
    let mut elsewhere = call_from(&house, "127.0.0.9");
    elsewhere.ask("/");
    assert_eq!(elsewhere.hear().1, "你好");
    drop(inside);
    until(|| served(house.address));
}

#[test]
fn a_full_house_says_so() {
    let house = House::new(Limits { in_all_max: 1, ..patient() });
    let mut lin = house.call();
    lin.ask("/");
    lin.hear();

    let mut wang = call_from(&house, "127.0.0.9");
    wang.ask("/");

    assert_told(&wang.hear_all(), "503", "现在使用的人很多");
}

#[test]
fn who_asks_nothing_leaves_sooner_when_places_are_scarce() {
    let limits = Limits { in_all_max: 1, idle_when_scarce: SOON, ..patient() };
    let house = House::new(limits);
    let mut lin = house.call();
    lin.ask("/");
    lin.hear();

    assert_eq!(lin.hear_all(), "");
    until(|| served(house.address));
}

#[test]
fn rocket_learns_who_its_client_is() {
    let house = House::new(patient());
    for address in ["127.0.0.1", "127.0.0.9"] {
        let mut caller = call_from(&house, address);
        caller.ask("/address");
        assert_eq!(caller.hear().1, address);
    }
}

#[test]
fn without_a_door_the_client_is_the_other_end() {
    let (enter, _entered) = std::sync::mpsc::channel();
    let client = Client::tracked(super::small_rocket(super::shut(), enter)).unwrap();

    let answer = client.get("/address").remote("192.168.1.20:4000".parse().unwrap()).dispatch();

    assert_eq!(answer.into_string().as_deref(), Some("192.168.1.20"));
}

/// A client on another address; all of 127.0.0.0/8 is this machine.
fn call_from(house: &House, address: &str) -> Caller {
    let stream = house.runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
        socket.connect(house.address).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    Caller::new(stream)
}
