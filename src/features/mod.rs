//! Floors 5 to 12, the trade: one room a feature.

pub mod bulletin;
pub mod candidates;
pub mod characters;
pub mod exceptions;
pub mod fees;
pub mod identity;
pub mod orders;
pub mod receipts;
pub mod reconciliation;
pub mod refunds;
pub mod rosters;
pub mod staff;
pub mod windows;
