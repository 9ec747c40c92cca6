//! Hands: threads on which errands are done, so that they can stop wherever they wait for the line
//! while others go on. One works at a time: what happens when is the queue's word.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use kaowu::app::App;

use super::errands::{Ending, Errand};
use super::house::House;
use super::town::{Shared, locked};

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
pub struct Hands {
    on_their_way: BTreeMap<u64, (Errand, Hand)>,
    idle: Vec<Hand>,
    begun: u64,
}

impl Hands {
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
