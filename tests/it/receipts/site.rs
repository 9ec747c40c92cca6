//! 我的票据, as its owner and as others see it.

use rocket::http::{ContentType, Status};

use super::{LIN, WANG, enters, person, receipt, reverse, world_from};
use crate::world::World;

#[test]
fn whoever_paid_finds_the_receipt_and_its_paper() {
    let world = world_from(1842);
    let lin = person(&world, LIN);
    enters(&world, lin);
    assert!(world.page("/receipts").contains("还没有票据"));
    let receipt = receipt(&world, lin, "林晓禾");

    let list = world.page("/receipts");
    assert!(list.contains("0000001842") && list.contains("查看票据"), "{list}");
    let page = world.page(&format!("/receipts/{}", receipt.id));

    for wanted in [
        "上海市非税收入统一票据（电子）",
        "0000001842",
        receipt.check_code.as_str(),
        "2026-03-13",
        "人民币壹佰元整",
        "¥100.00",
        "林晓禾",
        "k-receipt__void",
        "票据查验二维码",
        "下载 PDF",
        "data-print",
    ] {
        assert!(page.contains(wanted), "{wanted} is not in:\n{page}");
    }
    let paper = world.get(&format!("/receipts/{}/paper?save", receipt.id));
    assert_eq!(paper.content_type(), Some(ContentType::PDF));
    assert_eq!(
        paper.headers().get_one("Content-Disposition"),
        Some("attachment; filename=\"receipt-31010126-0000001842.pdf\"")
    );
    let saved = paper.into_bytes().unwrap();
    let shown = world.get(&format!("/receipts/{}/paper", receipt.id));
    assert!(shown.headers().get_one("Content-Disposition").unwrap().starts_with("inline"));
    assert_eq!(shown.into_bytes().unwrap(), saved);
}

#[test]
fn somebody_elses_receipt_does_not_exist() {
    let world = world_from(1);
    let hers = receipt(&world, person(&world, LIN), "林晓禾").id;
    let addresses = [format!("/receipts/{hers}"), format!("/receipts/{hers}/paper")];
    for address in &addresses {
        let stranger = world.get(address);
        assert_eq!(stranger.status(), Status::SeeOther, "{address}");
    }

    enters(&world, person(&world, WANG));

    for address in &addresses {
        let answer = world.get(address);
        assert_eq!(answer.status(), Status::NotFound, "{address}");
        assert!(!answer.into_string().unwrap().contains("林"), "{address}");
    }
    assert!(!world.page("/receipts").contains("林晓禾"));
    for nonsense in ["0", "-1", "9223372036854775807", "99999999999999999999", "x", "%00", "1'--"] {
        for end in ["", "/paper"] {
            let status = world.get(&format!("/receipts/{nonsense}{end}")).status();
            let not_found = [Status::NotFound, Status::UnprocessableEntity];
            assert!(not_found.contains(&status), "{status} for {nonsense}{end}");
        }
    }
}

#[test]
fn a_receipt_without_a_number_says_that_the_payment_counts() {
    let world = World::new();
    let lin = person(&world, LIN);
    let id = receipt(&world, lin, "林晓禾").id;
    enters(&world, lin);

    let list = world.page("/receipts");
    let page = world.page(&format!("/receipts/{id}"));
    let paper = world.get(&format!("/receipts/{id}/paper"));

    assert!(list.contains("待领号"), "{list}");
    assert!(page.contains("缴费已经成功") && page.contains("不需要再次付款"), "{page}");
    assert!(!page.contains("下载 PDF"), "{page}");
    assert_eq!(paper.status(), Status::Conflict);
    assert!(paper.into_string().unwrap().contains("等待领取号码"));
}

#[test]
fn a_receipt_and_what_took_it_back_lead_to_each_other() {
    let world = world_from(1);
    let lin = person(&world, LIN);
    let blue = receipt(&world, lin, "林晓禾");
    let red = reverse(&world, &blue);
    enters(&world, lin);

    let old = world.page(&format!("/receipts/{}", blue.id));
    let new = world.page(&format!("/receipts/{}", red.id));

    assert!(old.contains("已冲红") && old.contains(&format!("/receipts/{}\"", red.id)), "{old}");
    assert!(new.contains("人民币负壹佰元整") && new.contains("¥-100.00"), "{new}");
    assert!(new.contains("票据号码 0000000001"), "{new}");
}

#[test]
fn names_of_any_kind_are_shown_as_they_are() {
    let world = world_from(1);
    for (number, name) in [
        ("310199200803130024", "阿卜杜热合曼·买买提"),
        ("310199198806151179", "𰻞\u{E863}"),
        ("E12345678", "<script>alert(1)</script>"),
    ] {
        let account = person(&world, (number, name));
        let id = receipt(&world, account, name).id;
        enters(&world, account);

        let page = world.page(&format!("/receipts/{id}"));

        let written = name.replace('<', "&#60;").replace('>', "&#62;");
        assert!(page.contains(&format!("<dd>{written}</dd>")), "{page}");
        assert!(!page.contains("<script>alert"), "{page}");
        assert_eq!(page.contains("以图片或“〓”印出"), name.contains('\u{E863}'));
        assert_eq!(world.get(&format!("/receipts/{id}/paper")).status(), Status::Ok);
    }
}
