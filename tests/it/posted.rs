//! What may be posted, how much of it, and what is not even read: by hand over real sockets.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use kaowu::entry::door::{Door, Limits};
use kaowu::entry::server;
use kaowu::features::staff::rules::DutyKind;
use rocket::tokio::runtime::Runtime;

use crate::visitors;
use crate::world::{World, hidden};

const BOUNDARY: &str = "----kaowu2026boundary";
/// No test waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(20);

/// An appliance behind its door, and somebody's cookies.
struct House {
    world: World,
    address: SocketAddr,
    cookies: String,
    #[expect(dead_code, reason = "it serves until it is dropped")]
    runtime: Runtime,
}

impl House {
    fn new() -> House {
        let world = World::new();
        let runtime = Runtime::new().unwrap();
        let public: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let rocket = server::rocket(world.app.clone());
        let door = Door::before(rocket, public, None, Limits::fitting(public.ip()));
        let opened = runtime.block_on(door).unwrap();
        let address = opened.address().unwrap();
        runtime.spawn(opened.serve(std::future::pending()));
        House { world, address, cookies: String::new(), runtime }
    }

    fn says(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    }

    /// The tokens of the form at `path`; from then on its cookie is sent.
    fn tokens(&mut self, path: &str) -> [(&'static str, String); 2] {
        let head = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
        let page = heard(&mut self.says(&format!("{head}Cookie: {}\r\n\r\n", self.cookies)));
        let given = page.lines().filter_map(|it| {
            let (name, value) = it.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next())?
        });
        for cookie in given {
            write!(self.cookies, "; {cookie}").unwrap();
        }
        ["_csrf", "_key"].map(|it| (it, hidden(&page, it)))
    }

    /// Posts parts, of which `rest` more bytes are announced and never sent.
    fn posts(&self, path: &str, parts: &str, rest: usize) -> String {
        let length = parts.len() + rest;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: {}\r\n\
             Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\
             Content-Length: {length}\r\n\r\n",
            self.cookies
        );
        heard(&mut self.says(&(head + parts)))
    }
}

fn heard(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).unwrap();
    String::from_utf8(heard).unwrap()
}

fn text(name: &str, value: &str) -> String {
    let head = "Content-Disposition: form-data;";
    format!("--{BOUNDARY}\r\n{head} name=\"{name}\"\r\n\r\n{value}\r\n")
}

/// The beginning of a part that is a file.
fn file() -> String {
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"名单.csv\"";
    format!("--{BOUNDARY}\r\n{head}\r\nContent-Type: text/csv\r\n\r\n")
}

fn end() -> String {
    format!("--{BOUNDARY}--\r\n")
}

fn texts(fields: &[(&str, String)]) -> String {
    fields.iter().map(|(name, value)| text(name, value)).collect()
}

fn clerk() -> (House, String) {
    let mut house = House::new();
    let cookie = visitors::officer(&house.world, "zhoumin", "周敏", &[DutyKind::Clerk]);
    house.cookies = format!("{}={}", cookie.name(), cookie.value());
    let tokens = house.tokens("/console/rosters/new");
    (house, texts(&tokens))
}

fn assert_told(answer: &str, status: &str, sentence: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    assert!(answer.contains(sentence), "{answer}");
}

#[test]
fn a_form_without_files_takes_no_parts_and_reads_none() {
    let mut house = House::new();
    let tokens = texts(&house.tokens("/sign-in"));

    let answer = house.posts("/session", &(tokens + &text("account", "林")), 60 << 20);

    assert_told(&answer, "415", "提交的内容无法读取，没有保存。");
}

#[test]
fn a_text_beside_a_file_has_a_limit() {
    let (house, tokens) = clerk();
    let parts = |length| tokens.clone() + &text("project", &"1".repeat(length));

    let fits = house.posts("/console/rosters", &(parts(64 << 10) + &end()), 0);
    let long = house.posts("/console/rosters", &(parts((64 << 10) + 1) + &end()), 0);

    assert_told(&fits, "422", "请选择要上传的文件。");
    assert_told(&long, "413", "提交的内容太大，系统没有接收。");
}

#[test]
fn a_form_has_so_many_fields_and_no_more() {
    let (house, tokens) = clerk();
    let parts = |more| tokens.clone() + &text("project", "1").repeat(more) + &end();

    let fits = house.posts("/console/rosters", &parts(198), 0);
    let many = house.posts("/console/rosters", &parts(199), 0);

    assert_told(&fits, "422", "请选择要上传的文件。");
    assert_told(&many, "413", "提交的内容太大，系统没有接收。");
}

#[test]
fn a_file_is_read_behind_our_own_token_alone() {
    let (house, tokens) = clerk();

    let first = house.posts("/console/rosters", &(file() + "证件号码"), 30 << 20);
    let behind = house.posts("/console/rosters", &(tokens + &file() + "\r\n" + &end()), 0);

    assert_told(&first, "403", "请返回上一页，刷新后重新提交。");
    // The empty file is read, and complained of by name.
    assert_told(&behind, "422", "出错：");
}

#[test]
fn a_body_that_ends_in_the_middle_is_told_so() {
    let (house, tokens) = clerk();

    let answer = house.posts("/console/rosters", &tokens, 0);

    assert_told(&answer, "400", "提交的内容无法读取，没有保存。");
}
