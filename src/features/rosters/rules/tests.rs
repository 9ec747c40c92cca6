use expect_test::{Expect, expect};
use jiff::civil::{Date, date};
use rust_xlsxwriter::Workbook;

use super::{Complaint, Field, Reading, read};
use crate::base::values::IdDocument;
use crate::machinery::tables::{self, Limits, write_csv};

const TODAY: Date = date(2026, 3, 1);

fn read_bytes(bytes: &[u8]) -> Reading {
    let sheet = tables::read(bytes, &Limits::default()).unwrap();
    read(&sheet, TODAY, |text| ['𰻞', '𪛗'].into_iter().filter(|it| text.contains(*it)).collect())
}

fn read_text(text: &str) -> Reading {
    read_bytes(text.as_bytes())
}

fn told(said: &[Complaint]) -> String {
    said.iter().map(|it| format!("{it}\n")).collect()
}

fn complains(text: &str, expected: Expect) {
    expected.assert_eq(&told(&read_text(text).complaints));
}

fn warns(text: &str, expected: Expect) {
    let reading = read_text(text);
    assert!(reading.is_clean(), "{}", told(&reading.complaints));
    expected.assert_eq(&told(&reading.warnings));
}

#[test]
fn a_roster_with_everything_is_read_into_values() {
    let reading = read_text(
        "序号,* 考生姓名,证件类型（代码）,证件号码,手机号,报考院校,专业,性别,出生日期,应缴金额（元）,初始密码\n\
         1,阿卜杜热合曼•买买提,身份证,３１０１９９１９８８０６１５１１８ｘ,199 0000 0001,10001 上海云间职业技术学院（示例）,护理,女,1988年6月15日,\"￥1,120.50\",Abc123\n\
         2,陈雨,回乡证,h01234567,+85261234567,（10002）上海浦江学院,,,,,\n",
    );

    assert!(reading.is_clean(), "{}", told(&reading.complaints));
    assert!(reading.warnings.is_empty(), "{}", told(&reading.warnings));
    let [first, second] = &reading.people[..] else { panic!("two people") };
    assert_eq!(first.line, 2);
    assert_eq!(first.name.shown(), "阿卜杜热合曼·买买提");
    assert_eq!(first.document.number(), "31019919880615118X");
    assert_eq!(first.phone.text(), "19900000001");
    let school = first.school.as_ref().unwrap();
    assert_eq!(school.code.as_deref(), Some("10001"));
    assert_eq!(school.name, "上海云间职业技术学院（示例）");
    assert_eq!(first.programme.as_deref(), Some("护理"));
    assert_eq!(first.amount.map(|it| it.to_string()).as_deref(), Some("1,120.50"));
    assert_eq!(first.initial_password.as_ref().unwrap().expose(), "Abc123");
    assert_eq!(second.document.number(), "H01234567");
    assert_eq!(second.school.as_ref().unwrap().code.as_deref(), Some("10002"));
    assert_eq!(second.amount, None);
    assert!(second.initial_password.is_none());
}

#[test]
fn headings_go_by_many_names() {
    for (heading, field) in [
        ("姓名", Some(Field::Name)),
        (" 姓　名 ", Some(Field::Name)),
        ("*姓名（必填）", Some(Field::Name)),
        ("身份证号", Some(Field::Document)),
        ("证件号码(18位)", Some(Field::Document)),
        ("应缴金额（元）", Some(Field::Amount)),
        ("报考院校", Some(Field::SchoolName)),
        ("报考院校代码", Some(Field::SchoolCode)),
        ("联系电话:", Some(Field::Phone)),
        ("民族", None),
        ("", None),
    ] {
        assert_eq!(Field::from_heading(heading), field, "{heading}");
    }
    for field in Field::ALL {
        for heading in field.headings() {
            assert_eq!(Field::from_heading(heading), Some(field), "{heading}");
        }
    }
}

