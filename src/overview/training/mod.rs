//! Demonstration and training: fictitious people, the stage they stand on, and what a trainer does.
//!
//! Words: the *cast* are the named people with a story each; the *crowd* are the many others; the
//! *stage* is everything a folder needs before anybody comes: projects, hours, announcements, staff.
//! A *lesson* is a fault of the simulated platform with what to try. It works on folders for training
//! and demonstration alone: in production its doors are not there.

pub mod cast;
pub mod console;
pub mod crowd;
pub mod hours;
pub mod lessons;
pub mod stage;
pub mod time;
