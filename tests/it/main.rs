//! One test binary: a file a room, as in `src/`, and what proves the house as a whole.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod assets;
mod browser;
mod browser_manual;
mod bulletin;
mod candidates;
mod config;
mod db;
mod demo;
mod door;
mod doors;
mod fees;
mod home;
mod jobs;
mod keys;
mod look;
mod mail;
mod officer;
mod orders;
mod packaging;
mod paper;
mod platform;
mod receipts;
mod reconciliation;
mod rosters;
mod schema;
mod staff;
mod tidy;
mod town;
mod visitors;
mod windows;
mod world;
