use std::io::{Cursor, Write};

use rust_xlsxwriter::{Format, Formula, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Charset, Form, Limits, Looks, Sheet, Source, Unreadable, column_name, read};
use super::{write_csv, write_xlsx};

fn read_text(text: &str) -> Result<Sheet, Unreadable> {
    read(text.as_bytes(), &Limits::default())
}

/// Headings, then each row as its line number and its texts.
fn told(sheet: &Sheet) -> String {
    let mut told = format!("{} {}", sheet.headings_line, sheet.headings.join("|"));
    for row in &sheet.rows {
        let cells: Vec<_> = row.cells.iter().map(|cell| cell.text()).collect();
        told.push_str(&format!("\n{} {}", row.line, cells.join("|")));
    }
    told
}

#[test]
fn the_charset_is_found_strictly() {
    let text = "姓名,手机号\r\n李㛃䶮𠅤·,19900000001\r\n";
    let utf16 = |mark: u16, swap: bool| -> Vec<u8> {
        std::iter::once(mark)
            .chain(text.encode_utf16())
            .flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    assert!(gb18030.windows(2).any(|it| it == b"\xFE\x9F"), "䶮 has two bytes since 2005");
    for (bytes, charset) in [
        (text.as_bytes().to_vec(), Charset::Utf8),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), Charset::Utf8),
        (gb18030, Charset::Gb18030),
        (utf16(0xFEFF, false), Charset::Utf16),
        (utf16(0xFEFF, true), Charset::Utf16),
    ] {
        let sheet = read(&bytes, &Limits::default()).unwrap();

        assert_eq!(sheet.source, Source::Text(charset));
        assert_eq!(told(&sheet), "1 姓名|手机号\n2 李㛃䶮𠅤·|19900000001", "{charset:?}");
    }
}

#[test]
fn what_is_in_no_charset_is_refused_with_its_place() {
    let gb18030 = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let undecodable =
        |charset, line, character| Unreadable::Undecodable { charset, line, character };
    for (bytes, refusal) in [
        // A lone lead byte before a comma.
        (
            [&gb18030("姓名,号\n张三,1\n李")[..], b"\xC1,2\n"].concat(),
            undecodable(Charset::Gb18030, 3, 2),
        ),
        (["姓名\n张三,1\n李".as_bytes(), b"\xE5,2\n"].concat(), undecodable(Charset::Utf8, 3, 2)),
        (b"\xEF\xBB\xBFa,b\n\xC1\xF5,2".to_vec(), undecodable(Charset::Utf8, 2, 1)),
        (b"\xFF\xFEa\0,\0\0\xD8a\0".to_vec(), undecodable(Charset::Utf16, 1, 3)),
        // UTF-16 without its mark.
        (b"a\0,\0b\0".to_vec(), Unreadable::NotText { line: 1 }),
        (b"a,b\n1,\x07\n".to_vec(), Unreadable::NotText { line: 2 }),
    ] {
        assert_eq!(read(&bytes, &Limits::default()).unwrap_err(), refusal);
    }
}

#[test]
fn separators_quotes_and_lines_are_read_as_they_are_written() {
    for (text, expected) in [
        ("a,b\n1,2\n", "1 a|b\n2 1|2"),
        ("a;b;c\r\n1,5;2;3", "1 a|b|c\n2 1,5|2|3"),
        ("a\tb\n1\t\"x\ty\"", "1 a|b\n2 1|x\ty"),
        ("sep=;\na;b\n1;2", "2 a|b\n3 1|2"),
        // Quotation marks, line breaks in them, and what follows them.
        ("a,b\n\"1,\"\"x\"\"\",2\n", "1 a|b\n2 1,\"x\"|2"),
        ("a,b\n\"1\n1\",2\n3,4", "1 a|b\n2 1\n1|2\n4 3|4"),
        ("a,b\n\"1\"x,5\" pipe\n", "1 a|b\n2 1x|5\" pipe"),
        // Empty lines and empty ends do not count; their lines do.
        ("\n\na,b,\n,,\n\n1,,3,,,\n", "3 a|b\n6 1||3"),
        ("a,b\n1,", "1 a|b\n2 1"),
        // A title above the headings.
        ("二〇二六年缴费名单,,\n姓名,号\n张三,1", "2 姓名|号\n3 张三|1"),
        // One column only.
        ("姓名\n张三\n李四", "1 姓名\n2 张三\n3 李四"),
        // An old Macintosh's lines, an old program's end.
        ("a,b\r1,2\r3,4\r", "1 a|b\n2 1|2\n3 3|4"),
        ("a,b\r\n1,2\r\n\u{1A}", "1 a|b\n2 1|2"),
        (" a ,\u{3000}b\n \u{FEFF}1 ,2", "1 a|b\n2 1|2"),
    ] {
        assert_eq!(told(&read_text(text).unwrap()), expected, "{text:?}");
    }
}

