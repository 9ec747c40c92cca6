use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::sheet::{Builder, Cell, Form, Limits, Sheet, Source};
use super::unreadable::Unreadable;

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads the first visible sheet that holds anything.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, Unreadable> {
    measure(bytes, limits)?;
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    let mut found: Option<(String, Builder<'_>)> = None;
    let mut unread = Vec::new();
    for name in visible_sheets(&book) {
        if found.is_some() {
            if holds_anything(&mut book, &name)? {
                unread.push(name);
            }
            continue;
        }
        let builder = read_sheet(&mut book, &name, limits)?;
        if !builder.is_empty() {
            found = Some((name, builder));
        }
    }
    let Some((sheet, builder)) = found else { return Err(Unreadable::Empty) };
    builder.finish(Source::Workbook { sheet, unread })
}

/// How many files a workbook may consist of.
const ENTRIES_MAX: usize = 2_000;
/// Above so many unpacked bytes an entry may not be packed more than so many times.
const RATIO_FROM_BYTES: u64 = 8 << 20;
const RATIO_MAX: u64 = 250;

/// Refuses a workbook that would swell, before anything of it is parsed.
///
/// Every entry is unpacked once into nowhere: what an archive says of its sizes may be a lie.
fn measure(bytes: &[u8], limits: &Limits) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    if archive.len() > ENTRIES_MAX {
        return Err(Unreadable::Swollen);
    }
    let mut room = limits.unpacked_bytes_max;
    for number in 0..archive.len() {
        let entry = archive.by_index(number).map_err(|_| Unreadable::Damaged)?;
        let packed = entry.compressed_size().max(1);
        if entry.size() > room || entry.size() > RATIO_FROM_BYTES.max(packed * RATIO_MAX) {
            return Err(Unreadable::Swollen);
        }
        let holds_strings = entry.name_raw().to_ascii_lowercase().ends_with(b"sharedstrings.xml");
        let mut content = entry.take(room + 1);
        let size = if holds_strings {
            check_count_of_strings(&mut content)?
        } else {
            std::io::copy(&mut content, &mut std::io::sink()).map_err(|_| Unreadable::Damaged)?
        };
        if size > RATIO_FROM_BYTES.max(packed * RATIO_MAX) {
            return Err(Unreadable::Swollen);
        }
        room = room.checked_sub(size).ok_or(Unreadable::Swollen)?;
    }
    Ok(())
}

/// Reads the shared strings and refuses a count that the file cannot hold, returning its size.
///
/// The parser reserves memory for as many strings as `uniqueCount` says, before it has seen one:
/// a file of a few bytes could ask for terabytes, and memory that cannot be had ends the program.
fn check_count_of_strings(content: &mut impl Read) -> Result<u64, Unreadable> {
    const COUNT: &[u8] = b"uniqueCount";
    /// `<si/>` is the shortest string.
    const STRING_BYTES_MIN: usize = 5;

    let mut bytes = Vec::new();
    content.read_to_end(&mut bytes).map_err(|_| Unreadable::Damaged)?;
    // In UTF-16 the attribute would not be found below.
    if bytes.contains(&0) {
        return Err(Unreadable::Damaged);
    }
    let strings_max = bytes.len() / STRING_BYTES_MIN;
    for (at, _) in bytes.windows(COUNT.len()).enumerate().filter(|(_, it)| *it == COUNT) {
        let digits: String = bytes[at + COUNT.len()..]
            .iter()
            .skip_while(|it| it.is_ascii_whitespace() || matches!(it, b'=' | b'"' | b'\''))
            .take_while(|it| it.is_ascii_digit())
            .map(|it| char::from(*it))
            .collect();
        if !digits.is_empty() && digits.parse().is_ok_and(|count: usize| count > strings_max) {
            return Err(Unreadable::Damaged);
        }
    }
    Ok(bytes.len() as u64)
}

fn visible_sheets(book: &Book<'_>) -> Vec<String> {
    book.sheets_metadata()
        .iter()
        .filter(|it| it.typ == SheetType::WorkSheet && it.visible == SheetVisible::Visible)
        .map(|it| it.name.clone())
        .collect()
}

fn holds_anything(book: &mut Book<'_>, name: &str) -> Result<bool, Unreadable> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| Unreadable::Damaged)?;
    while let Some(found) = cells.next_cell().map_err(|_| Unreadable::Damaged)? {
        if !cell(found.get_value()).is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads a sheet cell by cell: the parser's own range would fill in every place up to the last
/// one, and a single cell in the far corner costs gigabytes.
fn read_sheet<'l>(
    book: &mut Book<'_>,
    name: &str,
    limits: &'l Limits,
) -> Result<Builder<'l>, Unreadable> {
    let mut builder = Builder::new(limits);
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| Unreadable::Damaged)?;
    let mut row: Vec<Cell> = Vec::new();
    let mut line = 1;
    while let Some(found) = cells.next_cell().map_err(|_| Unreadable::Damaged)? {
        let (found_line, column) = found.get_position();
        let (found_line, column) = (found_line as usize + 1, column as usize);
        if found_line < line {
            return Err(Unreadable::Damaged);
        }
        if found_line > line {
            builder.push(line, std::mem::take(&mut row))?;
            line = found_line;
        }
        let cell = cell(found.get_value());
        if cell.is_empty() {
            continue;
        }
        builder.admit(line, column, cell.text())?;
        if row.len() <= column {
            row.resize_with(column + 1, || Cell::text_of(""));
        }
        row[column] = cell;
    }
    builder.push(line, row)?;
    Ok(builder)
}

fn cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::String(text) => Cell::new(text, Form::Text),
        DataRef::SharedString(text) => Cell::new(text, Form::Text),
        DataRef::Int(number) => Cell::new(&number.to_string(), Form::Number),
        DataRef::Float(number) => Cell::new(&number_text(*number), Form::Number),
        DataRef::Bool(is_so) => Cell::new(if *is_so { "TRUE" } else { "FALSE" }, Form::Text),
        DataRef::DateTime(at) if is_date(*at) => Cell::new(&date_text(*at), Form::Date),
        DataRef::DateTime(at) => Cell::new(&number_text(at.as_f64()), Form::Number),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::new(text.strip_suffix("T00:00:00").unwrap_or(text), Form::Date)
        }
        DataRef::Error(error) => Cell::new(&error.to_string(), Form::Broken),
        DataRef::Empty => Cell::text_of(""),
    }
}

/// A number in full, rounded to the fifteen digits that a spreadsheet shows.
fn number_text(number: f64) -> String {
    let shown = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{shown}")
}

/// Whether a number that is dressed as a date can be one: a duration cannot, nor what lies beyond
/// the year 9999, such as a document number in a column of dates.
fn is_date(at: ExcelDateTime) -> bool {
    /// 31 December 9999, in days as spreadsheets count them.
    const LAST_DAY: f64 = 2_958_465.0;
    at.is_datetime() && (0.0..LAST_DAY + 1.0).contains(&at.as_f64())
}

fn date_text(at: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    }
}
