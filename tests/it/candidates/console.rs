//! What staff see and do of candidates.

use kaowu::features::candidates;
use kaowu::features::staff::rules::DutyKind;
use rocket::http::Status;

use super::{
    CHOSEN, SignIn, acts, date, entry, leads_to, lin, plants, probed, reads, registers, said,
    settled,
};
use crate::visitors::officer;
use crate::world::World;

fn world(duty: DutyKind) -> World {
    let world = probed();
    plants(&world, &officer(&world, "zhoumin", "周敏", &[duty]));
    world
}

#[test]
fn a_search_shows_masked_numbers() {
    let world = world(DutyKind::HelpDesk);
    registers(&world, &lin());
    registers(&world, &entry("赵敏", date(1999, 1, 1), 21));

    let page = world.page("/console/candidates?q=%E6%9E%97");

    assert!(page.contains("林晓禾") && !page.contains("赵敏"), "{page}");
    assert!(page.contains(&lin().document.masked_before_reset()));
    assert!(!page.contains(lin().document.number()) && !page.contains("19900000317"));
    assert!(world.page("/console/candidates").contains("姓名、证件号码或手机号"));
    assert!(world.page("/console/candidates?q=%E6%97%A0").contains("没有找到符合条件的考生"));
}

#[test]
fn a_number_is_shown_deliberately_and_the_log_says_so() {
    let world = world(DutyKind::Clerk);
    let id = registers(&world, &lin());
    let here = format!("/console/candidates/{id}");
    let page = world.page(&here);
    assert!(page.contains("未登录过") && page.contains(&lin().document.masked_before_reset()));
    assert!(!page.contains(lin().document.number()));

    let (status, page) = said(world.submit(&here, &format!("{here}/document"), &[]));

    assert_eq!(status, Status::Ok);
    assert!(page.contains(lin().document.number()), "{page}");
    let last = acts(&world).pop().unwrap();
    assert_eq!((last.0.as_str(), last.1), ("candidate.revealed", format!("candidate {id}")));
    assert!(!world.page(&here).contains(lin().document.number()), "the next look is masked");
}

#[test]
fn the_last_four_are_shown_once_the_password_is_their_own() {
    let world = world(DutyKind::Clerk);
    let id = settled(&world, &lin());
    let page = world.page(&format!("/console/candidates/{id}"));
    assert!(page.contains("已设置密码") && page.contains(&lin().document.masked()), "{page}");
}

#[test]
fn the_help_desk_looks_and_changes_nothing() {
    let world = world(DutyKind::HelpDesk);
    let id = registers(&world, &lin());
    let here = format!("/console/candidates/{id}");
    let page = world.page(&here);
    assert!(page.contains("林晓禾") && !page.contains("显示完整证件号"), "{page}");
    for door in ["document", "forgiveness", "password", "phone"] {
        let answer = world.submit(&here, &format!("{here}/{door}"), &[]);
        assert_eq!(answer.status(), Status::Forbidden, "{door}");
    }
    assert_eq!(world.get("/console/candidates/999").status(), Status::NotFound);
}

#[test]
fn whoever_failed_too_often_may_be_let_try_again() {
    let world = world(DutyKind::Clerk);
    let id = settled(&world, &lin());
    let number = lin().document.number().to_owned();
    for address in ["192.0.2.7:9", "192.0.2.8:9"] {
        for _ in 0..3 {
            SignIn { address, ..SignIn::new(&number, "Wrong2026x") }.press(&world);
        }
    }
    let here = format!("/console/candidates/{id}");
    assert!(world.page(&here).contains("还要等待30秒"), "{}", world.page(&here));

    let answer = world.submit(&here, &format!("{here}/forgiveness"), &[]);

    let done = leads_to(&answer);
    drop(answer);
    assert!(world.page(&done).contains("登录限制已解除"));
    let last = acts(&world).pop().unwrap();
    assert_eq!((last.0.as_str(), last.2.as_str()), ("login.unlocked", r#"{"addresses":2}"#));
    let form = SignIn { address: "192.0.2.7:9", ..SignIn::new(&number, CHOSEN) };
    assert_eq!(leads_to(&form.press(&world)), "/person");
}

#[test]
fn a_password_is_reset_only_with_the_document_at_hand() {
    let world = world(DutyKind::Clerk);
    let id = settled(&world, &lin());
    let here = format!("/console/candidates/{id}");
    let door = format!("{here}/password");

    let (status, page) = said(world.submit(&here, &door, &[]));
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(page.contains("请先核对证件原件") && page.contains("出错："), "{page}");

    let answer = world.submit(&here, &door, &[("document_seen", "true")]);
    let done = leads_to(&answer);
    drop(answer);
    assert!(world.page(&done).contains("密码已重置为初始密码"));
    assert!(
        world.page(&here).contains("初始密码，未设置新密码")
            || world.page(&here).contains("未登录过")
    );
    let acts = acts(&world);
    let reset = acts.iter().find(|it| it.0 == "candidate.reset").unwrap();
    assert_eq!(reset.2, r#"{"document_seen":true}"#);
    let initial = lin().document.initial_password();
    let answer = super::signs_in(&world, lin().document.number(), &initial);
    assert_eq!(leads_to(&answer), "/password");
}

#[test]
fn a_phone_is_corrected_and_what_it_was_is_kept() {
    let world = world(DutyKind::Clerk);
    let id = registers(&world, &lin());
    let here = format!("/console/candidates/{id}");
    let door = format!("{here}/phone");

    let (status, page) = said(world.submit(&here, &door, &[("phone", "12345")]));
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(page.contains("11 位数字") && page.contains("12345"), "{page}");

    let answer = world.submit(&here, &door, &[("phone", "199 0000 0318")]);
    assert!(leads_to(&answer).contains("phone"));
    drop(answer);
    let person = reads(&world, |tx| candidates::find(tx, id)).unwrap().unwrap();
    assert_eq!(person.phone.unwrap().text(), "19900000318");
    let last = acts(&world).pop().unwrap();
    assert_eq!(
        (last.0.as_str(), last.2.as_str()),
        ("candidate.corrected", r#"{"fields":["phone"]}"#)
    );
}

#[test]
fn the_beginning_of_a_number_may_be_too_short_to_search_by() {
    let world = world(DutyKind::HelpDesk);
    registers(&world, &lin());

    for q in ["31019", "%EF%BC%93%EF%BC%91%EF%BC%90%EF%BC%91%EF%BC%99"] {
        let page = world.page(&format!("/console/candidates?q={q}"));
        assert!(page.contains("号码太短，没有查找") && page.contains("至少填写开头6位"), "{page}");
    }
}
