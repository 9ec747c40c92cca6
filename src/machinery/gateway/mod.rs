//! Placeholder.
/// x
pub trait Gateway: Send + Sync {}
