//! A code that phones read.

use krilla::geom::{Path, PathBuilder, Rect, Transform};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::base::outcome::Fault;

use super::sheet::{Area, Ink, MM, Sheet, Spot};

/// Modules of white that a reader needs around the code (ISO/IEC 18004).
const QUIET: i32 = 4;
/// Rows overlap by this part of a module, or viewers show hairlines between them.
const OVERLAP: f32 = 0.04;

/// A QR code, ready to be drawn. Makes up to 15 % of damage good.
pub struct Code(QrCode);

impl Code {
    /// Encodes a text.
    ///
    /// # Errors
    /// A fault when the text has more than some 2,300 bytes.
    pub fn new(text: &str) -> Result<Code, Fault> {
        match QrCode::encode_text(text, QrCodeEcc::Medium) {
            Ok(code) => Ok(Code(code)),
            Err(_) => Err(Fault::new("the text is too long for a QR code")),
        }
    }
}

impl Sheet<'_> {
    /// Draws a code with its white border, `side` millimetres wide in all.
    pub fn code(&mut self, at: Spot, side: f32, code: &Code) {
        self.block(Area { x: at.x, y: at.y, width: side, height: side }, Ink::WHITE);
        let code = &code.0;
        let module = side / (code.size() + 2 * QUIET) as f32 * MM;
        let corner = (at.x * MM + module * QUIET as f32, at.y * MM + module * QUIET as f32);
        let to_modules = Transform::from_row(module, 0.0, 0.0, module, corner.0, corner.1);
        self.surface.push_transform(&to_modules);
        self.fill(Ink(0, 0, 0).fill(), modules(code));
        self.surface.pop();
    }
}

/// The dark modules, each one unit wide.
fn modules(code: &QrCode) -> Path {
    let mut path = PathBuilder::new();
    for y in 0..code.size() {
        for (first, end) in dark_runs(code, y) {
            let bottom = y as f32 + 1.0 + OVERLAP;
            let rect = Rect::from_ltrb(first as f32, y as f32, end as f32, bottom);
            path.push_rect(rect.expect("a run of modules has a width"));
        }
    }
    path.finish().expect("every code has dark modules")
}

/// Neighbouring dark modules of a row, as (first, one past the last).
fn dark_runs(code: &QrCode, y: i32) -> Vec<(i32, i32)> {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
        match runs.last_mut() {
            Some((_, end)) if *end == x => *end += 1,
            _ => runs.push((x, x + 1)),
        }
    }
    runs
}
