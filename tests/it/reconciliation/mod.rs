//! Reconciliation: statements taken, differences ended by two people, days closed; with a real
//! platform on the other side.

mod closing;
mod doors;
mod refunds;
mod remedies;
mod statements;
mod strays;

use jiff::SignedDuration;
use jiff::civil::Date;
use kaowu::base::outcome::{Error, Result};
use kaowu::base::values::{Fen, IdDocument};
use kaowu::features::fees::rules::{DueState, ItemTexts, NewItem, NewProject, ProjectTexts};
use kaowu::features::orders::platform;
use kaowu::features::orders::rules::{Order, Road, Settled};
use kaowu::features::reconciliation::rules::{Difference, Kind, Refused, Remedy, Standing, State};
use kaowu::features::reconciliation::{self, Brought, Closing, Seen};
use kaowu::features::staff::rules::DutyKind;
use kaowu::features::windows::rules::Interval;
use kaowu::features::{candidates, fees, orders, receipts, windows};
use kaowu::machinery::db::{Actor, By, FormKey};
use kaowu::machinery::gateway::wire::statement::{self, Line};
use kaowu::machinery::gateway::{self, StatementLine, Success};
use kaowu::simulator::core::attempt::Channel;

use crate::payday::Does;
use crate::visitors;
use crate::world::World;

/// The payment day.
pub const DAY: Date = jiff::civil::date(2026, 3, 13);

/// A payment day on which some people owe 100 yuan each, and two officers who balance the books.
pub struct Books {
    pub world: World,
    dues: Vec<(i64, i64)>,
    wu: i64,
    zheng: i64,
}

impl Books {
    pub fn open(people: u16) -> Books {
        let world = World::with_platform();
        let chance = world.app.chance.clone();
        let dues = world.does(move |tx| {
            let texts = ProjectTexts {
                title: "2026年专科自主招生网上缴费系统".into(),
                consequence: String::new(),
                shown: true,
            };
            let project = NewProject { code: "zz2026".into(), texts };
            let texts = ItemTexts {
                name: "报名考试费".into(),
                unit: "人次".into(),
                standard: Fen::of(10_000),
            };
            let item = NewItem { code: "103040199".into(), texts };
            let project = fees::set_up(tx, &project, &item, &chance).unwrap();
            let hours = Interval {
                opens_at: "2026-03-13T01:00:00Z".parse().unwrap(),
                closes_at: "2026-03-14T12:00:00Z".parse().unwrap(),
            };
            windows::set(tx, &fees::rules::business(project), &[hours]).unwrap();
            receipts::add_segment(tx, "31010126", 1, 100).unwrap();
            let item = fees::items(tx, project)?[0].id;
            let mut dues = Vec::new();
            for n in 0..people {
                let entry = candidates::rules::Entry {
                    document: IdDocument::invented(jiff::civil::date(2007, 3, 12), 124 + n),
                    name: "林晓禾".parse().unwrap(),
                    phone: None,
                    email: None,
                    initial_password: None,
                };
                let (person, _) = candidates::register(tx, &entry)?;
                let (due, _) = fees::owe(tx, person, item, Fen::of(10_000), None).unwrap();
                dues.push((person, due));
            }
            Ok(dues)
        });
        let wu = visitors::member(&world, "wufang", "吴芳", &[DutyKind::Finance]);
        let zheng = visitors::member(&world, "zhengjie", "郑洁", &[DutyKind::Finance]);
        Books { world, dues, wu, zheng }
    }

    pub fn wu(&self) -> By {
        Actor::Staff(self.wu).into()
    }

    pub fn zheng(&self) -> By {
        Actor::Staff(self.zheng).into()
    }

    /// Person `n` places an order.
    pub fn places(&self, n: usize) -> Order {
        let (person, due) = self.dues[n];
        let key = FormKey::draw(&self.world.app.chance);
        let by = Actor::Candidate(person).into();
        platform::submit(&self.world.app, by, person, due, key).unwrap()
    }

    /// Person `n` pays, and this house hears nothing of it.
    pub fn pays_unheard(&self, n: usize) -> Order {
        let order = self.places(n);
        self.world.town().pays(&order, Channel::Wechat);
        order
    }

