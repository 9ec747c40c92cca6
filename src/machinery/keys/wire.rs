//! Ed25519 (RFC 8032): who wrote what goes between us and the payment platform.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use base64ct::{Base64, Encoding};
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

use crate::base::outcome::{Fault, Result, refuse};

use super::Refused;
use super::files::{self, For};

/// A key that signs: ours for the platform's eyes, or the simulated platform's for ours.
pub struct WireKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl WireKey {
    /// Makes a key in two files, the private half and the public half to hand over.
    ///
    /// # Errors
    /// [`Refused::Exists`] when there is a key already.
    pub fn make(private: &Path, public: &Path) -> Result<WireKey, Refused> {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| Fault::new("the machine has no random numbers for a key"))?;
        files::create(private, files::private_pem(pkcs8.as_ref()).as_bytes(), For::Owner)?;
        let key = WireKey::open(private)?;
        files::create(public, format!("{}\n", key.public).as_bytes(), For::All)?;
        Ok(key)
    }

    /// Opens the private half.
    ///
    /// # Errors
    /// [`Refused::Missing`], [`Refused::Exposed`] or [`Refused::Damaged`].
    pub fn open(private: &Path) -> Result<WireKey, Refused> {
        let pkcs8: Zeroizing<Vec<u8>> = files::read_private(private)?;
        let Ok(pair) = Ed25519KeyPair::from_pkcs8(&pkcs8) else {
            return refuse(Refused::Damaged(private.to_owned()));
        };
        let public = pair.public_key().as_ref().try_into().map(PublicKey);
        Ok(WireKey { pair, public: public.expect("an Ed25519 public key has 32 bytes") })
    }

    /// Signs a message. The same message gives the same signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature = self.pair.sign(message);
        signature.as_ref().try_into().expect("an Ed25519 signature has 64 bytes")
    }

    /// What others check our signatures with.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// Tells the public half.
impl fmt::Debug for WireKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireKey").field("public", &self.public).finish_non_exhaustive()
    }
}

/// What an Ed25519 signature is checked with. Prints and reads Base64, 44 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key of these 32 bytes.
    pub const fn of(bytes: [u8; 32]) -> PublicKey {
        PublicKey(bytes)
    }

    /// The 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads a public key's file; `None` when it is not there.
    ///
    /// # Errors
    /// [`Refused::Damaged`] when it holds no key.
    pub fn open(path: &Path) -> Result<Option<PublicKey>, Refused> {
        let Some(bytes) = files::read(path)? else { return Ok(None) };
        match std::str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse().ok()) {
            Some(key) => Ok(Some(key)),
            None => refuse(Refused::Damaged(path.to_owned())),
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Base64::encode_string(&self.0))
    }
}

/// A text that is not a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPublicKey;

impl fmt::Display for NotAPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("公钥应为 44 位 Base64 字符，请核对后重新填写")
    }
}

impl std::error::Error for NotAPublicKey {}

impl FromStr for PublicKey {
    type Err = NotAPublicKey;

    fn from_str(text: &str) -> std::result::Result<PublicKey, NotAPublicKey> {
        let bytes = Base64::decode_vec(text).map_err(|_| NotAPublicKey)?;
        bytes.try_into().map(PublicKey).map_err(|_| NotAPublicKey)
    }
}

/// Whether this signature was made over this message with the private half of `public`.
pub fn verify_ed25519(public: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public.bytes()).verify(message, signature).is_ok()
}
