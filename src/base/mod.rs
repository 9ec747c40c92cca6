//! Floor 0, the words: values, time, chance, outcomes and configuration. They know nothing.

pub mod chance;
pub mod clock;
pub mod config;
pub mod outcome;
pub mod values;
