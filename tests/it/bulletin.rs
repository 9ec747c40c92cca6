//! What the centre tells everybody: as staff edit it, and as everybody reads it.

use kaowu::base::outcome::{Error, Never, Result};
use kaowu::features::bulletin::rules::{Line, List, NewAnnouncement, Refused};
use kaowu::features::bulletin::{self, privacy};
use kaowu::features::identity::Kind;
use kaowu::features::staff::rules::DutyKind;
use kaowu::machinery::db::Actor;
use rocket::http::Status;

use crate::officer::Officer;
use crate::visitors;
use crate::world::World;

fn new(title: &str, body: &str) -> NewAnnouncement {
    NewAnnouncement { title: title.into(), body: body.into() }
}

fn publish(world: &World, title: &str, body: &str) -> i64 {
    let new = new(title, body);
    world.app.db.write_now(Actor::Operator, move |tx| bulletin::publish(tx, &new)).unwrap()
}

fn clerk(world: &World) -> Officer<'_> {
    Officer::new(world, &[DutyKind::Clerk])
}

#[test]
fn an_announcement_is_read_by_everybody_until_it_is_withdrawn() {
    let world = World::new();
    let id = publish(&world, "网上缴费须知", "第一段。\n第二行。\n\n第二段。");
    let path = format!("/announcements/{id}");

    let page = world.page(&path);
    assert!(page.contains("<h1>网上缴费须知</h1>"), "{page}");
    assert!(page.contains("第一段。<br>第二行。") && page.contains(">第二段。</p>"), "{page}");
    assert!(world.page("/announcements").contains("网上缴费须知"));

    let withdraw = || world.app.db.write_now(Actor::Operator, move |tx| bulletin::withdraw(tx, id));
    withdraw().unwrap();
    assert_eq!(world.get(&path).status(), Status::NotFound);
    assert!(!world.page("/announcements").contains("网上缴费须知"));
    assert!(matches!(withdraw(), Err(Error::Refused(Refused::Withdrawn))));
    let reworded = world
        .app
        .db
        .write_now(Actor::Operator, move |tx| bulletin::reword(tx, id, &new("新标题", "新正文")));
    assert!(matches!(reworded, Err(Error::Refused(Refused::Withdrawn))));
}

#[test]
fn what_staff_type_is_text_and_never_markup() {
    let world = World::new();
    let id = publish(&world, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>");

    for path in ["/".into(), "/announcements".into(), format!("/announcements/{id}")] {
        let page = world.page(&path);
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path}");
    }
}

#[test]
fn unknown_announcements_are_not_found() {
    let world = World::new();
    assert_eq!(world.get("/announcements/1").status(), Status::NotFound);
    for path in ["/announcements/1", "/announcements/x", "/announcements/-1"] {
        assert!(world.page(path).contains("没有找到这个页面。"), "{path}");
    }
}

#[test]
fn help_asks_in_the_manuals_words_and_leads_on() {
    let world = World::new();
    set(&world, List::Contacts, &[qq()]);

    let page = world.page("/help");

    for words in [
        "点击“确认缴费”按钮后，页面只有一个提示信息的弹框，并未弹出支付页面，该怎么办？",
        "在“上海市一网通办公共支付平台”上没有完成支付就退出，会进入什么状态？如何继续缴费？",
        "为什么在“上海市一网通办公共支付平台”上点击“确认支付”后，出现“订单已关闭，无法支付”或者“二维码失效”的问题？",
        "已经付费成功了，系统却显示“未缴费”，该怎么办？",
        "忘记密码",
        "信息有误",
        "票据",
        "技术支持QQ <span class=\"k-nowrap\">2000 0173</span>（在线时间：3月13日 9:00–20:00）",
    ] {
        assert!(page.contains(words), "{words}");
    }
    for href in ["/dues", "/orders", "/verification", "/sign-in", "/browsers", "/privacy"] {
        assert!(page.contains(&format!("href=\"{href}\"")), "{href}");
    }
    let targets = page.split("href=\"#").skip(1).filter_map(|it| it.split('"').next());
    for target in targets {
        assert!(page.contains(&format!("id=\"{target}\"")), "nothing is at #{target}");
    }
}

fn qq() -> Line {
    let hours = "3月13日 9:00–20:00".into();
    Line { hours, ..Line::new("技术支持QQ", "2000 0173") }
}

fn set(world: &World, list: List, lines: &[Line]) {
    let lines = lines.to_vec();
    let done: Result<(), Never> =
        world.app.db.write_now(Actor::Operator, move |tx| bulletin::set_lines(tx, list, &lines));
    done.unwrap();
}

