//! One test binary; a file a room, as in `src/`.

mod db;
mod world;
