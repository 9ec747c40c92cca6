//! Reconciliation: statements taken, differences ended by two people, days closed; with a real
//! platform on the other side.

mod closing;
mod doors;
mod statements;

use jiff::SignedDuration;
use jiff::civil::Date;
use kaowu::base::outcome::{Error, Fault, Never, Result};
use kaowu::base::values::{Fen, IdDocument};
use kaowu::features::fees::rules::{DueState, ItemTexts, NewItem, NewProject, ProjectTexts};
use kaowu::features::orders::platform;
use kaowu::features::orders::rules::{Order, Road, Settled};
use kaowu::features::reconciliation::rules::{Difference, Kind, Refused, Remedy, Standing, State};
use kaowu::features::reconciliation::{self, Brought, Closing, Seen};
use kaowu::features::staff::rules::DutyKind;
use kaowu::features::windows::rules::Interval;
use kaowu::features::{candidates, fees, orders, receipts, windows};
use kaowu::machinery::db::{Actor, By, FormKey, WriteTx};
use kaowu::machinery::gateway::{self, Success};
use kaowu::simulator::core::attempt::Channel;

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
        let dues = act(&world, move |tx| {
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
        act(&self.world, move |tx| orders::settle(tx, &success, Road::Notice, &house))
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
            gateway::StatementLine::Payment { success } => gateway::wire::statement::Line {
                at: success.paid_at,
                order_no: success.order_no.to_string(),
                trade_no: success.trade_no,
                refund_no: None,
                amount: success.amount.fen(),
                channel: success.channel.code().into(),
                attach: success.attach,
            },
            gateway::StatementLine::Refund { .. } => unreachable!("nothing went back"),
        });
        let bytes = gateway::wire::statement::write(day, lines.collect()).unwrap();
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

fn act<T: Send + 'static>(
    world: &World,
    work: impl FnOnce(&WriteTx<'_>) -> std::result::Result<T, Fault> + Send + 'static,
) -> T {
    let act = |tx: &WriteTx<'_>| work(tx).map_err(Error::<Never>::Fault);
    world.app.db.write_now(Actor::Operator, act).unwrap()
}

#[test]
fn lost_money_is_recorded_by_two_people() {
    let books = Books::open(2);
    books.pays(0);
    books.pays_unheard(1);
    books.hours_pass(24);

    assert_eq!(books.fetches(DAY).unwrap(), Brought::New);
    let lost = books.the_difference(DAY);
    assert_eq!((lost.found.kind, lost.found.remedy), (Kind::TheirsOnly, Remedy::Settle));
    assert_eq!(books.standing(DAY), Standing::Unsettled(1));
    books.proposes(books.wu(), lost.id, None).unwrap();
    assert_eq!(refused(books.confirms(books.wu(), lost.id)), Refused::SamePerson);
    assert_eq!(books.due(1), DueState::Unpaid);
    let ended = books.confirms(books.zheng(), lost.id).unwrap();

    assert_eq!((ended.state, ended.outcome.as_str()), (State::Cleared, "已补记入账"));
    assert_eq!(books.due(1), DueState::Paid);
    assert_eq!(books.standing(DAY), Standing::Ready);
    assert_eq!(refused(books.confirms(books.zheng(), lost.id)), Refused::NotNow);
}

#[test]
fn lost_money_that_is_paid_twice_goes_back_by_rule() {
    let books = Books::open(1);
    let order = books.places(0);
    let second = books.world.town().opens(&order, Channel::Alipay);
    books.world.town().scans(&order, second);
    books.world.town().pays(&order, Channel::Wechat);
    platform::ask(&books.world.app, books.wu(), &order.no).unwrap();
    books.world.town().bank_takes(&order, second, Fen::of(9_000));
    books.hours_pass(24);

    books.fetches(DAY).unwrap();
    let odd = books.the_difference(DAY);
    assert_eq!((odd.found.kind, odd.found.remedy), (Kind::AmountDiffers, Remedy::Settle));
    books.proposes(books.wu(), odd.id, None).unwrap();
    let ended = books.confirms(books.zheng(), odd.id).unwrap();

    assert_eq!(ended.outcome, "已补记，金额与订单不符，转退款");
    let to_refund = books.world.app.db.read_now(|tx| orders::takings(tx, tx.now())).unwrap();
    assert_eq!(to_refund.to_refund_fen, 9_000);
    assert_eq!(books.standing(DAY), Standing::Ready);
}

