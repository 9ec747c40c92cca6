//! Placeholder.
/// x
pub struct Keys;
