//! Pages, forms and errors: what every face of the house has in common.
//!
//! This room knows pages, not people: who is here, and what the frame of a page shows of other
//! rooms, comes through [`Around`], which `server.rs` fills in.

pub mod assets;
mod chrome;
pub mod csrf;
mod download;
mod errors;
mod fields;
mod filled;
mod form;
mod page;
mod parts;
mod peer;
mod shield;

pub use self::assets::routes as asset_routes;
pub use self::chrome::{Around, Chrome, LARGE, MenuLink, Scenery, SupportLine, Who};
pub use self::csrf::{Csrf, Face};
pub use self::download::Download;
pub use self::errors::{Answer, Nothing, Refusal, Told, catchers};
pub use self::filled::Filled;
pub use self::form::{FilesDropped, MayHoldFiles, NoFile, OneFile, Posted, Pressed};
pub use self::page::{Next, Page};
pub use self::parts::{Files, SentFile};
pub use self::peer::{Met, Peer, Peers, peer};
pub use self::shield::Shield;
