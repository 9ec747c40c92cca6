//! Money that went back, in the books and in the statement.

use jiff::SignedDuration;
use kaowu::features::orders::refunding::{self, Wish};
use kaowu::features::orders::{self, House};
use kaowu::features::reconciliation;
use kaowu::features::reconciliation::rules::{Kind, Remedy, Standing, State};
use kaowu::features::refunds::rules::{Afterwards, Reason, State as RefundState};
use kaowu::features::refunds::{self, Refund};
use kaowu::machinery::db::WriteTx;

use super::{Books, DAY};

impl Books {
    /// Person `n` pays, and two officers agree to give the money back; the platform has heard of it.
    fn gives_back(&self, n: usize) -> i64 {
        let (no, app) = (self.pays(n).no, &self.world.app);
        let payments = app.db.read_now(|tx| orders::payments(tx, &no)).unwrap();
        let wish = Wish {
            trade_no: payments[0].trade_no.clone(),
            amount: payments[0].amount,
            reason: Reason::ExamCancelled,
            words: String::new(),
            afterwards: Afterwards::Cancel,
        };
        let house = House::of(app);
        let ask = move |tx: &WriteTx<'_>| refunding::ask(tx, &wish, &house);
        let id = app.db.write_now(self.wu(), ask).unwrap();
        let approve = move |tx: &WriteTx<'_>| refunding::approve(tx, id, RefundState::Asked);
        app.db.write_now(self.zheng(), approve).unwrap();
        refunding::send_all(app).unwrap();
        id
    }

    /// The bank has answered, and this house asks.
    fn follows(&self) {
        self.world.passes(SignedDuration::from_mins(1));
        refunding::follow_all(&self.world.app).unwrap();
    }

    fn refund(&self, id: i64) -> Refund {
        self.world.app.db.read_now(|tx| refunds::find(tx, id)).unwrap().unwrap()
    }
}

#[test]
fn money_that_went_back_stands_on_both_sides() {
    let books = Books::open(2);
    books.pays(0);
    books.gives_back(1);
    books.follows();
    books.hours_pass(24);

    books.fetches(DAY).unwrap();

    assert_eq!(books.differences(DAY), []);
    let closing = books.closes(books.wu(), DAY).unwrap();
    assert_eq!(closing.ours, closing.theirs);
    assert_eq!((closing.ours.payments, closing.ours.refunds), (2, 1));
    assert_eq!(closing.ours.net_fen(), 10_000);
    // The refund went back over the channel that its payment came by.
    let names: Vec<&str> = closing.face.channels.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["微信"]);
}

#[test]
fn a_refund_that_is_on_its_way_here_and_ended_there_is_asked_about() {
    let books = Books::open(1);
    let id = books.gives_back(0);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    assert_eq!(books.differences(DAY), [(Kind::StateDiffers, Remedy::Ask, State::Open)]);
    assert_eq!(books.refund(id).state, RefundState::Sent);

    let difference = books.the_difference(DAY).id;
    let ended = reconciliation::ask(&books.world.app, books.wu(), difference).unwrap();

    assert_eq!(ended.state, State::Cleared);
    assert_eq!(books.refund(id).state, RefundState::Refunded);
    assert_eq!(books.standing(DAY), Standing::Ready);
}

#[test]
fn a_refund_of_a_number_that_is_not_ours_is_explained_by_two() {
    let books = Books::open(1);
    let id = books.gives_back(0);
    books.follows();
    books.hours_pass(24);
    let ours = books.refund(id).no.to_string();
    let file = books.file(DAY).replace(&ours, "R-SOMEBODY-ELSE");

    books.brings(DAY, &file).unwrap();

    let mut found = books.differences(DAY);
    found.sort_by_key(|it| it.0.name());
    assert_eq!(
        found,
        [
            (Kind::OursOnly, Remedy::Ask, State::Open),
            (Kind::TheirsOnly, Remedy::Explain, State::Open),
        ]
    );
    // The platform's own statement has the right number, and both are gone.
    books.fetches(DAY).unwrap();
    assert_eq!(books.standing(DAY), Standing::Ready);
}

#[test]
fn what_went_by_bank_transfer_stands_in_no_statement() {
    let books = Books::open(1);
    let id = books.gives_back(0);
    books.world.town().bank_refuses_refunds();
    books.follows();
    let (app, house) = (&books.world.app, House::of(&books.world.app));
    let by_hand = move |tx: &WriteTx<'_>| refunds::transfer(tx, id, RefundState::Failed, "PZ-7");
    app.db.write_now(books.wu(), by_hand).unwrap();
    let confirm = move |tx: &WriteTx<'_>| refunding::confirm(tx, id, RefundState::ByHand, &house);
    app.db.write_now(books.zheng(), confirm).unwrap();
    books.hours_pass(24);

    books.fetches(DAY).unwrap();

    assert_eq!(books.refund(id).state, RefundState::Refunded);
    assert_eq!(books.differences(DAY), []);
    assert_eq!(books.closes(books.wu(), DAY).unwrap().ours.refunds, 0);
}
