//! Refunds: who may ask and decide, what the platform hears, and what follows when money went back.

mod failing;
mod strays;

use kaowu::base::outcome::{Error, Result};
use kaowu::base::values::Fen;
use kaowu::features::fees::rules::DueState;
use kaowu::features::orders::refunding::{self, Wish};
use kaowu::features::orders::rules::{Fate, Order};
use kaowu::features::orders::{self, House};
use kaowu::features::refunds::Refund;
use kaowu::features::refunds::rules::{Afterwards, Reason, Refused, State};
use kaowu::features::{receipts, refunds};
use kaowu::machinery::db::{By, ReadTx, WriteTx};
use kaowu::simulator::core::refund::State as AtPlatform;

use crate::payday::Day;

/// What 财务 does.
impl Day {
    fn wish(&self, order: &Order, amount: Fen, afterwards: Afterwards) -> Wish {
        let payments = self.world.app.db.read_now(|tx| orders::payments(tx, &order.no)).unwrap();
        Wish {
            trade_no: payments[0].trade_no.clone(),
            amount,
            reason: Reason::ExamCancelled,
            words: String::new(),
            afterwards,
        }
    }

    fn asks_back(&self, by: By, wish: Wish) -> Result<i64, Refused> {
        let house = House::of(&self.world.app);
        self.world.app.db.write_now(by, move |tx| refunding::ask(tx, &wish, &house))
    }

    fn approves(&self, by: By, id: i64) -> Result<Refund, Refused> {
        let approve = move |tx: &WriteTx<'_>| refunding::approve(tx, id, State::Asked);
        self.world.app.db.write_now(by, approve)
    }

    /// The job runs, the bank thinks, and the job runs again.
    fn refunds_run(&self) {
        refunding::carry_on(&self.world.app).unwrap();
        self.passes(1);
        refunding::carry_on(&self.world.app).unwrap();
    }

    fn letters(&self, words: &str) -> i64 {
        let sql = "select count(*) from mails where instr(subject || body, ?1) > 0";
        self.world.app.db.read_now(|tx| tx.count(sql, [words])).unwrap()
    }
}

#[test]
fn money_paid_twice_goes_back_when_one_person_agrees() {
    let day = Day::new();
    let (order, refund) = day.paid_twice();

    day.approves(day.officer("wufang", "吴芳"), refund.id).unwrap();
    day.refunds_run();

    assert_eq!(day.refund(refund.id).state, State::Refunded);
    assert_eq!(day.fates(&order), [Fate::Counted, Fate::Refunded]);
    assert_eq!(day.world.town().refunds(), [AtPlatform::Succeeded]);
    // What never counted touches neither the due nor the receipt.
    assert_eq!((day.due_state(), day.receipts()), (DueState::Paid, 1));
    assert_eq!(day.letters("退款完成"), 1);
}

#[test]
fn nothing_goes_back_before_somebody_agrees() {
    let day = Day::new();
    let (order, refund) = day.paid_twice();

    day.refunds_run();

    assert_eq!(day.refund(refund.id).state, State::Asked);
    assert_eq!(day.fates(&order), [Fate::Counted, Fate::ToRefund]);
    assert_eq!(day.world.town().refunds(), []);
}

#[test]
fn a_payment_that_counted_goes_back_with_its_receipt_and_its_due() {
    let day = Day::new();
    let order = day.paid();
    let (asker, other) = (day.officer("wufang", "吴芳"), day.officer("zhengjie", "郑洁"));

    let wish = day.wish(&order, order.amount, Afterwards::Cancel);
    let id = day.asks_back(asker, wish).unwrap();
    day.approves(other, id).unwrap();
    refunding::send_all(&day.world.app).unwrap();
    assert_eq!(day.fates(&order), [Fate::Refunding]);
    assert_eq!((day.due_state(), day.receipts()), (DueState::Paid, 1));
    day.refunds_run();

    assert_eq!(day.fates(&order), [Fate::Refunded]);
    assert_eq!((day.due_state(), day.receipts()), (DueState::Refunded, 2));
    assert_eq!(day.letters("原票据已冲红"), 1);
    let counted = "select count(*) from payments where counted_at is not null";
    assert_eq!(day.world.app.db.read_now(|tx| tx.count(counted, ())).unwrap(), 1);
}

#[test]
fn a_due_that_is_opened_again_can_be_paid_again() {
    let day = Day::new();
    let order = day.paid();
    let wish = day.wish(&order, order.amount, Afterwards::Reopen);
    let id = day.asks_back(day.officer("wufang", "吴芳"), wish).unwrap();
    day.approves(day.officer("zhengjie", "郑洁"), id).unwrap();
    day.refunds_run();
    assert_eq!(day.due_state(), DueState::Unpaid);

    let second = day.paid();

    assert_ne!(second.no, order.no);
    assert_eq!(day.fates(&second), [Fate::Counted]);
    assert_eq!((day.due_state(), day.receipts()), (DueState::Paid, 3));
}

#[test]
fn nobody_approves_or_declines_what_they_asked() {
    let day = Day::new();
    let order = day.paid();
    let asker = day.officer("wufang", "吴芳");
    let id = day.asks_back(asker, day.wish(&order, order.amount, Afterwards::Cancel)).unwrap();

    let approved = day.approves(asker, id);
    let decline = move |tx: &WriteTx<'_>| refunding::decline(tx, id, State::Asked, "理由");
    let declined = day.world.app.db.write_now(asker, decline);

    assert!(matches!(approved, Err(Error::Refused(Refused::SamePerson))), "{approved:?}");
    assert!(matches!(declined, Err(Error::Refused(Refused::SamePerson))), "{declined:?}");
    assert_eq!(day.refund(id).state, State::Asked);
}

