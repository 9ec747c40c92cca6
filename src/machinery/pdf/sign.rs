//! The centre's signature under a finished document (PAdES baseline B, ISO 32000-1 12.8).
//!
//! The document's bytes stay as they are; the signature is appended as one more revision. It forbids
//! any change after it (`DocMDP`, level 1).

use jiff::Timestamp;
use lopdf::{Dictionary, IncrementalDocument, Object, ObjectId, Stream, StringFormat, dictionary};
use ring::digest::{Context, SHA256};
use x509_cert::Certificate;
use x509_cert::der::Decode;

use crate::base::clock::OFFICE;
use crate::base::outcome::Fault;

use super::A4_HEIGHT;
use super::cms::Statement;
use super::sheet::{Area, MM};

/// Bytes kept free for the envelope; one with a usual certificate takes some 1,000.
const ROOM: usize = 3072;
/// Stands where an offset will, as wide as any offset gets.
const LATER: i64 = 9_999_999_999;

/// Signs bytes with a key that stays where it is.
pub type SignBytes<'k> = dyn Fn(&[u8]) -> Result<Vec<u8>, Fault> + 'k;

/// Who signs what, and where on the first page a reader finds the signature.
pub struct Signing<'a> {
    /// The X.509 certificate, for an ECDSA P-256 key.
    pub certificate_der: &'a [u8],
    /// Makes the signature: ECDSA with SHA-256, in ASN.1.
    pub sign: &'a SignBytes<'a>,
    /// The signing office.
    pub name: &'a str,
    /// What the signature stands for.
    pub reason: &'a str,
    /// When it was signed, by the signer's account.
    pub at: Timestamp,
    /// Where to press to see who signed: usually the seal.
    pub area: Area,
}

/// Signs a document made by [`super::Paper`].
///
/// # Errors
/// A fault when the document or the certificate cannot be read, or the certificate is larger than
/// the room that is kept for it.
pub fn sign(pdf: Vec<u8>, signing: &Signing<'_>) -> Result<Vec<u8>, Fault> {
    let certificate = Certificate::from_der(signing.certificate_der).map_err(unreadable)?;
    let unsigned_size = pdf.len();
    let mut file = append_revision(pdf, signing).map_err(unreadable)?;
    let gap = Gap::find(&file, unsigned_size)
        .ok_or_else(|| Fault::new("the place for the signature was not found"))?;
    gap.write_range(&mut file);
    let statement = Statement::new(&gap.digest(&file), &certificate).map_err(unreadable)?;
    let signature = (signing.sign)(&statement.bytes().map_err(unreadable)?)?;
    let envelope = statement.seal(&signature, &certificate).map_err(unreadable)?;
    if envelope.len() > ROOM {
        return Err(Fault::new("the certificate is too large for the room in a PDF"));
    }
    let hex: String = envelope.iter().map(|byte| format!("{byte:02X}")).collect();
    file[gap.start + 1..][..hex.len()].copy_from_slice(hex.as_bytes());
    Ok(file)
}

fn unreadable(error: impl std::fmt::Display) -> Fault {
    Fault::new(format!("cannot sign a PDF: {error}"))
}

fn append_revision(pdf: Vec<u8>, signing: &Signing<'_>) -> lopdf::Result<Vec<u8>> {
    let before = lopdf::Document::load_mem(&pdf)?;
    let page = before.page_iter().next().ok_or(lopdf::Error::PageNumberNotFound(1))?;
    let catalog = before.trailer.get(b"Root")?.as_reference()?;
    let mut file = IncrementalDocument::create_from(pdf, before);
    file.opt_clone_object_to_new_document(page)?;
    file.opt_clone_object_to_new_document(catalog)?;
    let added = &mut file.new_document;
    let signature = added.add_object(signature(signing));
    let looks = added.add_object(nothing_to_see());
    let field = added.add_object(field(signing.area, page, signature, looks));

    let catalog = added.get_object_mut(catalog)?.as_dict_mut()?;
    // 3: there are signatures, and whoever changes the file must append to it.
    let fields = Object::Array(vec![field.into()]);
    catalog.set("AcroForm", dictionary! { "Fields" => fields, "SigFlags" => 3 });
    catalog.set("Perms", dictionary! { "DocMDP" => signature });
    annotate(added.get_object_mut(page)?.as_dict_mut()?, field);

    let mut bytes = Vec::new();
    file.save_to(&mut bytes)?;
    Ok(bytes)
}

