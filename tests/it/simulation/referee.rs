//! The referee: looks at the house's books and the platform's, and believes neither alone.
//!
//! After each step it looks at what is new: payments, and orders that were closed. At each day's
//! end, when everything has been retried, it compares all of it.

use std::collections::{BTreeMap, BTreeSet};

use kaowu::base::outcome::Fault;
use kaowu::base::values::OrderNo;
use kaowu::machinery::db::{Db, ReadTx, prove_log};
use kaowu::overview::keeping::ledger;
use kaowu::simulator::core::Books;
use kaowu::simulator::core::order::{Payment, State};

use super::moneyback::judge_ended;
use super::town::{MERCHANT, Shared, Town, locked};

/// What is wrong, in a sentence.
pub type Complaint = String;

pub type Verdict = std::result::Result<(), Complaint>;
type Read<T> = std::result::Result<T, Fault>;

/// How far it has looked.
#[derive(Default)]
pub struct Referee {
    payment: i64,
    audit_line: i64,
}

/// What is new in the house.
struct News {
    /// The audit lines: number, about what, which act.
    lines: Vec<(i64, String, String)>,
    payments: Vec<Paid>,
    /// The numbers of refunds that were said to have ended.
    ended: Vec<String>,
    /// What the ledger says of the orders that money came to, or that were closed.
    said: Vec<ledger::Complaint>,
}

impl Referee {
    /// Begins at the end of a book that was brought back: what is in it was judged before.
    pub fn begins_at(&mut self, db: &Db) {
        let ends = "select coalesce((select max(id) from payments), 0),
                coalesce((select max(line) from audit), 0)";
        let ends = db.read_now(|tx| tx.one(ends, (), |row| Ok((row.get(0)?, row.get(1)?))));
        (self.payment, self.audit_line) = ends.unwrap().unwrap();
    }

    /// Judges what is new since it last looked.
    pub fn looks(&mut self, db: &Db, town: &Shared) -> Verdict {
        let (payment, line) = (self.payment, self.audit_line);
        let news = db.read_now(|tx| News::read(tx, line, payment)).map_err(unreadable)?;
        if let Some(complaint) = news.said.first() {
            return Err(format!("{}: {complaint}", complaint.what));
        }
        let mut town = locked(town);
        for it in &news.payments {
            self.payment = it.id;
            it.judge(&mut town)?;
        }
        for no in &news.ended {
            judge_ended(&mut town, no)?;
        }
        for (line, about, act) in &news.lines {
            self.audit_line = *line;
            if act == "order.closed" {
                judge_closed(&mut town, about)?;
            }
        }
        Ok(())
    }
}

