//! One test binary; a file a room, as in `src/`.

mod db;
mod doors;
mod jobs;
mod mail;
mod staff;
mod visitors;
mod world;
