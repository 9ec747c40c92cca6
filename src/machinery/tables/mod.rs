//! Tables: rows in from CSV and XLSX files, rows out for people who open them in a spreadsheet.
//!
//! A *sheet* is what a clerk sees: a line of headings and rows below it, each with the number of
//! its line, so that a complaint can say where. A *cell* is text, and knows whether the spreadsheet
//! took it for a number: 18 digits do not survive that, and whoever reads the row must refuse it.
//!
//! The charset is found, not guessed: byte order mark, else strict UTF-8, else GB18030 without a
//! single undecodable byte, else the file is refused. A hostile file costs no more than
//! [`Limits`] allows: archives are measured before they are parsed.
//!
//! The room promises: bytes in, values out; no file is opened here, nothing is written to disk, and
//! what is written for people starts no formula in their spreadsheet.

mod charset;
mod delimited;
mod sheet;
mod unreadable;
mod workbook;
mod write;

pub use self::charset::Charset;
pub use self::sheet::{Cell, Form, Limits, Row, Sheet, Source, column_name};
pub use self::unreadable::{Looks, Unreadable};
pub use self::write::{write_csv, write_xlsx};

/// Reads a sheet from the bytes of a CSV or XLSX file; which of them it is, the bytes tell.
///
/// The headings are the first line with at least two filled cells, so that a title above them does
/// no harm; empty lines are passed over. Of a workbook the first visible sheet that holds anything
/// is read.
///
/// # Errors
/// [`Unreadable`] when it is too large in any sense of [`Limits`], no table, of no known charset,
/// damaged, locked with a password, or empty.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, Unreadable> {
    if bytes.len() > limits.size_bytes_max {
        return Err(Unreadable::TooLarge { size_bytes_max: limits.size_bytes_max });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook::read(bytes, limits);
    }
    if let Some(looks) = Looks::of(bytes) {
        return Err(Unreadable::NotATable(looks));
    }
    let (text, charset) = charset::decode(bytes)?;
    delimited::read(&text, charset, limits)
}

#[cfg(test)]
mod tests;