impl News {
    fn read(tx: &ReadTx<'_>, line: i64, payment: i64) -> Read<News> {
        let lines = tx.all(
            "select line, about, act
               from audit
              where line > ?1
              order by line",
            [line],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let moved: BTreeSet<OrderNo> =
            lines.iter().filter(|it| moves(it)).filter_map(|it| it.1.parse().ok()).collect();
        let mut said = Vec::new();
        for no in &moved {
            said.extend(ledger::complaints_of_order(tx, no)?);
        }
        // While there are faults nobody closes orders in time.
        said.retain(|it| it.what != ledger::EXPIRY);
        let payments = if moved.is_empty() { vec![] } else { paid_since(tx, payment)? };
        let mut ended = Vec::new();
        for (_, about, _) in lines.iter().filter(|it| it.2 == "refund.ended") {
            let no = "select refund_no from refunds where 'refund ' || id = ?1";
            ended.extend(tx.one(no, [about], |row| row.get(0))?);
        }
        Ok(News { lines, payments, ended, said })
    }
}

/// Does a line tell of money, or of an order's end?
fn moves((_, _, act): &(i64, String, String)) -> bool {
    act == "order.paid" || act == "order.closed" || act.starts_with("payment.")
}

/// A payment of ours.
struct Paid {
    id: i64,
    trade_no: String,
    order_no: String,
    amount: i64,
    owed: i64,
    due_state: String,
}

fn paid_since(tx: &ReadTx<'_>, id: i64) -> Read<Vec<Paid>> {
    tx.all(
        "select p.id, p.trade_no, p.order_no, p.amount, d.amount, d.state
           from payments p
           join dues d on d.id = p.due_id
          where p.id > ?1
          order by p.id",
        [id],
        |row| {
            Ok(Paid {
                id: row.get(0)?,
                trade_no: row.get(1)?,
                order_no: row.get(2)?,
                amount: row.get(3)?,
                owed: row.get(4)?,
                due_state: row.get(5)?,
            })
        },
    )
}

impl Paid {
    /// Has the platform this money, and does it count if it can?
    fn judge(&self, town: &mut Town) -> Verdict {
        let (trade, now) = (&self.trade_no, town.theirs());
        let Ok(order) = town.books.find(now, MERCHANT, &self.order_no) else {
            return Err(format!("payment {trade} is of an order that the platform has not"));
        };
        let Some(theirs) = order.payments.iter().find(|it| it.trade_no == *trade) else {
            return Err(format!("payment {trade} is one that the platform has not"));
        };
        if theirs.amount.fen() != self.amount {
            let theirs = theirs.amount.fen();
            return Err(format!("payment {trade} is {} here and {theirs} there", self.amount));
        }
        if self.amount == self.owed && self.due_state == "unpaid" {
            return Err(format!("payment {trade} is right, and its due still unpaid"));
        }
        Ok(())
    }
}

/// No order is closed here unless the platform said that there is no money and none will come.
fn judge_closed(town: &mut Town, no: &str) -> Verdict {
    let trace = town.traces.get(no).copied().unwrap_or_default();
    let now = town.theirs();
    let order = town.books.find(now, MERCHANT, no).ok();
    let has_money = order.is_some_and(|it| !it.payments.is_empty());
    let Some(denied) = trace.denied else {
        // Money that is not what was asked closes an order as well.
        let said = "was closed here, and the platform never said that it may be";
        return if has_money { Ok(()) } else { Err(format!("order {no} {said}")) };
    };
    // A request to open it may be under way still; nobody is told of the page it makes.
    let made_after = trace.made.is_some_and(|made| made > denied);
    match order.map(|it| it.state) {
        Some(State::Waiting) if !made_after => {
            Err(format!("order {no} is closed here, and can be paid there"))
        }
        Some(State::Waiting | State::Paid | State::Closed) | None => Ok(()),
    }
}

/// Judges everything, when all has been retried and nothing is under way.
pub fn judges_all(db: &Db, town: &Shared) -> Verdict {
    let look = |tx: &ReadTx<'_>| Ok((ledger::complaints(tx)?, Ours::read(tx)?));
    let (said, ours) = db.read_now(look).map_err(unreadable)?;
    if let Some(complaint) = said.first() {
        return Err(format!("{}: {complaint}", complaint.what));
    }
    let theirs = theirs(&locked(town).books);
    if ours.trades != theirs {
        return Err(differences(&ours.trades, &theirs));
    }
    if let Some(no) = ours.open.first() {
        return Err(format!("order {no} is still open when everything has been retried"));
    }
    if ours.without_number != 0 {
        return Err(format!("{} receipts have no number", ours.without_number));
    }
    if ours.should_count != 0 {
        return Err(format!("{} dues are unpaid, and their money is here", ours.should_count));
    }
    Ok(())
}

/// The audit log of a folder, from its first line to its last, and the rows it tells of.
pub fn judges_log(db: &Db) -> Verdict {
    let proof = db.read_now(|tx| prove_log(tx, 3, &|_| {})).map_err(unreadable)?;
    match (proof.first_broken, proof.strays.first()) {
        (None, None) => Ok(()),
        (Some(line), _) => Err(format!("line {line} of the audit log does not follow")),
        (None, Some(stray)) => Err(format!("a row is not what the log says: {stray:?}")),
    }
}

pub fn unreadable(fault: Fault) -> Complaint {
    format!("the referee cannot read: {fault}")
}

/// Trade number, its order and its amount.
type Trades = BTreeMap<String, (String, i64)>;

fn theirs(books: &Books) -> Trades {
    let mut all = Trades::new();
    for order in books.orders() {
        let trade = |it: &Payment| (it.trade_no.clone(), (order.order_no.clone(), it.amount.fen()));
        all.extend(order.payments.iter().map(trade));
    }
    all
}

fn differences(ours: &Trades, theirs: &Trades) -> Complaint {
    let mut said = String::from("the books differ:");
    for (one, other, place) in [(theirs, ours, "there"), (ours, theirs, "here")] {
        for (trade, (no, fen)) in one.iter().filter(|it| other.get(it.0) != Some(it.1)) {
            said += &format!(" {trade} of {no}, {fen} fen, is {place} alone;");
        }
    }
    said
}

/// What the house says of money.
struct Ours {
    trades: Trades,
    open: Vec<String>,
    without_number: i64,
    should_count: i64,
}

impl Ours {
    fn read(tx: &ReadTx<'_>) -> Read<Ours> {
        let trades = tx.all("select trade_no, order_no, amount from payments", (), |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        })?;
        let open = "select order_no from orders where state in ('created', 'awaiting_payment')";
        let without = "select count(*) from receipts where number is null";
        Ok(Ours {
            trades: trades.into_iter().collect(),
            open: tx.all(open, (), |row| row.get(0))?,
            without_number: tx.count(without, ())?,
            should_count: tx.count(SHOULD_COUNT, ())?,
        })
    }
}

/// Money for exactly what is owed counts while nothing else has. Where staff opened a due again,
/// what came for it before is on its way back.
const SHOULD_COUNT: &str = "select count(*)
       from payments p
       join dues d on d.id = p.due_id
      where d.state = 'unpaid'
        and p.amount = d.amount
        and not exists (select 1
                          from payments c
                         where c.due_id = d.id and c.counted_at is not null)";
