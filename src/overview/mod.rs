//! Floor 13: rooms that look over others.

pub mod desk;
pub mod home;
pub mod keeping;
pub mod training;
