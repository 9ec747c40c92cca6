//! A whole appliance in a temporary folder, and what people do with it.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kaowu::app::{App, Folder, database};
use kaowu::base::chance::Chance;
use kaowu::base::clock::Clock;
use kaowu::base::config::Config;
use kaowu::base::outcome::{Never, Result};
use kaowu::entry::server;
use kaowu::machinery::db::{Actor, Db};
use kaowu::machinery::files::Files;
use kaowu::machinery::gateway::Gateway;
use kaowu::machinery::gateway::absent::Absent;
use kaowu::machinery::gateway::unified::{Unified, UnifiedSettings};
use kaowu::machinery::keys::Keys;
use rocket::http::{ContentType, Cookie};
use rocket::local::blocking::{Client, LocalResponse};

use crate::town::{MERCHANT, Town};

/// A whole appliance on a folder of its own, with a clock that stands and dice that repeat.
pub struct World {
    pub app: App,
    pub client: Client,
    cookies: RefCell<Vec<Cookie<'static>>>,
    town: Option<Town>,
    dir: tempfile::TempDir,
}

/// The morning of a payment day: Friday 13 March 2026, 10:24 in Shanghai.
pub const MORNING: &str = "2026-03-13T02:24:00Z";

/// What every captcha of a world takes.
pub const CAPTCHA: &str = "7K3M";

impl World {
    /// An appliance without a platform.
    pub fn new() -> World {
        World::made(false)
    }

    /// An appliance with a real simulated platform beside it, at the same time.
    pub fn with_platform() -> World {
        World::made(true)
    }

    fn made(with_platform: bool) -> World {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::standing(MORNING.parse::<Timestamp>().unwrap());
        let chance = Chance::seeded(7);
        let db = Db::open(&database(dir.path()), clock.clone()).unwrap();
        let made: Result<(), Never> = db.write_now(Actor::Operator, |tx| {
            for (fact, value) in [
                ("mode", "training"),
                ("centre_code", "310199"),
                ("machine_no", "1"),
                ("incarnation", "1"),
                ("folder_id", "world"),
            ] {
                tx.set_fact(fact, value)?;
            }
            tx.note("folder.made", "folder");
            Ok(())
        });
        made.unwrap();
        let keys =
            Keys::make(&dir.path().join("keys"), "上海市云间区教育考试中心", &clock).unwrap();
        let folder = db.read_now(|tx| Folder::read(tx, dir.path())).unwrap();
        let config = Config {
            centre_name: "上海市云间区教育考试中心".into(),
            captcha_answer: CAPTCHA.into(),
            ..Config::default()
        };
        let town = with_platform.then(|| Town::start(*keys.platform().public().bytes(), &clock));
        let gateway: Arc<dyn Gateway> = match &town {
            None => Arc::new(Absent),
            Some(town) => {
                let settings = UnifiedSettings {
                    base_url: town.url.clone(),
                    merchant: MERCHANT.into(),
                    our_key: keys.platform_private().unwrap(),
                    platform_public: town.platform.public_key(),
                };
                Arc::new(Unified::new(settings, clock.clone(), chance.clone()).unwrap())
            }
        };
        let app = App {
            config: Arc::new(config),
            folder: Arc::new(folder),
            db,
            files: Files::open(dir.path().join("files")).unwrap(),
            keys: Arc::new(keys),
            gateway,
            clock,
            chance,
        };
        std::fs::create_dir_all(dir.path().join("tmp")).unwrap();
        let client = Client::tracked(server::rocket(app.clone())).unwrap();
        World { app, client, cookies: RefCell::default(), town, dir }
    }

    /// The platform beside this world.
    pub fn town(&self) -> &Town {
        self.town.as_ref().expect("this world has a platform")
    }

    /// From now on the platform does not answer.
    pub fn platform_goes_down(&mut self) {
        self.town.as_mut().expect("this world has a platform").goes_down();
    }

    /// Where the folder lies.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Lets time pass, for windows and sessions alike.
    pub fn passes(&self, by: SignedDuration) {
        self.app.clock.pass(by);
    }

    /// From now on every request carries this cookie: somebody is logged in.
    pub fn carries(&self, cookie: Cookie<'static>) {
        self.cookies.borrow_mut().retain(|it| it.name() != cookie.name());
        self.cookies.borrow_mut().push(cookie);
    }

    pub fn get(&self, path: &str) -> LocalResponse<'_> {
        self.client
            .get(path.to_owned())
            .remote("127.0.0.1:4000".parse().unwrap())
            .cookies(self.cookies.borrow().clone())
            .dispatch()
    }

    /// The page at `path` as text.
    pub fn page(&self, path: &str) -> String {
        self.get(path).into_string().unwrap_or_default()
    }

    /// Posts `fields` from our own page: the hidden inputs are taken from the page at `from`.
    pub fn submit(&self, from: &str, to: &str, fields: &[(&str, &str)]) -> LocalResponse<'_> {
        let page = self.page(from);
        let mut all = vec![("_csrf", hidden(&page, "_csrf")), ("_key", hidden(&page, "_key"))];
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.post(to, &all)
    }

    pub fn post(&self, to: &str, fields: &[(&str, String)]) -> LocalResponse<'_> {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.client
            .post(to.to_owned())
            .remote("127.0.0.1:4000".parse().unwrap())
            .header(ContentType::Form)
            .cookies(self.cookies.borrow().clone())
            .body(body.join("&"))
            .dispatch()
    }
}

/// The value of the first hidden input `name` on a page.
pub fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let value = page.split(&start).nth(1).and_then(|it| it.split('"').next());
    value.unwrap_or_else(|| panic!("no hidden input {name} on: {page}")).to_owned()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
