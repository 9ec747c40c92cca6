//! (room not furnished yet)

pub mod rules;
