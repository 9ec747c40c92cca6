use jiff::civil::date;

use super::*;
use crate::base::values::OrderNo;

const DAY: Date = date(2026, 3, 13);

fn order(n: u64) -> OrderNo {
    format!("202603133101990101{n:010}").parse().unwrap()
}

fn payment(n: u64, fen: i64) -> Entry {
    Entry {
        what: What::Payment,
        number: format!("T{n}"),
        trade_no: format!("T{n}"),
        order_no: order(n),
        fen,
        channel: "WECHAT".into(),
        at: "2026-03-13T02:24:00Z".parse().unwrap(),
        attach: String::new(),
    }
}

fn refund(n: u64, fen: i64) -> Entry {
    Entry { what: What::Refund, number: format!("R{n}"), ..payment(n, fen) }
}

fn numbers(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|it| it.number.as_str()).collect()
}

#[test]
fn each_line_falls_into_one_class_whatever_the_order_of_the_lines() {
    let ours = vec![payment(4, 100), refund(1, 100), payment(1, 100), payment(2, 100)];
    let theirs = vec![payment(3, 100), payment(2, 90), refund(1, 100), payment(1, 100)];

    let found = compare(ours.clone(), theirs.clone());

    assert_eq!(found.agreed, 2);
    assert_eq!(numbers(&found.ours_only), ["T4"]);
    assert_eq!(numbers(&found.theirs_only), ["T3"]);
    assert_eq!(found.unlike, [(payment(2, 100), payment(2, 90))]);
    let turned = compare(ours.into_iter().rev().collect(), theirs.into_iter().rev().collect());
    assert_eq!(turned, found);
}

#[test]
fn a_payment_and_a_refund_of_one_number_are_two_things() {
    let odd = Entry { number: "T1".into(), ..refund(1, 100) };
    let found = compare(vec![payment(1, 100)], vec![odd]);
    assert_eq!((found.agreed, found.ours_only.len(), found.theirs_only.len()), (0, 1, 1));
}

#[test]
fn the_same_number_for_another_order_is_not_the_same_money() {
    let odd = Entry { order_no: order(9), ..payment(1, 100) };
    let found = compare(vec![payment(1, 100)], vec![odd.clone()]);
    assert_eq!(unlike(&found.unlike[0].0, odd).kind, Kind::StateDiffers);
}

#[test]
fn what_the_platform_alone_has() {
    let on = |day, fen| Elsewhere::On(day, fen);
    let cases = [
        (payment(1, 100), Elsewhere::Order(100), Kind::TheirsOnly, Remedy::Settle),
        (payment(1, 90), Elsewhere::Order(100), Kind::AmountDiffers, Remedy::Settle),
        (payment(1, 100), Elsewhere::Nowhere, Kind::TheirsOnly, Remedy::Settle),
        (payment(1, 100), on(date(2026, 3, 12), 100), Kind::AcrossMidnight, Remedy::Nothing),
        (payment(1, 100), on(date(2026, 3, 14), 100), Kind::AcrossMidnight, Remedy::Nothing),
        (payment(1, 100), on(date(2026, 3, 14), 90), Kind::AmountDiffers, Remedy::Explain),
        (payment(1, 100), on(date(2026, 3, 10), 100), Kind::StateDiffers, Remedy::Explain),
        (refund(1, 100), Elsewhere::Underway, Kind::StateDiffers, Remedy::Ask),
        (refund(1, 100), Elsewhere::Otherwise, Kind::StateDiffers, Remedy::Explain),
        (refund(1, 100), Elsewhere::Nowhere, Kind::TheirsOnly, Remedy::Explain),
        (refund(1, 100), on(date(2026, 3, 12), 100), Kind::AcrossMidnight, Remedy::Nothing),
    ];
    for (entry, here, kind, remedy) in cases {
        let found = alone_there(DAY, entry, here);
        assert_eq!((found.kind, found.remedy), (kind, remedy), "{here:?}");
        assert!(found.theirs_fen.is_some());
    }
}

#[test]
fn what_we_alone_have() {
    let cases = [
        (Elsewhere::Nowhere, Kind::OursOnly, Remedy::Ask),
        (Elsewhere::On(date(2026, 3, 14), 100), Kind::AcrossMidnight, Remedy::Nothing),
        (Elsewhere::On(date(2026, 3, 14), 90), Kind::AmountDiffers, Remedy::Explain),
    ];
    for (there, kind, remedy) in cases {
        let found = alone_here(DAY, payment(1, 100), there);
        assert_eq!((found.kind, found.remedy), (kind, remedy), "{there:?}");
        assert_eq!(found.ours_fen, Some(100));
    }
}

#[test]
fn a_hundred_thousand_lines_are_compared_line_by_line() {
    let ours: Vec<Entry> = (0..100_000).map(|n| payment(n, 100)).collect();
    let theirs: Vec<Entry> = (0..100_000).rev().map(|n| payment(n + 1, 100)).collect();
    let found = compare(ours, theirs);
    assert_eq!((found.agreed, found.ours_only.len(), found.theirs_only.len()), (99_999, 1, 1));
}
