//! Files that people upload: sound ones, spoilt ones, hostile ones.

use jiff::civil::date;
use kaowu::base::values::IdDocument;
use kaowu::machinery::tables::write_csv;

/// The headings of large rosters.
const HEADINGS: [&str; 6] = ["姓名", "证件类型", "证件号", "手机号", "院校名称", "金额"];

/// The rows that [`twelve_faults`] spoils, from 0.
pub const BAD_ROWS: [usize; 12] =
    [7, 800, 1_600, 2_400, 3_200, 4_000, 4_800, 5_600, 6_400, 7_200, 8_000, 9_999];

/// A row of a large roster that is other than it should be: which, in which column, what stands
/// there.
pub type Fault = (usize, usize, String);

/// A sound row of a large roster; each number is another person.
pub fn good_row(number: usize) -> [String; 6] {
    const NAMES: [&str; 5] = ["林晓禾", "赵敏", "李㛃", "王䶮", "张𫖯"];
    let born = date(2007, 1, 1).saturating_add(jiff::Span::new().days((number / 900) as i64));
    let document = IdDocument::invented(born, 1 + (number % 900) as u16);
    let vouched = if document.number().ends_with("000") { "'" } else { "" };
    [
        NAMES[number % NAMES.len()].to_owned(),
        "居民身份证".to_owned(),
        format!("{vouched}{}", document.number()),
        format!("199{number:08}"),
        "上海云间职业技术学院（示例）".to_owned(),
        "100.00".to_owned(),
    ]
}

/// Twelve ways to spoil a roster of 10,000.
pub fn twelve_faults() -> [Fault; 12] {
    let number = good_row(3_000)[2].clone();
    let faults = [
        (0, String::new()),
        (0, "长".repeat(51)),
        (1, "驾驶证".to_owned()),
        (2, number[..17].to_owned()),
        (2, "3.10199E+17".to_owned()),
        (2, "310199200701010000".to_owned()),
        (2, "310199200702300013".to_owned()),
        (2, "310199200701010024".to_owned()),
        (2, number),
        (3, "1990000".to_owned()),
        (5, "一百元".to_owned()),
        (5, "100.00\",\"多出来的一列".to_owned()),
    ];
    let mut rows = BAD_ROWS.into_iter();
    faults.map(|(column, text)| (rows.next().unwrap(), column, text))
}

/// A roster of so many people, in UTF-8.
pub fn roster_csv(people: usize, faults: &[Fault]) -> String {
    let mut rows: Vec<_> = (0..people).map(good_row).collect();
    for (row, column, text) in faults {
        rows[*row][*column] = text.clone();
    }
    let text = String::from_utf8(write_csv(&HEADINGS, rows)).unwrap();
    text.trim_start_matches('\u{FEFF}').replace("\"\"", "\"")
}

/// The text as older systems write it.
pub fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

/// A workbook whose one sheet unpacks to some 160 MB.
pub fn zip_bomb() -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for name in ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"] {
        zip.start_file(name, options).unwrap();
        let blanks = vec![b' '; 1 << 20];
        for _ in 0..54 {
            zip.write_all(&blanks).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with a formula in the place of a name and of a number.
pub fn formulas() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["姓名", "证件号", "手机号"]) {
        sheet.write(0, column, heading).unwrap();
    }
    let broken = rust_xlsxwriter::Formula::new("=VLOOKUP(1,Z:Z,1,0)").set_result("#N/A");
    sheet.write(1, 0, broken).unwrap();
    sheet.write(1, 1, "310199199901010013").unwrap();
    sheet.write(1, 2, "19900000001").unwrap();
    book.save_to_buffer().unwrap()
}
