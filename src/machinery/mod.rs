//! Floors 1 and 2: things the house is built of. They know values, not rooms.

pub mod db;
pub mod files;
pub mod fiscal;
pub mod gateway;
pub mod keys;
pub mod mail;
pub mod pdf;
pub mod rounds;
pub mod tables;
