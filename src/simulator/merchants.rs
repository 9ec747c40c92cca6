//! Who may ask for payments.

/// A merchant in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    /// The merchant code: 4 to 32 of `A-Z a-z 0-9 _ -`.
    pub code: String,
    /// Shown to payers as 收款单位.
    pub name: String,
    /// Its Ed25519 key.
    pub public_key: [u8; 32],
    /// What its `notify_url` must begin with, for instance `https://127.0.0.1:8443/gateway/`.
    pub notify_prefix: String,
}
