//! Reconciliation (对账): the platform's statement of a day beside our books, what differs, and the
//! closing of the day (日结).
//!
//! Words: a *statement* (对账文件) is what the platform says came and went on a day; a *difference*
//! is a line that the two sides do not have alike; its *remedy* is the one act that belongs to it;
//! a day is *closed* when everything agrees or is explained, and has a *sheet* (日结单); what comes
//! later is closed in a *supplement* (补充).
//!
//! It promises that of a statement with a fault nothing is kept; that the same statement again
//! changes nothing; that money told by a statement is recorded by the one act that records money,
//! proposed by one person and confirmed by another; that a closed day stays as it was closed; and
//! that months are the sums of their days.

mod closing;
mod comparing;
pub mod console;
mod months;
mod ours;
mod paper;
mod remedies;
pub mod rules;
mod seeing;
mod statement;
mod store;
mod taking;

pub use self::closing::close;
pub use self::comparing::compare;
pub use self::months::{Line, Month, month};
pub use self::paper::paper;
pub use self::remedies::{ask, confirm, propose, send_back};
pub use self::seeing::{Seen, see};
pub use self::store::{Closing, Taken};
pub use self::taking::{Brought, fetch, fetch_missing, upload};
