//! The people behind the console: their accounts and their duties.
//!
//! Words: a *member* of staff has an account; a *duty* is what they are entrusted with; an
//! *officer* is a member who stands at a door that asks for a duty.
//!
//! It promises that no two duties meet in one person that would let them watch over themselves,
//! and that somebody can always look after the accounts.

pub mod guard;
pub mod rules;
mod store;
