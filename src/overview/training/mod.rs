//! Demonstration and training: fictitious people, and the stage they stand on.
//!
//! Words: the *cast* are the named people with a story each; the *crowd* are the many others; the
//! *stage* is everything a folder needs before anybody comes: projects, hours, announcements, staff.
//! It works on folders for training and demonstration alone.

pub mod cast;
pub mod crowd;
pub mod stage;
