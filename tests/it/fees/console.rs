//! The console that sets projects up, door by door.

use kaowu::features::fees;
use kaowu::features::staff::rules::DutyKind;
use rocket::http::Status;

use super::{TITLE, acts, set_up, set_up_as};
use crate::officer::Officer;
use crate::world::{World, hidden};

const FORM: &str = "/console/projects/new";
const PROJECTS: &str = "/console/projects";

/// A form that is in order.
fn filled_in() -> Vec<(&'static str, &'static str)> {
    vec![
        ("title", TITLE),
        ("consequence", "逾期未缴费视作志愿填报无效。"),
        ("shown", "true"),
        ("code", "2026-ZZ"),
        ("item_code", "10301"),
        ("name", "报名考试费"),
        ("unit", "人次"),
        ("standard", "100"),
        ("day_1", "2026-03-13"),
        ("from_1", "9:00"),
        ("to_1", "20:00"),
        ("day_2", "2026-03-14"),
        ("from_2", "9:00"),
        ("to_2", "15:00"),
    ]
}

/// The same form with some fields filled in otherwise.
fn filled_in_but(others: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = filled_in();
    for (name, value) in others {
        fields.retain(|(it, _)| it != name);
        fields.push((name, value));
    }
    fields
}

fn clerk(world: &World) -> Officer<'_> {
    Officer::new(world, &[DutyKind::Clerk])
}

#[test]
fn a_clerk_sets_up_a_project_and_candidates_see_it_at_once() {
    let world = World::new();
    let clerk = clerk(&world);
    assert!(clerk.page(PROJECTS).contains("还没有收费项目"));

    let answer = clerk.submit(FORM, PROJECTS, &filled_in());

    assert_eq!(clerk.location(&answer), "/console/projects/1?done=made");
    let page = clerk.page("/console/projects/1?done=made");
    for words in [TITLE, "收费项目已设立。", "10301", "100.00", "3月13日（周五，今天）", "开放中"]
    {
        assert!(page.contains(words), "{words} on {page}");
    }
    assert!(!page.contains("示例金额"), "only a demonstration's amounts are samples");
    assert!(clerk.page(PROJECTS).contains("今日还剩9小时36分"));
    assert!(world.page("/").contains(TITLE));
    assert_eq!(acts(&world).split_off(5), ["project.set_up", "fee_item.set_up", "windows.set"]);
}

#[test]
fn a_form_posted_twice_sets_up_one_project() {
    let world = World::new();
    let clerk = clerk(&world);
    let mut fields = clerk.tokens(FORM);
    fields.extend(filled_in().into_iter().map(|(name, value)| (name, value.to_owned())));

    for _ in 0..2 {
        let answer = clerk.post(PROJECTS, &fields);
        assert_eq!(clerk.location(&answer), "/console/projects/1?done=made");
    }
    assert_eq!(world.app.db.read_now(fees::projects).unwrap().len(), 1);

    fields[2].1 = "另一个项目".into();
    let answer = clerk.post(PROJECTS, &fields);
    assert_eq!(answer.status(), Status::Conflict);
    assert!(answer.into_string().unwrap().contains("这张表单已经提交过"));
}

#[test]
fn what_is_wrong_stands_by_its_field_and_all_is_kept() {
    let world = World::new();
    let clerk = clerk(&world);
    for (field, value, said) in [
        ("title", "", "请填写项目名称。"),
        ("title", LONG, "最多60个字，现在有10000个，请缩短。"),
        ("consequence", LONG, "最多200个字，现在有10000个，请缩短。"),
        ("code", "", "请填写代码"),
        ("code", "二〇二六", "代码只能用英文字母、数字和“-”"),
        ("code", "../..", "代码只能用英文字母、数字和“-”"),
        ("item_code", "", "请填写项目编码，例如 10301。"),
        ("item_code", "1 2", "项目编码只能用英文字母、数字和“-”"),
        ("name", " ", "请填写费用名称。"),
        ("unit", "", "请填写单位"),
        ("standard", "", "请填写金额"),
        ("standard", "0", "金额应大于0元"),
        ("standard", "-1", "金额不能是负数"),
        ("standard", "1.234", "金额最多两位小数"),
        ("standard", "99999999999", "金额不能超过"),
        ("day_1", "2026-02-30", "日历上没有这一天"),
        ("day_1", "9999-12-31", "年份应在2000到2099之间"),
        ("day_1", "明天", "第1段：日期应写成 2026-03-13 的样子"),
        ("day_1", "", "请填写日期"),
        ("from_1", "25:00", "没有这个时间"),
        ("from_1", "", "请填写时间"),
        ("to_1", "9点", "时间应写成 9:00 或 20:30 的样子"),
        ("to_1", "8:00", "第1段的结束时间应晚于开始时间"),
        ("to_1", "9:00", "第1段的结束时间应晚于开始时间"),
        ("day_2", "", "第2段：请填写日期"),
        ("title", "缴\u{202E}费", "含有改变文字方向的隐藏字符"),
        ("from_2", LONG, "时间应写成 9:00 或 20:30 的样子"),
    ] {
        let answer = clerk.submit(FORM, PROJECTS, &filled_in_but(&[(field, value)]));

        assert_eq!(answer.status(), Status::UnprocessableEntity, "{field}={value:.20}");
        let page = answer.into_string().unwrap();
        let complaint = page.split(&format!("id=\"{field}-wrong\"")).nth(1);
        let complaint = complaint.and_then(|it| it.split("</p>").next()).unwrap_or_default();
        assert!(complaint.contains(said), "{field}={value:.20}: {complaint}");
        assert!(page.contains("出错：") && page.contains(&format!("href=\"#{field}\"")));
        for (other, kept) in filled_in().iter().filter(|(it, _)| *it != field && *it != "shown") {
            assert!(page.contains(kept), "{other} is lost when {field} is wrong");
        }
    }
    assert!(world.app.db.read_now(fees::projects).unwrap().is_empty());
}

