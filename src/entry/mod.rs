//! Floors 14 and 15: the doors, the night shift and the command line.

pub mod cli;
pub mod door;
pub mod jobs;
pub mod server;
