//! The centre's keys: made once, read at the start, listed for the operator.
//!
//! | key | what it does | files in `keys/` |
//! |---|---|---|
//! | receipts | signs receipts (ECDSA P-256, own certificate) | `receipts.key`, `receipts.crt` |
//! | platform | signs what goes to the payment platform (Ed25519) | `platform.key`, `platform.pub` |
//! | – | the platform's own public key, to check what comes back | `platform-theirs.pub` |
//! | authority | issues the certificates for TLS to browsers | `authority.key`, `authority.crt` |
//! | tls | speaks TLS under the centre's names; renewed by itself | `tls.key`, `tls.crt` |
//!
//! Private keys are files that their owner alone may read; a key that others may read is refused,
//! for it is no secret any more. They are never printed, logged or copied into a bundle, and what
//! is read of them is wiped from memory when it has served. They are random in the machine's own
//! way, not by `Chance`: even a seeded world has keys that nobody can guess.

mod certificate;
mod files;
mod names;
mod receipts;
mod tls;
mod wire;

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::base::clock::Clock;
use crate::base::outcome::{Error, Fault, Result, refuse};
use crate::base::values::{Digest, Secret};

pub use names::names;
pub use receipts::ReceiptKey;
pub use tls::Tls;
pub use wire::{PublicKey, WireKey, verify_ed25519};

const THEIRS: &str = "platform-theirs.pub";
/// A certificate has room for 64 characters (RFC 5280, A.1), and the authority's adds a word.
const CENTRE_NAME_MAX: usize = 60;

/// Why keys were not made or not opened. Words for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is a key already; it is never overwritten.
    Exists(PathBuf),
    /// A file is not there.
    Missing(PathBuf),
    /// Somebody other than the owner may read or write a private key.
    Exposed(PathBuf),
    /// A file does not hold what its name says.
    Damaged(PathBuf),
    /// The centre's name is empty, or longer than a certificate has room for.
    NameHasNoRoom,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Exists(path) => write!(f, "{} is there already", path.display()),
            Refused::Missing(path) => write!(f, "there is no key {}", path.display()),
            Refused::Exposed(path) => {
                write!(f, "others may read {}; run: chmod 600 {0}", path.display())
            }
            Refused::Damaged(path) => write!(f, "{} does not hold a key", path.display()),
            Refused::NameHasNoRoom => f.write_str("the centre's name must have 1 to 60 characters"),
        }
    }
}

/// The open keys of a data folder.
pub struct Keys {
    folder: PathBuf,
    receipts: ReceiptKey,
    platform: WireKey,
    theirs: Option<PublicKey>,
    authority: tls::Authority,
}

/// A line of the operator's list of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What it is called, and its files after it.
    pub name: &'static str,
    /// What kind of key it is.
    pub kind: &'static str,
    /// What tells it from any other: the SHA-256 of its certificate or public key.
    pub fingerprint: Digest,
    /// When its certificate ends; a bare key does not.
    pub until: Option<Timestamp>,
}

impl Keys {
    /// Makes all keys of a new folder, `folder` itself included, and opens them.
    ///
    /// # Errors
    /// [`Refused::Exists`] when there is a key already, [`Refused::NameHasNoRoom`].
    pub fn make(folder: &Path, centre_name: &str, clock: &Clock) -> Result<Keys, Refused> {
        if !(1..=CENTRE_NAME_MAX).contains(&centre_name.chars().count()) {
            return refuse(Refused::NameHasNoRoom);
        }
        files::make_folder(folder)?;
        receipts::make(folder, centre_name, clock)?;
        WireKey::make(&folder.join("platform.key"), &folder.join("platform.pub"))?;
        tls::make_authority(folder, centre_name, clock)?;
        Keys::open(folder)
    }

    /// Opens the keys of a folder.
    ///
    /// # Errors
    /// [`Refused::Missing`], [`Refused::Exposed`] or [`Refused::Damaged`], with the file.
    pub fn open(folder: &Path) -> Result<Keys, Refused> {
        Ok(Keys {
            receipts: ReceiptKey::open(folder)?,
            platform: WireKey::open(&folder.join("platform.key"))?,
            theirs: PublicKey::open(&folder.join(THEIRS))?,
            authority: tls::Authority::open(folder)?,
            folder: folder.to_owned(),
        })
    }

    /// The key that signs receipts.
    pub fn receipts(&self) -> &ReceiptKey {
        &self.receipts
    }

    /// Our key for talking to the payment platform.
    pub fn platform(&self) -> &WireKey {
        &self.platform
    }

    /// The private half of our key for the platform, in PKCS#8: for the adapter that signs with it.
    ///
    /// # Errors
    /// A fault when the file cannot be read any more.
    pub fn platform_private(&self) -> std::result::Result<Secret<Vec<u8>>, Fault> {
        match files::read_private(&self.folder.join("platform.key")) {
            Ok(pkcs8) => Ok(Secret::new(pkcs8.to_vec())),
            Err(Error::Refused(why)) => Err(Fault::new(why.to_string())),
            Err(Error::Fault(fault)) => Err(fault),
        }
    }

    /// The platform's public key, if it has been made known.
    pub fn theirs(&self) -> Option<&PublicKey> {
        self.theirs.as_ref()
    }

    /// Takes down the platform's public key, in place of an earlier one.
    ///
    /// # Errors
    /// A fault when the file cannot be written; then the earlier key stays.
    pub fn meet_platform(&mut self, theirs: PublicKey) -> std::result::Result<(), Fault> {
        let line = format!("{theirs}\n");
        files::replace(&self.folder.join(THEIRS), line.as_bytes(), files::For::All)?;
        self.theirs = Some(theirs);
        Ok(())
    }

    /// Key and certificate for TLS under these names: host names and IP addresses.
    ///
    /// The last one serves as long as it carries just these names and has two months left;
    /// otherwise a new one is made and kept.
    ///
    /// # Errors
    /// [`Refused::Exposed`] when others may read the key there is; a fault when a name is none.
    pub fn tls(&self, names: &[String], clock: &Clock) -> Result<Tls, Refused> {
        self.authority.tls(&self.folder, names, clock)
    }

    /// How many certificates for TLS were made since these keys were opened.
    pub fn tls_made(&self) -> u64 {
        self.authority.made()
    }

    /// The certificate that browsers must trust, as PEM: for the page that hands it out.
    pub fn authority_pem(&self) -> &str {
        self.authority.certificate_pem()
    }

    /// The keys there are, for the operator.
    pub fn list(&self) -> Vec<Listed> {
        let mut list = vec![
            self.receipts.listed(),
            Listed {
                name: "platform",
                kind: "Ed25519",
                fingerprint: Digest::of(self.platform.public().bytes()),
                until: None,
            },
        ];
        list.extend(self.theirs.as_ref().map(|theirs| Listed {
            name: "platform-theirs",
            kind: "Ed25519, public",
            fingerprint: Digest::of(theirs.bytes()),
            until: None,
        }));
        list.push(self.authority.listed());
        list
    }
}

/// Tells where the keys lie, and nothing of them.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn unmade(error: rcgen::Error) -> Fault {
    Fault::new(format!("cannot make a certificate: {error}"))
}
