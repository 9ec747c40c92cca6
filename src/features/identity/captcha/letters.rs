//! The letters of a captcha: their outlines, leaning.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use tiny_skia::{Path, PathBuilder, PathSegment, Point, Transform};

use super::{HEIGHT, WIDTH, between};
use crate::base::chance::Chance;

const MARGIN: f32 = 22.0;
/// No letter comes nearer to the upper or lower edge.
const EDGE: f32 = 5.0;

/// The em of the letters before each varies its own.
const EM: f32 = 128.0;
/// How far a letter keeps from the next, upright: so near that they lean into each other.
const APART: f32 = 15.0;

/// Noto Sans Regular, digits and capitals only (`web/fonts/captcha.VENDOR.md`).
const FONT: &[u8] = include_bytes!("../../../../web/fonts/captcha.ttf");

/// The outlines of the letters where they stand in the picture, from left to right.
pub(super) fn letters(answer: &str, chance: &Chance) -> Vec<Path> {
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
            turn: between(chance, -0.24, 0.24).sin_cos(),
            shear: between(chance, -0.15, 0.15),
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
