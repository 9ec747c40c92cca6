//! (room not furnished yet)

pub mod cast;
pub mod crowd;
