use super::charset::Charset;
use super::sheet::{Builder, Cell, Limits, Sheet, Source};
use super::unreadable::Unreadable;

/// Reads a text whose cells are separated by commas, semicolons or tabs.
///
/// Cells may stand in quotation marks (RFC 4180) and then hold separators and line breaks.
pub(super) fn read(text: &str, charset: Charset, limits: &Limits) -> Result<Sheet, Unreadable> {
    let (separator, first_line) = find_separator(text)?;
    let mut builder = Builder::new(limits);
    let mut cells = Vec::new();
    let mut cutter = Cutter { rest: text, separator, line: 1 };
    let mut row_line = 1;
    while let Some(piece) = cutter.next(cells.len())? {
        if cells.is_empty() {
            row_line = piece.line;
        }
        builder.admit(piece.line, cells.len(), &piece.text)?;
        cells.push(Cell::text_of(&piece.text));
        // A line of thousands of empty cells is kept no longer than it need be.
        cells.truncate(limits.columns_max);
        if piece.ends_row {
            let cells = std::mem::take(&mut cells);
            if row_line >= first_line {
                builder.push(row_line, cells)?;
            }
        }
    }
    builder.finish(Source::Text(charset))
}

const SEPARATORS: [char; 3] = [',', '\t', ';'];

/// Among how many first lines the headings are looked for.
const LINES: usize = 6;

/// Finds the separator, and the line from which to read: what stands most often in one of the
/// first lines.
///
/// Spreadsheets may say it in a line of its own, `sep=;`, which is not part of the table.
fn find_separator(text: &str) -> Result<(char, usize), Unreadable> {
    let mut most = (0, ',');
    for (line, content) in (1..).zip(text.lines()).take(LINES) {
        let said = content.trim().strip_prefix("sep=").and_then(|it| it.chars().next());
        if let Some(said) = said.filter(|it| SEPARATORS.contains(it)) {
            return Ok((said, line + 1));
        }
        for separator in SEPARATORS {
            let count = content.matches(separator).count();
            if count > most.0 {
                most = (count, separator);
            }
        }
        if most.0 == 0 && content.matches('，').count() > 1 {
            return Err(Unreadable::WideCommas { line });
        }
    }
    Ok((most.1, 1))
}

/// Cuts a text into cells.
struct Cutter<'t> {
    rest: &'t str,
    separator: char,
    line: usize,
}

/// One cell's text as it was cut out.
struct Piece {
    text: String,
    /// The line in which it begins.
    line: usize,
    ends_row: bool,
}

impl Cutter<'_> {
    /// The next cell, whose column is given for complaints; `None` at the end of the text.
    ///
    /// What follows a closing quotation mark belongs to the cell; one in the middle of a cell is
    /// a character like any other.
    fn next(&mut self, column: usize) -> Result<Option<Piece>, Unreadable> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let mut text = String::new();
        if let Some(inside) = self.rest.strip_prefix('"') {
            self.rest = inside;
            text = self.quoted().ok_or(Unreadable::OpenQuote { line, column })?;
        }
        let end = self.rest.find([self.separator, '\r', '\n']).unwrap_or(self.rest.len());
        let (plain, rest) = self.rest.split_at(end);
        text.push_str(plain);
        self.rest = rest;
        let ends_row = match self.rest.strip_prefix(self.separator) {
            // A separator at the very end is followed by one more, empty cell.
            Some("") => true,
            Some(rest) => {
                self.rest = rest;
                return Ok(Some(Piece { text, line, ends_row: false }));
            }
            None => true,
        };
        self.skip_line_end();
        Ok(Some(Piece { text, line, ends_row }))
    }

    /// What stands before the closing quotation mark; two in a row mean one. `None` without one.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let (inside, after) = self.rest.split_once('"')?;
            self.line += inside.matches('\n').count();
            text.push_str(inside);
            self.rest = after;
            match after.strip_prefix('"') {
                Some(rest) => {
                    text.push('"');
                    self.rest = rest;
                }
                None => return Some(text),
            }
        }
    }

    fn skip_line_end(&mut self) {
        let rest = self.rest.strip_prefix(self.separator).unwrap_or(self.rest);
        let after = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n']));
        self.line += usize::from(after.is_some());
        self.rest = after.unwrap_or_default();
    }
}
