//! What becomes of a refund by the platform's answers.

use jiff::Timestamp;
use serde_json::json;

use super::rules::{Event, Refund};
use super::{Found, about, store};
use crate::base::values::RefundNo;
use crate::machinery::db::WriteTx;

/// The platform accepted the refund of this number. `None` when that changes nothing.
///
/// # Errors
/// A fault when it cannot be written.
pub fn sent(tx: &WriteTx<'_>, no: &RefundNo) -> Found<Option<Refund>> {
    let now = tx.now();
    heard(tx, no, Event::Sent, "refund.sent", |it| it.sent_at = Some(now))
}

/// The platform says that the payer has had the money since `at`. `None` when that was known.
///
/// # Errors
/// A fault when it cannot be written.
pub fn ended(tx: &WriteTx<'_>, no: &RefundNo, at: Timestamp) -> Found<Option<Refund>> {
    heard(tx, no, Event::Ended, "refund.ended", |it| it.ended_at = Some(at))
}

/// The platform or the bank would not, and `why`. `None` when that was known.
///
/// # Errors
/// A fault when it cannot be written.
pub fn failed(tx: &WriteTx<'_>, no: &RefundNo, why: &str) -> Found<Option<Refund>> {
    let why = Some(why.to_owned());
    let failed = heard(tx, no, Event::Failed, "refund.failed", |it| it.failure = why)?;
    if failed.is_some() {
        store::number_failed(tx, no)?;
    }
    Ok(failed)
}

/// Remembers that the platform was spoken to about a refund, and why that failed if it did. It
/// leaves no audit line: what follows from an answer does.
///
/// # Errors
/// A fault when it cannot be written.
pub fn tried(tx: &WriteTx<'_>, id: i64, trouble: Option<&str>) -> Found<()> {
    let tries = store::find(tx, id)?.map_or(0, |it| it.tries.count);
    store::remember_try(tx, id, tries + 1, trouble)
}

/// What the platform says: nothing new where it has come too late, or speaks of an older number.
fn heard(
    tx: &WriteTx<'_>,
    no: &RefundNo,
    event: Event,
    act: &'static str,
    change: impl FnOnce(&mut Refund),
) -> Found<Option<Refund>> {
    let Some(refund) = store::by_no(tx, no)?.filter(|it| it.no == *no) else { return Ok(None) };
    write(tx, &refund, event, act, change)
}

/// Moves a refund on and writes that down. `None` where the event comes too late.
pub(super) fn write(
    tx: &WriteTx<'_>,
    before: &Refund,
    event: Event,
    act: &'static str,
    change: impl FnOnce(&mut Refund),
) -> Found<Option<Refund>> {
    let Some(next) = before.state.after(event) else { return Ok(None) };
    let mut after = before.clone();
    change(&mut after);
    after.state = next;
    store::change(tx, before, &after)?;
    let detail = json!({
        "before": before.state.name(),
        "after": next.name(),
        "number": after.no.to_string(),
    });
    tx.note_with(act, about(before.id), detail);
    Ok(Some(after))
}
