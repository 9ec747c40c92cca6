//! What people pay for, and who owes what.
//!
//! Words: a *project* (收费项目) is one occasion of paying, a 网上缴费系统 of the home page; a *fee
//! item* is what is charged for in it, as the receipt prints it; a *due* (应缴) is what one candidate
//! owes for one fee item. The hours of a project are kept in `windows`, under
//! [`Project::business`].
//!
//! The room promises that a candidate has one due at most for a fee item, that a due is paid once,
//! and that its state changes by [`rules::DueState::after`] alone. It knows no order and no money:
//! whoever has seen the money calls [`settle`].

pub mod console;
pub mod rules;
mod store;

use serde_json::{Value, json};

use self::rules::{
    Counts, Due, DueState, Event, FeeItem, ItemTexts, NewItem, NewProject, Owed, Project,
    ProjectTexts, Refused,
};
use crate::base::chance::Chance;
use crate::base::outcome::{Fault, Never, Result, refuse};
use crate::base::values::{Digest, Fen};
use crate::features::candidates;
use crate::machinery::db::{ReadTx, WriteTx};

type Found<T> = std::result::Result<T, Fault>;

/// All projects, the newest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn projects(tx: &ReadTx<'_>) -> Found<Vec<Project>> {
    store::projects(tx)
}

/// The project with this number.
///
/// # Errors
/// A fault when it cannot be read.
pub fn project(tx: &ReadTx<'_>, id: i64) -> Found<Option<Project>> {
    store::project(tx, id)
}

/// The project with this code: for rosters, commands and links.
///
/// # Errors
/// A fault when it cannot be read.
pub fn project_by_code(tx: &ReadTx<'_>, code: &str) -> Found<Option<Project>> {
    store::project_by_code(tx, code)
}

/// The fee items of a project, in the order they were set up.
///
/// # Errors
/// A fault when they cannot be read.
pub fn items(tx: &ReadTx<'_>, project_id: i64) -> Found<Vec<FeeItem>> {
    store::items(tx, project_id)
}

/// The fee item with this number.
///
/// # Errors
/// A fault when it cannot be read.
pub fn item(tx: &ReadTx<'_>, id: i64) -> Found<Option<FeeItem>> {
    store::item(tx, id)
}

/// The due with this number.
///
/// # Errors
/// A fault when it cannot be read.
pub fn due(tx: &ReadTx<'_>, id: i64) -> Found<Option<Due>> {
    store::due(tx, id)
}

/// The due with this key, which travels with each bill: so that an order the platform knows and we
/// do not finds home.
///
/// # Errors
/// A fault when it cannot be read.
pub fn due_by_key(tx: &ReadTx<'_>, due_key: &str) -> Found<Option<Due>> {
    store::due_by_key(tx, due_key)
}

/// All dues of a candidate, the oldest first.
///
/// # Errors
/// A fault when they cannot be read.
pub fn dues_of(tx: &ReadTx<'_>, candidate_id: i64) -> Found<Vec<Due>> {
    store::dues_of(tx, candidate_id)
}

/// How many dues of a project are in which state.
///
/// # Errors
/// A fault when they cannot be counted.
pub fn counts(tx: &ReadTx<'_>, project_id: i64) -> Found<Counts> {
    store::counts(tx, project_id)
}

/// Sets up a project with its first fee item, and returns the project's number. Its hours are set
/// apart, with `windows::set`.
///
/// # Errors
/// [`Refused::CodeTaken`] when there is a project with that code; [`Refused::NothingToPay`] when
/// the item's standard is zero.
pub fn set_up(
    tx: &WriteTx<'_>,
    project: &NewProject,
    item: &NewItem,
    chance: &Chance,
) -> Result<i64, Refused> {
    if store::project_by_code(tx, &project.code)?.is_some() {
        return refuse(Refused::CodeTaken);
    }
    if item.texts.standard.is_zero() {
        return refuse(Refused::NothingToPay);
    }
    let id = store::insert_project(tx, project)?;
    tx.note_with(
        "project.set_up",
        format_args!("project {id}"),
        json!({ "code": project.code, "texts": told_project(&project.texts) }),
    );
    let item_id = store::insert_item(tx, id, item, &chance.token())?;
    tx.note_with(
        "fee_item.set_up",
        format_args!("fee item {item_id}"),
        json!({ "project": id, "code": item.code, "texts": told_item(&item.texts) }),
    );
    Ok(id)
}

/// Changes what a project says. Its code stays: rosters and links go by it.
///
/// # Errors
/// [`Refused::Unknown`] when there is no such project.
pub fn reword(tx: &WriteTx<'_>, project_id: i64, after: &ProjectTexts) -> Result<(), Refused> {
    let Some(project) = store::project(tx, project_id)? else { return refuse(Refused::Unknown) };
    let before = project.texts();
    if before == *after {
        return Ok(());
    }
    store::reword(tx, project_id, after)?;
    tx.note_with(
        "project.changed",
        format_args!("project {project_id}"),
        json!({ "before": told_project(&before), "after": told_project(after) }),
    );
    Ok(())
}

