//! A house that listens for notices, beside a platform to which faults come.

use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::SignedDuration;
use kaowu::app::App;
use kaowu::base::config::Config;
use kaowu::base::outcome::Never;
use kaowu::base::values::Fen;
use kaowu::entry::server;
use kaowu::features::fees::rules::{DueState, ItemTexts, NewItem, NewProject, ProjectTexts};
use kaowu::features::orders::rules::{Fate, Order};
use kaowu::features::orders::{self, platform};
use kaowu::features::windows::rules::Interval;
use kaowu::features::{fees, receipts, windows};
use kaowu::machinery::db::{Actor, FormKey};
use kaowu::simulator::core::attempt::Channel;
use kaowu::simulator::core::fault::Fault;
use kaowu::simulator::core::faults::Scope;
use kaowu::simulator::notices::{Round, deliver_due};
use rocket::Shutdown;
use rocket::fairing::AdHoc;

use crate::town::MERCHANT;
use crate::visitors;
use crate::world::World;

/// A world on a payment day that listens for notices, with two people who owe 100 yuan each.
pub struct House {
    pub world: World,
    /// The same house, knowing its own address.
    pub app: App,
    people: [(i64, i64); 2],
    shutdown: Shutdown,
    thread: Option<JoinHandle<()>>,
}

impl House {
    pub fn open() -> House {
        let world = World::with_platform();
        let (port, shutdown, thread) = listen(&world.app);
        let site_url = format!("http://127.0.0.1:{port}");
        let config = Config { site_url, ..Config::clone(&world.app.config) };
        let app = App { config: config.into(), ..world.app.clone() };
        let people = [
            visitors::candidate(&world, "林晓禾", "31019919880615118X"),
            visitors::candidate(&world, "赵敏", "31019919900101123X"),
        ];
        let dues = owed(&world, people);
        House { world, app, people: [0, 1].map(|it| (people[it], dues[it])), shutdown, thread }
    }

    /// 提交缴费, by the first or the second of them.
    pub fn submits(&self, who: usize) -> Order {
        let (person, due) = self.people[who];
        let key = FormKey::draw(&self.app.chance);
        platform::submit(&self.app, Actor::Candidate(person).into(), person, due, key).unwrap()
    }

    pub fn switch(&self, fault: Fault, measure: Option<u32>) {
        let now = self.app.clock.now();
        let town = &self.world.town().platform;
        town.act_now(|books| books.switch_on(now, fault, Scope::All, measure)).unwrap();
    }

    pub fn quiet(&self) {
        self.world.town().platform.act_now(|books| books.quiet()).unwrap();
    }

    /// The payer opens a code and confirms it by phone.
    pub fn pays(&self, order: &Order) {
        let at = self.world.town().opens(order, Channel::Wechat);
        let (now, tail) = (self.app.clock.now(), self.app.chance.digits(6));
        let no = order.no.to_string();
        let paid = self.world.town().platform.act_now(|books| {
            let code = books.find(now, MERCHANT, &no).unwrap().attempts[at].code.clone();
            books.confirm(now, &code, Channel::Wechat.cards()[0].code, &tail)
        });
        paid.unwrap().unwrap();
    }

    /// The platform tells what is due.
    pub fn hears(&self) -> Round {
        deliver_due(&self.world.town().platform, self.app.clock.now()).unwrap()
    }

    pub fn asks(&self, order: &Order) -> Order {
        platform::ask(&self.app, Actor::Operator.into(), &order.no).unwrap()
    }

    pub fn passes(&self, seconds: i64) {
        self.world.passes(SignedDuration::from_secs(seconds));
    }

    pub fn due(&self, who: usize) -> DueState {
        let due = self.people[who].1;
        self.app.db.read_now(|tx| fees::due(tx, due)).unwrap().unwrap().state
    }

    pub fn order(&self, order: &Order) -> Order {
        self.app.db.read_now(|tx| orders::find(tx, &order.no)).unwrap().unwrap()
    }

    pub fn fates(&self, order: &Order) -> Vec<Fate> {
        let payments = self.app.db.read_now(|tx| orders::payments(tx, &order.no)).unwrap();
        payments.into_iter().map(|it| it.fate).collect()
    }

    /// What the notices were found to be, in the order in which they came.
    pub fn verdicts(&self) -> Vec<(String, String)> {
        let sql = "select verdict, coalesce(order_no, '')
                     from notices
                    order by id";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        self.app.db.read_now(|tx| tx.all(sql, (), read)).unwrap()
    }

    pub fn receipts(&self, who: usize) -> usize {
        let person = self.people[who].0;
        self.app.db.read_now(|tx| receipts::of_candidate(tx, person)).unwrap().len()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.shutdown.clone().notify();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Serves a house on a free port.
fn listen(app: &App) -> (u16, Shutdown, Option<JoinHandle<()>>) {
    let (tell, told) = channel();
    let rocket = server::rocket(app.clone());
    let figment = rocket.figment().clone().merge(("port", 0));
    let figment = figment.merge(("shutdown.grace", 0)).merge(("shutdown.mercy", 0));
    let rocket = rocket.configure(figment).attach(AdHoc::on_liftoff("tell", move |it| {
        tell.send((it.config().port, it.shutdown())).unwrap();
        Box::pin(async {})
    }));
    let thread = std::thread::spawn(|| {
        let runtime = rocket::tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(rocket.launch()).unwrap();
    });
    let (port, shutdown) = told.recv_timeout(Duration::from_secs(20)).unwrap();
    (port, shutdown, Some(thread))
}

fn owed(world: &World, people: [i64; 2]) -> [i64; 2] {
    let chance = world.app.chance.clone();
    let made: kaowu::base::outcome::Result<[i64; 2], Never> =
        world.app.db.write_now(Actor::Operator, move |tx| {
            let texts = ProjectTexts {
                title: "2026年专科自主招生网上缴费系统".into(),
                consequence: String::new(),
                shown: true,
            };
            let project = NewProject { code: "zz2026".into(), texts };
            let (name, unit) = ("报名考试费".into(), "人次".into());
            let texts = ItemTexts { name, unit, standard: Fen::of(10_000) };
            let item = NewItem { code: "103040199".into(), texts };
            let project = fees::set_up(tx, &project, &item, &chance).unwrap();
            let hours = Interval {
                opens_at: "2026-03-13T01:00:00Z".parse().unwrap(),
                closes_at: "2026-03-13T12:00:00Z".parse().unwrap(),
            };
            windows::set(tx, &fees::rules::business(project), &[hours]).unwrap();
            receipts::add_segment(tx, "31010126", 1, 100).unwrap();
            let item = fees::items(tx, project)?[0].id;
            let owe = |it| fees::owe(tx, it, item, Fen::of(10_000), None).unwrap().0;
            Ok(people.map(owe))
        });
    made.unwrap()
}
