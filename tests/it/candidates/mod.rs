//! Candidates: how they are registered, come in, reset, check themselves, and are looked after.

use std::net::SocketAddr;

use jiff::civil::{Date, date};
use kaowu::base::outcome::{Never, Result};
use kaowu::base::values::{DocumentKind, IdDocument};
use kaowu::entry::server;
use kaowu::features::candidates;
use kaowu::features::candidates::rules::Entry;
use kaowu::features::identity::password::Hasher;
use kaowu::features::identity::{self, Kind};
use kaowu::machinery::db::{Actor, ReadTx, WriteTx};
use rocket::http::{ContentType, Cookie, CookieJar, Status};
use rocket::local::blocking::{Client, LocalResponse};

use crate::world::{CAPTCHA, World, hidden};

mod browser;
mod captcha;
mod change;
mod console;
mod kept;
mod login;
mod people;
mod queue;
mod reset;

/// What everybody here chooses in the end.
const CHOSEN: &str = "Guihua2026";

/// What everybody is told whose login failed.
const WRONG: &str = "账号或密码不正确，请核对后重新输入。";

/// A person as a roster names them, with an invented 居民身份证.
fn entry(name: &str, born: Date, sequence: u16) -> Entry {
    person(name, IdDocument::invented(born, sequence))
}

fn person(name: &str, document: IdDocument) -> Entry {
    let name = name.parse().unwrap();
    Entry { document, name, phone: None, email: None, initial_password: None }
}

/// 林晓禾, born 12 March 2007: 310199200703120124, or whatever its check character is.
fn lin() -> Entry {
    Entry {
        phone: Some("19900000317".parse().unwrap()), ..entry("林晓禾", date(2007, 3, 12), 12)
    }
}

fn document(kind: DocumentKind, number: &str) -> IdDocument {
    IdDocument::read(kind, number).unwrap()
}

/// Does something at the database as the operator.
fn does<T: Send + 'static>(
    world: &World,
    work: impl FnOnce(&WriteTx<'_>) -> Result<T, Never> + Send + 'static,
) -> T {
    world.app.db.write_now(Actor::Operator, work).unwrap()
}

fn reads<T>(world: &World, look: impl FnOnce(&ReadTx<'_>) -> T) -> T {
    world.app.db.read_now(|tx| Ok(look(tx))).unwrap()
}

fn registers(world: &World, entry: &Entry) -> i64 {
    let entry = entry.clone();
    does(world, move |tx| Ok(candidates::register(tx, &entry)?)).0
}

/// Registers somebody who has set [`CHOSEN`] and read the notice: a candidate.
fn settled(world: &World, entry: &Entry) -> i64 {
    let id = registers(world, entry);
    let hasher = Hasher::new(&world.app.chance);
    let phc = hasher.hash_now(&CHOSEN.to_owned().into(), &world.app.chance).unwrap();
    does(world, move |tx| {
        identity::set_password(tx, Kind::Candidate, id, &phc)?;
        candidates::read_privacy(tx, id).unwrap();
        Ok(())
    });
    id
}

/// The login form, with what a test wants to be other than usual.
struct SignIn<'a> {
    /// The page it is filled in on.
    page: &'a str,
    account: &'a str,
    password: &'a str,
    captcha: &'a str,
    document: &'a str,
    /// Another challenge than the page's own.
    challenge: Option<&'a str>,
    address: &'a str,
}

impl<'a> SignIn<'a> {
    fn new(account: &'a str, password: &'a str) -> SignIn<'a> {
        SignIn {
            page: "/sign-in",
            account,
            password,
            captcha: CAPTCHA,
            document: "",
            challenge: None,
            address: "127.0.0.1:4000",
        }
    }

    /// Fills in the page and presses 登录.
    fn press<'w>(&self, world: &'w World) -> LocalResponse<'w> {
        let html = world.page(self.page);
        let challenge = self.challenge.map_or_else(|| hidden(&html, "challenge"), str::to_owned);
        let way = if html.contains("value=\"wait\"") { "wait" } else { "" };
        let fields = [
            ("_csrf", hidden(&html, "_csrf")),
            ("_key", hidden(&html, "_key")),
            ("next", hidden(&html, "next").replace("&#x2f;", "/")),
            ("account", self.account.to_owned()),
            ("password", self.password.to_owned()),
            ("captcha", self.captcha.to_owned()),
            ("challenge", challenge),
            ("document", self.document.to_owned()),
            ("way", way.to_owned()),
        ];
        let from: SocketAddr = self.address.parse().unwrap();
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        let request = world.client.post("/session").remote(from).header(ContentType::Form);
        request.body(body.join("&")).dispatch()
    }
}

fn signs_in<'w>(world: &'w World, account: &str, password: &str) -> LocalResponse<'w> {
    SignIn::new(account, password).press(world)
}

/// Logs in a candidate made by [`settled`].
fn comes_in(world: &World, entry: &Entry) {
    let answer = signs_in(world, entry.document.number(), CHOSEN);
    assert_eq!(leads_to(&answer), "/person");
}

/// Fills in 重置密码 and presses 确定.
fn resets<'w>(world: &'w World, password: &str, repeated: &str) -> LocalResponse<'w> {
    let page = world.page("/password");
    let shown =
        if page.contains("name=\"notice\"") { hidden(&page, "notice") } else { String::new() };
    let fields =
        [("new_password", password), ("repeated_password", repeated), ("notice", shown.as_str())];
    world.submit("/password", "/password", &fields)
}

/// Where an answer leads.
fn leads_to(answer: &LocalResponse<'_>) -> String {
    assert_eq!(answer.status(), Status::SeeOther, "it should lead somewhere");
    answer.headers().get_one("Location").unwrap().to_owned()
}

/// Status and text of an answer.
fn said(answer: LocalResponse<'_>) -> (Status, String) {
    (answer.status(), answer.into_string().unwrap_or_default())
}

/// The acts and details of the audit log, in order.
fn acts(world: &World) -> Vec<(String, String, String)> {
    reads(world, |tx| {
        tx.all("select act, about, coalesce(detail, '') from audit order by line", (), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap()
    })
}

/// A world whose browser can be given cookies, and that has a candidate's door as other rooms have.
fn probed() -> World {
    let mut world = World::new();
    let rocket = server::rocket(world.app.clone());
    let rocket = rocket.mount("/probe", rocket::routes![plant, uproot, kept::probe]);
    world.client = Client::tracked(rocket).unwrap();
    world
}

#[rocket::get("/cookie/<name>/<value>")]
fn plant(jar: &CookieJar<'_>, name: &str, value: &str) {
    jar.add(Cookie::new(name.to_owned(), value.to_owned()));
}

#[rocket::get("/no-cookie/<name>")]
fn uproot(jar: &CookieJar<'_>, name: &str) {
    jar.remove(Cookie::from(name.to_owned()));
}

/// Puts a cookie into the browser of a [`probed`] world.
fn plants(world: &World, cookie: &Cookie<'_>) {
    world.get(&format!("/probe/cookie/{}/{}", cookie.name(), cookie.value()));
}

fn cookie(world: &World, purpose: &str) -> Option<String> {
    let name = world.app.folder.cookie(purpose);
    world.client.cookies().get(&name).map(|it| it.value().to_owned())
}

fn percent(text: &str) -> String {
    text.bytes().map(|it| format!("%{it:02X}")).collect()
}