/// Ten thousand characters.
const LONG: &str = {
    const BYTES: [u8; 10_000] = [b'a'; 10_000];
    match std::str::from_utf8(&BYTES) {
        Ok(text) => text,
        Err(_) => panic!("a is a letter"),
    }
};

#[test]
fn hours_that_overlap_are_told_by_the_rows_of_the_page() {
    let world = World::new();
    let clerk = clerk(&world);
    // The second row was left empty, so the third is the second interval.
    let fields = filled_in_but(&[
        ("day_2", ""),
        ("from_2", ""),
        ("to_2", ""),
        ("day_3", "2026-03-13"),
        ("from_3", "19:59"),
        ("to_3", "21:00"),
    ]);

    let page = clerk.submit(FORM, PROJECTS, &fields).into_string().unwrap();

    assert!(page.contains("id=\"from_3-wrong\""), "{page}");
    assert!(page.contains("第3段与第1段的时间有重叠，请修改。"));
    let nothing = [1, 2].into_iter().flat_map(|n| match n {
        1 => [("day_1", ""), ("from_1", ""), ("to_1", "")],
        _ => [("day_2", ""), ("from_2", ""), ("to_2", "")],
    });
    let fields = filled_in_but(&nothing.collect::<Vec<_>>());
    let page = clerk.submit(FORM, PROJECTS, &fields).into_string().unwrap();
    assert!(page.contains("请至少填写一段开放时间。"));
}

#[test]
fn missing_fields_are_asked_for() {
    let world = World::new();
    let clerk = clerk(&world);

    let answer = clerk.submit(FORM, PROJECTS, &[]);

    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let page = answer.into_string().unwrap();
    for field in ["title", "code", "item_code", "name", "unit", "standard", "day_1"] {
        assert!(page.contains(&format!("id=\"{field}-wrong\"")), "{field}");
    }
}

#[test]
fn a_taken_code_is_told_by_its_field() {
    let world = World::new();
    set_up(&world);
    let clerk = clerk(&world);

    let answer = clerk.submit(FORM, PROJECTS, &filled_in());

    assert_eq!(answer.status(), Status::UnprocessableEntity);
    assert!(answer.into_string().unwrap().contains("这个代码已经有项目使用了，请换一个。"));
}

#[test]
fn a_button_adds_a_row_and_keeps_what_was_typed() {
    let world = World::new();
    let clerk = clerk(&world);
    let mut fields = filled_in_but(&[("title", "")]);
    fields.push(("more", "true"));

    let answer = clerk.submit(FORM, PROJECTS, &fields);

    assert_eq!(answer.status(), Status::Ok);
    let page = answer.into_string().unwrap();
    assert!(page.contains("name=\"day_3\"") && !page.contains("name=\"day_4\""));
    assert!(page.contains("value=\"2026-03-14\"") && !page.contains("出错："));
    assert!(world.app.db.read_now(fees::projects).unwrap().is_empty());
}