#[test]
fn only_the_whole_payment_goes_back() {
    let day = Day::new();
    let order = day.paid();
    let by = day.officer("wufang", "吴芳");
    let asks = |fen| day.asks_back(by, day.wish(&order, Fen::of(fen), Afterwards::Cancel));

    let (above, part) = (asks(10_001), asks(9_999));

    let paid = order.amount;
    assert!(matches!(above, Err(Error::Refused(Refused::AbovePaid { paid: it })) if it == paid));
    assert!(matches!(part, Err(Error::Refused(Refused::Partial { paid: it })) if it == paid));
    assert!(day.refunds().is_empty());
}

#[test]
fn only_staff_ask_and_only_for_money_that_counts_and_once() {
    let day = Day::new();
    let (order, duplicate) = day.paid_twice();
    let by = day.officer("wufang", "吴芳");
    let wish = day.wish(&order, order.amount, Afterwards::Cancel);
    let extra = Wish { trade_no: duplicate.trade_no, ..wish.clone() };
    let unsaid = Wish { reason: Reason::Other, words: " ".into(), ..wish.clone() };

    let by_candidate = day.asks_back(day.by(), wish.clone());
    let of_extra = day.asks_back(by, extra);
    let without_words = day.asks_back(by, unsaid);
    day.asks_back(by, wish.clone()).unwrap();
    let again = day.asks_back(day.officer("zhengjie", "郑洁"), wish);

    assert!(matches!(by_candidate, Err(Error::Refused(Refused::NotStaff))));
    assert!(matches!(of_extra, Err(Error::Refused(Refused::NothingToGiveBack))));
    assert!(matches!(without_words, Err(Error::Refused(Refused::NothingSaid))));
    assert!(matches!(
        again,
        Err(Error::Refused(Refused::AlreadyAsked { state: State::Asked, .. }))
    ));
}

#[test]
fn of_two_who_decide_at_once_one_wins_and_the_other_is_told() {
    let day = Day::new();
    let order = day.paid();
    let id = day
        .asks_back(
            day.officer("wufang", "吴芳"),
            day.wish(&order, order.amount, Afterwards::Cancel),
        )
        .unwrap();
    let (yes, no) = (day.officer("zhengjie", "郑洁"), day.officer("fenggang", "冯刚"));

    let deciding = [(yes, true), (no, false)].map(|(by, agrees)| {
        let app = day.world.app.clone();
        std::thread::spawn(move || {
            app.db.write_now(by, move |tx| {
                if agrees {
                    refunding::approve(tx, id, State::Asked)
                } else {
                    refunding::decline(tx, id, State::Asked, "考试没有取消")
                }
            })
        })
    });
    let decided = deciding.map(|it| it.join().unwrap());

    let (won, lost): (Vec<_>, Vec<_>) = decided.into_iter().partition(std::result::Result::is_ok);
    let won = won.into_iter().next().unwrap().unwrap();
    let winner = if won.state == State::Approved { "郑洁" } else { "冯刚" };
    match &lost[..] {
        [Err(Error::Refused(Refused::Moved { now, by }))] => {
            assert_eq!((*now, by.as_deref()), (won.state, Some(winner)));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(day.refund(id).state, won.state);
}

#[test]
fn what_is_declined_goes_on_counting_and_may_be_asked_again() {
    let day = Day::new();
    let order = day.paid();
    let (asker, other) = (day.officer("wufang", "吴芳"), day.officer("zhengjie", "郑洁"));
    let wish = day.wish(&order, order.amount, Afterwards::Cancel);
    let id = day.asks_back(asker, wish.clone()).unwrap();
    let declines = |why: &'static str| {
        let decline = move |tx: &WriteTx<'_>| refunding::decline(tx, id, State::Asked, why);
        day.world.app.db.write_now(other, decline)
    };

    assert!(matches!(declines(" "), Err(Error::Refused(Refused::NothingSaid))));
    declines("考试没有取消").unwrap();

    assert_eq!(day.fates(&order), [Fate::Counted]);
    assert_eq!((day.due_state(), day.receipts()), (DueState::Paid, 1));
    assert_ne!(day.asks_back(asker, wish).unwrap(), id);
}

#[test]
fn money_that_never_counted_must_go_back() {
    let day = Day::new();
    let (_, refund) = day.paid_twice();
    let by = day.officer("wufang", "吴芳");

    let decline = move |tx: &WriteTx<'_>| refunding::decline(tx, refund.id, State::Asked, "理由");
    let declined = day.world.app.db.write_now(by, decline);

    assert!(matches!(declined, Err(Error::Refused(Refused::MustGoBack))), "{declined:?}");
}

#[test]
fn what_went_back_is_found_by_when() {
    let day = Day::new();
    let (order, refund) = day.paid_twice();
    day.approves(day.officer("wufang", "吴芳"), refund.id).unwrap();
    let before = day.world.app.clock.now();
    day.refunds_run();
    let after = day.world.app.clock.now();

    let found = |from, until| {
        let ended = move |tx: &ReadTx<'_>| refunds::ended_between(tx, from, until);
        day.world.app.db.read_now(ended).unwrap().len()
    };
    let came = |from, until| {
        let paid = move |tx: &ReadTx<'_>| orders::payments_between(tx, from, until);
        day.world.app.db.read_now(paid).unwrap().len()
    };

    assert_eq!((found(before, after), found(after, after)), (1, 0));
    assert_eq!(came(order.placed_at, after), 2);
    let red = day.world.app.db.read_now(|tx| receipts::of_order(tx, &order.no)).unwrap();
    assert_eq!(red.len(), 1);
}
