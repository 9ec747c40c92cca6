//! What our own books say: the one place where this room asks the rooms of orders and refunds.

use jiff::Timestamp;
use jiff::civil::Date;

use super::rules::{ByChannel, Difference, Elsewhere, Entry, What, by_channel};
use crate::app::App;
use crate::base::clock::{OFFICE, office_date};
use crate::base::outcome::{Error, Fault, Never};
use crate::base::values::{Fen, OrderNo, RefundNo};
use crate::features::orders::rules::{Payment, Road, Settled};
use crate::features::orders::{self, House, refunding};
use crate::features::refunds::rules::State as RefundState;
use crate::features::refunds::{self, Refund};
use crate::machinery::db::{By, ReadTx, WriteTx};
use crate::machinery::gateway::{Channel, RefundStanding, Standing, Success, Trouble};

/// All that came and went on a day, by our books.
pub(super) fn of_day(tx: &ReadTx<'_>, day: Date) -> Result<Vec<Entry>, Fault> {
    between(tx, begin(day), begin(day.saturating_add(jiff::Span::new().days(1))))
}

/// All that came and went since `from` and before `until`. What went by bank transfer went past the
/// platform, and stands in no statement.
pub(super) fn between(
    tx: &ReadTx<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Entry>, Fault> {
    let payments = orders::payments_between(tx, from, until)?;
    let mut entries: Vec<Entry> = payments.into_iter().map(came).collect();
    let refunds = refunds::ended_between(tx, from, until)?;
    for refund in refunds.into_iter().filter(|it| it.transfer.is_none()) {
        let payment = orders::payment(tx, &refund.trade_no)?
            .ok_or_else(|| Fault::new("a refund's payment is missing"))?;
        entries.extend(went(refund, payment.channel));
    }
    Ok(entries)
}

fn came(it: Payment) -> Entry {
    Entry {
        what: What::Payment,
        number: it.trade_no.clone(),
        trade_no: it.trade_no,
        order_no: it.order_no,
        fen: it.amount.fen(),
        channel: it.channel,
        at: it.paid_at,
        attach: String::new(),
    }
}

/// A refund as money that went. `None`: it has not.
fn went(it: Refund, channel: String) -> Option<Entry> {
    let at = it.ended_at?;
    Some(Entry {
        what: What::Refund,
        number: it.no.to_string(),
        trade_no: it.trade_no,
        order_no: it.order_no,
        fen: it.amount.fen(),
        channel,
        at,
        attach: String::new(),
    })
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
            if let Some(it) = orders::payment(tx, &their.trade_no)? {
                return Ok(Elsewhere::On(office_date(it.paid_at), it.amount.fen()));
            }
            let order = orders::find(tx, &their.order_no)?;
            Ok(order.map_or(Elsewhere::Nowhere, |it| Elsewhere::Order(it.amount.fen())))
        }
        What::Refund => Ok(refund_of(tx, their)?.map_or(Elsewhere::Nowhere, |it| stands(&it))),
    }
}

fn refund_of(tx: &ReadTx<'_>, entry: &Entry) -> Result<Option<Refund>, Fault> {
    match entry.number.parse::<RefundNo>() {
        Ok(no) => refunds::by_no(tx, &no),
        Err(_) => Ok(None),
    }
}

/// Where a refund stands that the platform calls ended.
fn stands(it: &Refund) -> Elsewhere {
    match (it.state, it.ended_at) {
        (RefundState::Refunded, Some(at)) if it.transfer.is_none() => {
            Elsewhere::On(office_date(at), it.amount.fen())
        }
        (RefundState::Refunded | RefundState::Declined, _) => Elsewhere::Otherwise,
        (
            RefundState::Asked
            | RefundState::Approved
            | RefundState::Sent
            | RefundState::Failed
            | RefundState::ByHand,
            _,
        ) => Elsewhere::Underway,
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

/// Records a payment that the statement told of, and says what became of it. Money whose order is
/// not here finds its due by the key on its bill, or goes back.
pub(super) fn settle(
    tx: &WriteTx<'_>,
    success: &Success,
    house: &House,
) -> Result<&'static str, Fault> {
    Ok(match orders::settle(tx, success, Road::Statement, house)? {
        Settled::Counted => "已补记入账",
        Settled::Known => "本系统此前已记账",
        Settled::Duplicate => "已补记，属重复缴费或已无应缴，转退款",
        Settled::WrongAmount => "已补记，金额与订单不符，转退款",
        Settled::UnknownOrder => "已补记，没有对应的应缴费用，转退款",
    })
}

/// Asks the platform about what a difference is about, and records what it says; gives why that
/// failed, if it did. It waits for the network.
pub(super) fn ask(app: &App, by: By, difference: &Difference) -> Result<Option<String>, Fault> {
    let entry = &difference.found.entry;
    match entry.what {
        What::Payment => ask_order(app, by, &entry.order_no),
        What::Refund => ask_refund(app, by, entry),
    }
}

fn ask_order(app: &App, by: By, no: &OrderNo) -> Result<Option<String>, Fault> {
    if app.db.read_now(|tx| orders::find(tx, no))?.is_some() {
        return Ok(orders::platform::ask(app, by, no)?.ask_trouble);
    }
    // Nobody's money has a row, and no order to write the answer down at.
    match app.gateway.ask(no) {
        Ok(Standing::Paid(successes)) => {
            let house = House::of(app);
            act(app, by, move |tx| {
                let mut settle = |it| orders::settle(tx, it, Road::Question, &house).map(drop);
                successes.iter().try_for_each(&mut settle)
            })?;
            Ok(None)
        }
        Ok(Standing::Unknown | Standing::Waiting | Standing::Closed) => Ok(None),
        Err(trouble) => Ok(Some(trouble.to_string())),
    }
}

/// Asks about the refund of just this number. Nothing is sent that was not sent before.
fn ask_refund(app: &App, by: By, entry: &Entry) -> Result<Option<String>, Fault> {
    let Some(refund) = app.db.read_now(|tx| refund_of(tx, entry))? else { return Ok(None) };
    if refund.state == RefundState::Sent && refund.no.to_string() == entry.number {
        return Ok(refunding::follow(app, by, refund.id)?.tries.trouble);
    }
    let no: RefundNo = entry.number.parse().map_err(|_| Fault::new("a refund's number"))?;
    match app.gateway.ask_refund(&no) {
        Ok(RefundStanding::Refunded { at }) => {
            let house = House::of(app);
            act(app, by, move |tx| refunding::ended(tx, &no, at, &house))?;
            Ok(None)
        }
        // Of what has not ended nothing follows here.
        Ok(RefundStanding::Unknown | RefundStanding::Processing | RefundStanding::Failed) => {
            Ok(None)
        }
        Err(trouble) => Ok(Some(trouble.to_string())),
    }
}

fn act(
    app: &App,
    by: By,
    work: impl FnOnce(&WriteTx<'_>) -> Result<(), Fault> + Send + 'static,
) -> Result<(), Fault> {
    app.db.write_now(by, move |tx| work(tx).map_err(Error::<Never>::Fault)).map_err(Fault::from)
}

/// When an office day begins.
pub(super) fn begin(day: Date) -> Timestamp {
    let begin = day.to_zoned(OFFICE).map(|it| it.timestamp());
    begin.expect("every day of a fixed offset has a midnight")
}
