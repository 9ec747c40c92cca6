use std::borrow::Cow;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::base::outcome::Fault;

/// Writes a CSV that Excel opens with the right characters: UTF-8 with its mark, lines by CR LF.
///
/// A cell that a spreadsheet would take for a formula gets a `'` in front (OWASP, "CSV injection");
/// nothing else is changed.
pub fn write_csv(
    headings: &[&str],
    rows: impl IntoIterator<Item = impl IntoIterator<Item = impl AsRef<str>>>,
) -> Vec<u8> {
    let mut text = String::from("\u{FEFF}");
    write_line(&mut text, headings);
    for row in rows {
        write_line(&mut text, row);
    }
    text.into_bytes()
}

fn write_line(text: &mut String, cells: impl IntoIterator<Item = impl AsRef<str>>) {
    for (column, cell) in cells.into_iter().enumerate() {
        if column > 0 {
            text.push(',');
        }
        let cell = harmless(cell.as_ref());
        if cell.contains([',', '"', '\r', '\n', ';', '\t']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

/// Puts a `'` in front of what a spreadsheet would reckon out, blanks and full-width signs
/// included.
fn harmless(cell: &str) -> Cow<'_, str> {
    let starts_formula =
        cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if starts_formula || cell.starts_with(['\t', '\r', '\n']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Writes a workbook of one sheet in which every cell is text: numbers keep their zeros, and
/// nothing is a formula. The headings stay in sight; the same rows give the same bytes.
///
/// # Errors
/// A fault when a cell is longer than 32,767 characters or there are more than 1,048,576 lines.
pub fn write_xlsx(
    headings: &[&str],
    rows: impl IntoIterator<Item = impl IntoIterator<Item = impl AsRef<str>>>,
) -> Result<Vec<u8>, Fault> {
    fill(headings, rows).map_err(Fault::new)
}

fn fill(
    headings: &[&str],
    rows: impl IntoIterator<Item = impl IntoIterator<Item = impl AsRef<str>>>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Otherwise the clock of the machine goes into the file.
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    let mut widths = Widths(Vec::new());
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    widths.write_row(sheet, 0, headings, &bold)?;
    for (line, row) in (1..).zip(rows) {
        widths.write_row(sheet, line, row, &text)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (column, width) in (0..).zip(widths.0) {
        sheet.set_column_width(column, width.clamp(6, 40) as f64 + 2.0)?;
    }
    book.save_to_buffer()
}

/// How wide each column must be for what has been written, in half-width characters.
struct Widths(Vec<usize>);

impl Widths {
    fn write_row(
        &mut self,
        sheet: &mut Worksheet,
        line: u32,
        cells: impl IntoIterator<Item = impl AsRef<str>>,
        format: &Format,
    ) -> Result<(), XlsxError> {
        for (column, cell) in cells.into_iter().enumerate() {
            let cell = cell.as_ref();
            // The writer refuses a column that is beyond a sheet's last.
            let place = u16::try_from(column).unwrap_or(u16::MAX);
            sheet.write_string_with_format(line, place, cell, format)?;
            if self.0.len() <= column {
                self.0.resize(column + 1, 0);
            }
            let width = cell.chars().map(|it| if it.is_ascii() { 1 } else { 2 }).sum();
            self.0[column] = self.0[column].max(width);
        }
        Ok(())
    }
}