#[test]
fn what_is_no_table_is_refused_in_words() {
    for (bytes, refusal, words) in [
        (&b""[..], Unreadable::Empty, "文件是空的"),
        (b"\xEF\xBB\xBF \r\n,,\r\n", Unreadable::Empty, "请选择"),
        (b"%PDF-1.7 ...", Unreadable::NotATable(Looks::Pdf), "PDF"),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1...",
            Unreadable::NotATable(Looks::OldWorkbook),
            "另存为",
        ),
        (b"\r\n <HTML><table>", Unreadable::NotATable(Looks::WebPage), "网页"),
        (b"PK\x03\x04 and no more", Unreadable::Damaged, "XLSX"),
        (
            "姓名，证件号，手机号\n张三，1，2".as_bytes(),
            Unreadable::WideCommas { line: 1 },
            "中文逗号",
        ),
        (b"a,b\n1,2\n3,\"4\n5,6\n", Unreadable::OpenQuote { line: 3, column: 1 }, "第 3 行 B 列"),
    ] {
        let refused = read(bytes, &Limits::default()).unwrap_err();

        assert_eq!(refused, refusal);
        assert!(refused.to_string().contains(words), "{refused}");
    }
}

#[test]
fn each_limit_is_a_sentence() {
    let limits = Limits { rows_max: 2, columns_max: 3, characters_max: 4, ..Limits::default() };
    for (text, refusal) in [
        ("a,b\n1,2\n3,4", None),
        ("a,b\n1,2\n3,4\n5,6", Some(Unreadable::TooManyRows { rows_max: 2 })),
        ("a,b,c,,,,\n一二三四,,", None),
        ("a,b\n1,,,4", Some(Unreadable::TooManyColumns { line: 2, columns_max: 3 })),
        (
            "a,b\n1,一二三四五",
            Some(Unreadable::CellTooLong { line: 2, column: 1, characters_max: 4 }),
        ),
    ] {
        assert_eq!(read(text.as_bytes(), &limits).err(), refusal, "{text}");
    }
    let limits = Limits { size_bytes_max: 3, ..limits };
    assert_eq!(read(b"a,b,", &limits).err(), Some(Unreadable::TooLarge { size_bytes_max: 3 }));
}

/// A workbook as a clerk makes it: an empty first sheet, numbers, dates, a formula, a far cell.
fn clerks_workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("封面").unwrap();
    let sheet = book.add_worksheet().set_name("名单").unwrap();
    sheet.write(0, 0, "专科自主招生缴费名单").unwrap();
    for (column, heading) in (0..).zip(["姓名", "证件号", "出生日期", "金额"]) {
        sheet.write(2, column, heading).unwrap();
    }
    sheet.write(3, 0, " 李㛃 ").unwrap();
    sheet.write(3, 1, 310_199_199_901_010_013_f64).unwrap();
    let date = Format::new().set_num_format("yyyy/m/d");
    sheet.write_with_format(3, 2, 39141.0, &date).unwrap();
    sheet.write(3, 3, 0.1 + 0.2).unwrap();
    sheet.write(5, 0, "张三").unwrap();
    sheet.write(5, 1, "012345").unwrap();
    sheet.write_with_format(5, 2, 310_199_199_901_010_013_f64, &date).unwrap();
    sheet.write_formula(5, 3, Formula::new("=VLOOKUP(1,A1:B2,2)").set_result("#N/A")).unwrap();
    book.add_worksheet().set_name("说明").unwrap().write(9, 9, "填表说明").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_tells_what_excel_took_for_a_number() {
    let sheet = read(&clerks_workbook(), &Limits::default()).unwrap();

    assert_eq!(
        sheet.source,
        Source::Workbook { sheet: "名单".to_owned(), unread: vec!["说明".to_owned()] }
    );
    assert_eq!(
        told(&sheet),
        "3 姓名|证件号|出生日期|金额\n4 李㛃|310199199901010000|2007-02-28|0.3\n\
         6 张三|012345|310199199901010000|#N/A"
    );
    let forms: Vec<_> =
        sheet.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.form()).collect();
    let expected = [Form::Text, Form::Number, Form::Date, Form::Number];
    assert_eq!(forms[..4], expected);
    assert_eq!(forms[4..7], [Form::Text, Form::Text, Form::Number]);
}

