//! The 验证码: four letters that a person reads at a glance and a simple program does not.
//!
//! It only slows programs down; the limits per account and address are the protection. So it is
//! kind: capitals and digits that cannot be mistaken for each other, large, on a plain ground, and
//! what is typed is taken without regard to case, width or blanks.
//!
//! What holds programs up: the letters lean, swell and touch, and lines of their own grey and
//! width run through them, so that neither a threshold nor thinning takes the lines away.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use tiny_skia::{
    Color, FillRule, LineCap, Paint, Path, PathBuilder, PathSegment, Pixmap, Point, Stroke,
    Transform,
};

use crate::base::chance::Chance;

/// What answers are made of: no `0` beside `O` and `D`, no `1` beside `I` and `L`, no `2` beside
/// `Z`, no `5` beside `S`, no `8`-like `B`.
const ALPHABET: &[u8] = b"346789ACDEFGHJKMNPQRTUVWXY";
const LETTERS: usize = 4;

/// The picture's size in its own pixels: twice what the page shows, for sharp screens.
const WIDTH: f32 = 400.0;
const HEIGHT: f32 = 140.0;
const MARGIN: f32 = 22.0;
/// No letter comes nearer to the upper or lower edge.
const EDGE: f32 = 5.0;

/// The em of the letters before each varies its own.
const EM: f32 = 128.0;
/// How far a letter keeps from the next, upright: so near that they lean into each other.
const APART: f32 = 13.0;
/// A contour around each letter, so that its strokes are some 14 pixels wide.
const FATTER: f32 = 2.5;
/// Lines thinner than two thirds of a letter's stroke can be washed away and leave the letters:
/// tried with tesseract, which then read every third picture.
const LINE_WIDTHS: (f32, f32) = (8.5, 10.0);
const LINES: usize = 2;

/// Noto Sans Regular, digits and capitals only (`web/fonts/captcha.VENDOR.md`).
const FONT: &[u8] = include_bytes!("../../../web/fonts/captcha.ttf");

/// A new answer: four characters, drawn evenly.
pub fn answer(chance: &Chance) -> String {
    (0..LETTERS).map(|_| char::from(*chance.pick(ALPHABET))).collect()
}

/// Whether `given` is what was asked for, without regard to case, full-width forms and blanks.
///
/// Nothing is never the same: an empty answer is wrong even where nothing was wanted.
pub fn same(given: &str, wanted: &str) -> bool {
    let given = plain(given);
    !given.is_empty() && given == plain(wanted)
}

fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| half_width(letter).to_ascii_uppercase())
        .collect()
}

/// U+FF01 to U+FF5E are the full-width twins of `!` to `~`, in the same order.
fn half_width(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(letter) - 0xfee0).expect("the twin lies in ASCII")
        }
        _ => letter,
    }
}

/// Draws `answer` as a PNG of 400 × 140 pixels, to be shown at 200 × 70.
///
/// The same chance draws the same picture. Characters other than ASCII digits and letters are left
/// out; letters are drawn as capitals.
pub fn draw(answer: &str, chance: &Chance) -> Vec<u8> {
    let mut picture =
        Pixmap::new(WIDTH as u32, HEIGHT as u32).expect("a fixed size that is not empty");
    picture.fill(grey(247));

    let mut ink = Paint { anti_alias: true, ..Paint::default() };
    ink.set_color(grey(50 + chance.below(40) as u8));
    let fatter = Stroke { width: FATTER, ..Stroke::default() };
    for letter in letters(answer, chance) {
        picture.fill_path(&letter, &ink, FillRule::Winding, Transform::identity(), None);
        picture.stroke_path(&letter, &ink, &fatter, Transform::identity(), None);
    }
    for number in 0..LINES {
        let width = between(chance, LINE_WIDTHS.0, LINE_WIDTHS.1);
        let stroke = Stroke { width, line_cap: LineCap::Round, ..Stroke::default() };
        if let Some(line) = line_across(number, chance) {
            picture.stroke_path(&line, &ink, &stroke, Transform::identity(), None);
        }
    }

    picture.encode_png().expect("a picture of sound size encodes in memory")
}

