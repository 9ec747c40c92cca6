//! A body in parts (`multipart/form-data`, RFC 7578): read part by part, each within its own limit.
//!
//! Rocket's own reader takes a text as long as the whole body may be into memory, so it is given
//! none of these. What is not taken is not read to its end; the door sees to it that whoever still
//! sends hears the answer.

use multer::{Constraints, Field, Multipart, SizeLimit};
use rocket::data::{ByteUnit, Data};
use rocket::http::Status;
use rocket::request::Request;

use super::csrf::{self, Csrf};

/// The longest text of one field, in bytes.
const TEXT_MAX: usize = 64 * 1024;
/// The most fields a form may send.
const FIELDS_MAX: usize = 200;
/// The largest file, in bytes. Of a larger one a byte more is kept, so that its reader can tell.
const FILE_MAX: usize = 32 * 1024 * 1024;
/// The most that is read of a body with a file.
const BODY_MAX: ByteUnit = ByteUnit::Mebibyte(64);
/// How many characters of a file's name are kept.
const NAME_MAX: usize = 100;

/// Why a body is not taken: for browsers, and for us.
pub(super) type NotTaken = (Status, &'static str);

/// What becomes of files in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// The form has none, and a body in parts is refused unread.
    Refused,
    /// One is taken.
    Taken,
    /// They are read past; the texts beside them count, and the name of the first.
    Dropped,
}

/// A file as it was sent.
#[derive(Debug)]
pub struct SentFile {
    /// Its name, made [harmless](SentFile::harmless).
    pub name: String,
    /// Its bytes, at most one more than 32 MiB.
    pub bytes: Vec<u8>,
}

impl SentFile {
    /// A file's name made harmless: the last part of a path, without control characters, at most
    /// 100 characters.
    pub fn harmless(name: &str) -> String {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        last.chars().filter(|it| !it.is_control()).take(NAME_MAX).collect()
    }
}

/// What came in parts.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) texts: Vec<(String, String)>,
    pub(super) file: Option<SentFile>,
}

/// Reads the parts of a body. A file is taken only behind our own token.
pub(super) async fn read<'r>(
    request: &'r Request<'_>,
    data: Data<'r>,
    csrf: &Csrf,
    files: Files,
) -> Result<Parts, NotTaken> {
    let boundary = request.content_type().and_then(|it| it.param("boundary"));
    let boundary = boundary.ok_or((Status::BadRequest, "the parts have no boundary"))?;
    let limit = SizeLimit::new().whole_stream(BODY_MAX.as_u64());
    let mut coming = Multipart::with_reader_with_constraints(
        data.open(BODY_MAX + 1),
        boundary,
        Constraints::new().size_limit(limit),
    );
    let mut parts = Parts::default();
    while let Some(field) = coming.next_field().await.map_err(worded)? {
        parts.take(field, csrf, files).await?;
    }
    Ok(parts)
}

impl Parts {
    async fn take(&mut self, field: Field<'_>, csrf: &Csrf, files: Files) -> Result<(), NotTaken> {
        let name = field.name().unwrap_or_default().to_owned();
        match (field.file_name().map(SentFile::harmless), files) {
            (None, _) => {
                let text = whole(field, TEXT_MAX).await?;
                if text.len() > TEXT_MAX || self.texts.len() == FIELDS_MAX {
                    return Err((Status::PayloadTooLarge, "too much text"));
                }
                let text = String::from_utf8(text);
                let text = text.map_err(|_| (Status::BadRequest, "a text is not UTF-8"))?;
                self.texts.push((name, text));
            }
            (Some(_), Files::Refused) => {}
            (Some(file), Files::Dropped) => {
                if self.file.is_none() && !file.is_empty() {
                    self.file = Some(SentFile { name: file, bytes: Vec::new() });
                }
            }
            (Some(file), Files::Taken) => {
                let sent = self.texts.iter().find(|(it, _)| it == csrf::FIELD);
                if !sent.is_some_and(|(_, token)| csrf.matches(token)) {
                    return Err((Status::Forbidden, "a file before our own token"));
                }
                let bytes = whole(field, FILE_MAX).await?;
                // A form without a chosen file sends an empty one without a name.
                if self.file.is_none() && !(file.is_empty() && bytes.is_empty()) {
                    self.file = Some(SentFile { name: file, bytes });
                }
            }
        }
        Ok(())
    }
}

/// What a part holds, cut off one byte behind `most`.
async fn whole(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, NotTaken> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(worded)? {
        let room = (most + 1).saturating_sub(bytes.len());
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(bytes)
}

fn worded(error: multer::Error) -> NotTaken {
    match error {
        multer::Error::StreamSizeExceeded { .. } => (Status::PayloadTooLarge, "too many bytes"),
        // Their list is open; whatever else it is, the body is not one of a browser's.
        _ => (Status::BadRequest, "the parts cannot be read"),
    }
}

#[cfg(test)]
mod tests {
    use super::SentFile;

    #[test]
    fn a_files_name_is_made_harmless() {
        for (sent, kept) in [
            ("缴费名单.csv", "缴费名单.csv"),
            ("C:\\Users\\周敏\\名单.xlsx", "名单.xlsx"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nb\0.csv", "ab.csv"),
            ("dir/", ""),
        ] {
            assert_eq!(SentFile::harmless(sent), kept);
        }
        assert_eq!(SentFile::harmless(&"长".repeat(300)).chars().count(), 100);
    }
}
