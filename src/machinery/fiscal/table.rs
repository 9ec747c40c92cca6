//! The framed part: what was paid for, the total, and whatever else there is to say.

use jiff::Timestamp;

use crate::base::clock::OFFICE;
use crate::base::outcome::Fault;
use crate::base::values::capitals;
use crate::machinery::pdf::{Align, Area, Ink, Sheet, Style, spot};

use super::layout::{LABEL, LEFT, PRINT, VALUE, WIDTH};
use super::{Face, ITEMS_MAX, Item};

/// The columns: heading, width, and how their entries stand.
const COLUMNS: [(&str, f32, Align); 7] = [
    ("项目编码", 30.0, Align::Centre),
    ("项目名称", 58.0, Align::Left),
    ("单位", 14.0, Align::Centre),
    ("数量", 13.0, Align::Centre),
    ("标准", 21.0, Align::Right),
    ("金额（元）", 24.0, Align::Right),
    ("备注", 20.0, Align::Left),
];
/// Where the words of the last two rows end and （小写） begins: borders of columns above.
const BORDERS: [f32; 3] = [30.0, 115.0, 136.0];
const HEAD: f32 = 8.5;
const ROW: f32 = 8.5;
/// Room for three items is kept, as on a printed form.
const BODY_MIN: f32 = 25.5;
/// With more than this the notes would not fit on the sheet.
const BODY_MAX: f32 = 124.0;
const TOTAL: f32 = 10.0;
const REST_MIN: f32 = 12.0;
const REST_MAX: f32 = 30.0;
const PADDING: f32 = 2.0;
const TOTAL_STYLE: Style = Style::plain(10.5).heavy();
/// Between two items: a hint, not a border.
const HINT: Ink = Ink(226, 203, 198);

/// The table with its measures.
pub(super) struct Table {
    top: f32,
    rows: Vec<f32>,
    body: f32,
    rest: String,
    rest_height: f32,
}

impl Table {
    pub(super) fn new(face: &Face, top: f32) -> Result<Table, Fault> {
        if face.items.len() > ITEMS_MAX {
            return Err(Fault::new("a receipt has more items than fit on a sheet"));
        }
        let mut rows: Vec<f32> = face.items.iter().map(row_height).collect();
        let wanted: f32 = rows.iter().sum();
        if wanted > BODY_MAX {
            rows.fill(BODY_MAX / face.items.len() as f32);
        }
        let rest = rest(face);
        let width = WIDTH - BORDERS[0] - 2.0 * PADDING;
        let lines = VALUE.wrap(width, &rest).len() as f32;
        let rest_height = (lines * VALUE.leading() + 3.5).clamp(REST_MIN, REST_MAX);
        // A high last row takes its room from the empty part above, so that the fold stays.
        let body_min = BODY_MIN + REST_MIN - rest_height;
        Ok(Table { top, rows, body: wanted.clamp(body_min, BODY_MAX), rest, rest_height })
    }

    pub(super) fn bottom(&self) -> f32 {
        self.total_bottom() + self.rest_height
    }

    fn body_bottom(&self) -> f32 {
        self.top + HEAD + self.body
    }

    fn total_bottom(&self) -> f32 {
        self.body_bottom() + TOTAL
    }

    pub(super) fn draw(&self, sheet: &mut Sheet<'_>, face: &Face) {
        self.draw_head(sheet);
        self.draw_items(sheet, face);
        self.draw_total(sheet, face);
        self.draw_rest(sheet);
        self.draw_lines(sheet);
    }

    fn draw_head(&self, sheet: &mut Sheet<'_>) {
        for (area, (heading, ..)) in self.across(self.top, HEAD).zip(COLUMNS) {
            sheet.cell(area, Align::Centre, LABEL, heading);
        }
    }

