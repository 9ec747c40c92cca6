//! Receipts as documents: who makes them, and what stands on them.
//!
//! The house may not issue a fiscal receipt (财政电子票据): its codes, numbers and supervision seal
//! come from the treasury alone. An [`Issuer`] makes what the house may hand out: a watermarked
//! specimen in demonstration and training, a voucher in production. A [`Face`] is what stands on
//! it: the fields of 非税收入统一票据（电子）, on a layout of our own, with the centre's own seal
//! and never with a drawn 财政监制章.
//!
//! The number of a receipt is given out, and written down, by whoever asks for the document; here
//! it is only drawn. The same face gives the same bytes, but for the signature.

mod face;
mod layout;
mod notes;
mod specimen;
mod table;
mod voucher;

use crate::base::outcome::Fault;
use crate::machinery::keys::ReceiptKey;
use crate::machinery::pdf;

pub use face::{Face, ITEMS_MAX, Item, Reversed};
pub use specimen::Specimen;
pub use voucher::Voucher;

/// Who makes the documents of a house.
pub trait Issuer: Send + Sync {
    /// What stands at the head of a receipt.
    fn title(&self) -> &'static str;

    /// Draws and signs a receipt. A face that reverses another gives a red receipt (冲红).
    ///
    /// # Errors
    /// A fault when the face does not fit on a sheet or the key cannot sign.
    fn issue(&self, face: &Face) -> Result<Vec<u8>, Fault>;

    /// Whether a document is, byte for byte, one that this house made.
    fn made(&self, pdf: &[u8]) -> bool;
}

/// What a document is worth, as it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing: 演示票据 无效 across the sheet, and a seal that says 演示用章.
    Specimen,
    /// It proves the payment until the fiscal receipt is there.
    Voucher,
}

/// Draws a receipt on a sheet of A4 and signs it with the centre's key.
///
/// # Errors
/// A fault when the face has more than [`ITEMS_MAX`] items, its address does not fit into a code,
/// or the key cannot sign.
pub fn draw(face: &Face, mark: Mark, key: &ReceiptKey) -> Result<Vec<u8>, Fault> {
    let (pdf, seal) = layout::draw(face, mark)?;
    let reason = format!("{} {}", face.title, face.number);
    let signing = pdf::Signing {
        certificate_der: key.certificate_der(),
        sign: &|message| key.sign(message),
        name: &face.payee,
        reason: &reason,
        at: face.issued_at,
        area: seal,
    };
    pdf::sign(pdf, &signing)
}