#[test]
fn browsers_have_links_of_ours_until_staff_set_others() {
    let world = World::new();
    assert!(world.page("/browsers").contains("https://www.google.cn/chrome/"));

    set(&world, List::Browsers, &[Line::new("本地下载", "https://lan.example.cn/chrome")]);
    let page = world.page("/browsers");
    assert!(page.contains("https://lan.example.cn/chrome") && !page.contains("google"));

    set(&world, List::Browsers, &[]);
    assert!(world.page("/browsers").contains("https://www.google.cn/chrome/"));
}

#[test]
fn whom_to_ask_is_told_in_the_order_staff_gave() {
    let world = World::new();
    set(&world, List::Contacts, &[qq(), Line::new("咨询电话", "021-5555 0173")]);

    let support = world.app.db.read_now(bulletin::support).unwrap();

    let told: Vec<_> = support.iter().map(|it| (&*it.label, &*it.text, &*it.hours)).collect();
    let (qq, phone) = ("技术支持QQ", "咨询电话");
    assert_eq!(told, [(qq, "2000 0173", "3月13日 9:00–20:00"), (phone, "021-5555 0173", "")]);
}

#[test]
fn a_new_privacy_notice_is_a_new_version() {
    let world = World::new();
    let set = |body: &'static str| {
        world
            .app
            .db
            .write_now(Actor::Operator, move |tx| bulletin::set_privacy_notice(tx, body))
            .unwrap()
    };
    let (version, paragraphs) = world.app.db.read_now(bulletin::privacy_notice).unwrap();
    assert_eq!(version, privacy::VERSION);
    assert_eq!(paragraphs.len(), 7);

    assert_eq!(set("甲。\n\n乙。"), "2026-03-13");
    assert_eq!(set("甲。\r\n\r\n乙。"), "2026-03-13", "the same text is the same version");
    assert_eq!(set("丙。"), "2026-03-13-2");
    let (version, paragraphs) = world.app.db.read_now(bulletin::privacy_notice).unwrap();
    assert_eq!((version.as_str(), paragraphs), ("2026-03-13-2", vec!["丙。".to_owned()]));
}

#[test]
fn a_clerk_publishes_changes_and_withdraws() {
    let world = World::new();
    let clerk = clerk(&world);

    let fields = [("title", "网上缴费须知"), ("body", "请在规定时间内缴费。")];
    let answer = clerk.submit("/console/announcements/new", "/console/announcements", &fields);
    assert_eq!(clerk.location(&answer), "/console/announcements?done=published");
    assert!(world.page("/").contains("网上缴费须知"));

    let fields = [("title", "网上缴费须知（修订）"), ("body", "请按时缴费。")];
    let page = "/console/announcements/1";
    let answer = clerk.submit(page, page, &fields);
    assert_eq!(clerk.location(&answer), "/console/announcements?done=changed");
    assert!(world.page("/announcements/1").contains("网上缴费须知（修订）"));

    let answer = clerk.submit(page, "/console/announcements/1/withdrawal", &[]);
    assert_eq!(clerk.location(&answer), "/console/announcements?done=withdrawn");
    assert!(!world.page("/").contains("网上缴费须知"));
    assert!(clerk.page("/console/announcements").contains("已撤回"));
    assert!(clerk.page(page).contains("请按时缴费。"));
}

#[test]
fn an_announcement_posted_twice_is_published_once() {
    let world = World::new();
    let clerk = clerk(&world);
    let mut fields = clerk.tokens("/console/announcements/new");
    fields.extend([("title", "须知".to_owned()), ("body", "正文".to_owned())]);

    for _ in 0..2 {
        let answer = clerk.post("/console/announcements", &fields);
        assert_eq!(answer.status(), Status::SeeOther);
    }
    let all = world.app.db.read_now(|tx| bulletin::all_announcements(tx, 9)).unwrap();
    assert_eq!(all.len(), 1);

    fields[2].1 = "另一个".into();
    let answer = clerk.post("/console/announcements", &fields);
    assert_eq!(answer.status(), Status::Conflict);
    assert!(answer.into_string().unwrap().contains("这张表单已经提交过"));
}

