//! Money for orders that are not here: lost in a restore, or nobody's.

use kaowu::features::fees::rules::DueState;
use kaowu::features::orders::rules::{Fate, Road, Settled, State as OrderState};
use kaowu::features::orders::{self, House};
use kaowu::features::refunds::rules::{Reason, State};
use kaowu::features::{fees, refunds};
use kaowu::machinery::db::ReadTx;
use kaowu::machinery::gateway::Success;
use kaowu::simulator::core::attempt::Channel;

use crate::payday::{Day, Does, stray};

impl Day {
    pub(super) fn settles(&self, success: &Success) -> Settled {
        let (success, house) = (success.clone(), House::of(&self.world.app));
        self.world.does(move |tx| orders::settle(tx, &success, Road::Statement, &house))
    }

    fn due_key(&self) -> String {
        let due = self.due;
        self.world.app.db.read_now(|tx| fees::due(tx, due)).unwrap().unwrap().due_key
    }
}

#[test]
fn an_order_that_was_lost_finds_home_by_the_key_on_its_bill() {
    let day = Day::new();
    let success = stray(&day.world, &day.due_key(), 10_000);

    assert_eq!(day.settles(&success), Settled::Counted);

    let found = day.world.app.db.read_now(|tx| orders::find(tx, &success.order_no)).unwrap();
    assert_eq!(found.unwrap().state, OrderState::Paid);
    assert_eq!((day.due_state(), day.receipts()), (DueState::Paid, 1));
    let no = success.order_no.clone();
    let told = day.world.app.db.read_now(|tx| tx.audit_about(no.text())).unwrap();
    assert!(told.iter().any(|it| it.act == "order.readopted"), "{told:?}");
    assert_eq!(day.settles(&success), Settled::Known);
}

#[test]
fn a_lost_order_of_another_amount_goes_back() {
    let day = Day::new();
    let success = stray(&day.world, &day.due_key(), 9_900);

    assert_eq!(day.settles(&success), Settled::WrongAmount);

    assert_eq!((day.due_state(), day.receipts()), (DueState::Unpaid, 0));
    assert_eq!(day.refunds()[0].reason, Reason::WrongAmount);
}

#[test]
fn nobodys_money_has_a_row_and_goes_back() {
    let day = Day::new();
    let success = stray(&day.world, "0123456789abcdef0123456789abcdef", 5_000);

    assert_eq!(day.settles(&success), Settled::UnknownOrder);
    assert_eq!(day.settles(&success), Settled::Known);

    let trade_no = success.trade_no.clone();
    let payment = day.world.app.db.read_now(|tx| orders::payment(tx, &trade_no)).unwrap().unwrap();
    assert_eq!((payment.due_id, payment.fate), (None, Fate::ToRefund));
    let refund = day.refunds().pop().unwrap();
    assert_eq!((refund.reason, refund.candidate_id), (Reason::UnknownOrder, None));

    day.approves(day.officer("wufang", "吴芳"), refund.id).unwrap();
    day.refunds_run();
    assert_eq!(day.refund(refund.id).state, State::Refunded);
    let of_trade = move |tx: &ReadTx<'_>| refunds::of_trade(tx, &trade_no);
    assert_eq!(day.world.app.db.read_now(of_trade).unwrap().len(), 1);
}

#[test]
fn money_for_what_fell_away_is_not_owed() {
    let day = Day::new();
    let first = day.submits().unwrap();
    let at = day.world.town().opens(&first, Channel::Wechat);
    day.passes(31);
    orders::platform::expire(&day.world.app).unwrap();
    let second = day.paid();
    let wish = day.wish(&second, second.amount, refunds::rules::Afterwards::Cancel);
    let id = day.asks_back(day.officer("wufang", "吴芳"), wish).unwrap();
    day.approves(day.officer("zhengjie", "郑洁"), id).unwrap();
    day.refunds_run();

    day.world.town().bank_takes(&first, at, first.amount);
    day.asks(&first);

    assert_eq!(day.fates(&first), [Fate::ToRefund]);
    assert_eq!(day.refunds().pop().unwrap().reason, Reason::NotOwed);
    assert_eq!(day.due_state(), DueState::Refunded);
}
