//! Money that a statement tells of and whose order is not here: lost in a restore, or nobody's.

use kaowu::features::fees::rules::DueState;
use kaowu::features::orders::rules::{Fate, Road, Settled};
use kaowu::features::orders::{self, House};
use kaowu::features::reconciliation::rules::{Kind, Remedy, Standing, State};
use kaowu::features::refunds::rules::Reason;
use kaowu::features::{fees, reconciliation, refunds};

use super::{Books, DAY};
use crate::payday::{Does, stray};

const NOBODYS: &str = "0123456789abcdef0123456789abcdef";

const EMPTY: &str = "kind,at,order_no,trade_no,refund_no,amount,count,channel,attach\r\n\
                     PAYMENT_TOTAL,2026-03-13,,,,0,0,,\r\n\
                     REFUND_TOTAL,2026-03-13,,,,0,0,,\r\n";

impl Books {
    fn due_key(&self, n: usize) -> String {
        let due = self.dues[n].1;
        self.world.app.db.read_now(|tx| fees::due(tx, due)).unwrap().unwrap().due_key
    }
}

#[test]
fn nobodys_money_is_recorded_by_two_and_goes_back() {
    let books = Books::open(1);
    let success = stray(&books.world, NOBODYS, 5_000);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    assert_eq!(books.differences(DAY), [(Kind::TheirsOnly, Remedy::Settle, State::Open)]);
    let id = books.the_difference(DAY).id;

    books.proposes(books.wu(), id, None).unwrap();
    let ended = books.confirms(books.zheng(), id).unwrap();

    assert_eq!(ended.outcome, "已补记，没有对应的应缴费用，转退款");
    let trade_no = success.trade_no;
    let payment = books.world.app.db.read_now(|tx| orders::payment(tx, &trade_no)).unwrap();
    assert_eq!(payment.unwrap().fate, Fate::ToRefund);
    let refunds = books.world.app.db.read_now(|tx| refunds::of_trade(tx, &trade_no)).unwrap();
    assert_eq!(refunds[0].reason, Reason::UnknownOrder);
    assert_eq!(books.standing(DAY), Standing::Ready);
    let closing = books.closes(books.wu(), DAY).unwrap();
    assert_eq!((closing.ours.payments_fen, closing.theirs.payments_fen), (5_000, 5_000));
}

#[test]
fn money_of_a_lost_order_pays_its_due() {
    let mut books = Books::open(1);
    stray(&books.world, &books.due_key(0), 10_000);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    let id = books.the_difference(DAY).id;
    books.proposes(books.wu(), id, None).unwrap();

    // The key travels in the statement too, so that it is enough where the platform is away.
    books.world.platform_goes_down();
    let ended = books.confirms(books.zheng(), id).unwrap();

    assert_eq!(ended.outcome, "已补记入账");
    assert_eq!(books.due(0), DueState::Paid);
    assert_eq!(books.standing(DAY), Standing::Ready);
}

#[test]
fn the_platform_is_asked_about_nobodys_money_too() {
    let books = Books::open(1);
    let success = stray(&books.world, NOBODYS, 5_000);
    let house = House::of(&books.world.app);
    let settled = books.world.does(move |tx| orders::settle(tx, &success, Road::Notice, &house));
    assert_eq!(settled, Settled::UnknownOrder);
    books.hours_pass(24);
    books.brings(DAY, EMPTY).unwrap();
    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Ask, State::Open)]);

    let id = books.the_difference(DAY).id;
    reconciliation::ask(&books.world.app, books.wu(), id).unwrap();

    assert_eq!(books.differences(DAY), [(Kind::OursOnly, Remedy::Explain, State::Open)]);
}
