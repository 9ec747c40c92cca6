//! How a piece of work ends: done, refused, or broken.
//!
//! A refusal is an answer for the person; a fault is ours to mend. `?` carries faults through any
//! act; a refusal is always said with [`refuse`]. An act that must remember what it refused (a
//! failed login, a forged notice) returns `Ok(Said::No(…))`, so that its rows are kept.

use std::fmt;

/// The result of an act that may refuse with `R`.
pub type Result<T, R> = std::result::Result<T, Error<R>>;

/// Why an act did not happen. Whatever it wrote has been rolled back.
#[derive(Debug)]
pub enum Error<R> {
    /// An answer for the person who asked.
    Refused(R),
    /// Something of ours that must be mended.
    Fault(Fault),
}

/// Says no. Nothing the act wrote stays.
pub fn refuse<T, R>(reason: R) -> Result<T, R> {
    Err(Error::Refused(reason))
}

/// The result of an act that may refuse *and remember*: both ways its rows stay.
#[derive(Debug)]
pub enum Said<T, R> {
    /// It was done.
    Done(T),
    /// It was refused, and what was written down about that stays.
    No(R),
}

/// A failure of ours: the disk, the database, a bug. Never shown in detail to a person.
#[derive(Debug)]
pub struct Fault {
    /// What is known about the change that was asked for.
    pub known: Known,
    cause: anyhow::Error,
}

/// What is known about a change when something broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing was kept.
    NotDone,
    /// The house is overrun; nothing was started.
    Busy,
    /// The disk has no room, or cannot be written; nothing was kept.
    NoRoom,
    /// The commit itself failed: it may or may not be on the disk (结果待确认).
    Unsure,
}

impl Fault {
    /// A fault after which nothing was kept. `what` is for the log: no names, numbers or secrets.
    pub fn new(what: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Fault {
        Fault { known: Known::NotDone, cause: anyhow::anyhow!(what) }
    }

    /// The same with what is known about the change.
    pub fn known(
        known: Known,
        what: impl fmt::Display + fmt::Debug + Send + Sync + 'static,
    ) -> Fault {
        Fault { known, cause: anyhow::anyhow!(what) }
    }

    /// Adds what was being done when it broke.
    #[must_use]
    pub fn context(self, what: impl fmt::Display + Send + Sync + 'static) -> Fault {
        Fault { known: self.known, cause: self.cause.context(what) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.cause)
    }
}

/// Lets `?` turn the errors of libraries into faults, here and in [`Error`].
macro_rules! faults {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Fault {
            fn from(error: $error) -> Fault {
                Fault { known: Known::NotDone, cause: error.into() }
            }
        }
        impl<R> From<$error> for Error<R> {
            fn from(error: $error) -> Error<R> {
                Error::Fault(error.into())
            }
        }
    )+};
}

faults!(
    rusqlite::Error,
    std::io::Error,
    rocket::tokio::task::JoinError,
    serde_json::Error,
    std::string::FromUtf8Error,
    anyhow::Error,
);

impl<R> From<Fault> for Error<R> {
    fn from(fault: Fault) -> Error<R> {
        Error::Fault(fault)
    }
}

/// A room that can refuse nothing: its acts return `Result<T, Never>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Never {}

impl From<Error<Never>> for Fault {
    fn from(error: Error<Never>) -> Fault {
        match error {
            Error::Refused(never) => match never {},
            Error::Fault(fault) => fault,
        }
    }
}
