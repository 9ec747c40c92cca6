//! Lines of letters: how they look, how wide they are, where they break.

use krilla::geom::Point;
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};

use super::fonts::{self, Face, Sort};
use super::pictures::Pictures;
use super::sheet::{Ink, MM};

/// From one baseline to the next, in em.
const LEADING_EM: f32 = 1.4;
/// Nothing is set smaller than this.
const SIZE_PT_MIN: f32 = 5.0;
/// A pen of this width, in em, makes a line look bold.
const HEAVY_EM: f32 = 0.028;
/// These never begin a line.
const CLOSERS: &str = "、，。；：？！）》〉」』】”’…—·%)]};:,.!?";
/// These never end one.
const OPENERS: &str = "（《〈「『【“‘￥¥([{";

/// A character, where it stands in its line, and what draws it.
type Letter = ((usize, char), Sort);

/// How letters look.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    face: Face,
    size_pt: f32,
    ink: Ink,
    is_heavy: bool,
    spread_em: f32,
}

impl Style {
    /// The plain face in black.
    pub const fn plain(size_pt: f32) -> Style {
        Style { face: Face::Plain, size_pt, ink: Ink::BLACK, is_heavy: false, spread_em: 0.0 }
    }

    /// The Song face, bold, in black: for titles.
    pub const fn song(size_pt: f32) -> Style {
        Style { face: Face::Song, ..Style::plain(size_pt) }
    }

    /// The same in another ink.
    #[must_use]
    pub const fn ink(self, ink: Ink) -> Style {
        Style { ink, ..self }
    }

    /// The same, bold: letters are drawn with a fine pen around them.
    #[must_use]
    pub const fn heavy(self) -> Style {
        Style { is_heavy: true, ..self }
    }

    /// The same with its letters apart by `spread_em` of their size.
    #[must_use]
    pub const fn spread(self, spread_em: f32) -> Style {
        Style { spread_em, ..self }
    }

    /// How wide a line is, in millimetres.
    pub fn width(&self, line: &str) -> f32 {
        let sorts = fonts::sorts(self.face, line);
        let gaps = sorts.len().saturating_sub(1) as f32 * self.spread_em;
        (sorts.iter().map(|sort| sort.advance_em).sum::<f32>() + gaps) * self.em()
    }

    /// The height of one letter, in millimetres.
    pub fn em(&self) -> f32 {
        self.size_pt / MM
    }

    /// From one baseline to the next, in millimetres.
    pub fn leading(&self) -> f32 {
        self.em() * LEADING_EM
    }

