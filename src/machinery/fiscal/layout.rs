//! The sheet: the receipt in the upper half of an upright A4, notes below it, so that it can be
//! folded into an A5 voucher.

use crate::base::clock::office_date;
use crate::base::outcome::Fault;
use crate::machinery::pdf::{About, Align, Area, Code, Ink, Paper, Seal, Sheet, Style, spot};

use super::table::Table;
use super::{Face, Mark, notes};

/// The left edge of everything.
pub(super) const LEFT: f32 = 15.0;
/// From the left edge to the right one.
pub(super) const WIDTH: f32 = 180.0;
/// The printed part: lines, labels and the title.
pub(super) const PRINT: Ink = Ink(138, 51, 36);
/// Labels.
pub(super) const LABEL: Style = Style::plain(9.0).ink(PRINT);
/// What is filled in.
pub(super) const VALUE: Style = Style::plain(9.5);

/// The paper's middle, from the left.
const MIDDLE: f32 = 105.0;
/// Half of an A4 sheet, where it is folded.
const FOLD: f32 = 148.5;
const CODE_SIDE: f32 = 26.0;
const PAYEE: &str = "收款单位（章）：";
const TITLE: Style = Style::song(19.0).ink(PRINT).spread(0.06);
const SEAL_RADIUS: f32 = 16.0;
/// Pale enough to read on, dark enough to show on a grey print.
const WATERMARK: Ink = Ink(244, 216, 210);

/// Draws the sheet; the answer is the document and where on it the seal stands.
pub(super) fn draw(face: &Face, mark: Mark) -> Result<(Vec<u8>, Area), Fault> {
    let code = Code::new(&face.verify_url)?;
    let table = Table::new(face, 60.5)?;
    let seal = seal_area(face, table.bottom());
    let title = format!("{} {}", face.title, face.number);
    let about = About { title: &title, author: &face.payee, at: face.issued_at };
    let mut paper = Paper::new(about).with_pictures(face.pictures.clone());
    paper.sheet(|sheet| {
        if mark == Mark::Specimen {
            let middle = spot(MIDDLE, table.bottom() * 0.62);
            sheet.watermark(middle, 25.0, -0.36, WATERMARK, "演示票据 无效");
        }
        head(sheet, face, mark, &code);
        particulars(sheet, face);
        table.draw(sheet, face);
        foot(sheet, face, table.bottom() + 4.0);
        notes::draw(sheet, face, mark, FOLD.max(seal.bottom() + 3.0));
        let centre = spot(seal.x + SEAL_RADIUS, seal.y + SEAL_RADIUS);
        sheet.seal(centre, SEAL_RADIUS, &Seal { ring: &face.payee, words: words(mark) });
    });
    Ok((paper.finish()?, seal))
}

/// The seal stands on the last characters of the centre's name, as one that was pressed by hand.
fn seal_area(face: &Face, table_bottom: f32) -> Area {
    let name_end = LEFT + LABEL.width(PAYEE) + VALUE.width(&face.payee);
    let centre = (name_end + 8.0).clamp(60.0, 97.0);
    let side = 2.0 * SEAL_RADIUS;
    Area { x: centre - SEAL_RADIUS, y: table_bottom - 1.0, width: side, height: side }
}

fn words(mark: Mark) -> [&'static str; 2] {
    match mark {
        Mark::Specimen => ["演示用章", "收费专用"],
        Mark::Voucher => ["电子凭证", "收费专用"],
    }
}

fn head(sheet: &mut Sheet<'_>, face: &Face, mark: Mark, code: &Code) {
    let corner = Area { x: LEFT - 2.4, y: 8.0, width: CODE_SIDE, height: CODE_SIDE };
    sheet.code(spot(corner.x, corner.y), CODE_SIDE, code);
    sheet.link(corner, &face.verify_url);
    let caption = spot(corner.x + CODE_SIDE / 2.0, corner.bottom() + 1.0);
    sheet.text(caption, Align::Centre, Style::plain(7.0).ink(Ink::GREY), "扫码查验");

    let title = Area { x: 43.0, y: 12.0, width: 124.0, height: 11.0 };
    sheet.cell(title, Align::Centre, TITLE, &face.title);
    let half = TITLE.width(&face.title).min(title.width) / 2.0 + 4.0;
    for (y, width_pt) in [(24.6, 0.9), (25.5, 0.35)] {
        sheet.line(spot(MIDDLE - half, y), spot(MIDDLE + half, y), PRINT, width_pt);
    }
    sheet.text(spot(MIDDLE, 31.0), Align::Centre, Style::plain(9.5), &subtitle(face, mark));
    if face.reverses.is_some() {
        let stamp = Area { x: 175.0, y: 12.5, width: 20.0, height: 9.0 };
        sheet.frame(stamp, Ink::SEAL, 1.2);
        sheet.cell(stamp, Align::Centre, Style::song(14.0).ink(Ink::SEAL).spread(0.2), "红字");
    }
}

/// What it is worth, in a few words.
fn subtitle(face: &Face, mark: Mark) -> String {
    match (mark, &face.reverses) {
        (Mark::Specimen, _) => "演示票据　无效　不作报销凭证".to_owned(),
        (Mark::Voucher, None) => "财政电子票据开具前的缴费证明".to_owned(),
        (Mark::Voucher, Some(original)) => format!("退款证明　冲红第 {} 号", original.number),
    }
}

/// The fields between the title and the table.
fn particulars(sheet: &mut Sheet<'_>, face: &Face) {
    let date = office_date(face.issued_at).to_string();
    let left = [
        ("票据代码：", face.code.as_str()),
        ("交款人统一社会信用代码：", &face.payer_code),
        ("交款人：", &face.payer),
    ];
    let right = [
        ("票据号码：", face.number.as_str()),
        ("校验码：", &face.check_code),
        ("开票日期：", &date),
    ];
    let mut y = 38.5;
    for (at_left, at_right) in left.into_iter().zip(right) {
        field(sheet, Area { x: LEFT, y, width: 118.0, height: 7.0 }, at_left);
        field(sheet, Area { x: 140.0, y, width: 55.0, height: 7.0 }, at_right);
        y += 7.0;
    }
}

/// A label and, beside it, what is filled in.
fn field(sheet: &mut Sheet<'_>, area: Area, (label, value): (&str, &str)) {
    let taken = LABEL.width(label);
    sheet.cell(Area { width: taken + 0.1, ..area }, Align::Left, LABEL, label);
    let rest = Area { x: area.x + taken, width: area.width - taken, ..area };
    sheet.cell(rest, Align::Left, VALUE, value);
}

fn foot(sheet: &mut Sheet<'_>, face: &Face, y: f32) {
    let fields = [
        (LEFT, 96.0, PAYEE, &face.payee),
        (118.0, 38.0, "复核人：", &face.checker),
        (160.0, 35.0, "收款人：", &face.cashier),
    ];
    for (x, width, label, value) in fields {
        field(sheet, Area { x, y, width, height: 9.0 }, (label, value));
    }
}