    /// Person `n` pays, and this house learns of it.
    pub fn pays(&self, n: usize) -> Order {
        let order = self.pays_unheard(n);
        platform::ask(&self.world.app, Actor::Candidate(self.dues[n].0).into(), &order.no).unwrap()
    }

    pub fn due(&self, n: usize) -> DueState {
        let due = self.dues[n].1;
        self.world.app.db.read_now(|tx| fees::due(tx, due)).unwrap().unwrap().state
    }

    /// We are told of money of an order in so many words, true or not.
    pub fn hears(&self, order: &Order, trade_no: &str, ago: SignedDuration) -> Settled {
        let success = Success {
            order_no: order.no.clone(),
            trade_no: trade_no.into(),
            amount: order.amount,
            channel: gateway::Channel::Wechat,
            paid_at: self.world.app.clock.now() - ago,
            attach: String::new(),
        };
        let house = orders::House::of(&self.world.app);
        self.world.does(move |tx| orders::settle(tx, &success, Road::Notice, &house))
    }

    pub fn hours_pass(&self, hours: i64) {
        self.world.passes(SignedDuration::from_hours(hours));
    }

    pub fn fetches(&self, day: Date) -> Result<Brought, Refused> {
        reconciliation::fetch(&self.world.app, self.wu(), day)
    }

    pub fn brings(&self, day: Date, file: &str) -> Result<Brought, Refused> {
        let bytes = file.as_bytes().to_vec();
        reconciliation::upload(&self.world.app, self.wu(), day, bytes)
    }

    /// The statement as the platform writes it.
    pub fn file(&self, day: Date) -> String {
        let lines = self.world.app.gateway.statement(day).unwrap();
        let lines = lines.into_iter().map(|it| match it {
            StatementLine::Payment { success } => Line {
                at: success.paid_at,
                order_no: success.order_no.to_string(),
                trade_no: success.trade_no,
                refund_no: None,
                amount: success.amount.fen(),
                channel: success.channel.code().into(),
                attach: success.attach,
            },
            StatementLine::Refund {
                refund_no,
                order_no,
                trade_no,
                amount,
                channel,
                at,
                attach,
            } => Line {
                at,
                order_no: order_no.to_string(),
                trade_no,
                refund_no: Some(refund_no.to_string()),
                amount: amount.fen(),
                channel: channel.code().into(),
                attach,
            },
        });
        let bytes = statement::write(day, lines.collect()).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    pub fn seen(&self, day: Date) -> (Seen, Standing) {
        let look = |tx: &kaowu::machinery::db::ReadTx<'_>| {
            let seen = reconciliation::see(tx, day)?;
            let standing = seen.standing(tx);
            Ok((seen, standing))
        };
        self.world.app.db.read_now(look).unwrap()
    }

    pub fn standing(&self, day: Date) -> Standing {
        self.seen(day).1
    }

    /// The differences of a day: how, what belongs to it, where it stands.
    pub fn differences(&self, day: Date) -> Vec<(Kind, Remedy, State)> {
        let told = |it: Difference| (it.found.kind, it.found.remedy, it.state);
        self.seen(day).0.differences.into_iter().map(told).collect()
    }

    pub fn the_difference(&self, day: Date) -> Difference {
        let [only] = <[Difference; 1]>::try_from(self.seen(day).0.differences).unwrap();
        only
    }

    pub fn proposes(&self, by: By, id: i64, words: Option<&'static str>) -> Result<(), Refused> {
        self.world.app.db.write_now(by, move |tx| reconciliation::propose(tx, id, words))
    }

    pub fn confirms(&self, by: By, id: i64) -> Result<Difference, Refused> {
        reconciliation::confirm(&self.world.app, by, id)
    }

    pub fn closes(&self, by: By, day: Date) -> Result<Closing, Refused> {
        let key = FormKey::draw(&self.world.app.chance);
        reconciliation::close(&self.world.app, by, day, key)
    }
}

/// Why an act was refused.
pub fn refused<T: std::fmt::Debug>(said: Result<T, Refused>) -> Refused {
    match said {
        Err(Error::Refused(reason)) => reason,
        other => panic!("not refused: {other:?}"),
    }
}