fn signature(signing: &Signing<'_>) -> Dictionary {
    let range = vec![0.into(), LATER.into(), LATER.into(), LATER.into()];
    let at = signing.at.to_zoned(OFFICE).strftime("D:%Y%m%d%H%M%S+08'00'").to_string();
    let no_changes = dictionary! { "Type" => "TransformParams", "P" => 1, "V" => "1.2" };
    let reference = dictionary! {
        "Type" => "SigRef", "TransformMethod" => "DocMDP", "TransformParams" => no_changes,
    };
    dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => Object::Array(range),
        "Contents" => Object::String(vec![0; ROOM], StringFormat::Hexadecimal),
        "M" => Object::string_literal(at),
        "Name" => utf_16(signing.name),
        "Reason" => utf_16(signing.reason),
        "Reference" => Object::Array(vec![reference.into()]),
    }
}

/// PDF/A wants to know how a field looks; the seal is drawn on the page already.
fn nothing_to_see() -> Stream {
    let form = dictionary! {
        "Type" => "XObject", "Subtype" => "Form", "BBox" => numbers([0.0, 0.0, 1.0, 1.0]),
    };
    Stream::new(form, Vec::new())
}

fn field(area: Area, page: ObjectId, signature: ObjectId, looks: ObjectId) -> Dictionary {
    let bottom = A4_HEIGHT - area.bottom();
    let corners = [area.x, bottom, area.right(), bottom + area.height];
    dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal("Seal"),
        "V" => signature,
        "P" => page,
        // 132: printed, and locked.
        "F" => 132,
        "Rect" => numbers(corners.map(|length| length * MM)),
        "AP" => dictionary! { "N" => looks },
    }
}

fn annotate(page: &mut Dictionary, field: ObjectId) {
    let mut annotations = match page.get(b"Annots").and_then(Object::as_array) {
        Ok(there) => there.clone(),
        Err(_) => Vec::new(),
    };
    annotations.push(field.into());
    page.set("Annots", annotations);
}

fn numbers(numbers: [f32; 4]) -> Object {
    Object::Array(numbers.into_iter().map(Object::Real).collect())
}

fn utf_16(text: &str) -> Object {
    let bytes = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes);
    Object::String(bytes.collect(), StringFormat::Hexadecimal)
}

/// The one part of the file that its signature does not cover: the signature, `<…>`.
struct Gap {
    start: usize,
    end: usize,
    /// Between the brackets of the byte range.
    range: std::ops::Range<usize>,
}

impl Gap {
    fn find(file: &[u8], from: usize) -> Option<Gap> {
        let start = position(file, from, &[b"<".as_slice(), &[b'0'; 2 * ROOM], b">"].concat())?;
        let first = position(file, from, LATER.to_string().as_bytes())?;
        let open = file[..first].iter().rposition(|byte| *byte == b'[')?;
        let close = first + file[first..].iter().position(|byte| *byte == b']')?;
        Some(Gap { start, end: start + 2 * ROOM + 2, range: open + 1..close })
    }

    /// Writes down what is covered, padded to the room there is.
    fn write_range(&self, file: &mut [u8]) {
        let after = file.len() - self.end;
        let range = format!("0 {} {} {after}", self.start, self.end);
        let width = self.range.len();
        file[self.range.clone()].copy_from_slice(format!("{range:<width$}").as_bytes());
    }

    fn digest(&self, file: &[u8]) -> Vec<u8> {
        let mut digest = Context::new(&SHA256);
        digest.update(&file[..self.start]);
        digest.update(&file[self.end..]);
        digest.finish().as_ref().to_vec()
    }
}

fn position(file: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let found = file[from..].windows(wanted.len()).position(|window| window == wanted)?;
    Some(from + found)
}