/// Changes what a fee item says and costs. Dues that were made before keep their amounts.
///
/// # Errors
/// [`Refused::Unknown`] when there is no such item; [`Refused::NothingToPay`] when its standard
/// would be zero.
pub fn change_item(tx: &WriteTx<'_>, item_id: i64, after: &ItemTexts) -> Result<(), Refused> {
    let Some(item) = store::item(tx, item_id)? else { return refuse(Refused::Unknown) };
    if after.standard.is_zero() {
        return refuse(Refused::NothingToPay);
    }
    let before = item.texts();
    if before == *after {
        return Ok(());
    }
    store::change_item(tx, item_id, after)?;
    tx.note_with(
        "fee_item.changed",
        format_args!("fee item {item_id}"),
        json!({ "before": told_item(&before), "after": told_item(after) }),
    );
    Ok(())
}

/// Writes down what a candidate owes for a fee item, and returns the due's number. Said again it
/// changes nothing; while unpaid, it may be said with another amount or another school. `school`
/// is the code and the name of where the candidate applied.
///
/// # Errors
/// [`Refused::Unknown`] when there is no such candidate or fee item; [`Refused::NothingToPay`] for
/// an amount of zero; [`Refused::NoLongerUnpaid`] when the due is not unpaid any more and the
/// amount is another.
pub fn owe(
    tx: &WriteTx<'_>,
    candidate_id: i64,
    fee_item_id: i64,
    amount: Fen,
    school: Option<(&str, &str)>,
) -> Result<(i64, Owed), Refused> {
    if amount.is_zero() {
        return refuse(Refused::NothingToPay);
    }
    let Some(before) = store::due_for(tx, candidate_id, fee_item_id)? else {
        return fall_due(tx, candidate_id, fee_item_id, amount, school);
    };
    let kept = (before.school_code.as_deref(), before.school_name.as_deref());
    let is_same_school = kept == (school.map(|it| it.0), school.map(|it| it.1));
    if before.amount == amount && is_same_school {
        return Ok((before.id, Owed::Same));
    }
    if before.amount != amount && before.state != DueState::Unpaid {
        return refuse(Refused::NoLongerUnpaid(before.state));
    }
    store::change_due(tx, before.id, amount, school)?;
    tx.note_with(
        "due.changed",
        format_args!("due {}", before.id),
        json!({
            "before": { "amount": before.amount.fen(), "school": before.school_code },
            "after": { "amount": amount.fen(), "school": school.map(|it| it.0) },
        }),
    );
    Ok((before.id, Owed::Changed))
}

fn fall_due(
    tx: &WriteTx<'_>,
    candidate_id: i64,
    fee_item_id: i64,
    amount: Fen,
    school: Option<(&str, &str)>,
) -> Result<(i64, Owed), Refused> {
    let Some(seed) = store::key_seed(tx, fee_item_id)? else { return refuse(Refused::Unknown) };
    let Some(person) = candidates::find(tx, candidate_id)? else {
        return refuse(Refused::Unknown);
    };
    // Made anew after a restore, the due of the same person has the same key, so that what the
    // platform remembers is never put down to somebody else. Without the seed it tells nothing.
    let key = Digest::of(format!("{seed}\n{}", person.document.match_key()).as_bytes());
    let key = &key.to_string()[..32];
    let id = store::insert_due(tx, key, candidate_id, fee_item_id, amount, school)?;
    tx.note_with(
        "due.made",
        format_args!("due {id}"),
        json!({ "candidate": candidate_id, "item": fee_item_id, "amount": amount.fen() }),
    );
    Ok((id, Owed::New))
}

/// Marks a due as paid: its money was counted. `false` when it was not unpaid, so that the money
/// must go back; nothing is changed then.
///
/// # Errors
/// A fault when there is no such due, or it cannot be written.
pub fn settle(tx: &WriteTx<'_>, due_id: i64) -> Result<bool, Never> {
    let Some(due) = store::due(tx, due_id)? else {
        return Err(Fault::new(format!("there is no due {due_id}")).into());
    };
    let Some(next) = due.state.after(Event::Paid) else { return Ok(false) };
    store::move_state(tx, &due, next)?;
    tx.note("due.paid", format_args!("due {due_id}"));
    Ok(true)
}

/// Marks a due as refunded: all of its money went back.
///
/// # Errors
/// A fault when there is no such due, it was not paid, or it cannot be written.
pub fn give_back(tx: &WriteTx<'_>, due_id: i64) -> Found<()> {
    move_on(tx, due_id, Event::Refunded, "due.refunded")
}

/// Opens a due again that had fallen away, so that it may be paid.
///
/// # Errors
/// A fault when there is no such due, it had not fallen away, or it cannot be written.
pub fn reopen(tx: &WriteTx<'_>, due_id: i64) -> Found<()> {
    move_on(tx, due_id, Event::Reopened, "due.reopened")
}

fn move_on(tx: &WriteTx<'_>, due_id: i64, event: Event, act: &'static str) -> Found<()> {
    let due =
        store::due(tx, due_id)?.ok_or_else(|| Fault::new(format!("there is no due {due_id}")))?;
    let wrong = || Fault::new(format!("due {due_id} is {}: {event:?}", due.state.name()));
    let next = due.state.after(event).ok_or_else(wrong)?;
    store::move_state(tx, &due, next)?;
    tx.note(act, format_args!("due {due_id}"));
    Ok(())
}

fn told_project(it: &ProjectTexts) -> Value {
    json!({ "title": it.title, "consequence": it.consequence, "shown": it.shown })
}

fn told_item(it: &ItemTexts) -> Value {
    json!({ "name": it.name, "unit": it.unit, "standard": it.standard.fen() })
}
