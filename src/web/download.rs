//! A file handed out: named by us, never sniffed, never run.

use std::io::Cursor;

use rocket::http::{ContentType, Header};
use rocket::request::Request;
use rocket::response::{self, Responder, Response};

/// A file for the reader. `name` is ours: ASCII letters, digits, `-` and `.`.
pub struct Download {
    /// What it is.
    pub kind: ContentType,
    /// Its name on the reader's machine.
    pub name: String,
    /// Save it, or show it in the browser?
    pub save: bool,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl<'r> Responder<'r, 'static> for Download {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let how = if self.save { "attachment" } else { "inline" };
        Response::build()
            .header(self.kind)
            .header(Header::new(
                "Content-Disposition",
                format!("{how}; filename=\"{}\"", self.name.replace(['"', '\\', '\r', '\n'], "")),
            ))
            .sized_body(self.bytes.len(), Cursor::new(self.bytes))
            .ok()
    }
}