#[test]
fn texts_hours_and_standards_are_changed_at_once_and_written_down() {
    let world = World::new();
    set_up(&world);
    let finance = Officer::new(&world, &[DutyKind::Finance]);

    let page = "/console/projects/1/texts";
    assert!(finance.page(page).contains(TITLE));
    let answer = finance.submit(page, page, &[("title", "补缴费系统"), ("consequence", "")]);
    assert_eq!(finance.location(&answer), "/console/projects/1?done=texts");
    let shown = world.app.db.read_now(|tx| fees::project(tx, 1)).unwrap().unwrap();
    assert_eq!((shown.title.as_str(), shown.shown), ("补缴费系统", false));

    let page = "/console/projects/1/hours";
    assert!(finance.page(page).contains("value=\"15:00\""));
    let hours = [("day_1", "2026-03-20"), ("from_1", "9:00"), ("to_1", "24:00")];
    let answer = finance.submit(page, page, &hours);
    assert_eq!(finance.location(&answer), "/console/projects/1?done=hours");
    assert!(finance.page("/console/projects/1").contains("9:00–24:00"));
    let wrong = [("day_1", "2026-03-20"), ("from_1", "9:00"), ("to_1", "8:00")];
    assert_eq!(finance.submit(page, page, &wrong).status(), Status::UnprocessableEntity);

    let page = "/console/projects/1/items/1";
    assert!(finance.page(page).contains("value=\"100.00\""));
    let fields = [("name", "报名考试费"), ("unit", "人次"), ("standard", "120.50")];
    let answer = finance.submit(page, page, &fields);
    assert_eq!(finance.location(&answer), "/console/projects/1?done=item");
    assert!(finance.page("/console/projects/1").contains("120.50"));

    let mut acts = acts(&world);
    acts.retain(|it| ["project.changed", "windows.set", "fee_item.changed"].contains(&&**it));
    assert_eq!(acts, ["windows.set", "project.changed", "windows.set", "fee_item.changed"]);
}

#[test]
fn a_code_is_taken_whatever_its_letters_case_and_width() {
    let world = World::new();
    set_up_as(&world, "zz2026", TITLE, &[]);
    let clerk = clerk(&world);

    for code in ["ZZ2026", "ｚｚ２０２６"] {
        let answer = clerk.submit(FORM, PROJECTS, &filled_in_but(&[("code", code)]));
        assert!(answer.into_string().unwrap().contains("这个代码已经有项目使用了"), "{code}");
    }
    let found = world.app.db.read_now(|tx| fees::project_by_code(tx, "Zz2026")).unwrap();
    assert_eq!(found.unwrap().code, "zz2026");
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_overwritten_unseen() {
    let world = World::new();
    set_up(&world);
    let clerk = clerk(&world);
    for (page, first, second, told, kept) in [
        (
            "/console/projects/1/texts",
            [("title", "先保存的"), ("consequence", ""), ("shown", "true")],
            [("title", "后保存的"), ("consequence", "甲"), ("shown", "true")],
            "这一项已被他人改为“先保存的”",
            "value=\"后保存的\"",
        ),
        (
            "/console/projects/1/items/1",
            [("name", "报名费"), ("unit", "人次"), ("standard", "110")],
            [("name", "考试费"), ("unit", "人次"), ("standard", "90")],
            "这一项已被他人改为“110.00”",
            "value=\"90\"",
        ),
        (
            "/console/projects/1/hours",
            [("day_1", "2026-04-01"), ("from_1", "9:00"), ("to_1", "10:00")],
            [("day_1", "2026-04-02"), ("from_1", "9:00"), ("to_1", "10:00")],
            "这一项已被他人改为“2026-04-01 9:00–10:00”",
            "value=\"2026-04-02\"",
        ),
    ] {
        let mut late = clerk.tokens(page);
        late.extend(second.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(clerk.submit(page, page, &first).status(), Status::SeeOther, "{page}");

        let answer = clerk.post(page, &late);

        assert_eq!(answer.status(), Status::UnprocessableEntity, "{page}");
        let again = answer.into_string().unwrap();
        assert!(again.contains(told) && again.contains(kept), "{again}");
        // Whoever has read that and saves again means it.
        for field in ["_csrf", "_key", "seen"] {
            let value = hidden(&again, field).replace("&#34;", "\"");
            late.iter_mut().filter(|it| it.0 == field).for_each(|it| it.1 = value.clone());
        }
        assert_eq!(clerk.post(page, &late).status(), Status::SeeOther, "{page}");
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let world = World::new();
    set_up(&world);
    set_up_as(&world, "OTHER", "另一个", &[]);
    let clerk = clerk(&world);
    for path in [
        "/console/projects/9",
        "/console/projects/9/texts",
        "/console/projects/9/hours",
        "/console/projects/1/items/2",
    ] {
        assert_eq!(clerk.get(path).status(), Status::NotFound, "{path}");
    }
    assert!(clerk.page("/console/projects/x").contains("没有找到这个页面。"));
    let answer = clerk.submit(FORM, "/console/projects/9/texts", &[("title", "a")]);
    assert_eq!(answer.status(), Status::NotFound);
}

#[test]
fn only_those_who_may_see_what_is_paid_for() {
    let world = World::new();
    set_up(&world);
    let audit = Officer::new(&world, &[DutyKind::Audit]);
    for path in [PROJECTS, FORM, "/console/projects/1", "/console/projects/1/hours"] {
        assert_eq!(audit.get(path).status(), Status::Forbidden, "{path}");
        assert_eq!(world.get(path).status(), Status::SeeOther, "{path}");
    }
}