#[test]
fn what_we_alone_have_is_asked_about_and_then_explained_by_two() {
    let books = Books::open(1);
    let order = books.places(0);
    books.hears(&order, "T-NOBODY", SignedDuration::ZERO);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    let id = books.the_difference(DAY).id;
    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Ask, State::Open)]);
    assert_eq!(refused(books.proposes(books.wu(), id, Some("平台漏记"))), Refused::NotNow);

    reconciliation::ask(&books.world.app, books.wu(), id).unwrap();

    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Explain, State::Open)]);
    assert_eq!(refused(books.proposes(books.wu(), id, Some("  "))), Refused::NoWords);
    books.proposes(books.wu(), id, Some("平台漏记，已电话确认")).unwrap();
    assert_eq!(refused(books.confirms(books.wu(), id)), Refused::SamePerson);
    books.confirms(books.zheng(), id).unwrap();
    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Explain, State::Explained)]);
    // Compared once more, it stays explained.
    reconciliation::compare(&books.world.app, books.wu(), DAY).unwrap();
    assert_eq!(books.standing(DAY), Standing::Ready);
    let face = books.closes(books.wu(), DAY).unwrap().face;
    assert_eq!(face.differences[0].ended, "平台漏记，已电话确认");
    assert_eq!(face.differences[0].by, "经办 吴芳，确认 郑洁");
}

#[test]
fn what_was_sent_back_can_be_done_otherwise() {
    let books = Books::open(1);
    books.pays_unheard(0);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    let id = books.the_difference(DAY).id;
    books.proposes(books.wu(), id, None).unwrap();

    let act = |tx: &WriteTx<'_>| reconciliation::send_back(tx, 1);
    books.world.app.db.write_now(books.zheng(), act).unwrap();

    assert_eq!(books.differences(DAY), [(Kind::TheirsOnly, Remedy::Settle, State::Open)]);
    books.proposes(books.zheng(), id, None).unwrap();
    books.confirms(books.wu(), id).unwrap();
    assert_eq!(books.due(0), DueState::Paid);
}

#[test]
fn money_at_midnight_is_found_on_the_neighbouring_day() {
    let books = Books::open(1);
    // 13 hours and 36 minutes after the morning it is midnight.
    let order = books.places(0);
    let code = books.world.town().opens(&order, Channel::Wechat);
    books.world.town().scans(&order, code);
    books.world.passes(SignedDuration::from_secs(13 * 3600 + 36 * 60 + 5));
    books.world.town().bank_takes(&order, code, order.amount);
    let trade_no = {
        let next = DAY.tomorrow().unwrap();
        books.hours_pass(24);
        books.file(next).lines().nth(1).unwrap().split(',').nth(3).unwrap().to_owned()
    };
    // The notice said some seconds before midnight.
    books.hears(&order, &trade_no, SignedDuration::from_secs(24 * 3600 + 10));

    books.fetches(DAY).unwrap();
    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Ask, State::Open)]);
    books.fetches(DAY.tomorrow().unwrap()).unwrap();

    let across = (Kind::AcrossMidnight, Remedy::Nothing, State::Cleared);
    assert_eq!(books.differences(DAY), [across]);
    assert_eq!(books.differences(DAY.tomorrow().unwrap()), [across]);
    assert_eq!(books.the_difference(DAY).outcome, "对方记在 2026-03-14，金额一致");
    assert_eq!(books.standing(DAY), Standing::Ready);
}

#[test]
fn a_file_that_somebody_brought_proves_no_money() {
    let mut books = Books::open(2);
    books.pays(0);
    books.hours_pass(24);
    let invented = books.places(1);
    let line = format!(
        "PAYMENT,2026-03-13T11:00:00+08:00,{},T-INVENTED,,10000,1,WECHAT,\r\nPAYMENT_TOTAL",
        invented.no
    );
    let file = books.file(DAY).replace("PAYMENT_TOTAL", &line).replace(",10000,1,,", ",20000,2,,");
    books.brings(DAY, &file).unwrap();
    let id = books.the_difference(DAY).id;
    books.proposes(books.wu(), id, None).unwrap();

    assert_eq!(refused(books.confirms(books.zheng(), id)), Refused::Contradicted);
    books.world.platform_goes_down();
    assert!(matches!(refused(books.confirms(books.zheng(), id)), Refused::PlatformAway(_)));

    assert_eq!(books.due(1), DueState::Unpaid);
}

#[test]
fn what_the_platform_signed_is_proof_while_it_is_away() {
    let mut books = Books::open(1);
    books.pays_unheard(0);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    let id = books.the_difference(DAY).id;
    books.proposes(books.wu(), id, None).unwrap();

    books.world.platform_goes_down();
    books.confirms(books.zheng(), id).unwrap();

    assert_eq!(books.due(0), DueState::Paid);
}
