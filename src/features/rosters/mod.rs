//! Rosters (缴费名单): files of the people who must pay, loaded as a whole or not at all.
//!
//! Words: a roster is *examined* (the dry run: what it says, and what it would change), which gives
//! a *draft*; a draft is *loaded*: its people get accounts and owe the project's fee item. A large
//! one is *accepted* in one short transaction, and then taken over in *chunks*.
//!
//! It promises that examining changes nothing; that bad rows are left out only when somebody said
//! so; that what was accepted is taken over to its end, even when the machine stops in between
//! ([`carry_on`]); that no chunk keeps a payment waiting; that the same roster again changes
//! nothing; and that an amount which was paid, or is being paid, stays.

pub mod console;
mod draft;
pub mod rules;
mod store;
mod taking;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use self::draft::{Draft, examine, examine_again, keep};

use self::rules::{Choice, Entry, Refused, Roster};
use crate::app::App;
use crate::base::clock::office_date;
use crate::base::outcome::{self, Fault, refuse};
use crate::machinery::db::{Actor, By, FormKey, ReadTx};

/// Loads a draft. The same form posted twice loads once, and finds the roster of its first posting.
///
/// A roster that is larger than one transaction should be may come back unfinished when the house
/// is overrun; [`carry_on`] ends it.
///
/// # Errors
/// [`Refused::BadRows`] when there are some, now or meanwhile, and nothing was said of leaving
/// them out; [`Refused::NobodyLeft`]; [`Refused::DoneBefore`].
pub fn load(
    app: &App,
    draft: Draft,
    choice: Choice,
    by: By,
    key: FormKey,
) -> outcome::Result<Roster, Refused> {
    if choice == Choice::AllOrNothing && !draft.is_clean() {
        return refuse(Refused::BadRows);
    }
    if draft.good == 0 {
        return refuse(Refused::NobodyLeft);
    }
    keep(app, &draft)?;
    let roster = Roster {
        id: 0,
        fee_item_id: draft.item.id,
        file_name: draft.file_name,
        file_digest: draft.digest,
        people: draft.people.len(),
        done: 0,
        added: 0,
        changed: 0,
        refused: 0,
        left_out: draft.bad,
        loaded_at: app.clock.now(),
    };
    let people: Arc<[Entry]> = draft.people.into();
    let roster = {
        let people = people.clone();
        app.db.write_now(by, move |tx| taking::accept(tx, roster, choice, &people, &key))?
    };
    match taking::take_the_rest(app, by, &roster, &people) {
        Ok(roster) => Ok(roster),
        // It was accepted: the job goes on where this stopped.
        Err(fault) => {
            tracing::warn!(%fault, roster = roster.id, "a roster waits to be carried on");
            Ok(roster)
        }
    }
}

/// Takes over what is left of rosters that were accepted and then interrupted. Returns how many
/// rosters it ended.
///
/// # Errors
/// A fault when the bytes of one cannot be read, or something cannot be written.
pub fn carry_on(app: &App) -> Result<i64, Fault> {
    let mut ended = 0;
    for roster in app.db.read_now(store::unfinished)? {
        let about = || format!("roster {} cannot be carried on", roster.id);
        let Some(bytes) = app.files.get(&roster.file_digest)? else {
            return Err(Fault::new("its file is not kept").context(about()));
        };
        let reading = draft::read(&bytes, office_date(roster.loaded_at), &BTreeSet::new());
        let reading = reading.map_err(|why| Fault::new(format!("{why}")).context(about()))?;
        let by = Actor::Job("rosters.carry_on").into();
        taking::take_the_rest(app, by, &roster, &reading.people.into())?;
        ended += 1;
    }
    Ok(ended)
}

/// The rosters that were loaded last, the newest first. At most `limit`.
///
/// # Errors
/// A fault when they cannot be read.
pub fn latest(tx: &ReadTx<'_>, limit: usize) -> Result<Vec<Roster>, Fault> {
    store::latest(tx, limit)
}

/// The roster with this number.
///
/// # Errors
/// A fault when it cannot be read.
pub fn find(tx: &ReadTx<'_>, id: i64) -> Result<Option<Roster>, Fault> {
    store::find(tx, id)
}
