//! Errands: acts on their way. One that is not alone has a thread for itself, which stops wherever it
//! waits for the line while others go on. One runs at a time: what happens when is the queue's word.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use kaowu::app::App;
use kaowu::base::outcome::{Error, Fault, Never, Result};
use kaowu::base::values::OrderNo;
use kaowu::features::orders::rules::{Order, Refused};
use kaowu::features::orders::{self, platform};
use kaowu::machinery::db::{Actor, FormKey};
use kaowu::machinery::gateway::Notice;
use kaowu::simulator::core::notice::Delivery;
use serde_json::json;

use super::house::House;
use super::town::{Shared, locked};

/// What somebody wants of the house.
#[derive(Clone, Debug)]
pub enum Errand {
    /// 提交缴费.
    Submit { person: i64, due: i64, key: FormKey },
    /// 重新申请缴费.
    Renew { person: i64, no: OrderNo, key: FormKey },
    /// Coming back from the cashier, or 查看最新状态.
    Ask { person: i64, no: OrderNo },
    /// The page that waits, asking by itself.
    Follow { person: i64, no: OrderNo },
    /// Logging in.
    Repair { person: i64 },
    /// The job of that name.
    Expire,
    /// The job of that name.
    Chase,
    /// The platform posts a notice.
    Hear { delivery: Delivery, body: Vec<u8>, signature: &'static str, answered: bool },
}

/// How an errand ended.
#[derive(Debug)]
pub enum Ending {
    /// With an order.
    Seen(Order),
    /// With a refusal.
    Refused(Refused),
    /// Well, and without anything to see.
    Done,
    /// A job had nothing to do.
    Idle,
    /// With a fault of the house.
    Faulty(Fault),
    /// The house was cut off in the midst of it.
    Crashed,
    /// It panicked: never to be forgiven.
    Panicked(String),
}

impl Errand {
    /// Who waits for it.
    pub fn person(&self) -> Option<i64> {
        match self {
            Errand::Submit { person, .. }
            | Errand::Renew { person, .. }
            | Errand::Ask { person, .. }
            | Errand::Follow { person, .. }
            | Errand::Repair { person } => Some(*person),
            Errand::Expire | Errand::Chase | Errand::Hear { .. } => None,
        }
    }

    /// For the diary.
    pub fn told(&self) -> String {
        match self {
            Errand::Submit { person, due, .. } => format!("person {person} submits due {due}"),
            Errand::Renew { person, no, .. } => format!("person {person} renews {no}"),
            Errand::Ask { person, no } => format!("person {person} asks for {no}"),
            Errand::Follow { person, no } => format!("person {person} follows {no}"),
            Errand::Repair { person } => format!("person {person} logs in"),
            Errand::Expire => "job expire".into(),
            Errand::Chase => "job chase".into(),
            Errand::Hear { delivery, signature, .. } => format!(
                "notice {} of {} comes, its signature {signature}",
                delivery.notice_no, delivery.payment.trade_no
            ),
        }
    }

    /// Does it, with a place to be cut off before its first act and after its last.
    fn run(self, app: &App, town: &Shared) -> Ending {
        step(town);
        let ending = self.acts(app);
        step(town);
        ending
    }

