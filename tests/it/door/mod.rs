//! What stands in front of Rocket, tried over real sockets on a small Rocket of its own.
//!
//! Deadlines are short here and long where a test must not meet them; nobody sleeps to be sure.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaowu::base::values::Digest;
use kaowu::entry::door::{Door, Limits, Secure};
use kaowu::web;
use rocket::data::ToByteUnit;
use rocket::http::Status;
use rocket::tokio::runtime::{Builder, Runtime};
use rocket::tokio::sync::{Semaphore, oneshot};
use rocket::tokio::task::JoinHandle;
use rocket::{Build, Data, Request, Rocket, State as Managed, get, post, routes};

mod crowd;
mod passing;
mod secure;
mod slow;

/// Short enough to wait for, long enough for a busy machine to be quicker than.
const SOON: Duration = Duration::from_millis(300);
/// No test waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(20);

/// A small Rocket behind a door.
struct House {
    address: SocketAddr,
    runtime: Runtime,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<io::Result<()>>>,
    gate: Arc<Semaphore>,
    entered: Receiver<()>,
}

impl House {
    /// With deadlines that no test meets, but for those it names.
    fn new(limits: Limits) -> House {
        House::with(limits, None)
    }

    fn with(limits: Limits, tls: Option<Secure>) -> House {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let gate = shut();
        let (enter, entered) = channel();
        let rocket = small_rocket(Arc::clone(&gate), enter);
        let public = "127.0.0.1:0".parse().unwrap();
        let opened = runtime.block_on(Door::before(rocket, public, tls, limits)).unwrap();
        let address = opened.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = runtime.spawn(opened.serve(async { drop(stopped.await) }));
        House { address, runtime, stop: Some(stop), served: Some(served), gate, entered }
    }

    fn call(&self) -> Caller {
        Caller::new(TcpStream::connect(self.address).unwrap())
    }

    /// Ends the door, without waiting until it has ended.
    fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits until door and Rocket have ended.
    fn ended(&mut self) -> io::Result<()> {
        self.runtime.block_on(self.served.take().unwrap()).unwrap()
    }
}

/// Waiting for as good as ever.
fn patient() -> Limits {
    let long = Duration::from_secs(600);
    Limits {
        header: long,
        pace_over: long,
        idle: long,
        answer: long,
        linger: Duration::from_secs(2),
        farewell: PATIENCE,
        ..Limits::default()
    }
}

/// A gate that nobody has opened.
fn shut() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(0))
}

/// Handlers of the gate tell when they have been entered, and wait until it is opened.
struct Gate(Arc<Semaphore>, Mutex<Sender<()>>);

fn small_rocket(gate: Arc<Semaphore>, enter: Sender<()>) -> Rocket<Build> {
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    rocket::custom(figment)
        .manage(Gate(gate, Mutex::new(enter)))
        .mount("/", routes![hello, address, gate_opens, parcel_comes, parcel_goes, too_large])
}

#[get("/")]
fn hello() -> &'static str {
    "你好"
}

struct Address(String);

#[rocket::async_trait]
impl<'r> rocket::request::FromRequest<'r> for Address {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> rocket::request::Outcome<Address, ()> {
        let address = web::peer(request).map_or_else(String::new, |it| it.to_string());
        rocket::request::Outcome::Success(Address(address))
    }
}

#[get("/address")]
fn address(address: Address) -> String {
    address.0
}

#[get("/gate")]
async fn gate_opens(gate: &Managed<Gate>) -> &'static str {
    gate.1.lock().unwrap().send(()).unwrap();
    gate.0.acquire().await.unwrap().forget();
    "open"
}

#[post("/parcels", data = "<data>")]
async fn parcel_comes(data: Data<'_>) -> String {
    let bytes = data.open(64.mebibytes()).into_bytes().await.unwrap();
    Digest::of(&bytes).to_string()
}

#[get("/parcels/<length>")]
fn parcel_goes(length: usize) -> Vec<u8> {
    parcel(length)
}

#[post("/too-large")]
fn too_large() -> Status {
    Status::PayloadTooLarge
}

/// Bytes of which no two stretches are the same.
fn parcel(length: usize) -> Vec<u8> {
    (0..length as u32).map(|it| (it.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// Somebody who speaks HTTP by hand.
struct Caller(TcpStream);

impl Caller {
    fn new(stream: TcpStream) -> Caller {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Caller(stream)
    }

    fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).unwrap();
    }

    /// Asks for a path in a well-behaved way.
    fn ask(&mut self, path: &str) {
        self.say(&format!("GET {path} HTTP/1.1\r\nHost: kaoshi.lan\r\n\r\n"));
    }

    /// All that comes until the other side closes, which it must do in good order.
    fn hear_all(&mut self) -> String {
        let mut heard = Vec::new();
        self.0.read_to_end(&mut heard).unwrap();
        String::from_utf8(heard).unwrap()
    }

    /// One answer with a length: its first lines and its body.
    fn hear(&mut self) -> (String, String) {
        let mut head = self.hear_head();
        let length = |it: &str| it.to_lowercase().strip_prefix("content-length: ")?.parse().ok();
        let mut body = vec![0; head.lines().find_map(length).unwrap_or(0)];
        self.0.read_exact(&mut body).unwrap();
        head.truncate(head.trim_end().len());
        (head, String::from_utf8(body).unwrap())
    }

    fn hear_head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        String::from_utf8(head).unwrap()
    }

    /// Says no more, and goes on listening.
    fn hush(&mut self) {
        self.0.shutdown(Shutdown::Write).unwrap();
    }
}

/// Whether what was heard is one whole answer of the door's own.
fn assert_told(heard: &str, status: &str, sentence: &str) {
    let (head, page) = heard.split_once("\r\n\r\n").unwrap_or((heard, ""));
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{heard}");
    assert!(head.contains(&format!("\r\nContent-Length: {}\r\n", page.len())), "{heard}");
    assert!(head.contains("\r\nConnection: close"), "{heard}");
    assert!(page.contains(sentence), "{heard}");
    assert!(page.contains("lang=\"zh-CN\""), "{heard}");
}
