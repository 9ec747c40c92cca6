//! Letters as drawings: the round seal and the sign across the page.
//!
//! They are traced, not set: whoever copies the text of the page does not find them in between.

use krilla::blend::BlendMode;
use krilla::geom::PathBuilder;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};

use super::fonts::{self, Face, Sort};
use super::sheet::{Ink, MIDDLE_EM, MM, Sheet, Spot};

/// How far letters on the ring reach around it, in radians.
const RING_SPAN: f32 = 4.6;
/// Letters on the ring stand no further apart than this, in radians.
const RING_STEP_MAX: f32 = 0.42;
/// A Bézier handle of this length, in radii, makes a quarter of a circle.
const QUARTER: f32 = 0.552_284_8;

/// The round seal of an office. It has no star and no emblem: those are the state's.
#[derive(Clone, Copy, Debug)]
pub struct Seal<'s> {
    /// The name around the ring.
    pub ring: &'s str,
    /// The two lines in its middle: what kind of seal it is, and for what it is used.
    pub words: [&'s str; 2],
}

impl Sheet<'_> {
    /// Draws a seal over what is there already; the text beneath stays readable.
    pub fn seal(&mut self, centre: Spot, radius: f32, seal: &Seal<'_>) {
        let ink = Ink::SEAL;
        self.surface.push_blend_mode(BlendMode::Multiply);
        for (part, width_part) in [(1.0, 0.042), (0.60, 0.011)] {
            let mut path = PathBuilder::new();
            circle(&mut path, centre, radius * part);
            let path = path.finish().expect("a circle is a path");
            self.stroke(ink.stroke(radius * width_part * MM), path);
        }
        let mut path = PathBuilder::new();
        trace_ring(&mut path, centre, radius, seal.ring);
        for (word, size, y) in [(seal.words[0], 0.235, -0.10), (seal.words[1], 0.18, 0.20)] {
            let at = Spot { x: centre.x, y: centre.y + radius * y };
            trace_line(&mut path, at, 0.0, radius * size, word);
        }
        if let Some(path) = path.finish() {
            self.fill(ink.fill(), path);
        }
        self.surface.pop();
    }

    /// Draws a word across the page in a pale ink: `size` is the height of a letter in millimetres,
    /// `angle` is in radians, clockwise.
    pub fn watermark(&mut self, centre: Spot, size: f32, angle: f32, ink: Ink, word: &str) {
        let mut path = PathBuilder::new();
        trace_line(&mut path, centre, angle, size, word);
        if let Some(path) = path.finish() {
            self.fill(ink.fill(), path);
        }
    }
}

fn trace_ring(path: &mut PathBuilder, centre: Spot, radius: f32, name: &str) {
    let letters = fonts::sorts(Face::Song, name);
    let step = (RING_SPAN / letters.len().max(1) as f32).min(RING_STEP_MAX);
    // Letters of a seal are taller than wide; a long name makes them narrower still.
    let room = step * radius * 0.78 * 0.94;
    let height = (radius * 0.27).min(room * 1.7);
    let width = room.min(height);
    let first = -step * (letters.len().saturating_sub(1)) as f32 / 2.0;
    for (i, letter) in letters.into_iter().enumerate() {
        let turn = first + step * i as f32;
        let middle = radius * 0.79;
        let at = Spot { x: centre.x + middle * turn.sin(), y: centre.y - middle * turn.cos() };
        trace(path, letter, Place { at, turn, width, height });
    }
}

/// Traces a line of letters whose middle is at `centre`.
fn trace_line(path: &mut PathBuilder, centre: Spot, turn: f32, size: f32, line: &str) {
    let letters = fonts::sorts(Face::Song, line);
    let mut along = -letters.iter().map(|letter| letter.advance_em).sum::<f32>() * size / 2.0;
    for letter in letters {
        let advance = letter.advance_em * size;
        let middle = along + advance / 2.0;
        let at = Spot { x: centre.x + middle * turn.cos(), y: centre.y + middle * turn.sin() };
        trace(path, letter, Place { at, turn, width: size, height: size });
        along += advance;
    }
}

/// Where a traced letter goes: its middle, how far it is turned, and the size of its em.
struct Place {
    at: Spot,
    turn: f32,
    width: f32,
    height: f32,
}

fn trace(path: &mut PathBuilder, letter: Sort, place: Place) {
    let Some(outline) = letter.case.outlines.get(letter.glyph) else { return };
    let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
    let mut pen = Tracer { path, place, units: letter.case.units, middle: letter.advance_em / 2.0 };
    // A letter that cannot be traced is left out of a drawing; it is never part of the text.
    let _ = outline.draw(settings, &mut pen);
}

struct Tracer<'p> {
    path: &'p mut PathBuilder,
    place: Place,
    units: f32,
    middle: f32,
}

impl Tracer<'_> {
    fn map(&self, x: f32, y: f32) -> (f32, f32) {
        let Place { at, turn, width, height } = &self.place;
        let x = (x / self.units - self.middle) * width;
        let y = (MIDDLE_EM - y / self.units) * height;
        let (sin, cos) = turn.sin_cos();
        // Two decimals of a point are finer than any printer, and keep the file small.
        let point = |mm: f32| (mm * MM * 100.0).round() / 100.0;
        (point(at.x + x * cos - y * sin), point(at.y + x * sin + y * cos))
    }
}

impl OutlinePen for Tracer<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.map(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.map(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let ((cx, cy), (x, y)) = (self.map(cx, cy), self.map(x, y));
        self.path.quad_to(cx, cy, x, y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let ((ax, ay), (bx, by), (x, y)) = (self.map(ax, ay), self.map(bx, by), self.map(x, y));
        self.path.cubic_to(ax, ay, bx, by, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

fn circle(path: &mut PathBuilder, centre: Spot, radius: f32) {
    let (x, y, r) = (centre.x * MM, centre.y * MM, radius * MM);
    let k = r * QUARTER;
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
    path.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
    path.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
    path.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
    path.close();
}
