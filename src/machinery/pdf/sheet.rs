//! One page and what can be put on it. Places and lengths are millimetres, sizes of type and
//! widths of pens are points.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;

use super::pictures::Pictures;
use super::text::Style;

/// Points in a millimetre.
pub(super) const MM: f32 = 72.0 / 25.4;
/// From the baseline up to the middle of an ideograph, in em.
pub(super) const MIDDLE_EM: f32 = 0.37;

/// A place on the sheet, in millimetres from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// The place `x` millimetres from the left and `y` from the top.
pub const fn spot(x: f32, y: f32) -> Spot {
    Spot { x, y }
}

/// A rectangle on the sheet, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub x: f32,
    /// Its upper edge.
    pub y: f32,
    /// To the right.
    pub width: f32,
    /// Downwards.
    pub height: f32,
}

impl Area {
    /// Where its lower edge is.
    pub const fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// Where its right edge is.
    pub const fn right(&self) -> f32 {
        self.x + self.width
    }

    /// The same, smaller by `x` on the left and right and by `y` above and below.
    #[must_use]
    pub const fn inset(&self, x: f32, y: f32) -> Area {
        Area {
            x: self.x + x,
            y: self.y + y,
            width: self.width - 2.0 * x,
            height: self.height - 2.0 * y,
        }
    }

    pub(super) fn rect(&self) -> Rect {
        Rect::from_xywh(self.x * MM, self.y * MM, self.width * MM, self.height * MM)
            .expect("areas on a sheet have a width and a height")
    }
}

/// A colour of ink: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

impl Ink {
    /// For what is filled in.
    pub const BLACK: Ink = Ink(22, 27, 33);
    /// For what is read last: notes and captions. Still dark enough in greyscale.
    pub const GREY: Ink = Ink(88, 96, 105);
    /// Nothing but paper.
    pub const WHITE: Ink = Ink(255, 255, 255);
    /// Vermilion, for seals alone.
    pub const SEAL: Ink = Ink(190, 38, 24);

    pub(super) fn colour(self) -> rgb::Color {
        rgb::Color::new(self.0, self.1, self.2)
    }
}

/// Where in its area a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// From the left.
    Left,
    /// In the middle.
    Centre,
    /// Up to the right: amounts.
    Right,
}

/// A page that is being drawn.
pub struct Sheet<'s> {
    pub(super) surface: Surface<'s>,
    pub(super) links: Vec<(Area, String)>,
    pub(super) pictures: &'s Pictures,
}

impl Sheet<'_> {
    /// Sets one line; `at` is where its baseline begins, ends or has its middle.
    pub fn text(&mut self, at: Spot, align: Align, style: Style, line: &str) {
        let left = match align {
            Align::Left => at.x,
            Align::Centre => at.x - style.width(line) / 2.0,
            Align::Right => at.x - style.width(line),
        };
        let start = Point::from_xy(left * MM, at.y * MM);
        style.draw(&mut self.surface, start, line, self.pictures);
    }

    /// Sets a text in an area, in the middle of its height: broken into lines, and smaller if it
    /// would not fit.
    pub fn cell(&mut self, area: Area, align: Align, style: Style, text: &str) {
        let (style, lines) = style.fit(area.width, area.height, text);
        let x = match align {
            Align::Left => area.x,
            Align::Centre => area.x + area.width / 2.0,
            Align::Right => area.right(),
        };
        let span = (lines.len() - 1) as f32 * style.leading();
        let mut y = area.y + (area.height - span) / 2.0 + style.em() * MIDDLE_EM;
        for line in lines {
            self.text(spot(x, y), align, style, line);
            y += style.leading();
        }
    }

    /// Sets a text in lines from `at`, the left end of the first baseline; the answer is the place
    /// of the next one.
    pub fn paragraph(&mut self, at: Spot, width: f32, style: Style, text: &str) -> Spot {
        let mut next = at;
        for line in style.wrap(width, text) {
            self.text(next, Align::Left, style, line);
            next.y += style.leading();
        }
        next
    }

    /// Draws a line.
    pub fn line(&mut self, from: Spot, to: Spot, ink: Ink, width_pt: f32) {
        self.stroke(ink.stroke(width_pt), straight(from, to));
    }

    /// Draws a line of short strokes: where to fold or to cut.
    pub fn dashes(&mut self, from: Spot, to: Spot, ink: Ink, width_pt: f32) {
        let dash = StrokeDash { array: vec![3.0, 3.0], offset: 0.0 };
        let stroke = Stroke { dash: Some(dash), ..ink.stroke(width_pt) };
        self.stroke(stroke, straight(from, to));
    }

    /// Draws the four sides of an area.
    pub fn frame(&mut self, area: Area, ink: Ink, width_pt: f32) {
        self.stroke(ink.stroke(width_pt), rectangle(area));
    }

    /// Fills an area with ink.
    pub fn block(&mut self, area: Area, ink: Ink) {
        self.fill(ink.fill(), rectangle(area));
    }

    /// Makes an area lead to an address when it is pressed.
    pub fn link(&mut self, area: Area, address: &str) {
        self.links.push((area, address.to_owned()));
    }

    pub(super) fn fill(&mut self, fill: Fill, path: Path) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill));
        self.surface.draw_path(&path);
    }

    pub(super) fn stroke(&mut self, stroke: Stroke, path: Path) {
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(stroke));
        self.surface.draw_path(&path);
        self.surface.set_stroke(None);
    }
}

fn straight(from: Spot, to: Spot) -> Path {
    let mut path = PathBuilder::new();
    path.move_to(from.x * MM, from.y * MM);
    path.line_to(to.x * MM, to.y * MM);
    path.finish().expect("a line leads from one place to another")
}

fn rectangle(area: Area) -> Path {
    let mut path = PathBuilder::new();
    path.push_rect(area.rect());
    path.finish().expect("areas on a sheet have a width and a height")
}
