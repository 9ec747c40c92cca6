//! QR codes as SVG.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// The white frame that a reader needs, in modules.
const QUIET: i32 = 4;

/// A QR code of `text`, called `label` for those who do not see it. `None` when the text is too
/// long.
pub(super) fn svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
         aria-label=\"{label}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\""
    );
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let (length, left, top) = (x - start, start + QUIET, y + QUIET);
                write!(svg, "M{left} {top}h{length}v1h-{length}z").ok()?;
            }
            x += 1;
        }
    }
    svg.push_str("\"/></svg>");
    Some(svg)
}
