use super::charset::Charset;
use super::unreadable::Unreadable;

/// How much of a file is read before it is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The file's own size, in bytes.
    pub size_bytes_max: usize,
    /// What a workbook's entries may come to together when unpacked, in bytes.
    pub unpacked_bytes_max: u64,
    /// Rows below the headings.
    pub rows_max: usize,
    /// Filled columns.
    pub columns_max: usize,
    /// Characters of one cell.
    pub characters_max: usize,
}

/// Enough for 100,000 candidates with twenty columns.
impl Default for Limits {
    fn default() -> Limits {
        Limits {
            size_bytes_max: 32 << 20,
            unpacked_bytes_max: 128 << 20,
            rows_max: 200_000,
            columns_max: 100,
            characters_max: 2_000,
        }
    }
}

/// A table as a clerk sees it: headings, and rows below them.
#[derive(Debug)]
pub struct Sheet {
    /// Where it was read from.
    pub source: Source,
    /// The line of the headings, from 1.
    pub headings_line: usize,
    /// The headings from the first column on; one that is left empty is an empty text.
    pub headings: Vec<String>,
    /// The rows that are not empty, in their order.
    pub rows: Vec<Row>,
}

/// What kind of file a sheet came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A text file with separators.
    Text(Charset),
    /// A sheet of a workbook.
    Workbook {
        /// Its name.
        sheet: String,
        /// Other visible sheets that hold something and were not read.
        unread: Vec<String>,
    },
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// Its line in the text file, or its row number in the workbook; from 1.
    pub line: usize,
    /// Its cells from the first column to the last filled one.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell of a column, from 0; an empty one beyond the last.
    pub fn cell(&self, column: usize) -> &Cell {
        const EMPTY: &Cell = &Cell { text: String::new(), form: Form::Text };
        self.cells.get(column).unwrap_or(EMPTY)
    }
}

/// What stands in one place.
#[derive(Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    form: Form,
}

/// Nothing of the text, which may be anybody's number.
impl std::fmt::Debug for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cell({:?}, {} characters)", self.form, self.text.chars().count())
    }
}

/// What the spreadsheet took a cell's content for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text; all cells of a text file are.
    Text,
    /// A number: digits beyond the fifteenth and zeros in front are lost.
    Number,
    /// A date or time.
    Date,
    /// A formula that came to nothing, such as `#N/A`.
    Broken,
}

impl Cell {
    /// A cell; blanks around the text are left out.
    pub fn new(text: &str, form: Form) -> Cell {
        // A byte order mark in the middle of a file comes from files that were put together.
        let text = text.trim_matches(|it: char| it.is_whitespace() || it == '\u{FEFF}');
        Cell { text: text.to_owned(), form }
    }

    /// A cell of text.
    pub fn text_of(text: &str) -> Cell {
        Cell::new(text, Form::Text)
    }

    /// The text, without blanks around it. A number is written out in full, a date as `2007-02-28`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the spreadsheet took it for.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// The name of a column, from 0, as spreadsheets have it: `A` … `Z`, `AA` ….
pub fn column_name(column: usize) -> String {
    let mut name = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        name.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    name
}

/// Puts rows together as they are read, and refuses what is beyond the limits.
pub(super) struct Builder<'l> {
    limits: &'l Limits,
    rows: Vec<Row>,
}

/// How many lines of title may stand above the headings.
const TITLES_MAX: usize = 5;

impl<'l> Builder<'l> {
    pub(super) fn new(limits: &'l Limits) -> Builder<'l> {
        Builder { limits, rows: Vec::new() }
    }

    /// Refuses a cell of a column, from 0, that is too long or too far right. Empty ones may be
    /// anywhere.
    pub(super) fn admit(&self, line: usize, column: usize, text: &str) -> Result<(), Unreadable> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let Limits { columns_max, characters_max, .. } = *self.limits;
        if column >= columns_max {
            return Err(Unreadable::TooManyColumns { line, columns_max });
        }
        // No character takes less than a byte.
        if text.len() > characters_max && text.chars().count() > characters_max {
            return Err(Unreadable::CellTooLong { line, column, characters_max });
        }
        Ok(())
    }

    /// Takes the next row; an empty one is passed over.
    pub(super) fn push(&mut self, line: usize, mut cells: Vec<Cell>) -> Result<(), Unreadable> {
        let filled = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        if filled == 0 {
            return Ok(());
        }
        cells.truncate(filled);
        self.rows.push(Row { line, cells });
        if self.rows.len() > self.limits.rows_max + TITLES_MAX + 1 {
            return Err(Unreadable::TooManyRows { rows_max: self.limits.rows_max });
        }
        Ok(())
    }

    /// Whether nothing has been found yet.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The sheet, once all rows are there.
    pub(super) fn finish(mut self, source: Source) -> Result<Sheet, Unreadable> {
        let is_wide = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).count() > 1;
        let titles = self.rows.iter().take(TITLES_MAX + 1).position(is_wide).unwrap_or(0);
        let mut rows = self.rows.split_off(titles.min(self.rows.len()));
        if rows.is_empty() {
            return Err(Unreadable::Empty);
        }
        let headings = rows.remove(0);
        if rows.len() > self.limits.rows_max {
            return Err(Unreadable::TooManyRows { rows_max: self.limits.rows_max });
        }
        Ok(Sheet {
            source,
            headings_line: headings.line,
            headings: headings.cells.into_iter().map(|cell| cell.text).collect(),
            rows,
        })
    }
}
