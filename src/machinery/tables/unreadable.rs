use std::fmt;

use super::charset::Charset;
use super::sheet::column_name;

/// Why a file is no table to us. Its sentence says what was wrong, where, and what to do.
///
/// Lines and columns count from 1 and from 0; the sentence names them as a spreadsheet does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// There is nothing in it.
    Empty,
    /// The file is larger than it may be.
    TooLarge {
        /// What it may be, in bytes.
        size_bytes_max: usize,
    },
    /// It is another kind of file.
    NotATable(Looks),
    /// It is neither UTF-8 nor GB18030, or it breaks off from the one it claims to be.
    Undecodable {
        /// What it was read as for longest.
        charset: Charset,
        /// Where it stops being that.
        line: usize,
        /// The character in that line, from 1.
        character: usize,
    },
    /// It holds characters that no table has, such as those of a program or a picture.
    NotText {
        /// Where the first of them stands.
        line: usize,
    },
    /// The headings are separated by Chinese commas.
    WideCommas {
        /// The line of the headings.
        line: usize,
    },
    /// A quotation mark opens a cell and nothing closes it.
    OpenQuote {
        /// Where it opens.
        line: usize,
        /// In which column.
        column: usize,
    },
    /// There are more rows than may be.
    TooManyRows {
        /// How many may be.
        rows_max: usize,
    },
    /// Something stands far to the right.
    TooManyColumns {
        /// In which line.
        line: usize,
        /// How many columns may be.
        columns_max: usize,
    },
    /// A cell is longer than it may be.
    CellTooLong {
        /// In which line.
        line: usize,
        /// In which column.
        column: usize,
        /// How many characters may be.
        characters_max: usize,
    },
    /// Unpacked, the workbook would be enormous.
    Swollen,
    /// The workbook cannot be read.
    Damaged,
}

/// Kinds of files that people take for tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// The workbook of before 2007, or a protected one: both look alike from outside.
    OldWorkbook,
    /// A web page; some systems call it `.xls`.
    WebPage,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// An archive.
    Archive,
}

impl Looks {
    /// What the first bytes tell; `None` for what may be a text.
    pub(super) fn of(bytes: &[u8]) -> Option<Looks> {
        const MARKS: [(&[u8], Looks); 12] = [
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Looks::OldWorkbook),
            (b"<?xml", Looks::WebPage),
            (b"<html", Looks::WebPage),
            (b"<!doc", Looks::WebPage),
            (b"<tabl", Looks::WebPage),
            (b"%PDF-", Looks::Pdf),
            (b"\xFF\xD8\xFF", Looks::Picture),
            (b"\x89PNG", Looks::Picture),
            (b"PK\x05\x06", Looks::Archive),
            (b"Rar!", Looks::Archive),
            (b"7z\xBC\xAF", Looks::Archive),
            (b"\x1F\x8B\x08", Looks::Archive),
        ];
        let begin = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        let begin = begin[..begin.len().min(8)].to_ascii_lowercase();
        let is_mark = |mark: &[u8]| begin.starts_with(&mark.to_ascii_lowercase());
        MARKS.into_iter().find(|(mark, _)| is_mark(mark)).map(|(_, looks)| looks)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Empty => {
                f.write_str("文件是空的。请选择含有标题行和数据的 CSV 或 XLSX 文件。")
            }
            Unreadable::TooLarge { size_bytes_max } => write!(
                f,
                "文件超过 {} MB。请删去不需要的列或图片，或拆成几个文件分别上传。",
                size_bytes_max >> 20
            ),
            Unreadable::NotATable(looks) => looks.fmt(f),
            Unreadable::Undecodable { charset, line, character } => write!(
                f,
                "第 {line} 行第 {character} 个字符起无法按 {} 读出，文件可能已损坏或混用了两种编码。\
                 请用 Excel 打开核对该行，再另存为“CSV UTF-8”或 XLSX 后上传。",
                charset.name()
            ),
            Unreadable::NotText { line } => write!(
                f,
                "第 {line} 行含有不可打印的控制字符，这不像是文本表格。请用 Excel 打开原表，\
                 另存为“CSV UTF-8”或 XLSX 后上传。"
            ),
            Unreadable::WideCommas { line } => write!(
                f,
                "第 {line} 行（标题行）用的是中文逗号“，”，无法分列。请改用英文逗号“,”，\
                 或用 Excel 另存为 XLSX 后上传。"
            ),
            Unreadable::OpenQuote { line, column } => write!(
                f,
                "第 {line} 行 {} 列有一个英文引号（\"）没有成对，其后的内容无法分列。\
                 请补上或删去这个引号后重新上传。",
                column_name(*column)
            ),
            Unreadable::TooManyRows { rows_max } => {
                write!(f, "数据超过 {rows_max} 行。请拆成几个文件分别上传。")
            }
            Unreadable::TooManyColumns { line, columns_max } => write!(
                f,
                "第 {line} 行的内容超过了 {columns_max} 列。请删去右侧多余的列，\
                 或核对该行的分隔符后重新上传。"
            ),
            Unreadable::CellTooLong { line, column, characters_max } => write!(
                f,
                "第 {line} 行 {} 列的内容超过 {characters_max} 个字符。请核对该单元格；\
                 CSV 文件请同时检查其中的英文引号（\"）是否成对。",
                column_name(*column)
            ),
            Unreadable::Swollen => f.write_str(
                "这个工作簿展开后过大，未予读取。请把需要的列复制到一个新的工作簿，\
                 只粘贴数值，保存后上传。",
            ),
            Unreadable::Damaged => f.write_str(
                "这个文件不是完好的 XLSX 工作簿。请用 Excel 打开原表，另存为 XLSX 或\
                 “CSV UTF-8”后上传。",
            ),
        }
    }
}

impl std::error::Error for Unreadable {}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Looks::OldWorkbook => {
                "这是旧版 Excel（.xls）或设有打开密码的工作簿，无法读取。请用 Excel 打开，\
                 取消密码，另存为 XLSX 后上传。"
            }
            Looks::WebPage => {
                "这个文件其实是网页或 XML，只是取了表格的扩展名。请用 Excel 打开，\
                 另存为 XLSX 后上传。"
            }
            Looks::Pdf => "这是 PDF 文件，不是表格。请上传 CSV 或 XLSX 文件。",
            Looks::Picture => "这是图片，不是表格。请上传 CSV 或 XLSX 文件。",
            Looks::Archive => "这是压缩包，不是表格。请解压后上传其中的 CSV 或 XLSX 文件。",
        })
    }
}
