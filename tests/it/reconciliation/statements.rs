//! Statements: which are taken, which are refused, and that nothing is doubled.

use kaowu::features::reconciliation::Brought;
use kaowu::features::reconciliation::rules::{Refused, Standing};

use super::{Books, DAY, refused};

fn taken(books: &Books) -> i64 {
    let count = "select count(*) from statements";
    books.world.app.db.read_now(|tx| tx.count(count, ())).unwrap()
}

#[test]
fn a_day_that_is_not_over_has_no_statement() {
    let books = Books::open(1);
    assert_eq!(refused(books.fetches(DAY)), Refused::NotOver);
    assert_eq!(refused(books.brings(DAY, "")), Refused::NotOver);
    assert_eq!(refused(books.closes(books.wu(), DAY)), Refused::NotOver);
    assert_eq!(books.standing(DAY), Standing::NotOver);
}

#[test]
fn a_statement_given_again_in_any_form_changes_nothing() {
    let books = Books::open(3);
    for n in 0..3 {
        books.pays(n);
        books.world.passes(jiff::SignedDuration::from_secs(1));
    }
    books.hours_pass(24);
    assert_eq!(books.fetches(DAY).unwrap(), Brought::New);

    assert_eq!(books.fetches(DAY).unwrap(), Brought::Same);
    let file = books.file(DAY);
    let (head, lines) = file.split_once("\r\n").unwrap();
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.reverse();
    let turned = format!("{head}\n{}\n", lines.join("\n"));
    assert_eq!(books.brings(DAY, &turned).unwrap(), Brought::Same);

    assert_eq!(taken(&books), 1);
    assert_eq!(books.standing(DAY), Standing::Ready);
}

#[test]
fn of_a_file_with_faults_nothing_is_kept_and_everything_is_said() {
    let books = Books::open(1);
    books.pays(0);
    books.hours_pass(24);
    let good = books.file(DAY);
    let bad = [
        (String::new(), "文件是空的"),
        ("随便写的\n".into(), ""),
        (good.replace("2026-03-13T", "2026-03-12T"), "不在对账日 2026-03-13"),
        (
            good.replace("PAYMENT_TOTAL,2026-03-13", "PAYMENT_TOTAL,2026-03-12"),
            "这是 2026-03-12 的对账文件",
        ),
        (good.replace(",10000,1,,\r\nREFUND", ",9999,1,,\r\nREFUND"), "各行相加是 1 笔 10000 分"),
        (good.replace("310199", "310105"), "可能是其他单位的对账文件"),
        (good.replace("WECHAT", "WECHAT\u{0}"), ""),
        ("x".repeat((32 << 20) + 1), "32"),
    ];
    for (file, expected) in bad {
        let Refused::Bad(said) = refused(books.brings(DAY, &file)) else { panic!("{expected}") };
        let all: Vec<String> = said.listed.iter().map(ToString::to_string).collect();
        assert!(all.join("\n").contains(expected), "{expected}: {all:?}");
    }
    assert_eq!(taken(&books), 0);
    assert_eq!(books.standing(DAY), Standing::NoStatement);
}

#[test]
fn a_hundred_thousand_lines_are_taken_out_of_order() {
    let books = Books::open(1);
    books.hours_pass(24);
    let mut file =
        String::from("kind,at,order_no,trade_no,refund_no,amount,count,channel,attach\n");
    file += "PAYMENT_TOTAL,2026-03-13,,,,1000000,100000,,\n";
    for n in (0..100_000).rev() {
        file += &format!(
            "PAYMENT,2026-03-13T10:26:12+08:00,202603133101990101{n:010},T{n},,10,1,WECHAT,张三\n"
        );
    }
    file += "REFUND_TOTAL,2026-03-13,,,,0,0,,\n";
    let begun = std::time::Instant::now();

    let Refused::Bad(said) =
        refused(books.brings(DAY, &file.replace("1000000,100000", "1000000,99999")))
    else {
        panic!("totals that do not agree")
    };

    assert_eq!(said.count(), 1);
    assert!(begun.elapsed().as_secs() < 20, "{:?} unoptimised", begun.elapsed());
    assert_eq!(taken(&books), 0);
}

#[test]
fn the_night_shift_fetches_yesterday_after_half_past_three() {
    let books = Books::open(1);
    books.pays(0);
    // 03:24 of the next day.
    books.hours_pass(17);
    let fetch = || kaowu::features::reconciliation::fetch_missing(&books.world.app).unwrap();
    assert_eq!(fetch(), 0);

    books.world.passes(jiff::SignedDuration::from_mins(6));

    assert_eq!(fetch(), 1);
    assert_eq!(fetch(), 0);
    assert_eq!(books.standing(DAY), Standing::Ready);
}

#[test]
fn days_that_were_missed_are_fetched_later() {
    let books = Books::open(1);
    books.pays(0);
    books.hours_pass(3 * 24);
    let fetched = kaowu::features::reconciliation::fetch_missing(&books.world.app).unwrap();
    // The day with money, and yesterday.
    assert_eq!(fetched, 2);
    assert_eq!(books.standing(DAY), Standing::Ready);
    assert!(books.world.app.gateway.statement(DAY).is_ok());
}