    fn draw_items(&self, sheet: &mut Sheet<'_>, face: &Face) {
        let mut y = self.top + HEAD;
        for (i, (item, height)) in face.items.iter().zip(&self.rows).enumerate() {
            if i > 0 {
                sheet.line(spot(LEFT, y), spot(LEFT + WIDTH, y), HINT, 0.4);
            }
            let entries = [
                &item.code,
                &item.name,
                &item.unit,
                &item.quantity.to_string(),
                &item.standard.to_string(),
                &face.printed(item.amount),
                &item.note,
            ];
            for ((area, (.., align)), entry) in self.across(y, *height).zip(COLUMNS).zip(entries) {
                sheet.cell(area.inset(PADDING, 0.8), align, VALUE, entry);
            }
            y += height;
        }
    }

    fn draw_total(&self, sheet: &mut Sheet<'_>, face: &Face) {
        let [words, figures_label, figures] = BORDERS;
        let row = |from: f32, to: f32| Area {
            x: LEFT + from,
            y: self.body_bottom(),
            width: to - from,
            height: TOTAL,
        };
        let in_words = format!("人民币{}", capitals(face.counted_fen(face.total)));
        let in_figures = format!("¥{}", face.printed(face.total));
        sheet.cell(row(0.0, words), Align::Centre, LABEL, "金额合计（大写）");
        let area = row(words, figures_label).inset(PADDING, 0.0);
        sheet.cell(area, Align::Left, TOTAL_STYLE, &in_words);
        sheet.cell(row(figures_label, figures), Align::Centre, LABEL, "（小写）");
        let area = row(figures, WIDTH).inset(PADDING, 0.0);
        sheet.cell(area, Align::Right, TOTAL_STYLE, &in_figures);
    }

    fn draw_rest(&self, sheet: &mut Sheet<'_>) {
        let y = self.total_bottom();
        let label = Area { x: LEFT, y, width: BORDERS[0], height: self.rest_height };
        sheet.cell(label, Align::Centre, LABEL, "其他信息");
        let width = WIDTH - BORDERS[0];
        let value = Area { x: LEFT + BORDERS[0], y, width, height: self.rest_height };
        sheet.cell(value.inset(PADDING, 0.5), Align::Left, VALUE, &self.rest);
    }

    fn draw_lines(&self, sheet: &mut Sheet<'_>) {
        let (top, body, total) = (self.top, self.body_bottom(), self.total_bottom());
        for y in [top + HEAD, body, total] {
            sheet.line(spot(LEFT, y), spot(LEFT + WIDTH, y), PRINT, 0.6);
        }
        for area in self.across(top, HEAD).skip(1) {
            sheet.line(spot(area.x, top), spot(area.x, body), PRINT, 0.6);
        }
        for x in BORDERS.map(|border| LEFT + border) {
            sheet.line(spot(x, body), spot(x, total), PRINT, 0.6);
        }
        let x = LEFT + BORDERS[0];
        sheet.line(spot(x, total), spot(x, self.bottom()), PRINT, 0.6);
        let all = Area { x: LEFT, y: top, width: WIDTH, height: self.bottom() - top };
        sheet.frame(all, PRINT, 1.1);
    }

    /// The areas of a row, one a column.
    fn across(&self, y: f32, height: f32) -> impl Iterator<Item = Area> {
        let mut x = LEFT;
        COLUMNS.into_iter().map(move |(_, width, _)| {
            let area = Area { x, y, width, height };
            x += width;
            area
        })
    }
}

fn row_height(item: &Item) -> f32 {
    let lines = |column: usize, text: &str| {
        VALUE.wrap(COLUMNS[column].1 - 2.0 * PADDING, text).len() as f32
    };
    let most = lines(1, &item.name).max(lines(6, &item.note)).min(3.0);
    ROW.max(most * VALUE.leading() + 3.0)
}

/// 其他信息: the order, when and how it was paid, what is taken back, and what the face adds.
fn rest(face: &Face) -> String {
    let paid_at = time(face.paid_at);
    let mut rest = format!("订单号：{}\n", face.order_no);
    rest += &format!("缴费时间：{paid_at}　　缴费渠道：{}", face.channel);
    if let Some(original) = &face.reverses {
        let (code, number) = (&original.code, &original.number);
        rest += &format!("\n本票据冲红原票据：票据代码 {code}，票据号码 {number}");
    }
    if !face.other.is_empty() {
        rest += &format!("\n{}", face.other);
    }
    rest
}

fn time(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