fn grey(level: u8) -> Color {
    Color::from_rgba8(level, level, level, 255)
}

/// The outlines of the letters where they stand in the picture, from left to right.
fn letters(answer: &str, chance: &Chance) -> Vec<Path> {
    let font = FontRef::new(FONT).expect("the embedded font is sound; a test draws every letter");
    let outlines = font.outline_glyphs();
    let glyphs: Vec<_> = answer
        .chars()
        .filter_map(|letter| font.charmap().map(letter.to_ascii_uppercase()))
        .filter_map(|glyph| outline(&outlines, glyph))
        .collect();

    let long: f32 = glyphs.iter().map(|glyph| glyph.bounds().width() + APART).sum();
    let room = WIDTH - 2.0 * MARGIN;
    let fit = (room / long.max(1.0)).min(1.0);
    let mut left = MARGIN + between(chance, 0.0, (room - long * fit).max(0.0));
    let mut placed = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let wide = (glyph.bounds().width() + APART) * fit;
        placed.extend(Lean::draw(left + wide / 2.0, fit, chance).lean(&glyph));
        left += wide;
    }
    placed
}

/// A letter's outline as the font has it, its middle at the origin, upwards positive.
fn outline(outlines: &OutlineGlyphCollection<'_>, glyph: GlyphId) -> Option<Path> {
    let mut pen = Pen(PathBuilder::new());
    let settings = DrawSettings::unhinted(Size::new(EM), LocationRef::default());
    outlines.get(glyph)?.draw(settings, &mut pen).ok()?;
    let path = pen.0.finish()?;
    let bounds = path.bounds();
    let (x, y) = ((bounds.left() + bounds.right()) / 2.0, (bounds.top() + bounds.bottom()) / 2.0);
    path.transform(Transform::from_translate(-x, -y))
}

