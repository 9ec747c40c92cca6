//! Whether a document is, to its last byte, what this house signed.
//!
//! The file is judged as bytes, not as a PDF: a signature that covers all of it but itself leaves no
//! room for a second reading, whatever a parser might make of it. Readers such as `pdfsig` call a
//! signature valid even when more was appended; here that is [`Verification::Extended`].

use ring::digest::{Context, SHA256};
use x509_cert::Certificate;
use x509_cert::der::{Encode, oid::db::rfc4519::CN};

use crate::base::values::Digest;

use super::cms;

const MARK: &[u8] = b"/ByteRange";
/// A file of ours has one signature; more places are not looked at than this.
const PLACES_MAX: usize = 8;

/// What the bytes of a document say of its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// Every byte is as it was signed.
    Whole(SignedBy),
    /// The beginning is as it was signed; something was appended.
    Extended(SignedBy),
    /// There is a signature, but the document is not what was signed.
    Altered,
    /// There is no signature of the kind that we make.
    Unsigned,
}

impl Verification {
    /// Whether every byte is as the holder of this certificate signed it.
    ///
    /// Anybody can sign with a certificate of their own: a caller must name the one it trusts.
    pub fn is_whole_by(&self, certificate_der: &[u8]) -> bool {
        match self {
            Verification::Whole(by) => by.certificate == Digest::of(certificate_der),
            Verification::Extended(_) | Verification::Altered | Verification::Unsigned => false,
        }
    }
}

/// Who signed, by the certificate in the document. Whether to trust it is the caller's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBy {
    /// The name in the certificate.
    pub name: String,
    /// The certificate's SHA-256.
    pub certificate: Digest,
}

/// Judges a document by its bytes.
pub fn verify(pdf: &[u8]) -> Verification {
    let marks = pdf.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK);
    let mut found = Verification::Unsigned;
    for (mark, _) in marks.take(PLACES_MAX) {
        match verify_at(pdf, mark) {
            Some((by, end)) if end == pdf.len() => return Verification::Whole(by),
            Some((by, _)) => found = Verification::Extended(by),
            None if found == Verification::Unsigned => found = Verification::Altered,
            None => {}
        }
    }
    found
}

/// Who signed, and where the signed part ends, if the signature there is sound.
fn verify_at(pdf: &[u8], mark: usize) -> Option<(SignedBy, usize)> {
    let [start, before, resumed, after] = read_range(&pdf[mark + MARK.len()..])?;
    let end = resumed.checked_add(after)?;
    if start != 0 || before >= resumed || end > pdf.len() || !(before..end).contains(&resumed) {
        return None;
    }
    let envelope = read_hex(&pdf[before..resumed])?;
    let mut digest = Context::new(&SHA256);
    digest.update(&pdf[..before]);
    digest.update(&pdf[resumed..end]);
    let certificate = cms::signer(&envelope, digest.finish().as_ref())?;
    let der = certificate.to_der().ok()?;
    Some((SignedBy { name: common_name(&certificate)?, certificate: Digest::of(&der) }, end))
}

/// The four numbers of ` [0 12 34 56 ]`.
fn read_range(text: &[u8]) -> Option<[usize; 4]> {
    let open = text.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let inner = text[open..].strip_prefix(b"[")?;
    let close = inner.iter().position(|byte| *byte == b']')?;
    let numbers = std::str::from_utf8(&inner[..close]).ok()?.split_ascii_whitespace();
    let numbers: Vec<usize> = numbers.map(str::parse).collect::<Result<_, _>>().ok()?;
    numbers.try_into().ok()
}

/// The bytes of `<0A1B…>`, in the upper case that we write and in no other way.
fn read_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_prefix(b"<")?.strip_suffix(b">")?;
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    };
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

fn common_name(certificate: &Certificate) -> Option<String> {
    let names = certificate.tbs_certificate.subject.0.iter().flat_map(|name| name.0.iter());
    let name = names.into_iter().find(|part| part.oid == CN)?;
    Some(String::from_utf8_lossy(name.value.value()).into_owned())
}