    /// Breaks a text into lines no wider than `width` millimetres.
    ///
    /// Chinese breaks between any two characters but not before a closing sign nor after an opening
    /// one; words and numbers stay whole unless one alone is too wide. A line feed breaks too.
    pub fn wrap<'t>(&self, width: f32, text: &'t str) -> Vec<&'t str> {
        text.split('\n').flat_map(|paragraph| self.wrap_paragraph(width, paragraph)).collect()
    }

    fn wrap_paragraph<'t>(&self, width: f32, text: &'t str) -> Vec<&'t str> {
        let mut lines = Vec::new();
        let mut rest = text.trim();
        while let Some(end) = self.overflow(width, rest) {
            let (line, next) = rest.split_at(last_break(rest, end));
            lines.push(line.trim_end());
            rest = next.trim_start();
        }
        lines.push(rest);
        lines
    }

    /// Where the first letter begins that is too much for the line.
    fn overflow(&self, width: f32, text: &str) -> Option<usize> {
        let mut used_em = 0.0;
        let limit_em = width / self.em();
        for ((start, _), sort) in text.char_indices().zip(fonts::sorts(self.face, text)) {
            used_em += sort.advance_em;
            if used_em > limit_em && start > 0 {
                return Some(start);
            }
            used_em += self.spread_em;
        }
        None
    }

    /// The largest size, from this one downwards, in which the text fits; and its lines then.
    pub(super) fn fit(self, width: f32, height: f32, text: &str) -> (Style, Vec<&str>) {
        let mut style = self;
        loop {
            let lines = style.wrap(width, text);
            let needed = (lines.len() - 1) as f32 * style.leading() + style.em();
            let is_within = needed <= height && lines.iter().all(|line| style.width(line) <= width);
            if is_within || style.size_pt <= SIZE_PT_MIN {
                return (style, lines);
            }
            style.size_pt -= 0.25;
        }
    }

    /// Draws a line from `start`, in points, along its baseline.
    pub(super) fn draw(
        &self,
        surface: &mut Surface<'_>,
        start: Point,
        line: &str,
        pictures: &Pictures,
    ) {
        surface.set_fill(Some(self.ink.fill()));
        surface.set_stroke(self.is_heavy.then(|| self.ink.stroke(self.size_pt * HEAVY_EM)));
        let letters: Vec<_> = line.char_indices().zip(fonts::sorts(self.face, line)).collect();
        let mut x = start.x;
        // One font is drawn at a time, so a line is cut where the font changes; a picture stands
        // alone.
        let together = |((_, a), before): &Letter, ((_, b), after): &Letter| {
            let has_picture = pictures.of(*a).is_some() || pictures.of(*b).is_some();
            std::ptr::eq(before.case, after.case) && !has_picture
        };
        for run in letters.chunk_by(together) {
            let ((first, c), sort) = run[0];
            if let Some(picture) = pictures.of(c) {
                picture.draw(surface, Point::from_xy(x, start.y), self.size_pt);
                x += self.advance(&sort) * self.size_pt;
                continue;
            }
            let glyphs: Vec<_> = run.iter().map(|letter| self.glyph(first, *letter)).collect();
            let end = first + run.iter().map(|((_, c), _)| c.len_utf8()).sum::<usize>();
            let font = sort.case.font.clone();
            let at = Point::from_xy(x, start.y);
            surface.draw_glyphs(at, &glyphs, font, &line[first..end], self.size_pt, false);
            x += run.iter().map(|(_, sort)| self.advance(sort)).sum::<f32>() * self.size_pt;
        }
        surface.set_stroke(None);
    }

    /// A letter for the file; its text begins so many bytes after the run's, at `first`.
    fn glyph(&self, first: usize, ((at, c), sort): ((usize, char), Sort)) -> KrillaGlyph {
        let text = at - first..at - first + c.len_utf8();
        let glyph = GlyphId::new(sort.glyph.to_u32());
        KrillaGlyph::new(glyph, self.advance(&sort), 0.0, 0.0, 0.0, text, None)
    }

    /// From one letter to the next, in em.
    fn advance(&self, sort: &Sort) -> f32 {
        sort.advance_em + self.spread_em
    }
}

impl Ink {
    pub(super) fn fill(self) -> Fill {
        Fill { paint: self.colour().into(), opacity: NormalizedF32::ONE, ..Fill::default() }
    }

    pub(super) fn stroke(self, width_pt: f32) -> Stroke {
        Stroke { paint: self.colour().into(), width: width_pt, ..Stroke::default() }
    }
}

/// The last place up to `end` where a line may break, or `end` itself.
fn last_break(text: &str, end: usize) -> usize {
    let letters: Vec<(usize, char)> =
        text.char_indices().take_while(|(at, _)| *at <= end).collect();
    letters
        .windows(2)
        .rev()
        .find(|pair| may_break(pair[0].1, pair[1].1))
        .map_or(end, |pair| pair[1].0)
}

fn may_break(before: char, after: char) -> bool {
    if CLOSERS.contains(after) || OPENERS.contains(before) {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after)
}

/// Ideographs and full-width signs: text that breaks anywhere.
fn is_wide(c: char) -> bool {
    c >= '\u{2E80}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_a_printer_would_break_them() {
        let style = Style::plain(MM * 10.0); // Letters of 10 mm.
        let cases: [(&str, &[&str]); 5] = [
            ("专科层次依法自主招生", &["专科层次依", "法自主招生"]),
            ("依法自主招，生", &["依法自主", "招，生"]),
            ("依法自主（招生）", &["依法自主", "（招生）"]),
            ("订单 2026031", &["订单", "2026031"]),
            ("一\n二", &["一", "二"]),
        ];
        for (text, lines) in cases {
            assert_eq!(style.wrap(50.0, text), lines, "{text}");
        }
    }

    #[test]
    fn what_is_too_long_is_set_smaller() {
        let style = Style::plain(10.0);
        let (smaller, lines) = style.fit(20.0, 8.0, "阿卜杜热合曼·买买提·阿卜杜拉");
        assert!(smaller.size_pt < 10.0 && lines.len() == 2, "{smaller:?} {lines:?}");
    }
}
