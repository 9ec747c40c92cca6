//! Signatures (§3): what is signed, the headers that carry it, and how a receiver checks them.

use base64ct::{Base64, Encoding};
use jiff::{SignedDuration, Timestamp};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};

use super::codes::Code;
use super::{is_merchant, is_nonce, moment, read_moment};
use crate::base::outcome::Fault;
use crate::base::values::Digest;

/// How far a timestamp may be from the receiver's real clock, either way (§3.3).
pub const WINDOW: SignedDuration = SignedDuration::from_secs(300);

/// The version that this room speaks.
pub const VERSION: &str = "1";

/// The names of the headers (§3.1).
pub mod headers {
    /// The interface's version.
    pub const VERSION: &str = "Pay-Version";
    /// The merchant code.
    pub const MERCHANT: &str = "Pay-Merchant";
    /// When it was signed.
    pub const TIMESTAMP: &str = "Pay-Timestamp";
    /// New for every message.
    pub const NONCE: &str = "Pay-Nonce";
    /// Ed25519, Base64.
    pub const SIGNATURE: &str = "Pay-Signature";
}

/// What a signature is for. A signature for one purpose is worth nothing for another.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// A merchant's request to `path`, from `/v1/`.
    Request {
        /// As sent.
        path: &'a str,
    },
    /// The platform's answer.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The nonce of the request, or `-`.
        to: &'a str,
    },
    /// The platform's notice.
    Notice,
}

/// A private Ed25519 key.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// Reads PKCS#8, version 1 or 2 (RFC 8410).
    ///
    /// # Errors
    /// A fault when the bytes are no Ed25519 key.
    pub fn from_pkcs8(bytes: &[u8]) -> Result<SigningKey, Fault> {
        // Version 1 has no public key to compare with; it is derived instead.
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(bytes)
            .map_err(|_| Fault::new("the signing key is not an Ed25519 key in PKCS#8"))?;
        Ok(SigningKey(pair))
    }

    /// The key that proves its signatures.
    pub fn public(&self) -> [u8; 32] {
        use ring::signature::KeyPair;
        let bytes = self.0.public_key().as_ref();
        bytes.try_into().expect("an Ed25519 public key has 32 bytes")
    }
}

/// PKCS#8, version 1, around a private key's 32-byte seed (RFC 8410, 7).
pub fn pkcs8(seed: &[u8; 32]) -> Vec<u8> {
    const PREFIX: [u8; 16] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    [PREFIX.as_slice(), seed.as_slice()].concat()
}

/// The headers around a body: who, when, once, and the proof.
#[derive(Clone, Debug)]
pub struct Seal {
    /// The merchant code, or `-`.
    pub merchant: String,
    /// The signer's real clock.
    pub at: Timestamp,
    /// New for every message.
    pub nonce: String,
    /// Base64.
    pub signature: String,
}

impl Seal {
    /// Signs `body`.
    pub fn make(
        key: &SigningKey,
        purpose: Purpose<'_>,
        merchant: &str,
        at: Timestamp,
        nonce: String,
        body: &[u8],
    ) -> Seal {
        let text = signed_text(purpose, merchant, at, &nonce, body);
        let signature = Base64::encode_string(key.0.sign(text.as_bytes()).as_ref());
        Seal { merchant: merchant.to_owned(), at, nonce, signature }
    }

    /// Names and values of the headers to send.
    pub fn headers(&self) -> [(&'static str, String); 5] {
        [
            (headers::VERSION, VERSION.to_owned()),
            (headers::MERCHANT, self.merchant.clone()),
            (headers::TIMESTAMP, moment(self.at)),
            (headers::NONCE, self.nonce.clone()),
            (headers::SIGNATURE, self.signature.clone()),
        ]
    }

    /// Reads the headers; `get` finds one by its name.
    ///
    /// # Errors
    /// [`Broken::Unsigned`] when one is missing or malformed, [`Broken::Version`] for another
    /// version.
    pub fn read<'h>(get: impl Fn(&'static str) -> Option<&'h str>) -> Result<Seal, Broken> {
        let version = get(headers::VERSION).ok_or(Broken::Unsigned)?;
        if version != VERSION {
            return Err(Broken::Version);
        }
        let merchant = get(headers::MERCHANT).filter(|it| is_merchant(it) || *it == "-");
        let nonce = get(headers::NONCE).filter(|it| is_nonce(it));
        Ok(Seal {
            merchant: merchant.ok_or(Broken::Unsigned)?.to_owned(),
            at: get(headers::TIMESTAMP).and_then(read_moment).ok_or(Broken::Unsigned)?,
            nonce: nonce.ok_or(Broken::Unsigned)?.to_owned(),
            signature: get(headers::SIGNATURE).ok_or(Broken::Unsigned)?.to_owned(),
        })
    }

    /// Checks time and signature; `now` is the receiver's real clock.
    ///
    /// # Errors
    /// [`Broken::Stale`] outside of [`WINDOW`], [`Broken::Signature`] when `public` did not sign
    /// this.
    pub fn check(
        &self,
        public: &[u8; 32],
        purpose: Purpose<'_>,
        now: Timestamp,
        body: &[u8],
    ) -> Result<(), Broken> {
        if now.duration_since(self.at).abs() > WINDOW {
            return Err(Broken::Stale);
        }
        let signature = Base64::decode_vec(&self.signature).map_err(|_| Broken::Signature)?;
        let text = signed_text(purpose, &self.merchant, self.at, &self.nonce, body);
        UnparsedPublicKey::new(&ED25519, public)
            .verify(text.as_bytes(), &signature)
            .map_err(|_| Broken::Signature)
    }
}

/// Why a seal proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A header is missing or malformed.
    Unsigned,
    /// Another version of the interface.
    Version,
    /// Signed too long ago, or in the future.
    Stale,
    /// Not signed by that key, or changed since.
    Signature,
}

impl Broken {
    /// The code that answers it.
    pub fn code(self) -> Code {
        match self {
            Broken::Unsigned => Code::Unsigned,
            Broken::Version => Code::Unsupported,
            Broken::Stale => Code::ClockSkew,
            Broken::Signature => Code::BadSignature,
        }
    }
}

/// The text under a signature (§3.2).
pub fn signed_text(
    purpose: Purpose<'_>,
    merchant: &str,
    at: Timestamp,
    nonce: &str,
    body: &[u8],
) -> String {
    let head = match purpose {
        Purpose::Request { path } => format!("REQUEST\nPOST\n{path}"),
        Purpose::Answer { status, to } => format!("ANSWER\n{status}\n{to}"),
        Purpose::Notice => "NOTICE".to_owned(),
    };
    let (at, digest) = (moment(at), Digest::of(body));
    format!("UNIFIED-PAY-1\n{head}\n{merchant}\n{at}\n{nonce}\n{digest}\n")
}