    fn acts(self, app: &App) -> Ending {
        let by = |person| Actor::Candidate(person).into();
        match self {
            Errand::Submit { person, due, key } => {
                seen(platform::submit(app, by(person), person, due, key))
            }
            Errand::Renew { person, no, key } => seen(platform::renew(app, by(person), &no, key)),
            Errand::Ask { person, no } => {
                seen(platform::ask(app, by(person), &no).map_err(Error::Fault))
            }
            Errand::Follow { person, no } => match app.db.read_now(|tx| orders::find(tx, &no)) {
                Ok(Some(order)) => {
                    seen(platform::follow(app, by(person), order).map_err(Error::Fault))
                }
                Ok(None) => Ending::Done,
                Err(fault) => Ending::Faulty(fault),
            },
            Errand::Repair { person } => done(platform::repair(app, by(person), person)),
            Errand::Expire => worked(platform::expire(app)),
            Errand::Chase => worked(platform::chase(app)),
            Errand::Hear { body, signature, .. } => done(hear(app, body, signature)),
        }
    }
}

fn seen(ended: Result<Order, Refused>) -> Ending {
    match ended {
        Ok(order) => Ending::Seen(order),
        Err(Error::Refused(why)) => Ending::Refused(why),
        Err(Error::Fault(fault)) => Ending::Faulty(fault),
    }
}

fn done<T>(ended: std::result::Result<T, Fault>) -> Ending {
    ended.map_or_else(Ending::Faulty, |_| Ending::Done)
}

fn worked(ended: std::result::Result<i64, Fault>) -> Ending {
    match ended {
        Ok(0) => Ending::Idle,
        other => done(other),
    }
}

/// What the door for notices does with a body (`orders/notices.rs`).
fn hear(app: &App, body: Vec<u8>, signature: &str) -> std::result::Result<(), Fault> {
    let headers = vec![("signature".to_owned(), signature.to_owned())];
    let notice = Notice { headers, body };
    let told = app.gateway.read_notice(&notice);
    let headers = json!(notice.headers).to_string();
    let house = orders::House::of(app);
    let actor = if told.is_ok() { Actor::Platform } else { Actor::Nobody };
    let kept: Result<_, Never> = app.db.write_now(actor, move |tx| {
        let success = told.as_ref().ok().map(|it| it.success.as_ref());
        Ok(orders::receive(tx, &headers, &notice.body, success, &house)?)
    });
    kept.map(drop).map_err(Fault::from)
}

/// What an errand is cut off with.
struct Cut;

/// A place where the house may be cut off: before a call, before and after the platform acts.
pub fn step(town: &Shared) {
    let mut town = locked(town);
    match town.crash_in {
        None => {}
        Some(0) => {
            drop(town);
            resume_unwind(Box::new(Cut));
        }
        Some(more) => town.crash_in = Some(more - 1),
    }
}

/// Lets so many seconds pass, and others act.
pub fn pause(town: &Shared, seconds: i64) {
    if seconds == 0 {
        return;
    }
    SEAT.with_borrow(|seat| {
        // Without a seat nobody else can act meanwhile, and no time passes.
        let Some(seat) = seat else { return };
        let until = locked(town).now + seconds;
        let goes_on = seat.say.send(Word::Waits(until)).is_ok() && seat.go.recv() == Ok(true);
        if !goes_on {
            resume_unwind(Box::new(Cut));
        }
    });
}

thread_local! {
    static SEAT: RefCell<Option<Seat>> = const { RefCell::new(None) };
}

/// Where an errand's thread waits for its turn.
struct Seat {
    go: Receiver<bool>,
    say: Sender<Word>,
}

enum Word {
    Waits(i64),
    Ended(Ending),
}

/// How far an errand got.
pub enum Progress {
    /// It waits; resume it then.
    Waits { id: u64, until: i64 },
    /// It is over.
    Ended(Errand, Ending),
}

/// A thread that does one errand after another, and stops in between.
struct Hand {
    work: Sender<(Errand, App, Shared)>,
    go: Sender<bool>,
    said: Receiver<Word>,
    thread: JoinHandle<()>,
}

impl Hand {
    fn new() -> Hand {
        let (work, works) = channel::<(Errand, App, Shared)>();
        let (go, may_go) = channel();
        let (say, said) = channel();
        let thread = thread::Builder::new().stack_size(1 << 20).spawn(move || {
            let seat = Seat { go: may_go, say: say.clone() };
            SEAT.with_borrow_mut(|it| *it = Some(seat));
            for (errand, app, town) in works {
                let ending = guarded(|| errand.run(&app, &town));
                // Whoever listens may cut the house off next; it must have been let go of.
                drop(app);
                if say.send(Word::Ended(ending)).is_err() {
                    break;
                }
            }
        });
        Hand { work, go, said, thread: thread.unwrap() }
    }
}

/// All errands that are on their way.
#[derive(Default)]
pub struct Errands {
    on_their_way: BTreeMap<u64, (Errand, Hand)>,
    idle: Vec<Hand>,
    begun: u64,
}

impl Errands {
    /// Begins an errand. Alone, nobody else can act until it is over.
    pub fn begin(&mut self, house: &House, errand: Errand, alone: bool) -> Progress {
        let (app, town) = (house.app.clone(), house.town.clone());
        if alone {
            let ending = guarded(|| errand.clone().run(&app, &town));
            return Progress::Ended(errand, ending);
        }
        let hand = self.idle.pop().unwrap_or_else(Hand::new);
        hand.work.send((errand.clone(), app, town)).unwrap();
        self.begun += 1;
        self.on_their_way.insert(self.begun, (errand, hand));
        self.listen(self.begun)
    }

    /// Lets a waiting errand go on. `None` when it was cut off meanwhile.
    pub fn resume(&mut self, id: u64) -> Option<Progress> {
        self.on_their_way.get(&id)?.1.go.send(true).unwrap();
        Some(self.listen(id))
    }

    fn listen(&mut self, id: u64) -> Progress {
        match self.on_their_way[&id].1.said.recv().unwrap() {
            Word::Waits(until) => Progress::Waits { id, until },
            Word::Ended(ending) => {
                let (errand, hand) = self.on_their_way.remove(&id).unwrap();
                self.idle.push(hand);
                Progress::Ended(errand, ending)
            }
        }
    }

    /// Cuts off all errands; they never happened further than this.
    pub fn cut_off(&mut self) -> Vec<Errand> {
        let all = std::mem::take(&mut self.on_their_way);
        let cut = |(errand, hand): (Errand, Hand)| {
            drop((hand.work, hand.go, hand.said));
            hand.thread.join().unwrap();
            errand
        };
        all.into_values().map(cut).collect()
    }
}

fn guarded(work: impl FnOnce() -> Ending) -> Ending {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload: Box<dyn Any + Send>| {
        if payload.is::<Cut>() {
            return Ending::Crashed;
        }
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| payload.downcast_ref::<&str>().map(|it| (*it).to_owned()));
        Ending::Panicked(text.unwrap_or_default())
    })
}
