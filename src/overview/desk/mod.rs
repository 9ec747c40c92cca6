//! 工作台: the first page of the console. What waits, how many there are, and what is wrong.
//!
//! It looks over other rooms through their acts alone, and changes nothing.

pub mod console;
pub mod figures;
pub mod health;
pub mod probes;
mod words;
