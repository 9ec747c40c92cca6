//! Pictures of characters that no embedded font draws: supplied by hand, set among the letters.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use krilla::geom::{Point, Size, Transform};
use krilla::image::Image;
use krilla::surface::Surface;

use super::{About, Align, Paper, Style, fonts, spot};

/// The largest file of a picture, in bytes.
pub const PICTURE_BYTES_MAX: usize = 512 * 1024;
/// The shortest side, in pixels: what is smaller prints as a blot.
const SIDE_MIN: u32 = 32;
/// The longest side, in pixels.
const SIDE_MAX: u32 = 2_000;
/// From the baseline up to the upper edge of an ideograph, in em.
const ABOVE_EM: f32 = 0.88;

/// A PNG or JPEG of one character, known to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    kind: PictureKind,
    bytes: Arc<Vec<u8>>,
}

/// What a picture's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// PNG (ISO/IEC 15948).
    Png,
    /// JPEG (ISO/IEC 10918).
    Jpeg,
}

impl PictureKind {
    /// By the first bytes; a file's name proves nothing.
    pub fn of(bytes: &[u8]) -> Option<PictureKind> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(PictureKind::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(PictureKind::Jpeg),
            _ => None,
        }
    }
}

impl Picture {
    /// Reads a picture, and prints it once on a sheet that nobody sees: what passes here never
    /// keeps a paper from being drawn.
    ///
    /// # Errors
    /// [`NotAPicture`] says why it cannot be used.
    pub fn read(bytes: Vec<u8>) -> Result<Picture, NotAPicture> {
        if bytes.len() > PICTURE_BYTES_MAX {
            return Err(NotAPicture::TooLarge);
        }
        let kind = PictureKind::of(&bytes).ok_or(NotAPicture::OtherKind)?;
        let picture = Picture { kind, bytes: Arc::new(bytes) };
        let (width, height) = picture.image().ok_or(NotAPicture::Damaged)?.size();
        let (shorter, longer) = (width.min(height), width.max(height));
        if shorter < SIDE_MIN || longer > SIDE_MAX || longer > 2 * shorter {
            return Err(NotAPicture::OtherSize);
        }
        if picture.prints() { Ok(picture) } else { Err(NotAPicture::Damaged) }
    }

    fn image(&self) -> Option<Image> {
        let data = Arc::clone(&self.bytes).into();
        // PDF/A allows no smoothing between pixels.
        match self.kind {
            PictureKind::Png => Image::from_png(data, false).ok(),
            PictureKind::Jpeg => Image::from_jpeg(data, false).ok(),
        }
    }

    fn prints(&self) -> bool {
        // A noncharacter: no font will ever draw it.
        const ANY: char = '\u{10FFFF}';
        let about = About { title: "", author: "", at: Timestamp::UNIX_EPOCH };
        let mut paper = Paper::new(about).with_pictures(Pictures::from_iter([(ANY, self.clone())]));
        let line = ANY.to_string();
        paper.sheet(|sheet| sheet.text(spot(20.0, 20.0), Align::Left, Style::plain(9.0), &line));
        paper.finish().is_ok()
    }

    /// Draws the picture as a letter whose baseline begins at `start`, as wide as one em.
    pub(super) fn draw(&self, surface: &mut Surface<'_>, start: Point, em_pt: f32) {
        let Some(image) = self.image() else { return };
        let (width, height) = image.size();
        let scale = em_pt / width.max(height) as f32;
        let (width, height) = (width as f32 * scale, height as f32 * scale);
        let Some(size) = Size::from_wh(width, height) else { return };
        let x = start.x + (em_pt - width) / 2.0;
        let y = start.y - ABOVE_EM * em_pt + (em_pt - height) / 2.0;
        surface.push_transform(&Transform::from_translate(x, y));
        surface.draw_image(image, size);
        surface.pop();
    }
}

/// The pictures that a paper may need, each with its character.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures(BTreeMap<char, Picture>);

impl Pictures {
    /// The picture that stands for a character. What a font draws needs none.
    pub fn of(&self, c: char) -> Option<&Picture> {
        self.0.get(&c).filter(|_| !fonts::lacking(c.encode_utf8(&mut [0; 4])).is_empty())
    }
}

impl FromIterator<(char, Picture)> for Pictures {
    fn from_iter<I: IntoIterator<Item = (char, Picture)>>(pictures: I) -> Pictures {
        Pictures(pictures.into_iter().collect())
    }
}

/// Why a file is not taken as the picture of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAPicture {
    /// It has more than [`PICTURE_BYTES_MAX`].
    TooLarge,
    /// It is neither PNG nor JPEG.
    OtherKind,
    /// It cannot be read to its end, or not be printed.
    Damaged,
    /// It is too small, too large, or far from square.
    OtherSize,
}

impl fmt::Display for NotAPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotAPicture::TooLarge => "图片不能超过512KB，请换一张较小的图片。",
            NotAPicture::OtherKind => "这不是PNG或JPG图片，请换一张。",
            NotAPicture::Damaged => "图片不完整或无法打印，请重新截取或另存后再上传。",
            NotAPicture::OtherSize => {
                "图片的边长应在32到2000像素之间，长边不超过短边的两倍，请裁剪后再上传。"
            }
        })
    }
}

impl std::error::Error for NotAPicture {}

#[cfg(test)]
mod tests {
    use super::{NotAPicture, Picture, PictureKind};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut drawn = tiny_skia::Pixmap::new(width, height).unwrap();
        drawn.fill(tiny_skia::Color::BLACK);
        drawn.encode_png().unwrap()
    }

    #[test]
    fn a_picture_is_judged_by_what_is_in_it() {
        let whole = png(64, 64);
        assert_eq!(PictureKind::of(&whole), Some(PictureKind::Png));
        assert!(Picture::read(whole.clone()).is_ok());
        for (bytes, why) in [
            (b"GIF89a and so on".to_vec(), NotAPicture::OtherKind),
            (b"\xFF\xD8\xFF\xE0 is no JPEG".to_vec(), NotAPicture::Damaged),
            (whole[..whole.len() / 2].to_vec(), NotAPicture::Damaged),
            (png(16, 16), NotAPicture::OtherSize),
            (png(200, 64), NotAPicture::OtherSize),
            (png(2_001, 2_000), NotAPicture::OtherSize),
            (vec![0; super::PICTURE_BYTES_MAX + 1], NotAPicture::TooLarge),
            (Vec::new(), NotAPicture::OtherKind),
        ] {
            assert_eq!(Picture::read(bytes).err(), Some(why));
        }
    }
}
