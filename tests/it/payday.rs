//! A payment day: one person who owes 100 yuan, a platform to pay at, and what becomes of it.

use jiff::SignedDuration;
use kaowu::base::outcome::{Error, Fault, Never, Result};
use kaowu::base::values::{Fen, IdDocument, OrderNo};
use kaowu::features::fees::rules::{DueState, ItemTexts, NewItem, NewProject, ProjectTexts};
use kaowu::features::orders::rules::{Fate, Order, Refused};
use kaowu::features::orders::{self, platform};
use kaowu::features::refunds::{self, Refund};
use kaowu::features::staff::rules::DutyKind;
use kaowu::features::windows::rules::Interval;
use kaowu::features::{candidates, fees, receipts, windows};
use kaowu::machinery::db::{Actor, By, FormKey, WriteTx};
use kaowu::machinery::gateway::{Bill, Standing, Success};
use kaowu::simulator::core::attempt::Channel;

use crate::visitors;
use crate::world::World;

/// A world on a payment day, with one person who owes 100 yuan.
pub struct Day {
    pub world: World,
    pub person: i64,
    pub due: i64,
}

impl Day {
    pub fn new() -> Day {
        Day::of(World::with_platform())
    }

    pub fn of(world: World) -> Day {
        let chance = world.app.chance.clone();
        let (person, due) = world.does(move |tx| {
            let document = IdDocument::invented(jiff::civil::date(2007, 3, 12), 124);
            let entry = candidates::rules::Entry {
                document,
                name: "林晓禾".parse().unwrap(),
                phone: None,
                email: Some("lin@example.com".parse().unwrap()),
                initial_password: None,
            };
            let (person, _) = candidates::register(tx, &entry)?;
            let project = NewProject {
                code: "zz2026".into(),
                texts: ProjectTexts {
                    title: "2026年专科自主招生网上缴费系统".into(),
                    consequence: String::new(),
                    shown: true,
                },
            };
            let item = NewItem {
                code: "103040199".into(),
                texts: ItemTexts {
                    name: "报名考试费".into(),
                    unit: "人次".into(),
                    standard: Fen::of(10_000),
                },
            };
            let project = fees::set_up(tx, &project, &item, &chance).unwrap();
            let hours = Interval {
                opens_at: "2026-03-13T01:00:00Z".parse().unwrap(),
                closes_at: "2026-03-13T12:00:00Z".parse().unwrap(),
            };
            windows::set(tx, &fees::rules::business(project), &[hours]).unwrap();
            receipts::add_segment(tx, "31010126", 1, 100).unwrap();
            let item = fees::items(tx, project)?[0].id;
            let (due, _) = fees::owe(tx, person, item, Fen::of(10_000), None).unwrap();
            Ok((person, due))
        });
        Day { world, person, due }
    }

    pub fn by(&self) -> By {
        Actor::Candidate(self.person).into()
    }

    /// 提交缴费, on a page of its own.
    pub fn submits(&self) -> Result<Order, Refused> {
        let key = FormKey::draw(&self.world.app.chance);
        platform::submit(&self.world.app, self.by(), self.person, self.due, key)
    }

    pub fn asks(&self, order: &Order) -> Order {
        platform::ask(&self.world.app, self.by(), &order.no).unwrap()
    }

    pub fn due_state(&self) -> DueState {
        let due = self.due;
        self.world.app.db.read_now(|tx| fees::due(tx, due)).unwrap().unwrap().state
    }

    pub fn fates(&self, order: &Order) -> Vec<Fate> {
        let payments = self.world.app.db.read_now(|tx| orders::payments(tx, &order.no)).unwrap();
        payments.into_iter().map(|it| it.fate).collect()
    }

    pub fn receipts(&self) -> usize {
        let person = self.person;
        self.world.app.db.read_now(|tx| receipts::of_candidate(tx, person)).unwrap().len()
    }

    pub fn passes(&self, minutes: i64) {
        self.world.passes(SignedDuration::from_mins(minutes));
    }

    /// A member of 财务.
    pub fn officer(&self, login: &str, name: &str) -> By {
        let account = visitors::member(&self.world, login, name, &[DutyKind::Finance]);
        Actor::Staff(account).into()
    }

    /// An order that was paid and counted.
    pub fn paid(&self) -> Order {
        let order = self.submits().unwrap();
        self.world.town().pays(&order, Channel::Wechat);
        self.asks(&order)
    }

    /// An order that was paid twice, and the refund of its second money.
    pub fn paid_twice(&self) -> (Order, Refund) {
        let order = self.submits().unwrap();
        let town = self.world.town();
        let first = town.opens(&order, Channel::Wechat);
        let second = town.opens(&order, Channel::Alipay);
        // A phone held the second code open when the first was paid.
        town.scans(&order, second);
        town.bank_takes(&order, first, order.amount);
        town.bank_takes(&order, second, order.amount);
        let order = self.asks(&order);
        let refund = self.refunds().pop().unwrap();
        (order, refund)
    }

    /// Every refund, the oldest first.
    pub fn refunds(&self) -> Vec<Refund> {
        let mut all = self.world.app.db.read_now(|tx| refunds::list(tx, None, 100)).unwrap();
        all.reverse();
        all
    }

    pub fn refund(&self, id: i64) -> Refund {
        self.world.app.db.read_now(|tx| refunds::find(tx, id)).unwrap().unwrap()
    }
}

/// Money for an order that the platform has and we have not; `attach` is the key on its bill.
pub fn stray(world: &World, attach: &str, fen: i64) -> Success {
    let app = &world.app;
    let no = OrderNo::draw("2026-03-13".parse().unwrap(), "310199", 1, 0, &app.chance);
    let bill = Bill {
        order_no: no.clone(),
        amount: Fen::of(fen),
        subject: "报名考试费".into(),
        payer: None,
        attach: attach.to_owned(),
        expires_at: app.clock.now() + SignedDuration::from_mins(30),
        return_url: "http://127.0.0.1:8800/orders".into(),
        notify_url: "http://127.0.0.1:8800/gateway/notices".into(),
    };
    let url = app.gateway.open(&bill).unwrap().pay_url;
    world.town().pays_at(&url, Channel::Unionpay, bill.amount);
    match app.gateway.ask(&no).unwrap() {
        Standing::Paid(successes) => successes.into_iter().next().unwrap(),
        other => panic!("{other:?}"),
    }
}

/// An act of the operator's that refuses nothing.
pub trait Does {
    fn does<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WriteTx<'_>) -> std::result::Result<T, Fault> + Send + 'static,
    ) -> T;
}

impl Does for World {
    fn does<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WriteTx<'_>) -> std::result::Result<T, Fault> + Send + 'static,
    ) -> T {
        let act = |tx: &WriteTx<'_>| work(tx).map_err(Error::<Never>::Fault);
        self.app.db.write_now(Actor::Operator, act).unwrap()
    }
}
