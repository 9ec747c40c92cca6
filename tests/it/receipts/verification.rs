//! 票据查验: anybody may ask; who guesses learns nothing.

use jiff::SignedDuration;
use kaowu::features::receipts::Receipt;
use rocket::http::Status;

use super::{LIN, person, receipt, reverse, world_from};
use crate::world::World;

fn query(receipt: &Receipt) -> String {
    let number = receipt.number.as_ref().unwrap();
    format!(
        "/verification?code={}&number={}&check={}&date=2026-03-13",
        number.code,
        number.serial_text(),
        receipt.check_code
    )
}

fn world_with_receipt() -> (World, Receipt) {
    let world = world_from(1842);
    let receipt = receipt(&world, person(&world, LIN), "林晓禾");
    (world, receipt)
}

#[test]
fn the_code_on_paper_shows_the_face_at_once_to_anybody() {
    let (world, receipt) = world_with_receipt();

    let page = world.page(&query(&receipt));

    for wanted in ["查验通过", "演示票据，无效", "0000001842", "¥100.00", "林*禾"] {
        assert!(page.contains(wanted), "{wanted} is not in:\n{page}");
    }
    for private in ["林晓禾", "310199********", "0024"] {
        assert!(!page.contains(private), "{private} is in:\n{page}");
    }
}

#[test]
fn what_hands_make_of_it_is_understood() {
    let (world, receipt) = world_with_receipt();
    let check = receipt.check_code.to_uppercase();

    let typed = format!(
        "/verification?code=%EF%BC%93%EF%BC%91010126&number=1842&check=+{check}+&date=2026/3/13"
    );

    assert!(world.page(&typed).contains("查验通过"));
}

#[test]
fn any_wrong_part_gives_the_same_answer() {
    let (world, receipt) = world_with_receipt();
    let right = query(&receipt);
    let blank = |page: String| {
        // What was typed, and the form's key, are no answer.
        let answer = page.split("<form class=\"mt-4\"").next().unwrap().to_owned();
        answer.split("<main").nth(1).unwrap().to_owned()
    };
    let other = if receipt.check_code == "000000" { "000001" } else { "000000" };
    let wrong = [
        right.replace("code=31010126", "code=31010127"),
        right.replace("0000001842", "0000001843"),
        right.replace(&receipt.check_code, other),
        right.replace("2026-03-13", "2026-03-14"),
    ];

    let answers: Vec<String> = wrong.iter().map(|it| blank(world.page(it))).collect();

    assert!(answers[0].contains("查无此票"), "{}", answers[0]);
    assert!(answers.iter().all(|it| *it == answers[0]), "{answers:#?}");
    assert!(wrong.iter().all(|it| world.get(it).status() == Status::Ok));
}

#[test]
fn fields_that_cannot_be_right_are_named_and_kept() {
    let (world, _) = world_with_receipt();

    let answer = world.get("/verification?code=31010126&number=&check=%3Cb%3E&date=2026-02-30");

    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let page = answer.into_string().unwrap();
    for wanted in ["出错：", "10 位数字的票据号码", "6 位的校验码", "开票日期", "&#60;b&#62;"]
    {
        assert!(page.contains(wanted), "{wanted} is not in:\n{page}");
    }
    assert!(!page.contains("href=\"#code\"") && !page.contains("<b>"), "{page}");
    assert!(world.page("/verification").contains("无需登录"));
}

#[test]
fn what_was_taken_back_is_shown_as_that() {
    let (world, blue) = world_with_receipt();
    let red = reverse(&world, &blue);

    let old = world.page(&query(&blue));
    let new = world.page(&query(&red));

    assert!(old.contains("已冲红") && !old.contains("0000001843"), "{old}");
    assert!(new.contains("这是红字票据") && new.contains("¥-100.00"), "{new}");
}

#[test]
fn who_asks_too_often_is_told_so_and_may_ask_again_later() {
    let (world, receipt) = world_with_receipt();
    let right = query(&receipt);
    let from = |address: &str| {
        let remote = format!("{address}:4000").parse().unwrap();
        world.client.get(&right).remote(remote).dispatch()
    };

    for _ in 0..30 {
        assert_eq!(from("192.0.2.1").status(), Status::Ok);
    }
    let refused = from("192.0.2.1");

    assert_eq!(refused.status(), Status::TooManyRequests);
    assert!(refused.headers().contains("Retry-After"));
    let told = refused.into_string().unwrap();
    assert!(told.contains("次数过多") && told.contains("一分钟后再试"), "{told}");
    assert!(!told.contains("林"), "{told}");
    assert_eq!(from("192.0.2.2").status(), Status::Ok);
    assert_eq!(world.get("/verification").status(), Status::Ok);
    world.passes(SignedDuration::from_mins(1));
    assert_eq!(from("192.0.2.1").status(), Status::Ok);
}

#[test]
fn hostile_addresses_find_nothing_and_break_nothing() {
    let (world, _) = world_with_receipt();
    let long = "9".repeat(5000);
    for hostile in [
        "code=31010126&number=1842&check=%27%20or%201%3D1&date=2026-03-13".to_owned(),
        "code=%00%00%00%00%00%00%00%00&number=%FF%FE&check=%F0%9F%98%80&date=%0D%0A".to_owned(),
        format!("code={long}&number={long}&check={long}&date={long}"),
        "code[]=1&code[a]=2&number.x=1&check&date".to_owned(),
        "code=31010126&code=31010126&number=1842&number=1&check=abcdef&date=2026-03-13".to_owned(),
    ] {
        let answer = world.get(&format!("/verification?{hostile}"));

        let status = answer.status();
        let fine = [Status::Ok, Status::UnprocessableEntity, Status::NotFound];
        assert!(fine.contains(&status), "{status} for {hostile:.80}");
        assert!(!answer.into_string().unwrap_or_default().contains("查验通过"), "{hostile:.80}");
    }
}
