//! Kaowu 考务: exam fees, e-receipts and applications for a small exam centre, in one program.
//!
//! THE MAP. The code is a house: rooms on floors, and a room uses only the floors below its own
//! (`tests/it/tidy.rs` holds the list and the rule).
//!
//! | wing | floors | what is there |
//! |---|---|---|
//! | [`base`] | 0 | words: values, time, chance, outcomes, configuration |
//! | [`machinery`] | 1–2 | things the house is built of: database, paper, tables, keys, platform, mail |
//! | [`simulator`] | – | the payment platform in a box; knows nothing of ours but the wire |
//! | [`app`] | 3 | everything a request, a job or a command needs |
//! | [`web`] | 4 | what every page has in common |
//! | [`features`] | 5–12 | the trade: one room a feature, with the same fixed files |
//! | [`overview`] | 13 | rooms that look over others |
//! | [`entry`] | 14–15 | the doors, the night shift, the command line |
//!
//! A feature's room has fixed files, each with one question: `mod.rs` what can be done here,
//! `rules.rs` what is so and what follows, `store.rs` what is remembered (all its SQL),
//! `site.rs` and `console.rs` what a person sees and presses.
//!
//! # Invariants
//!
//! 1. A room uses only floors below its own.
//! 2. A room's tables are named in its `store.rs` alone. The ledger's invariants
//!    ([`overview::keeping::ledger`]) join other rooms' tables, reading only.
//! 3. `rules.rs` is pure: no web, no database, no clock, no chance.
//! 4. Every change has an author, an instant and an audit line, or does not happen.
//! 5. No network and no file is waited for inside a transaction.
//! 6. A body is read through [`web::Posted`] alone (the platform's notices apart).
//! 7. Text becomes a value at the door; inside there are no strings that might be identity numbers.
//! 8. An order is settled once, by one function, and only for its exact amount.
//! 9. Bytes before the row that names them.
//! 10. Time and chance come from [`base::clock::Clock`] and [`base::chance::Chance`].
//! 11. Production refuses training: no simulator, no shift, no cast.
//! 12. Nothing personal, no secret and no body goes to the log.

pub mod app;
pub mod base;
pub mod entry;
pub mod features;
pub mod machinery;
pub mod overview;
pub mod simulator;
pub mod web;
