//! The two books side by side: every success that the platform reports against every online
//! payment of ours, trade by trade, in 分.
//!
//! Both go on while they are compared. Our book is read before the platform is asked and again
//! after it, so that money which arrives in between is nobody's fault.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::Report;
use super::ledger::{self, Trade};
use crate::base::clock::Clock;
use crate::base::outcome::Fault;
use crate::base::values::{Fen, OrderNo};
use crate::machinery::db::Reading;
use crate::machinery::gateway::wire::codes::Code;
use crate::machinery::gateway::{Gateway, Standing, Success, Trouble};

/// How far the two clocks may be apart before somebody should know.
const SKEW: SignedDuration = SignedDuration::from_secs(30);
/// How many orders are asked about before progress is told again.
const TELL_EVERY: usize = 200;
/// Orders are listed from this long before our first one: the other book may know earlier ones.
const BEFORE_FIRST: SignedDuration = SignedDuration::from_hours(24);

const MEND: &str = "have 财务 compare this order at the platform and here (订单 → 查单)";

const AWAIT: &str = "nothing, if it is here at the next check: kaowu asks about open orders by itself, \
     and the payer's next look or the day's statement brings in late money";

/// What a book says of a trade: the order it came by, and how much.
type Book = BTreeMap<String, (OrderNo, Fen)>;

pub(super) fn check(
    gateway: &dyn Gateway,
    reading: &mut Reading,
    clock: &Clock,
    report: &mut Report,
    progress: &dyn Fn(&str),
) -> Result<(), Fault> {
    match gateway.ping() {
        Ok(theirs) => ping(theirs.duration_since(clock.now()), report),
        Err(trouble) => {
            let todo =
                "see that address, keys and clock are right and the platform runs; try again";
            report.wrong("platform", trouble.to_string(), todo);
            return Ok(());
        }
    }
    progress("the platform's list of orders");
    let before = book(reading.look(ledger::trades)?);
    let theirs = match their_book(gateway, reading, progress)? {
        Ok(theirs) => theirs,
        Err(trouble) => {
            let said = format!("its list of orders: {trouble}");
            report.wrong("platform", said, "check again when the platform answers");
            return Ok(());
        }
    };
    let after = book(reading.look(ledger::trades)?);
    compare(gateway, reading, [before, theirs, after], report)
}

fn ping(skew: SignedDuration, report: &mut Report) {
    let said = format!("answers under its key; its clock is {} s from ours", skew.as_secs());
    if skew.abs() <= SKEW {
        report.good("platform", said);
    } else {
        report.look("platform", said, "set this machine's clock by a time server (NTP)");
    }
}

fn book(trades: Vec<Trade>) -> Book {
    trades.into_iter().map(|it| (it.trade_no, (it.order_no, it.amount))).collect()
}

/// The platform's successes: from its list, or asked order by order where it has none.
fn their_book(
    gateway: &dyn Gateway,
    reading: &mut Reading,
    progress: &dyn Fn(&str),
) -> Result<Result<Book, Trouble>, Fault> {
    let (first, numbers) =
        reading.look(|tx| Ok((ledger::first_order(tx)?, ledger::order_numbers(tx)?)))?;
    let since = first.map_or(Timestamp::UNIX_EPOCH, |it| it - BEFORE_FIRST);
    let listed = match gateway.since(since) {
        Ok(found) => Ok(found.into_iter().map(|it| it.standing).collect()),
        Err(Trouble::Refused { code, .. }) if code == Code::Unsupported.name() => {
            each_asked(gateway, &numbers, progress)
        }
        Err(trouble) => Err(trouble),
    };
    Ok(listed.map(|standings| {
        let paid = standings.into_iter().flat_map(successes);
        paid.map(|it| (it.trade_no, (it.order_no, it.amount))).collect()
    }))
}

fn each_asked(
    gateway: &dyn Gateway,
    numbers: &[OrderNo],
    progress: &dyn Fn(&str),
) -> Result<Vec<Standing>, Trouble> {
    let ask = |(at, no): (usize, &OrderNo)| {
        if at % TELL_EVERY == 0 {
            progress(&format!("{at} of {} orders at the platform", numbers.len()));
        }
        gateway.ask(no)
    };
    numbers.iter().enumerate().map(ask).collect()
}

fn successes(standing: Standing) -> Vec<Success> {
    match standing {
        Standing::Paid(successes) => successes,
        Standing::Unknown | Standing::Waiting | Standing::Closed => Vec::new(),
    }
}

fn compare(
    gateway: &dyn Gateway,
    reading: &mut Reading,
    [before, theirs, after]: [Book; 3],
    report: &mut Report,
) -> Result<(), Fault> {
    let (mut wrong, mut lacking) = (Vec::new(), 0);
    for (trade, (order, amount)) in &theirs {
        match after.get(trade) {
            Some((no, fen)) if no == order && fen == amount => {}
            Some((no, fen)) => wrong.push(format!(
                "trade {trade}: {amount} yuan by order {order} there, {fen} yuan by order {no} here"
            )),
            None => {
                let said = format!("trade {trade}: {amount} yuan by order {order} are not here");
                match reading.look(|tx| ledger::is_awaited(tx, order))? {
                    Some(true) => {
                        lacking += 1;
                        report.look("platform", format!("{said} yet"), AWAIT);
                    }
                    Some(false) => wrong.push(format!("{said}; the order is closed here")),
                    None => wrong.push(format!("{said}; neither is the order")),
                }
            }
        }
    }
    for (trade, (order, amount)) in &before {
        // A list may be cut; the question about the order itself decides.
        if !theirs.contains_key(trade) && !is_confirmed(gateway, order, trade) {
            wrong.push(format!("trade {trade}: {amount} yuan by order {order} are not there"));
        }
    }
    let sum = |book: &Book| Fen::new(book.values().map(|(_, it)| it.fen()).sum());
    let (here, there) = (sum(&after), sum(&theirs));
    let shown = |it: Option<Fen>| it.map_or_else(|| "too much to add".into(), |it| it.to_string());
    let counted = reading.look(ledger::counted_online)?;
    let good = format!(
        "{} successes there and {} payments here{} agree, trade by trade: {} and {} yuan, {} counted",
        theirs.len(),
        after.len(),
        if lacking > 0 { ", but for those above," } else { "" },
        shown(there),
        shown(here),
        shown(Fen::new(counted)),
    );
    report.each_wrong("platform", wrong, &good, MEND);
    Ok(())
}

fn is_confirmed(gateway: &dyn Gateway, order: &OrderNo, trade: &str) -> bool {
    let standing = gateway.ask(order);
    standing.is_ok_and(|it| successes(it).iter().any(|it| it.trade_no == trade))
}
