//! Paper: pages of text, lines, a seal and a code, and a signature beneath them.
//!
//! A [`Paper`] is a document, a [`Sheet`] a page of it; a [`Style`] says how letters look,
//! [`fonts`] which characters there are, [`sign()`] puts the centre's signature under a finished
//! document, [`verify()`] looks at one again.
//!
//! The same input gives the same bytes: no clock and no chance is asked here, and no file is read.
//! Every document claims PDF/A-2u (ISO 19005-2): all fonts embedded, all text with its Unicode.

mod cms;
pub mod fonts;
mod pictures;
mod qr;
mod seal;
mod sheet;
mod sign;
mod text;
mod verify;

use jiff::Timestamp;
use krilla::Document;
use krilla::SerializeSettings;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;

use crate::base::clock::OFFICE;
use crate::base::outcome::Fault;

pub use fonts::Face;
pub use pictures::{NotAPicture, PICTURE_BYTES_MAX, Picture, PictureKind, Pictures};
pub use qr::Code;
pub use seal::Seal;
pub use sheet::{Align, Area, Ink, Sheet, Spot, spot};
pub use sign::{SignBytes, Signing, sign};
pub use text::Style;
pub use verify::{SignedBy, Verification, verify};

/// The width of a sheet of A4, upright, in millimetres.
pub const A4_WIDTH: f32 = 210.0;
/// The height of a sheet of A4, upright, in millimetres.
pub const A4_HEIGHT: f32 = 297.0;

/// What a reader's window and a file manager show of a document.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// What it is, with its number.
    pub title: &'a str,
    /// The office that made it.
    pub author: &'a str,
    /// When it was made, by the caller's account.
    pub at: Timestamp,
}

/// A document that is being drawn.
pub struct Paper {
    document: Document,
    pictures: Pictures,
}

impl Paper {
    /// A document without a page yet.
    pub fn new(about: About<'_>) -> Paper {
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A2_U)
            .finish()
            .expect("PDF/A-2u alone contradicts nothing");
        let settings =
            SerializeSettings { configuration, enable_tagging: false, ..Default::default() };
        let mut document = Document::new_with(settings);
        document.set_metadata(metadata(about));
        Paper { document, pictures: Pictures::default() }
    }

    /// The same with pictures for characters that no font draws.
    #[must_use]
    pub fn with_pictures(self, pictures: Pictures) -> Paper {
        Paper { pictures, ..self }
    }

    /// Adds an upright sheet of A4 and draws on it.
    pub fn sheet(&mut self, draw: impl FnOnce(&mut Sheet<'_>)) {
        let size = PageSettings::from_wh(A4_WIDTH * sheet::MM, A4_HEIGHT * sheet::MM)
            .expect("a sheet of A4 has a width and a height");
        let mut page = self.document.start_page_with(size);
        let links = {
            let mut sheet =
                Sheet { surface: page.surface(), links: Vec::new(), pictures: &self.pictures };
            draw(&mut sheet);
            sheet.links
        };
        for (area, address) in links {
            let target = Target::Action(Action::Link(LinkAction::new(address.clone())));
            let link = LinkAnnotation::new(area.rect(), target);
            page.add_annotation(Annotation::new_link(link, Some(address)));
        }
        page.finish();
    }

    /// The bytes of the document.
    ///
    /// # Errors
    /// A fault when the document would break PDF/A-2u; that is a bug of the layout.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        self.document.finish().map_err(|error| Fault::new(format!("cannot write a PDF: {error:?}")))
    }
}

fn metadata(about: About<'_>) -> Metadata {
    let at = about.at.to_zoned(OFFICE);
    // Years before 0 and after 65535 do not occur on paper.
    let made = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(at.month().unsigned_abs())
        .day(at.day().unsigned_abs())
        .hour(at.hour().unsigned_abs())
        .minute(at.minute().unsigned_abs())
        .second(at.second().unsigned_abs())
        .utc_offset_hour(8)
        .utc_offset_minute(0);
    Metadata::new()
        .title(about.title.to_owned())
        .authors(vec![about.author.to_owned()])
        .creator("Kaowu".to_owned())
        .language("zh-CN".to_owned())
        .creation_date(made)
}
