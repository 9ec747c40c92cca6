//! The table of differences, over as many pages as it needs.

use std::ops::Range;

use super::layout::{LABEL, LEFT, LINE, VALUE, WIDTH, yuan};
use crate::features::reconciliation::rules::Told;
use crate::machinery::pdf::{Align, Area, Sheet, Style, spot};

/// The columns: heading and width.
const COLUMNS: [(&str, f32); 5] = [
    ("类别", 32.0),
    ("流水号、订单号", 52.0),
    ("平台（元）", 20.0),
    ("本系统（元）", 20.0),
    ("处理", 56.0),
];
const HEAD: f32 = 7.5;
const CELL: Style = Style::plain(8.0);
const PADDING: f32 = 1.4;
/// Where the table begins on every page but the first.
const TOP: f32 = 24.0;

/// One difference, measured.
pub(super) struct Row {
    cells: [String; 5],
    height: f32,
}

impl Row {
    pub(super) fn new(told: &Told) -> Row {
        let amount = |fen: Option<i64>| fen.map_or_else(|| "—".to_owned(), yuan);
        let ended = if told.by.is_empty() {
            told.ended.clone()
        } else {
            format!("{}\n{}", told.ended, told.by)
        };
        let cells = [
            told.kind.clone(),
            format!("{}\n{}", told.number, told.order_no),
            amount(told.theirs_fen),
            amount(told.ours_fen),
            ended,
        ];
        let lines = cells
            .iter()
            .zip(COLUMNS)
            .map(|(text, (_, width))| CELL.wrap(width - 2.0 * PADDING, text).len());
        let height = lines.max().unwrap_or(1) as f32 * CELL.leading() + 2.4;
        Row { cells, height }
    }
}

/// Which rows stand on which page; the last page has room for what follows the table.
pub(super) fn pages(rows: &[Row], first_top: f32, tail: f32, bottom: f32) -> Vec<Range<usize>> {
    let mut pages = Vec::new();
    let (mut from, mut y) = (0, first_top + HEAD);
    for (i, row) in rows.iter().enumerate() {
        if y + row.height > bottom && i > from {
            pages.push(from..i);
            (from, y) = (i, TOP + HEAD);
        }
        y += row.height;
    }
    pages.push(from..rows.len());
    if y + tail > bottom {
        pages.push(rows.len()..rows.len());
    }
    pages
}

/// Draws some rows; the answer is where they end.
pub(super) fn draw(sheet: &mut Sheet<'_>, rows: &[Row], top: f32, goes_on: bool) -> f32 {
    if rows.is_empty() {
        if !goes_on {
            sheet.text(spot(LEFT, top + 4.0), Align::Left, VALUE, "无差异。");
            return top + 6.0;
        }
        return top;
    }
    let across = |y: f32, height: f32| {
        let mut x = LEFT;
        COLUMNS.map(|(_, width)| {
            let area = Area { x, y, width, height };
            x += width;
            area
        })
    };
    for (area, (heading, _)) in across(top, HEAD).into_iter().zip(COLUMNS) {
        sheet.cell(area, Align::Centre, LABEL, heading);
    }
    let mut y = top + HEAD;
    for row in rows {
        sheet.line(spot(LEFT, y), spot(LEFT + WIDTH, y), LINE, 0.4);
        for (i, (area, text)) in across(y, row.height).into_iter().zip(&row.cells).enumerate() {
            let align = if matches!(i, 2 | 3) { Align::Right } else { Align::Left };
            sheet.cell(area.inset(PADDING, 0.8), align, CELL, text);
        }
        y += row.height;
    }
    for area in &across(top, y - top)[1..] {
        sheet.line(spot(area.x, top), spot(area.x, y), LINE, 0.4);
    }
    sheet.frame(Area { x: LEFT, y: top, width: WIDTH, height: y - top }, LINE, 0.9);
    y
}
