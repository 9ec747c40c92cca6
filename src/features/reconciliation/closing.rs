//! Closing a day (日结), and adding to a closed one what came later (补充).

use base64ct::{Base64, Encoding};
use serde_json::json;

use jiff::civil::Date;

use super::comparing::{Prepared, prepare, refresh};
use super::paper;
use super::remedies::person;
use super::rules::{ChannelSums, Difference, Face, Head, Refused, Standing, Told, total};
use super::seeing::{Seen, see};
use super::store::{self, Closing, Taken};
use crate::app::App;
use crate::base::outcome::{self, Error, Fault, Said, refuse};
use crate::base::values::Digest;
use crate::features::staff;
use crate::machinery::db::{By, FormKey, Once, ReadTx, WriteTx};

/// Closes a day: compares once more, writes down counts, sums and how each difference ended, and
/// the signed head of the audit chain; then draws the sheet. A day that is closed already gets a
/// supplement of what came later. The same form posted twice closes once.
///
/// # Errors
/// [`Refused::NotOver`], [`Refused::NoStatement`], [`Refused::Unsettled`],
/// [`Refused::ClosedBefore`] when there is nothing new, [`Refused::NotNow`] when a statement came
/// in this moment.
pub fn close(app: &App, by: By, day: Date, key: FormKey) -> outcome::Result<Closing, Refused> {
    if day >= app.clock.today() {
        return refuse(Refused::NotOver);
    }
    let Some(prepared) = prepare(app, day)? else { return refuse(Refused::NoStatement) };
    let head = head(app, day)?;
    let centre = app.config.centre_name.clone();
    let said = app.db.write_now(by, move |tx| write(tx, &prepared, centre, head, &key))?;
    let closing = match said {
        Said::Done(closing) => closing,
        // What the comparison found stays written down.
        Said::No(reason) => return refuse(reason),
    };
    // The day is closed whatever becomes of the paper: it is drawn when it is asked for next.
    if let Err(error) = paper::paper(app, by, closing.id) {
        let fault = match error {
            Error::Fault(fault) => fault.to_string(),
            Error::Refused(why) => format!("{why:?}"),
        };
        tracing::warn!(fault, closing = closing.id, "the sheet of a closed day is not drawn yet");
    }
    Ok(closing)
}

/// The head of the audit chain, signed with the key that carries the centre's name.
fn head(app: &App, day: Date) -> Result<Head, Fault> {
    let found = app.db.read_now(|tx| tx.audit_head())?;
    let (line, hash) = found.ok_or_else(|| Fault::new("the audit log is empty"))?;
    let key = app.keys.receipts();
    let text = Head::text(app.folder.centre.text(), day, line, &hash);
    Ok(Head {
        line,
        hash,
        signature: Base64::encode_string(&key.sign(text.as_bytes())?),
        certificate: Digest::of(key.certificate_der()).to_string(),
    })
}

fn write(
    tx: &WriteTx<'_>,
    prepared: &Prepared,
    centre: String,
    head: Head,
    key: &FormKey,
) -> outcome::Result<Said<Closing, Refused>, Refused> {
    let day = prepared.statement.day;
    match tx.once(key, &format!("closing of {day}"))? {
        Once::First => {}
        Once::Different => return refuse(Refused::FormReused),
        Once::Again(id) => {
            let id = id.parse().unwrap_or_default();
            return match store::find_closing(tx, id)? {
                Some(closing) => Ok(Said::Done(closing)),
                // Its first posting was refused, and said why.
                None => refuse(Refused::NotNow),
            };
        }
    }
    refresh(tx, prepared)?;
    let seen = see(tx, day)?;
    match seen.standing(tx) {
        Standing::Ready | Standing::Late | Standing::Quiet => {}
        Standing::NotOver => return refuse(Refused::NotOver),
        Standing::NoStatement => return refuse(Refused::NoStatement),
        Standing::Unsettled(n) => return Ok(Said::No(Refused::Unsettled(n))),
        Standing::Closed => {
            let Some(last) = seen.closings.last() else { return refuse(Refused::NotNow) };
            let (by, at) = (last.closed_by, last.closed_at);
            return refuse(Refused::ClosedBefore { by, at });
        }
    }
    let Some(statement) = seen.statement.clone().filter(|it| it.id == prepared.statement.id) else {
        return refuse(Refused::NotNow);
    };
    let closing = shut(tx, seen, &statement, centre, head)?;
    tx.answered(key, &closing.id.to_string())?;
    Ok(Said::Done(closing))
}

/// Writes the closing down, and with it the differences that it closes.
fn shut(
    tx: &WriteTx<'_>,
    seen: Seen,
    statement: &Taken,
    centre: String,
    head: Head,
) -> Result<Closing, Fault> {
    let me = person(tx.by())?;
    let differences: Vec<Difference> =
        seen.differences.iter().filter(|it| it.closing.is_none()).cloned().collect();
    let part = seen.closings.len() as i64;
    let (earlier_ours, earlier_theirs) = seen.closed();
    let face = Face {
        centre,
        day: seen.day,
        part,
        statement_road: statement.road.label().to_owned(),
        statement_file: statement.file.to_string(),
        channels: seen.channels_since(),
        total: ChannelSums {
            name: "合计".to_owned(),
            ours: total(&seen.ours).minus(earlier_ours),
            theirs: statement.sums.minus(earlier_theirs),
        },
        differences: differences.iter().map(|it| told(tx, it)).collect::<Result<_, Fault>>()?,
        closed_by: name(tx, me)?,
        closed_at: tx.now(),
        head,
    };
    let mut closing = Closing {
        id: 0,
        day: seen.day,
        part,
        statement: statement.id,
        ours: face.total.ours,
        theirs: face.total.theirs,
        face,
        closed_by: me,
        closed_at: tx.now(),
        paper: None,
    };
    closing.id = store::insert_closing(tx, &closing)?;
    for it in differences {
        store::update_difference(tx, &Difference { closing: Some(closing.id), ..it })?;
    }
    let detail = json!({
        "day": closing.day,
        "part": part,
        "ours": closing.ours,
        "theirs": closing.theirs,
        "differences": closing.face.differences.len(),
        "head": { "line": closing.face.head.line, "hash": closing.face.head.hash },
    });
    tx.note_with("day.closed", format_args!("closing {}", closing.id), detail);
    Ok(closing)
}

fn told(tx: &ReadTx<'_>, it: &Difference) -> Result<Told, Fault> {
    let mut by = Vec::new();
    for (what, signed) in [("经办", it.proposal), ("确认", it.confirmation)] {
        if let Some(signed) = signed {
            by.push(format!("{what} {}", name(tx, signed.by)?));
        }
    }
    let entry = &it.found.entry;
    Ok(Told {
        kind: format!("{}：{}", entry.what.label(), it.found.kind.label()),
        number: entry.number.clone(),
        order_no: entry.order_no.to_string(),
        theirs_fen: it.found.theirs_fen,
        ours_fen: it.found.ours_fen,
        ended: it.outcome.clone(),
        by: by.join("，"),
    })
}

/// What an account's holder is called.
pub(super) fn name(tx: &ReadTx<'_>, account: i64) -> Result<String, Fault> {
    Ok(staff::find(tx, account)?.map_or_else(|| format!("账号 {account}"), |it| it.name))
}