/// A zip of these entries and nothing else.
fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_swells_is_refused_before_it_is_parsed() {
    let zeros = vec![b' '; 20 << 20];
    let bomb = zip_of(&[("xl/worksheets/sheet1.xml", &zeros)]);
    let limits = Limits { unpacked_bytes_max: 10 << 20, ..Limits::default() };
    // Its packed size says so …
    assert_eq!(read(&bomb, &Limits::default()).err(), Some(Unreadable::Swollen));
    assert_eq!(read(&bomb, &limits).err(), Some(Unreadable::Swollen));

    // … and so it is when the archive lies about its size, in both places where it is told.
    let mut liar = bomb;
    let size = (20u32 << 20).to_le_bytes();
    let places: Vec<_> = (0..liar.len() - 3).filter(|at| liar[*at..*at + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        liar[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
    }
    let refused = read(&liar, &limits).unwrap_err();
    assert!(matches!(refused, Unreadable::Swollen | Unreadable::Damaged), "{refused:?}");
}

#[test]
fn a_count_that_no_memory_could_hold_is_refused() {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "姓名").unwrap();
    let sound = book.save_to_buffer().unwrap();
    assert!(read(&sound, &Limits::default()).is_ok());
    for count in ["uniqueCount=\"99999999999999\"", "uniqueCount = '77777777777777'"] {
        let strings = format!("<sst {count}><si><t>姓名</t></si></sst>");
        let bad = zip_of(&[("xl/sharedStrings.xml", strings.as_bytes())]);

        assert_eq!(read(&bad, &Limits::default()).err(), Some(Unreadable::Damaged), "{count}");
    }
}

#[test]
fn what_is_written_starts_no_formula_and_is_read_again() {
    let rows = [["=1+1", "a,b"], ["-5", "\"x\"\ny"], [" ＠SUM(A1)", "012345"], ["𠮷·㛃", "\tz"]];

    let csv = write_csv(&["列一", "列二"], rows);
    let text = String::from_utf8(csv.clone()).unwrap();
    assert_eq!(
        text,
        "\u{FEFF}列一,列二\r\n'=1+1,\"a,b\"\r\n'-5,\"\"\"x\"\"\ny\"\r\n' ＠SUM(A1),012345\r\n\
         𠮷·㛃,\"'\tz\"\r\n"
    );
    assert_eq!(read(&csv, &Limits::default()).unwrap().rows.len(), 4);

    let xlsx = write_xlsx(&["列一", "列二"], rows).unwrap();
    assert_eq!(xlsx, write_xlsx(&["列一", "列二"], rows).unwrap());
    let sheet = read(&xlsx, &Limits::default()).unwrap();
    assert_eq!(sheet.headings, ["列一", "列二"]);
    for (row, written) in sheet.rows.iter().zip(rows) {
        assert_eq!(row.cell(0).text(), written[0].trim());
        assert_eq!(row.cell(0).form(), Form::Text);
    }
}

#[test]
fn columns_are_named_as_in_a_spreadsheet() {
    for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")] {
        assert_eq!(column_name(column), name);
    }
}

#[test]
fn a_cell_tells_a_log_nothing() {
    let sheet = read_text("姓名,号\n张三,310199199901010013").unwrap();
    assert!(!format!("{sheet:?}").contains("310199"));
}
