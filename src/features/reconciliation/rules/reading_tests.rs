use jiff::civil::date;

use super::*;
use crate::machinery::tables;

const DAY: Date = date(2026, 3, 13);
const HEAD: &str = "kind,at,order_no,trade_no,refund_no,amount,count,channel,attach";
/// The document's own (10.6).
const LINES: [&str; 5] = [
    "PAYMENT,2026-03-13T10:26:12+08:00,2026031331019901011234567890,20260313000001482913,,10000,1,WECHAT,due-17",
    "PAYMENT,2026-03-13T10:31:40+08:00,2026031331019901019876543210,20260313000002775120,,14000,1,UNIONPAY,\"due-18, 补报\"",
    "REFUND,2026-03-13T15:00:03+08:00,2026031331019901011234567890,20260313000001482913,R202603130001,10000,1,WECHAT,due-17",
    "PAYMENT_TOTAL,2026-03-13,,,,24000,2,,",
    "REFUND_TOTAL,2026-03-13,,,,10000,1,,",
];

fn file(lines: &[&str]) -> String {
    lines.iter().fold(format!("{HEAD}\r\n"), |file, line| format!("{file}{line}\r\n"))
}

fn examined(text: &[u8], day: Date) -> Result<Reading, Complaints> {
    let sheet = tables::read(text, &tables::Limits::default()).unwrap();
    let reading = read(&sheet, day)?;
    check(&reading, day, &"310199".parse().unwrap())?;
    Ok(reading)
}

fn said(lines: &[&str]) -> Vec<String> {
    let complaints = examined(file(lines).as_bytes(), DAY).unwrap_err();
    complaints.listed.iter().map(ToString::to_string).collect()
}

#[test]
fn the_documents_example_is_read() {
    let reading = examined(file(&LINES).as_bytes(), DAY).unwrap();
    let read: Vec<_> = reading
        .entries
        .iter()
        .map(|(line, it)| (*line, it.what, it.number.as_str(), it.fen, it.attach.as_str()))
        .collect();
    assert_eq!(
        read,
        [
            (2, What::Payment, "20260313000001482913", 10_000, "due-17"),
            (3, What::Payment, "20260313000002775120", 14_000, "due-18, 补报"),
            (4, What::Refund, "R202603130001", 10_000, "due-17"),
        ]
    );
}

#[test]
fn neither_the_order_of_the_lines_nor_the_charset_matters() {
    let plain = examined(file(&LINES).as_bytes(), DAY).unwrap();
    let turned: Vec<&str> = LINES.into_iter().rev().collect();
    let text = file(&turned);
    let (gbk, ..) = encoding_rs::GB18030.encode(&text);

    let mut read = examined(&gbk, DAY).unwrap().entries;

    read.reverse();
    let entries = |it: &[(usize, Entry)]| it.iter().map(|it| it.1.clone()).collect::<Vec<_>>();
    assert_eq!(entries(&read), entries(&plain.entries));
}

#[test]
fn a_day_without_money_has_totals_alone() {
    let none = ["PAYMENT_TOTAL,2026-03-13,,,,0,0,,", "REFUND_TOTAL,2026-03-13,,,,0,0,,"];
    assert_eq!(examined(file(&none).as_bytes(), DAY), Ok(Reading::default()));
}

#[test]
fn every_fault_is_named_with_its_line() {
    let broken = [
        LINES[0].replace("10000", "100.00").leak() as &str,
        LINES[1].replace("2026-03-13T10:31:40+08:00", "3/13").leak(),
        LINES[2].replace("R202603130001", "").leak(),
        "PAID,,,,,,,,",
        LINES[0].replace("2026031331019901011234567890", "17").leak(),
        LINES[3],
        LINES[4],
    ];
    assert_eq!(
        said(&broken),
        [
            "第 2 行：金额“100.00”应为大于 0 的整数（单位：分）",
            "第 3 行：时间“3/13”应为 2026-03-13T10:26:12+08:00 的形式",
            "第 4 行：退款单号“”应为 8 至 32 位字母、数字",
            "第 5 行：不认识的类别“PAID”",
            "第 6 行：订单号“17”不是 28 位订单号",
        ]
    );
}

#[test]
fn totals_must_be_there_of_the_day_and_agree() {
    let other = LINES[3].replace("24000", "23000").replace("03-13", "03-12").leak() as &str;
    assert_eq!(
        said(&[LINES[0], LINES[1], LINES[2], other]),
        [
            "第 5 行：这是 2026-03-12 的对账文件，不是 2026-03-13 的",
            "第 5 行：缴费合计写的是 2 笔 23000 分，各行相加是 2 笔 24000 分",
            "文件末尾缺少退款合计行，文件可能不完整",
        ]
    );
}

#[test]
fn anothers_statement_another_day_and_a_line_told_twice_are_refused() {
    let theirs = |line: &str| line.replace("310199", "310105").leak() as &str;
    let all = [theirs(LINES[0]), theirs(LINES[1]), theirs(LINES[2]), LINES[3], LINES[4]];
    assert_eq!(said(&all), ["文件中的订单都不属于本考点（310199），可能是其他单位的对账文件"]);

    let late = LINES[1].replace("2026-03-13T10", "2026-03-14T10").leak() as &str;
    let some = [
        LINES[0],
        LINES[0],
        theirs(LINES[2]),
        late,
        "PAYMENT_TOTAL,2026-03-13,,,,34000,3,,",
        LINES[4],
    ];
    assert_eq!(
        said(&some),
        [
            "第 3 行：平台流水号 20260313000001482913 与第 2 行重复",
            "第 4 行：订单 2026031331010501011234567890 不属于本考点（310199）",
            "第 5 行：时间在 2026-03-14，不在对账日 2026-03-13",
        ]
    );
}

#[test]
fn of_many_complaints_the_first_are_listed_and_the_others_counted() {
    let complaints = examined(file(&["X,,,,,,,,"; 120]).as_bytes(), DAY).unwrap_err();
    assert_eq!((complaints.listed.len(), complaints.more, complaints.count()), (50, 70, 120));
}

#[test]
fn a_file_without_the_header_is_refused() {
    let complaints = examined(LINES.join("\r\n").as_bytes(), DAY).unwrap_err();
    assert!(complaints.listed[0].to_string().starts_with("第 1 行：这里应当是对账文件的表头"));
}
