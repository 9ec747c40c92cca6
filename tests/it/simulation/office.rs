//! The office: what members of staff do about refunds, and what banks say to them.

use kaowu::app::App;
use kaowu::base::chance::Chance;
use kaowu::base::outcome::Result;
use kaowu::features::orders::refunding::{self, Wish};
use kaowu::features::orders::rules::Payment;
use kaowu::features::orders::{self, House};
use kaowu::features::refunds;
use kaowu::features::refunds::rules::{Afterwards, Reason, Refund, Refused, State};
use kaowu::machinery::db::{Actor, FormKey, WriteTx};
use kaowu::simulator::core::asked::NewRefund;
use kaowu::simulator::core::fault::Fault;
use kaowu::simulator::core::faults::Scope;

use super::errands::Errand;
use super::people::Next;
use super::run::{Event, Run};
use super::town::{MERCHANT, Town, between, happens, locked};

/// After how many failures the office gives money back by bank transfer.
const TRIES: usize = 3;

/// What a member of staff does about a refund.
#[derive(Clone, Debug)]
pub struct Paper {
    officer: i64,
    task: Task,
}

#[derive(Clone, Debug)]
enum Task {
    Ask(Wish),
    Approve(i64),
    Decline(i64),
    Retry(i64),
    Transfer(i64),
    TakeBack(i64),
    Confirm(i64),
}

/// Is this refusal one that two officers at once, or one with an old page, may meet?
pub fn is_told(why: &Refused) -> bool {
    match why {
        Refused::Moved { .. }
        | Refused::SamePerson
        | Refused::AlreadyAsked { .. }
        | Refused::NothingToGiveBack => true,
        Refused::Unknown
        | Refused::AbovePaid { .. }
        | Refused::Partial { .. }
        | Refused::MustGoBack
        | Refused::NothingSaid
        | Refused::NotStaff
        | Refused::FormReused => false,
    }
}

impl Paper {
    /// For the diary.
    pub fn told(&self) -> String {
        format!("officer {}: {:?}", self.officer, self.task)
    }

    /// Does it.
    pub fn write(self, app: &App) -> Result<(), Refused> {
        let house = House::of(app);
        app.db.write_now(Actor::Staff(self.officer), move |tx| self.task.acts(tx, &house))
    }
}

impl Task {
    fn acts(self, tx: &WriteTx<'_>, house: &House) -> Result<(), Refused> {
        match self {
            Task::Ask(wish) => refunding::ask(tx, &wish, house).map(drop),
            Task::Approve(id) => refunding::approve(tx, id, State::Asked).map(drop),
            Task::Decline(id) => refunding::decline(tx, id, State::Asked, "缴费无误").map(drop),
            Task::Retry(id) => refunding::retry(tx, id, State::Failed, house).map(drop),
            Task::Transfer(id) => refunds::transfer(tx, id, State::Failed, "P0001").map(drop),
            Task::TakeBack(id) => refunds::take_back(tx, id, State::ByHand).map(drop),
            Task::Confirm(id) => refunding::confirm(tx, id, State::ByHand, house).map(drop),
        }
    }
}

/// Does it wait for a person, since the platform says that it has no such money any more?
pub fn is_stuck(refund: &Refund) -> bool {
    refund.state == State::Failed
        && refund.failure.as_ref().is_some_and(|it| it.contains("REFUND_TOO_MUCH"))
}

impl Run {
    /// An officer looks at the list, and does something about much of it; sometimes two do.
    pub fn office_opens(&mut self) {
        let dice = locked(&self.town).dice.clone();
        for refund in self.house.app.db.read_now(refunds::open).unwrap() {
            if happens(&dice, 700) {
                self.looks_at(&refund, &dice);
            }
        }
        if happens(&dice, 300) {
            self.wants_back(&dice);
        }
    }

    /// Everything that a person can do is done: in the evening. Says whether there is more to come.
    pub fn office_closes(&mut self) -> bool {
        let open = self.house.app.db.read_now(refunds::open).unwrap();
        let dice = locked(&self.town).dice.clone();
        let mut more = false;
        for refund in open.iter().filter(|it| !is_stuck(it)) {
            more = true;
            self.looks_at(refund, &dice);
        }
        more
    }

    fn looks_at(&mut self, refund: &Refund, dice: &Chance) {
        let id = refund.id;
        match refund.state {
            State::Asked => {
                self.writes(Task::Approve(id), dice);
                if happens(dice, 200) {
                    self.writes(Task::Approve(id), dice);
                }
                if refund.counted() && happens(dice, 150) {
                    self.writes(Task::Decline(id), dice);
                }
            }
            State::Failed if is_stuck(refund) => {}
            State::Failed => {
                let failed = self.house.app.db.read_now(|tx| refunds::failed_numbers(tx, id));
                let again = failed.unwrap().len() < TRIES;
                self.writes(if again { Task::Retry(id) } else { Task::Transfer(id) }, dice);
                if happens(dice, 200) {
                    self.writes(Task::Retry(id), dice);
                }
            }
            State::ByHand => {
                let wrong = happens(dice, 100);
                self.writes(if wrong { Task::TakeBack(id) } else { Task::Confirm(id) }, dice);
            }
            State::Approved | State::Sent | State::Refunded | State::Declined => {}
        }
    }

    fn writes(&mut self, task: Task, dice: &Chance) {
        let officer = *dice.pick(&self.house.officers);
        // Two who decide at once are seconds apart, or none.
        let when = self.now() + between(dice, 0, 3);
        self.at(when, Event::Begin(Errand::Office(Paper { officer, task })));
    }

    /// Somebody of staff wants money of today that counts to go back.
    fn wants_back(&mut self, dice: &Chance) {
        let dues: Vec<(i64, i64)> = self.people.values().map(|it| (it.id, it.due)).collect();
        let (person, due) = *dice.pick(&dues);
        let found = self.house.app.db.read_now(|tx| orders::payments_of_due(tx, due));
        let Some(payment) = found.unwrap().into_iter().find(Payment::counted) else { return };
        let afterwards = *dice.pick(&Afterwards::ALL);
        let wish = Wish {
            trade_no: payment.trade_no,
            amount: payment.amount,
            reason: *dice.pick(&[Reason::ExamCancelled, Reason::PaidInError]),
            words: String::new(),
            afterwards,
        };
        self.writes(Task::Ask(wish), dice);
        if afterwards == Afterwards::Reopen {
            // They hear that they are to pay again.
            let key = FormKey::draw(dice);
            let again = Errand::Submit { person, due, key };
            self.follows(vec![(between(dice, 600, 3600), Next::Errand(again))]);
        }
    }
}

impl Town {
    /// The bank makes up its mind about a refund that is new to the platform.
    pub fn bank_hears_of(&mut self, wish: &NewRefund) {
        let now = self.theirs();
        if self.books.find_refund(now, MERCHANT, &wish.refund_no).is_ok() {
            return;
        }
        let dice = self.dice.clone();
        let all_well = self.trouble == 0;
        let gone = self.dead_cards.contains(&wish.order_no);
        if gone || !all_well && happens(&dice, 150) {
            if !gone && happens(&dice, 200) {
                self.dead_cards.insert(wish.order_no.clone());
            }
            self.books.switch_on(now, Fault::RefundFails, Scope::All, None);
            self.fault("bank gives nothing back", &wish.refund_no);
        }
        if !all_well && happens(&dice, 200) {
            let minutes = u32::try_from(between(&dice, 1, 40)).unwrap();
            self.books.switch_on(now, Fault::RefundSlow, Scope::All, Some(minutes));
            self.fault("bank thinks long", &wish.refund_no);
        }
    }
}