#[test]
fn headings_that_are_missing_or_there_twice_stop_the_reading() {
    complains(
        "姓名,身份证号,考生姓名\n张三,310199199901010013,张三",
        expect![[r#"
            第 1 行 考生姓名（C 列）“考生姓名”：与 A 列的“姓名”是同一项内容。请删去其中一列，或改用不同的标题。
            第 1 行 手机号“姓名、身份证号、考生姓名”：标题行中没有“手机号”这一列。请加上这一列，标题也可写作“手机号码”“手机”“移动电话”。
        "#]],
    );
    complains(
        "姓名,证件号,手机号\n,,\n",
        expect![[r#"
            第 1 行 整个文件：只有标题行，没有数据。请在标题行下填写名单后重新上传。
        "#]],
    );
}

#[test]
fn each_bad_cell_is_named_with_its_reason() {
    complains(
        "姓名,证件类型,证件号,手机号,金额,初始密码\n\
         ,,310199199901010014,1990000000,-5,12 34\n\
         张三,驾驶证,,19900000001,0,\n\
         李四,,H01234567,19900000002,1.234,\n\
         王五,,3.10199E+17,19900000003,,\n\
         赵六,,310199199901010000,19900000004,,\n\
         孙七,,310199209902010011,19900000005,,\n\
         周八,,310199199901010013,19900000006,100,,多\n\
         姓名,证件类型,证件号,手机号,金额,初始密码\n",
        expect![[r#"
            第 2 行 姓名（A 列）：没有填写。请填写姓名。
            第 2 行 证件号（C 列）“310199************”：身份证号的校验位不对。请核对最后一位，再逐位核对其余数字。
            第 2 行 手机号（D 列）“1990000000”：手机号应为以 1 开头的 11 位数字；其他地区的号码请以 + 和区号开头，例如 +85261234567。请核对后重新填写。
            第 2 行 金额（E 列）“-5”：金额不能是负数。请重新填写。
            第 2 行 初始密码（F 列）“（不显示）”：初始密码应为 6 至 32 位数字、字母或符号，不含空格。请把该列设为“文本”格式后重新填写。
            第 3 行 证件类型（B 列）“驾驶证”：不认识这种证件类型。请填写其中之一：居民身份证、港澳居民来往内地通行证、台湾居民来往大陆通行证、港澳台居民居住证、中国护照、外国护照、外国人永久居留身份证、军人证件、其他证件。
            第 3 行 证件号（C 列）：没有填写。请填写证件号。
            第 3 行 金额（E 列）“0”：金额是 0。请填写应缴金额；免缴的考生请不要列入名单。
            第 4 行 证件号（C 列）“H01******”：身份证号应为 18 位，现在是 9 位。请核对后重新填写；如不是居民身份证，请在“证件类型”列注明。
            第 4 行 金额（E 列）“1.234”：金额最多两位小数（精确到分）。请重新填写。
            第 5 行 证件号（C 列）“3.101******”：身份证号被表格软件改成了数值，末尾几位已丢失。请把该列设为“文本”格式后重新填写完整号码。
            第 6 行 证件号（C 列）“310199************”：以 000 结尾，多半是 Excel 丢失了末尾几位。请把该列设为“文本”格式，从原始资料重新填写完整号码；如证件上确实如此，请在号码前加一个英文单引号（'）。
            第 7 行 证件号（C 列）“310199************”：号码中的出生日期在今天之后。请核对第 7 位起的出生日期。
            第 8 行 （G 列）：这一行的内容比标题行多（标题行只有 6 列）。请检查是否有未加引号的逗号，或删去多余的内容。
            第 9 行 姓名（A 列）：这一行又是标题行。请删去这一行。
        "#]],
    );
}

#[test]
fn the_same_person_twice_is_complained_of_with_the_first_line() {
    let table = "姓名,证件类型,证件号,手机号\n\
                 张三,,310101196803051218,19900000001\n\
                 张三,,310101680305121,19900000001\n\
                 李四,,310101196803051218,19900000002\n\
                 王五,台胞证,01234567,19900000003\n\
                 王五,护照,01234567,19900000003\n";
    complains(
        table,
        expect![[r#"
            第 3 行 证件号（C 列）“310101*********”：与第 2 行是同一个人（证件相同）。请只保留其中一行。
            第 4 行 证件号（C 列）“310101************”：与第 2 行证件相同而姓名不同。请核对两行的证件号和姓名，改正其中一行。
        "#]],
    );
    assert_eq!(read_text(table).people.len(), 3);
    assert_eq!(read_text(table).bad_lines(), 2);
}

#[test]
fn what_may_be_right_is_a_warning() {
    warns(
        "姓名,身份证号,手机号,性别,出生日期,民族\n\
         李（女节）,310199199901010013,19900000001,男,1999-01-01,汉\n\
         刘𰻞𪛗𰻞,310199199512310020,19900000002,男,19951231,汉\n\
         张𫖯,310199200402290132,19900000003,男,2004/3/1,\n\
         陈雨,31019920010307005X,19900000004,,2001.3.7,\n\
         王某,\u{2018}310199200103019000,19900000005,,,\n",
        expect![[r#"
            第 1 行 民族（F 列）“民族”：不认识这个标题，这一列不导入。如需导入，请改用模板中的标题；如不需要，可不处理。
            第 2 行 姓名（A 列）“李（女节）”：疑似缺字：原系统可能写不出其中某个字。请对照证件核对姓名。
            第 3 行 姓名（A 列）“刘𰻞𪛗𰻞”：内置字体中没有“𰻞”（U+30EDE）、“𪛗”（U+2A6D7），票据上印不出来。请在“名册导入—缺字图片”中为每个字提供一张图片。
            第 3 行 性别（D 列）“男”：与证件号不一致，按证件号应为“女”。请核对性别和证件号。
            第 4 行 出生日期（E 列）“2004/3/1”：与证件号中的出生日期不一致。请核对出生日期和证件号。
        "#]],
    );
}

#[test]
fn a_workbooks_numbers_are_believed_only_where_nothing_is_lost() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["姓名", "证件号", "手机号", "金额", "初始密码"])
    {
        sheet.write(0, column, heading).unwrap();
    }
    for (row, name) in (1..).zip(["张三", "李四"]) {
        sheet.write(row, 0, name).unwrap();
        sheet.write(row, 2, 19_900_000_001_f64 + f64::from(row)).unwrap();
        sheet.write(row, 3, 120.5).unwrap();
    }
    sheet.write(1, 1, "310199199901010013").unwrap();
    sheet.write(2, 1, 310_199_199_901_010_013_f64).unwrap();
    sheet.write(2, 4, 123_456).unwrap();
    book.add_worksheet().write(0, 0, "填表说明").unwrap();

    let reading = read_bytes(&book.save_to_buffer().unwrap());

    assert_eq!(reading.people.len(), 1);
    assert_eq!(reading.people[0].phone.text(), "19900000002");
    expect![[r#"
        第 3 行 证件号（B 列）“310199************”：Excel 把它当成了数值，第 15 位以后的数字已丢失。请把该列设为“文本”格式，从原始资料重新填写完整号码。
        第 3 行 初始密码（E 列）“（不显示）”：Excel 把它当成了数值，开头的 0 可能已丢失。请把该列设为“文本”格式后重新填写。
    "#]]
    .assert_eq(&told(&reading.complaints));
    expect![[r#"
        第 1 行 整个文件“Sheet2”：只读取了工作表“Sheet1”，其余工作表未读取。如其中也有名单，请另存为单独的文件上传。
    "#]]
    .assert_eq(&told(&reading.warnings));
}

const HEADINGS: [&str; 6] = ["姓名", "证件类型", "证件号", "手机号", "院校名称", "金额"];

/// A sound row of a large roster; each number is another person.
fn good_row(number: usize) -> [String; 6] {
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

/// Twelve ways to spoil a row: a number of the row, its column, and what stands there then.
fn twelve_faults() -> [(usize, usize, String); 12] {
    let fault = |row: usize, column, text: &str| (row, column, text.to_owned());
    let number = good_row(3_000)[2].clone();
    [
        fault(7, 0, ""),
        fault(800, 0, &"长".repeat(51)),
        fault(1_600, 1, "驾驶证"),
        fault(2_400, 2, &number[..17]),
        fault(3_200, 2, "3.10199E+17"),
        fault(4_000, 2, "310199200701010000"),
        fault(4_800, 2, "310199200702300013"),
        fault(5_600, 2, "310199200701010024"),
        fault(6_400, 2, &number),
        fault(7_200, 3, "1990000"),
        fault(8_000, 5, "一百元"),
        fault(9_999, 5, "100.00\",\"多出来的一列"),
    ]
}

fn roster_in_gb18030(faults: &[(usize, usize, String)]) -> Vec<u8> {
    let mut rows: Vec<_> = (0..10_000).map(good_row).collect();
    for (row, column, text) in faults {
        rows[*row][*column] = text.clone();
    }
    let utf8 = String::from_utf8(write_csv(&HEADINGS, rows)).unwrap();
    let text = utf8.trim_start_matches('\u{FEFF}').replace("\"\"", "\"");
    encoding_rs::GB18030.encode(&text).0.into_owned()
}

#[test]
fn a_large_roster_is_refused_with_every_reason_and_accepted_when_mended() {
    let refused = read_bytes(&roster_in_gb18030(&twelve_faults()));

    assert_eq!((refused.complaints.len(), refused.bad_lines()), (12, 12));
    assert_eq!(refused.people.len(), 9_988);
    let said: String = refused
        .complaints
        .iter()
        .map(|it| format!("{} {} {}\n", it.line, it.column, it.reason))
        .collect();
    expect![[r#"
        9 姓名（A 列） 没有填写
        802 姓名（A 列） 姓名最多 50 个字
        1602 证件类型（B 列） 不认识这种证件类型
        2402 证件号（C 列） 身份证号应为 18 位，现在是 17 位
        3202 证件号（C 列） 身份证号被表格软件改成了数值，末尾几位已丢失
        4002 证件号（C 列） 以 000 结尾，多半是 Excel 丢失了末尾几位
        4802 证件号（C 列） 身份证号中的出生日期（第 7 位起）不存在或早于 1900 年
        5602 证件号（C 列） 身份证号的校验位不对
        6402 证件号（C 列） 与第 3002 行是同一个人（证件相同）
        7202 手机号（D 列） 手机号应为以 1 开头的 11 位数字；其他地区的号码请以 + 和区号开头，例如 +85261234567
        8002 金额（F 列） 金额应是以元为单位的数字，例如 120 或 120.50
        10001 （G 列） 这一行的内容比标题行多（标题行只有 6 列）
    "#]]
    .assert_eq(&said);

    let mended = read_bytes(&roster_in_gb18030(&[]));

    assert!(mended.is_clean(), "{}", told(&mended.complaints));
    assert_eq!(mended.people.len(), 10_000);
    assert_eq!(mended.people[2].name.shown(), "李㛃");
}