struct Pen(PathBuilder);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, cy, x, y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.0.cubic_to(ax, ay, bx, by, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

/// How one letter stands: where, how large, how turned, how sheared, how swollen.
struct Lean {
    at: Point,
    scale: f32,
    turn: (f32, f32),
    shear: f32,
    swell: f32,
    phase: f32,
}

impl Lean {
    fn draw(middle: f32, fit: f32, chance: &Chance) -> Lean {
        Lean {
            at: Point::from_xy(middle, HEIGHT / 2.0 + between(chance, -11.0, 11.0)),
            scale: fit * between(chance, 0.88, 1.08),
            turn: between(chance, -0.28, 0.28).sin_cos(),
            shear: between(chance, -0.18, 0.18),
            swell: between(chance, 2.0, 4.5),
            phase: between(chance, 0.0, std::f32::consts::TAU),
        }
    }

    /// The outline where it stands in the picture.
    fn lean(&self, outline: &Path) -> Option<Path> {
        let mut path = PathBuilder::new();
        for segment in outline.segments() {
            match segment {
                PathSegment::MoveTo(to) => {
                    let to = self.place(to);
                    path.move_to(to.x, to.y);
                }
                PathSegment::LineTo(to) => {
                    let to = self.place(to);
                    path.line_to(to.x, to.y);
                }
                PathSegment::QuadTo(by, to) => {
                    let (by, to) = (self.place(by), self.place(to));
                    path.quad_to(by.x, by.y, to.x, to.y);
                }
                PathSegment::CubicTo(first, second, to) => {
                    let (a, b, to) = (self.place(first), self.place(second), self.place(to));
                    path.cubic_to(a.x, a.y, b.x, b.y, to.x, to.y);
                }
                PathSegment::Close => path.close(),
            }
        }
        inside(path.finish()?)
    }

    fn place(&self, from: Point) -> Point {
        let x = from.x + self.shear * from.y + self.swell * (from.y / 21.0 + self.phase).sin();
        let y = from.y + self.swell * (x / 24.0 + self.phase).cos();
        let (sin, cos) = self.turn;
        let (x, y) = (x * self.scale, y * self.scale);
        Point::from_xy(self.at.x + x * cos - y * sin, self.at.y - x * sin - y * cos)
    }
}

/// Moves a letter down or up until nothing of it is cut off.
fn inside(letter: Path) -> Option<Path> {
    let above = (EDGE - letter.bounds().top()).max(0.0);
    let below = (letter.bounds().bottom() - (HEIGHT - EDGE)).max(0.0);
    letter.transform(Transform::from_translate(0.0, above - below))
}

/// A curve from edge to edge. Each begins in its own third of the height, so that no two make one.
fn line_across(number: usize, chance: &Chance) -> Option<Path> {
    let third = HEIGHT / LINES as f32;
    let start = third * number as f32 + between(chance, 0.15, 0.85) * third;
    let mut path = PathBuilder::new();
    path.move_to(between(chance, 0.0, 24.0), start);
    path.cubic_to(
        WIDTH * between(chance, 0.25, 0.4),
        between(chance, 0.0, HEIGHT),
        WIDTH * between(chance, 0.6, 0.75),
        between(chance, 0.0, HEIGHT),
        WIDTH - between(chance, 0.0, 24.0),
        between(chance, 0.15, 0.85) * HEIGHT,
    );
    path.finish()
}

fn between(chance: &Chance, low: f32, high: f32) -> f32 {
    low + (high - low) * chance.below(10_001) as f32 / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_counts_without_case_width_and_blanks() {
        let table = [
            ("A3K7", "A3K7", true),
            ("a3k7", "A3K7", true),
            (" a3 k7\u{3000}", "A3K7", true),
            ("ａ３Ｋ７", "A3K7", true),
            ("A3K", "A3K7", false),
            ("A3K77", "A3K7", false),
            ("", "A3K7", false),
            ("", "", false),
            (" ", "", false),
        ];

        for (given, wanted, is_same) in table {
            assert_eq!(same(given, wanted), is_same, "{given:?} for {wanted:?}");
        }
    }

    #[test]
    fn answers_are_four_of_the_alphabet_and_use_all_of_it() {
        let chance = Chance::seeded(1);

        let answers: String = (0..500).map(|_| answer(&chance)).collect();

        assert_eq!(answers.len(), 500 * LETTERS);
        assert!(answers.bytes().all(|letter| ALPHABET.contains(&letter)));
        assert!(ALPHABET.iter().all(|letter| answers.contains(char::from(*letter))));
    }

    #[test]
    fn every_letter_that_may_be_asked_has_an_outline() {
        for letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabc".chars() {
            assert_eq!(letters(&letter.to_string(), &Chance::seeded(1)).len(), 1, "{letter}");
        }
    }

    #[test]
    fn a_picture_is_a_png_of_fixed_size_and_the_same_for_the_same_chance() {
        for answer in ["A3K7", "wWwW", "WWWWWWWW", "", "测试"] {
            let picture = draw(answer, &Chance::seeded(7));

            let read = Pixmap::decode_png(&picture).unwrap();
            assert_eq!((read.width(), read.height()), (400, 140), "{answer}");
            assert_eq!(picture, draw(answer, &Chance::seeded(7)), "{answer}");
        }
    }

    /// Writes pictures to look at and to try a reading program on: set `KAOWU_SAMPLES` to a folder.
    #[test]
    #[ignore = "for people who change how pictures are drawn"]
    fn samples() {
        let folder = std::env::var("KAOWU_SAMPLES").unwrap();
        let chance = Chance::seeded(20_260_313);
        for _ in 0..120 {
            let answer = answer(&chance);
            std::fs::write(format!("{folder}/{answer}.png"), draw(&answer, &chance)).unwrap();
        }
    }
}
