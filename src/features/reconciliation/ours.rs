//! What our own books say: the one place where this room asks the rooms of orders and refunds.

use jiff::Timestamp;
use jiff::civil::Date;

use super::rules::{ByChannel, Difference, Elsewhere, Entry, What, by_channel};
use super::store;
use crate::app::App;
use crate::base::clock::{OFFICE, office_date};
use crate::base::outcome::Fault;
use crate::base::values::{Fen, OrderNo};
use crate::features::orders;
use crate::features::orders::rules::{Road, Settled};
use crate::machinery::db::{By, ReadTx, WriteTx};
use crate::machinery::gateway::{Channel, Standing, Success, Trouble};

/// All that came and went on a day, by our books.
pub(super) fn of_day(tx: &ReadTx<'_>, day: Date) -> Result<Vec<Entry>, Fault> {
    between(tx, begin(day), begin(day.saturating_add(jiff::Span::new().days(1))))
}

/// All that came and went since `from` and before `until`.
pub(super) fn between(
    tx: &ReadTx<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Entry>, Fault> {
    store::ours::payments_between(tx, from, until)
}

/// The sums of some days, each by channel.
pub(super) fn sums(
    tx: &ReadTx<'_>,
    first: Date,
    last: Date,
) -> Result<std::collections::BTreeMap<Date, ByChannel>, Fault> {
    let until = begin(last.saturating_add(jiff::Span::new().days(1)));
    let mut days: std::collections::BTreeMap<Date, Vec<Entry>> = Default::default();
    for entry in between(tx, begin(first), until)? {
        days.entry(office_date(entry.at)).or_default().push(entry);
    }
    Ok(days.into_iter().map(|(day, entries)| (day, by_channel(&entries))).collect())
}

/// What we know of a line of the platform's that our books do not have on its day.
pub(super) fn elsewhere(tx: &ReadTx<'_>, their: &Entry) -> Result<Elsewhere, Fault> {
    match their.what {
        What::Payment => {
            if let Some((paid_at, fen)) = store::ours::payment(tx, &their.trade_no)? {
                return Ok(Elsewhere::On(office_date(paid_at), fen));
            }
            let order = orders::find(tx, &their.order_no)?;
            Ok(order.map_or(Elsewhere::Nowhere, |it| Elsewhere::Order(it.amount.fen())))
        }
        What::Refund => Ok(Elsewhere::Nowhere),
    }
}

/// What the platform answers when it is asked about a payment it is said to have.
pub(super) enum Answer {
    /// It has just this payment.
    Has(Success),
    /// It answered, and has not.
    HasNot,
    /// It did not answer.
    Silent(String),
}

/// Asks the platform whether it really has a payment. It waits for the network.
pub(super) fn prove(app: &App, said: &Entry) -> Answer {
    match app.gateway.ask(&said.order_no) {
        Ok(Standing::Paid(successes)) => {
            let found = successes.into_iter().find(|it| it.trade_no == said.trade_no);
            found.filter(|it| it.amount.fen() == said.fen).map_or(Answer::HasNot, Answer::Has)
        }
        Ok(Standing::Unknown | Standing::Waiting | Standing::Closed) => Answer::HasNot,
        Err(Trouble::Unreachable) => Answer::Silent(Trouble::Unreachable.to_string()),
        Err(trouble @ (Trouble::Refused { .. } | Trouble::Nonsense(_))) => {
            Answer::Silent(trouble.to_string())
        }
    }
}

/// The success that a line of a signed statement tells of.
pub(super) fn success(said: &Entry) -> Option<Success> {
    Some(Success {
        order_no: said.order_no.clone(),
        trade_no: said.trade_no.clone(),
        amount: Fen::new(said.fen)?,
        channel: Channel::from_code(&said.channel),
        paid_at: said.at,
        attach: said.attach.clone(),
    })
}

/// Records a payment that the statement told of. `None`: there is no order to record it for.
pub(super) fn settle(
    tx: &WriteTx<'_>,
    success: &Success,
    house: &orders::House,
) -> Result<Option<&'static str>, Fault> {
    Ok(match orders::settle(tx, success, Road::Statement, house)? {
        Settled::Counted => Some("已补记入账"),
        Settled::Known => Some("本系统此前已入账"),
        Settled::Duplicate => Some("已补记，属重复缴费，转退款"),
        Settled::WrongAmount => Some("已补记，金额与订单不符，转退款"),
        Settled::UnknownOrder => None,
    })
}

/// Asks the platform about what a difference is about, and records what it says. It waits for the
/// network.
pub(super) fn ask(app: &App, by: By, difference: &Difference) -> Result<Option<String>, Fault> {
    let no: OrderNo = difference.found.entry.order_no.clone();
    Ok(orders::platform::ask(app, by, &no)?.ask_trouble)
}

/// When an office day begins.
pub(super) fn begin(day: Date) -> Timestamp {
    let begin = day.to_zoned(OFFICE).map(|it| it.timestamp());
    begin.expect("every day of a fixed offset has a midnight")
}
