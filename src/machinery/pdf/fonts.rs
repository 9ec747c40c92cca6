//! The embedded fonts: which characters they cover and which of them draws a character.
//!
//! `web/fonts/VENDOR.md` says where they come from. They are read once, when first needed.

use std::sync::LazyLock;

use krilla::text::Font;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::OutlineGlyphCollection;
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// The printer's sign for a sort that is not in the case.
const MISSING: char = '〓';

static PLAIN: LazyLock<Case> =
    LazyLock::new(|| Case::open(include_bytes!("../../../web/fonts/NotoSansSC-Regular.ttf")));
static RARE: LazyLock<Case> =
    LazyLock::new(|| Case::open(include_bytes!("../../../web/fonts/NotoSansCJKsc-Rare.otf")));
static SONG: LazyLock<Case> = LazyLock::new(|| {
    Case::open(include_bytes!("../../../web/fonts/NotoSerifCJKsc-Bold-Common.otf"))
});

/// The face a line is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Upright and even: everything that is read closely.
    Plain,
    /// Song, bold: titles and seals. It knows the common characters only; a line with any other
    /// is set in [`Face::Plain`] as a whole, so that no line mixes the two.
    Song,
}

/// Says whether every character of `text` can be printed.
///
/// # Errors
/// The first character that no embedded font draws. Control characters and those of private use
/// are never drawn.
///
/// ```
/// use kaowu::machinery::pdf::fonts::covers;
///
/// assert_eq!(covers("李㛃·𰻞"), Ok(()));
/// assert_eq!(covers("王\u{E863}"), Err('\u{E863}'));
/// ```
pub fn covers(text: &str) -> Result<(), char> {
    match text.chars().find(|c| find(*c).is_none()) {
        Some(lacking) => Err(lacking),
        None => Ok(()),
    }
}

/// Every character of `text` that no embedded font draws, each once, in the order they first come.
///
/// ```
/// use kaowu::machinery::pdf::fonts::lacking;
///
/// assert_eq!(lacking("王\u{E863}李\u{E000}\u{E863}"), ['\u{E863}', '\u{E000}']);
/// ```
pub fn lacking(text: &str) -> Vec<char> {
    let mut lacking = Vec::new();
    for c in text.chars().filter(|c| find(*c).is_none()) {
        if !lacking.contains(&c) {
            lacking.push(c);
        }
    }
    lacking
}

/// A font, open: its letters can be looked up, measured and traced.
pub(super) struct Case {
    pub(super) font: Font,
    glyphs: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    pub(super) outlines: OutlineGlyphCollection<'static>,
    /// Font units in one em.
    pub(super) units: f32,
}

/// One letter, found in its case.
#[derive(Clone, Copy)]
pub(super) struct Sort {
    pub(super) case: &'static Case,
    pub(super) glyph: GlyphId,
    /// How far the next letter stands away, in em.
    pub(super) advance_em: f32,
}

impl Case {
    fn open(bytes: &'static [u8]) -> Case {
        let read = FontRef::new(bytes).expect("the embedded fonts are whole");
        let font = Font::new(bytes.into(), 0).expect("the embedded fonts are whole");
        Case {
            units: font.units_per_em(),
            font,
            glyphs: read.charmap(),
            metrics: read.glyph_metrics(Size::unscaled(), LocationRef::default()),
            outlines: read.outline_glyphs(),
        }
    }

    fn find(&'static self, c: char) -> Option<Sort> {
        let glyph = self.glyphs.map(c).filter(|glyph| *glyph != GlyphId::NOTDEF)?;
        let advance_em = self.metrics.advance_width(glyph).unwrap_or(self.units) / self.units;
        Some(Sort { case: self, glyph, advance_em })
    }
}

/// The letters of `text` in order, each with the case it was found in.
pub(super) fn sorts(face: Face, text: &str) -> Vec<Sort> {
    if face == Face::Song
        && let Some(sorts) = text.chars().map(|c| SONG.find(c)).collect()
    {
        return sorts;
    }
    text.chars().map(plain).collect()
}

fn plain(c: char) -> Sort {
    find(c).or_else(|| find(MISSING)).expect("the plain font has the sign for a missing sort")
}

fn find(c: char) -> Option<Sort> {
    if c.is_control() {
        return None;
    }
    PLAIN.find(c).or_else(|| RARE.find(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_characters_of_names_are_covered() {
        assert_eq!(covers("㛃䶮㼆龑𠅤𡋾𫖯𬀩𰻞·𠮷𬭼阿卜杜热合曼·买买提"), Ok(()));
    }

    #[test]
    fn the_first_character_that_cannot_be_printed_is_named() {
        let cases = [("王\n", '\n'), ("\u{E000}李", '\u{E000}'), ("a\u{10FFFD}", '\u{10FFFD}')];
        for (text, lacking) in cases {
            assert_eq!(covers(text), Err(lacking));
        }
    }

    #[test]
    fn a_line_is_set_in_one_face() {
        assert!(sorts(Face::Song, "缴费凭证").iter().all(|s| std::ptr::eq(s.case, &*SONG)));
        assert!(sorts(Face::Song, "缴费𰻞").iter().all(|s| !std::ptr::eq(s.case, &*SONG)));
    }
}
