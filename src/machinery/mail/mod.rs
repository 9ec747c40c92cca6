//! Letters: written down by the act that causes them, sent afterwards by the night shift.
//!
//! Words: the *outbox* is the letters not sent yet; a *transport* takes them on: a mail server, or
//! the folder `mail/` where none is configured (the *spool*).
//!
//! It promises that a letter exists exactly when its act was kept; that no act waits for a mail
//! server; and that a letter sent again bears the same Message-ID, so that servers know it. Letters
//! hold no document's number: mail is read by many machines.

pub mod letters;
pub mod rules;
mod smtp;
mod spool;
mod store;

use std::path::Path;

use crate::base::config::Config;
use crate::base::outcome::Fault;
use crate::base::values::{Digest, Email};
use crate::machinery::db::{Db, ReadTx, WriteTx};

pub use self::smtp::Server;
pub use self::spool::Spool;

/// A letter to be enqueued.
#[derive(Clone, Debug)]
pub struct Letter {
    /// To whom.
    pub to: Email,
    /// The subject line.
    pub subject: String,
    /// The text, plain.
    pub body: String,
    /// Which message it is: `receipt_issued`.
    pub cause: &'static str,
}

/// Who takes letters on.
pub trait Transport {
    /// Hands one letter over.
    ///
    /// # Errors
    /// [`NotSent`]: for good, or for now.
    fn send(&self, letter: &lettre::Message) -> Result<(), NotSent>;
}

/// A letter was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSent {
    /// Will trying again never help?
    pub for_good: bool,
    /// What the other side said. It may hold the address, so it is kept but not logged.
    pub said: String,
}

/// How the outbox stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    /// Letters that wait for their first or their next try.
    pub waiting: i64,
    /// Those of them that failed at least once.
    pub delayed: i64,
    /// Letters that nobody will try again.
    pub given_up: i64,
}

/// How many letters one delivery takes on, so that other jobs get their turn.
const BATCH: i64 = 20;

/// Writes a letter down, inside the act that causes it.
///
/// # Errors
/// A fault when it cannot be written.
pub fn enqueue(tx: &WriteTx<'_>, letter: &Letter) -> Result<i64, Fault> {
    let id = store::next(tx)?;
    let folder = tx.fact("folder_id")?.unwrap_or_default();
    let incarnation = tx.fact("incarnation")?.unwrap_or_default();
    // A restored folder counts from where its backup ended, but is another incarnation.
    let seed = format!("{folder}\n{incarnation}\n{id}\n{}\n{}", letter.cause, tx.wall());
    let digest = Digest::of(seed.as_bytes()).to_string();
    store::add(tx, id, &format!("<{}@kaowu.invalid>", &digest[..32]), letter)?;
    tx.note("mail.enqueued", format_args!("mail {id} {}", letter.cause));
    Ok(id)
}

/// Hands on what is due. Returns how many letters went out.
///
/// # Errors
/// A fault when the outbox cannot be read or written; what went out before stays noted.
pub fn deliver(db: &Db, transport: &dyn Transport, from: &str) -> Result<i64, Fault> {
    let from = from.parse().map_err(|_| Fault::new("mail_from is no address"))?;
    let due = db.read_now(|tx| store::due(tx, BATCH))?;
    let mut sent = 0;
    for letter in due {
        let outcome = match letter.sealed(&from) {
            Ok(message) => transport.send(&message),
            Err(said) => Err(NotSent { for_good: true, said }),
        };
        sent += i64::from(outcome.is_ok());
        db.keep_now(move |tx| match outcome {
            Ok(()) => store::sent(tx, letter.id),
            Err(not) => {
                let wait = rules::wait_after(letter.tries + 1).filter(|_| !not.for_good);
                store::failed(tx, letter.id, wait, &not.said)
            }
        })?;
    }
    Ok(sent)
}

/// The transport that the settings name: a mail server, or the spool in the data folder.
///
/// # Errors
/// A fault when the server's address cannot be read or the folder not made.
pub fn transport(config: &Config, dir: &Path) -> Result<Box<dyn Transport>, Fault> {
    if config.mail_server.is_empty() {
        Ok(Box::new(Spool::open(dir.join("mail"))?))
    } else {
        Ok(Box::new(Server::at(&config.mail_server)?))
    }
}

/// How the outbox stands.
///
/// # Errors
/// A fault when it cannot be read.
pub fn outbox(tx: &ReadTx<'_>) -> Result<Outbox, Fault> {
    store::outbox(tx)
}
