//! What passes through the door comes out as it went in.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use kaowu::base::values::Digest;
use kaowu::entry::door::{Door, Limits};
use kaowu::web::Peers;

use super::slow::until;
use super::{Caller, House, PATIENCE, assert_told, parcel, patient};

const LENGTH: usize = 12 * 1024 * 1024 + 7;

#[test]
fn much_goes_in_and_out_byte_for_byte() {
    let house = House::new(patient());
    let agent = ureq::Agent::new_with_defaults();
    let sent = parcel(LENGTH);

    let mut heard =
        agent.post(format!("http://{}/parcels", house.address)).send(&sent[..]).unwrap();
    let url = format!("http://{}/parcels/{LENGTH}", house.address);
    let got = agent.get(url).call().unwrap().body_mut().with_config().limit(1 << 25).read_to_vec();

    assert_eq!(heard.body_mut().read_to_string().unwrap(), Digest::of(&sent).to_string());
    assert!(got.unwrap() == sent, "other bytes came");
}

#[test]
fn one_connection_carries_many_requests() {
    let house = House::new(patient());
    let mut lin = house.call();
    let nine = Digest::of(b"123456789").to_string();

    lin.ask("/");
    assert_eq!(lin.hear().1, "你好");
    lin.say("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(lin.hear_head().contains("ontent-length: 6\r\n"));
    lin.say("POST /parcels HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123456789\r\n");
    assert_eq!(lin.hear().1, nine);
    lin.say("POST /parcels HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    lin.say("4\r\n1234\r\n5;x=1\r\n56789\r\n0\r\n\r\n");
    assert_eq!(lin.hear().1, nine);
    lin.say(
        "POST /parcels HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    );
    assert!(lin.hear_head().starts_with("HTTP/1.1 100 "));
    lin.say("123456789");
    assert_eq!(lin.hear().1, nine);
    // Two at once are answered one after the other.
    lin.say("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /address HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!((lin.hear().1.as_str(), lin.hear().1.as_str()), ("你好", "127.0.0.1"));
    lin.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(lin.hear_all().ends_with("\r\n\r\n你好"));
}

#[test]
fn who_says_no_more_is_still_answered() {
    let house = House::new(patient());
    let mut lin = house.call();

    lin.ask("/");
    lin.hush();

    assert!(lin.hear_all().ends_with("\r\n\r\n你好"));
}

#[test]
fn an_answer_before_the_end_of_the_request_is_heard() {
    let house = House::new(patient());
    let mut lin = house.call();
    let mut sending = lin.0.try_clone().unwrap();
    lin.say(&format!("POST /too-large HTTP/1.1\r\nHost: a\r\nContent-Length: {LENGTH}\r\n\r\n"));

    let sent = std::thread::spawn(move || sending.write_all(&parcel(LENGTH)).is_ok());

    let (head, _) = lin.hear();
    assert!(head.starts_with("HTTP/1.1 413"), "{head}");
    assert!(sent.join().unwrap(), "the client was cut off while it was still sending");
}

#[test]
fn shutdown_finishes_what_was_asked() {
    let mut house = House::new(patient());
    let mut idle = house.call();
    idle.ask("/");
    idle.hear();
    let mut lin = house.call();
    lin.ask("/gate");
    house.entered.recv_timeout(PATIENCE).unwrap();

    house.stop();

    assert_eq!(idle.hear_all(), "");
    until(|| TcpStream::connect(house.address).is_err());
    house.gate.add_permits(1);
    assert!(lin.hear_all().ends_with("\r\n\r\nopen"));
    house.ended().unwrap();
}

#[test]
fn shutdown_does_not_wait_for_ever() {
    let mut house = House::new(Limits { farewell: super::SOON, ..patient() });
    let mut lin = house.call();
    lin.ask("/gate");
    house.entered.recv_timeout(PATIENCE).unwrap();

    house.stop();

    let mut heard = Vec::new();
    drop(lin.0.read_to_end(&mut heard));
    assert_eq!(heard, b"");
    house.gate.add_permits(1);
    house.ended().unwrap();
}

#[test]
fn without_rocket_the_door_says_so() {
    let runtime = rocket::tokio::runtime::Runtime::new().unwrap();
    // A port that was just free, and that nobody listens on.
    let inner = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let opened = runtime.block_on(door("127.0.0.1:0".parse().unwrap(), inner).open()).unwrap();
    let address = opened.address().unwrap();
    runtime.spawn(opened.serve(std::future::pending()));
    let mut lin = Caller::new(TcpStream::connect(address).unwrap());

    lin.ask("/");

    assert_told(&lin.hear_all(), "503", "系统正在启动或停止");
}

#[test]
fn a_port_that_is_taken_is_an_error_at_once() {
    let runtime = rocket::tokio::runtime::Runtime::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap();
    let (enter, _entered) = std::sync::mpsc::channel();
    let rocket = super::small_rocket(super::shut(), enter);

    let opened = runtime.block_on(Door::before(rocket, taken, None, patient()));

    assert_eq!(opened.err().map(|it| it.kind()), Some(ErrorKind::AddrInUse));
}

/// A door before whatever may be there.
pub fn door(public: SocketAddr, inner: SocketAddr) -> Door {
    Door { public, inner, tls: None, limits: patient(), peers: Peers::default() }
}

#[test]
fn what_is_no_request_of_ours_is_told_by_the_door() {
    let house = House::new(patient());
    for (line, status, sentence) in [
        ("GET /a\0b HTTP/1.1", "400", "无法读取"),
        ("GET / HTTP/3.9", "505", "HTTP 版本"),
        ("DELETE / HTTP/1.1", "405", "不接受这种请求方式"),
        ("BREW / HTTP/1.1", "501", "不认识这种请求方式"),
    ] {
        let mut stranger = house.call();
        stranger.say(&format!("{line}\r\nHost: a\r\n\r\n"));
        let heard = stranger.hear_all();
        assert_told(&heard, status, sentence);
        assert!(heard.contains("\r\nContent-Security-Policy: default-src 'none'"), "{heard}");
        assert_eq!(heard.contains("\r\nAllow: GET, HEAD, POST\r\n"), status == "405");
    }
    let mut stranger = house.call();
    stranger.say(&format!("GET / HTTP/1.1\r\n{}\r\n", "X-More: y\r\n".repeat(150)));
    assert_told(&stranger.hear_all(), "431", "太长");
}
