//! The payment platform in a box: 上海市一网通办公共支付平台（模拟）.
//!
//! A program of its own beside the appliance: own port, own SQLite file, own keys. It knows nothing
//! of ours but the wire (`packaging/unified-platform.md`, named § in this wing), so that killing
//! the appliance leaves the platform's truth untouched, and the other way round. It takes no real
//! money; for training, demonstration and tests.
//!
//! | file | what it is |
//! |---|---|
//! | [`core`] | the books: a pure state machine, which simulations drive without a clock, a disk or a network |
//! | `store` | the books on disk |
//! | `api` | the signed operations that merchants call |
//! | `cashier`, `phone` | the pages that payers see |
//! | `training` | the pages where trainers switch faults on and make things happen |
//! | [`notices`] | what merchants hear, until they say SUCCESS |
//! | [`server`] | the doors |
//!
//! It promises: what it answered is on disk; a payment, once made, is never changed or lost;
//! nothing personal and no secret goes to the log.

mod api;
mod cashier;
pub mod core;
mod doors;
mod keys;
mod merchants;
pub mod notices;
mod pages;
mod phone;
mod qr;
pub mod server;
mod store;
mod training;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::SignedDuration;
use rocket::tokio::task::spawn_blocking;

use crate::base::chance::Chance;
use crate::base::clock::Clock;
use crate::base::outcome::Fault;
use crate::base::values::Digest;
use crate::machinery::gateway::wire::envelope::SigningKey;

use core::Books;
use notices::Bell;
use store::Store;

pub use merchants::Merchant;

/// What a simulated platform is started with.
pub struct Settings {
    /// Its folder; made where it is missing.
    pub dir: PathBuf,
    /// Where it listens. Beyond loopback the pages are served to phones, the operations never.
    pub bind: IpAddr,
    /// On which port; 0 takes a free one.
    pub port: u16,
    /// Its address as phones see it, without a slash at the end; by default made of `bind` and the
    /// port.
    pub public_base: Option<String>,
    /// Merchants to put into the register, which remembers those of earlier starts.
    pub merchants: Vec<Merchant>,
    /// A root certificate (PEM) that notices trust instead of the public ones: the appliance's own
    /// authority.
    pub notice_root: Option<String>,
    /// Whether notices are delivered by themselves; tests drive [`notices::deliver_due`].
    pub delivers: bool,
    /// Its own clock: business time may be moved, signatures go by the wall's.
    pub clock: Clock,
    /// Its own dice.
    pub chance: Chance,
}

/// A simulated platform.
pub struct Platform {
    store: Store,
    key: SigningKey,
    merchants: Vec<Merchant>,
    clock: Clock,
    chance: Chance,
    bind: SocketAddr,
    public_base: OnceLock<String>,
    cookie: String,
    delivers: bool,
    bell: Bell,
    post: ureq::Agent,
}

impl Platform {
    /// Opens the folder, making what is missing: the file, the keys, the register.
    ///
    /// # Errors
    /// A fault when the folder cannot be used, or another platform runs on it.
    pub fn open(settings: Settings) -> Result<Arc<Platform>, Fault> {
        std::fs::create_dir_all(&settings.dir)?;
        let store = Store::open(&settings.dir)?;
        for merchant in &settings.merchants {
            store.register(merchant)?;
        }
        let key = keys::open(&settings.dir, &settings.chance)?;
        let public_base = match settings.public_base {
            Some(base) => OnceLock::from(base.trim_end_matches('/').to_owned()),
            None => OnceLock::new(),
        };
        // Cookies ignore ports: two platforms on one host must not read each other's.
        let cookie = format!("platform-{}", &Digest::of(&key.public()).to_string()[..8]);
        Ok(Arc::new(Platform {
            merchants: store.merchants()?,
            store,
            key,
            clock: settings.clock,
            chance: settings.chance,
            bind: SocketAddr::new(settings.bind, settings.port),
            public_base,
            cookie,
            delivers: settings.delivers,
            bell: Bell::default(),
            post: notices::agent(settings.notice_root.as_deref())?,
        }))
    }

    /// Does another platform run on this folder now?
    ///
    /// # Errors
    /// A fault when the folder cannot be looked at.
    pub fn is_running(dir: &Path) -> Result<bool, Fault> {
        Store::is_held(dir)
    }

    /// The key that proves its answers and notices; merchants need it.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.public()
    }

    /// Its address as phones see it. Empty until it listens, where the settings named none.
    pub fn public_base(&self) -> &str {
        self.public_base.get().map_or("", String::as_str)
    }

    /// Runs `act` on the books; what it changed is on disk when this returns.
    ///
    /// # Errors
    /// A fault when it could not be written.
    pub fn act_now<T>(&self, act: impl FnOnce(&mut Books) -> T) -> Result<T, Fault> {
        self.store.act(act)
    }

    /// The same for those who must not wait on a disk.
    async fn act<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Platform, &mut Books) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let platform = Arc::clone(self);
        spawn_blocking(move || platform.store.act(|books| act(&platform, books))).await?
    }

    /// How far its business time was moved when it last ran.
    ///
    /// # Errors
    /// A fault when it could not be read.
    pub fn remembered_shift(&self) -> Result<SignedDuration, Fault> {
        self.store.shift()
    }

    /// Moves its business time: so far ahead of the real clock, across restarts.
    ///
    /// # Errors
    /// A fault when it could not be written; then nothing moved.
    pub fn travel(&self, shift: SignedDuration) -> Result<(), Fault> {
        self.store.keep_shift(shift)?;
        self.clock.set_shift(shift);
        self.bell.ring();
        Ok(())
    }

    fn merchant(&self, code: &str) -> Option<&Merchant> {
        self.merchants.iter().find(|it| it.code == code)
    }

    /// Who is paid, for payers to read.
    fn payee<'n>(&'n self, code: &'n str) -> &'n str {
        self.merchant(code).map_or(code, |it| &it.name)
    }
}

#[cfg(test)]
mod tests;