#[test]
fn a_bad_announcement_comes_back_with_everything_typed() {
    let world = World::new();
    let clerk = clerk(&world);
    let submit = |fields: &[(&'static str, &str)]| {
        let answer = clerk.submit("/console/announcements/new", "/console/announcements", fields);
        assert_eq!(answer.status(), Status::UnprocessableEntity);
        answer.into_string().unwrap()
    };

    let page = submit(&[("title", ""), ("body", "写了一半")]);
    assert!(page.contains("请填写标题。") && page.contains("写了一半") && page.contains("出错："));
    assert!(submit(&[]).contains("请填写正文。"));
    let long = "a".repeat(10_000);
    let page = submit(&[("title", &long), ("body", &long)]);
    assert!(page.contains("最多60个字，现在有10000个，请缩短。"));
    assert!(page.contains("最多5000个字，现在有10000个，请缩短。") && page.contains(&long));
    assert!(submit(&[("title", "a\u{7}"), ("body", "b")]).contains("有无法显示的字符"));
    // In Chinese that much is more than any form may hold.
    let long = "长".repeat(10_000);
    let fields = [("title", "须知"), ("body", &*long)];
    let answer = clerk.submit("/console/announcements/new", "/console/announcements", &fields);
    assert_eq!(answer.status(), Status::PayloadTooLarge);
    assert!(answer.into_string().unwrap().contains("提交的内容太大，系统没有接收。"));
}

#[test]
fn a_clerk_edits_the_lists() {
    let world = World::new();
    let clerk = clerk(&world);
    let page = "/console/bulletin/contacts";

    let more = clerk.submit(page, page, &[("label_1", "咨询电话"), ("more", "true")]);
    assert_eq!(more.status(), Status::Ok);
    let more = more.into_string().unwrap();
    assert!(more.contains("value=\"咨询电话\"") && more.contains("name=\"label_2\""));

    let answer = clerk.submit(
        page,
        page,
        &[
            ("label_1", "咨询电话"),
            ("value_1", "021-5555 0173"),
            ("hours_1", "9:00–16:00"),
            ("label_2", " "),
            ("value_2", ""),
            ("hours_2", ""),
        ],
    );
    assert_eq!(clerk.location(&answer), "/console/bulletin/contacts?done=saved");
    assert!(world.page("/help").contains("咨询电话"));
    assert!(clerk.page(page).contains("value=\"021-5555 0173\""));

    let wrong = clerk.submit(page, page, &[("label_1", ""), ("value_1", "021")]);
    assert!(wrong.into_string().unwrap().contains("请填写名称。"));
    assert!(clerk.page("/console/bulletin/nothing").contains("没有找到这个页面。"));
}

#[test]
fn lines_lead_to_safe_addresses_only() {
    let world = World::new();
    let clerk = clerk(&world);
    let page = "/console/bulletin/lines";
    for (address, said) in [
        ("http://pay.example.cn", "网址应以 https:// 开头"),
        ("javascript:alert(1)", "请填写完整的网址"),
        ("pay.example.cn", "请填写完整的网址"),
        ("", "请填写网址。"),
    ] {
        let answer = clerk.submit(page, page, &[("label_1", "线路一"), ("value_1", address)]);
        assert_eq!(answer.status(), Status::UnprocessableEntity, "{address}");
        assert!(answer.into_string().unwrap().contains(said), "{address}");
    }
}

#[test]
fn nobody_but_a_clerk_edits_the_bulletin() {
    let world = World::new();
    let finance = Officer::new(&world, &[DutyKind::Finance]);
    for path in
        ["/console/announcements", "/console/announcements/new", "/console/bulletin/contacts"]
    {
        assert_eq!(finance.get(path).status(), Status::Forbidden, "{path}");
        assert_eq!(world.get(path).status(), Status::SeeOther, "{path}");
    }
}

#[test]
fn a_clerk_sets_a_new_privacy_notice_and_everybody_reads_it_again() {
    let world = World::new();
    let clerk = clerk(&world);
    let page = "/console/bulletin/notice";
    let number = "31019919880615118X";
    let lin = visitors::candidate(&world, "林晓禾", number);
    world.carries(visitors::session(&world, Kind::Candidate, lin));
    assert_eq!(world.get("/person").status(), Status::Ok);
    let shown = clerk.page(page);
    assert!(shown.contains(privacy::VERSION) && shown.contains("一、我们是谁。"), "{shown}");

    let answer = clerk.submit(page, page, &[("body", "甲。\r\n\r\n乙 <b>。")]);

    assert_eq!(clerk.location(&answer), "/console/bulletin/notice?done=saved");
    assert!(clerk.page(page).contains("版本 <strong>2026-03-13</strong>"));
    assert_eq!(world.get("/person").headers().get_one("Location"), Some("/password"));
    let asked = world.page("/privacy");
    assert!(asked.contains("版本 2026-03-13") && asked.contains("我已阅读，继续"), "{asked}");
    assert!(asked.contains(">甲。</p>") && !asked.contains("<b>"), "{asked}");
    world.submit("/privacy", "/privacy", &[("notice", "2026-03-13")]);
    assert_eq!(world.get("/person").status(), Status::Ok);
    let audited = world.app.db.read_now(|tx| {
        tx.count(
            "select count(*) from audit where act = 'privacy_notice.set' and by_kind = 'staff'",
            (),
        )
    });
    assert_eq!(audited.unwrap(), 1);

    let same = clerk.submit(page, page, &[("body", "甲。\n\n乙 <b>。")]);
    assert_eq!(clerk.location(&same), "/console/bulletin/notice?done=same");
    assert_eq!(world.get("/person").status(), Status::Ok);
    let empty = clerk.submit(page, page, &[("body", " ")]);
    assert_eq!(empty.status(), Status::UnprocessableEntity);
    assert!(empty.into_string().unwrap().contains("请填写告知的内容。"));
}
