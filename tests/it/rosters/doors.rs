//! Rosters at the console: chosen, looked at, decided about, through HTTP.

use expect_test::expect;
use kaowu::features::staff::rules::DutyKind;
use kaowu::machinery::tables;
use rocket::http::{ContentType, Cookie, Status};
use rocket::local::blocking::LocalResponse;

use super::files::{formulas, gb18030, roster_csv, twelve_faults, zip_bomb};
use super::{THREE, count, due_of};
use crate::fees::set_up;
use crate::visitors;
use crate::world::{World, hidden};

const BOUNDARY: &str = "----kaowu2026boundary";

/// 周敏 of 考务 stands at the console of a centre with one project.
fn console() -> World {
    let world = World::new();
    set_up(&world);
    let cookie = visitors::officer(&world, "zhoumin", "周敏", &[DutyKind::Clerk]);
    world.client.cookies(|jar| jar.add(cookie));
    world
}

/// The parts of a form with a file, as browsers send them.
fn parts(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .bytes(),
        );
    }
    if let Some((name, bytes)) = file {
        body.extend(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; \
                 filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            )
            .bytes(),
        );
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

fn post_parts(world: &World, body: Vec<u8>) -> LocalResponse<'_> {
    let kind = ContentType::new("multipart", "form-data").with_params(("boundary", BOUNDARY));
    let request = world.client.post("/console/rosters").header(kind).body(body);
    request.remote("127.0.0.1:4000".parse().unwrap()).dispatch()
}

fn uploads<'w>(world: &'w World, project: &str, name: &str, bytes: &[u8]) -> LocalResponse<'w> {
    let page = world.page("/console/rosters/new");
    let (csrf, key) = (hidden(&page, "_csrf"), hidden(&page, "_key"));
    let fields = [("_csrf", csrf.as_str()), ("_key", key.as_str()), ("project", project)];
    post_parts(world, parts(&fields, Some((name, bytes))))
}

/// The page about a file that could be read.
fn looked_at(world: &World, bytes: &[u8]) -> String {
    let answer = uploads(world, "1", "名单.csv", bytes);
    let status = answer.status();
    let page = answer.into_string().unwrap();
    assert_eq!(status, Status::Ok, "{page}");
    page
}

/// The decision form of a page, as it stands there.
fn decision(page: &str, choice: &str) -> Vec<(&'static str, String)> {
    let fields = ["_csrf", "_key", "project", "file", "file_name", "good"];
    let mut fields: Vec<_> = fields.map(|it| (it, hidden(page, it))).into();
    fields.push(("choice", choice.to_owned()));
    fields
}

fn leads_to(answer: &LocalResponse<'_>) -> String {
    assert_eq!(answer.status(), Status::SeeOther);
    answer.headers().get_one("Location").unwrap().to_owned()
}

/// The text of a page without its tags.
fn text(html: &str) -> String {
    let main = html.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    let words = main.split('<').filter_map(|it| it.split_once('>')).map(|(_, it)| it.trim());
    words.filter(|it| !it.is_empty()).collect::<Vec<_>>().join("|")
}

#[test]
fn a_roster_is_looked_at_confirmed_and_loaded_once() {
    let world = console();
    assert!(world.page("/console/rosters").contains("还没有导入过名册"));

    let page = looked_at(&world, THREE.as_bytes());

    assert!(page.contains("确认导入") && !page.contains("只导入正确的行"), "{page}");
    assert_eq!(count(&world, "select count(*) from candidates"), 0, "nothing has changed");
    assert_eq!(count(&world, "select count(*) from rosters"), 0);

    let answer = world.post("/console/rosters/decision", &decision(&page, "all"));
    assert_eq!(leads_to(&answer), "/console/rosters/1");
    let again = world.post("/console/rosters/decision", &decision(&page, "all"));
    assert_eq!(leads_to(&again), "/console/rosters/1", "the same form, pressed twice");

    assert_eq!(count(&world, "select count(*) from rosters"), 1);
    assert_eq!(count(&world, "select count(*) from dues"), 3);
    expect!["名册导入结果|已导入|返回名册导入|导入|3|人|可以登录并缴费|其中新增|3|人|原来不在本项目中|其中更新|0|人|按名册改了内容|其中不变|0|人|内容与原来相同|未导入|0|行|错误0行，金额不能改0行|这份名册|文件|名单.csv|收费项目|2026年上海市普通高校专科依法自主招生网上缴费系统|费用|报名考试费|导入时间|2026年3月13日 10:24"]
        .assert_eq(&text(&world.page("/console/rosters/1")));
    assert!(world.page("/console/rosters").contains("名单.csv"));
    let by = count(
        &world,
        "select count(*) from audit where act = 'roster.loaded' and by_kind = 'staff'",
    );
    assert_eq!(by, 1);
}

#[test]
fn bad_rows_are_listed_and_left_out_only_when_asked() {
    let world = console();
    let bytes = gb18030(&roster_csv(10_000, &twelve_faults()));

    let page = looked_at(&world, &bytes);

    assert!(page.contains("只导入正确的行（9988人）") && !page.contains("确认导入"), "{page}");
    assert!(page.contains("与第 3002 行是同一个人（证件相同）"));
    let mut wanted = decision(&page, "")[..5].to_vec();
    wanted.push(("format", "csv".into()));
    let list = world.post("/console/rosters/complaints", &wanted);
    assert_eq!(
        list.headers().get_one("Content-Disposition").unwrap(),
        "attachment; filename=\"roster-complaints.csv\""
    );
    let list = list.into_bytes().unwrap();
    let sheet = tables::read(&list, &tables::Limits::default()).unwrap();
    assert_eq!((sheet.headings.len(), sheet.rows.len()), (5, 12));
    let all = world.post("/console/rosters/decision", &decision(&page, "all"));
    assert_eq!(all.status(), Status::UnprocessableEntity, "there is no such button");
    assert_eq!(count(&world, "select count(*) from candidates"), 0);

    let answer = world.post("/console/rosters/decision", &decision(&page, "good"));

    assert_eq!(leads_to(&answer), "/console/rosters/1");
    assert_eq!(count(&world, "select count(*) from dues"), 9_988);
    let shown = text(&world.page("/console/rosters/1"));
    assert!(shown.contains("未导入|12|行|错误12行，金额不能改0行"), "{shown}");
    let list = world.get("/console/rosters/1/left-out?format=xlsx").into_bytes().unwrap();
    assert_eq!(tables::read(&list, &tables::Limits::default()).unwrap().rows.len(), 12);
}

#[test]
fn a_file_that_is_no_roster_is_complained_of_at_its_field() {
    let world = console();
    let mut said = String::new();
    let jpeg = [b"\xFF\xD8\xFF\xE0\0\x10JFIF".as_slice(), &[7; 4_000]].concat();
    let files: [(&str, Vec<u8>); 9] = [
        ("nothing.csv", Vec::new()),
        ("photo.csv", jpeg),
        ("large.csv", vec![b'a'; 40_000_000]),
        ("bomb.xlsx", zip_bomb()),
        ("utf16.csv", "姓名,证件号".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("mixed.csv", [THREE.as_bytes(), b"\xC1\xD6\xCF\xFE,\xFF\xFF"].concat()),
        ("program.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF".to_vec()),
        ("headings.csv", "考试,分数\n语文,99\n".into()),
        ("empty.csv", "姓名,证件号,手机号\n".into()),
    ];
    for (name, bytes) in files {
        let answer = uploads(&world, "1", name, &bytes);
        assert_eq!(answer.status(), Status::UnprocessableEntity, "{name}");
        let page = answer.into_string().unwrap();
        let complaint = page.split("id=\"file-wrong\">").nth(1).unwrap().split("</p>").next();
        let complaint = complaint.unwrap().split("<span>").nth(1).unwrap().replace("</span>", "");
        said += &format!("{name}: {complaint}\n");
        assert!(page.contains("<option value=\"1\" selected>"), "the choice stays");
    }
    expect![""].assert_eq(&said);
    assert_eq!(count(&world, "select count(*) from rosters"), 0);
    assert_eq!(count(&world, "select count(*) from candidates"), 0);

    let page = looked_at(&world, &formulas());
    assert!(page.contains("这个单元格的公式出错") && page.contains("没有可以导入的行"), "{page}");
}

#[test]
fn a_file_and_a_project_must_be_chosen() {
    let world = console();
    let page = world.page("/console/rosters/new?project=1");
    assert!(page.contains("<option value=\"1\" selected>"));
    let (csrf, key) = (hidden(&page, "_csrf"), hidden(&page, "_key"));
    let tokens = [("_csrf", csrf.as_str()), ("_key", key.as_str())];

    let nothing = [&tokens[..], &[("project", "")]].concat();
    let answer = post_parts(&world, parts(&nothing, Some(("", b""))));
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let page = answer.into_string().unwrap();
    assert!(page.contains("请选择收费项目。") && page.contains("请选择要上传的文件。"), "{page}");
    let answer = post_parts(&world, parts(&tokens, None));
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let answer = uploads(&world, "77", "名单.csv", THREE.as_bytes());
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    assert!(answer.into_string().unwrap().contains("没有这个收费项目"));
    let plain = world.submit("/console/rosters/new", "/console/rosters", &[("file", "x")]);
    assert_eq!(plain.status(), Status::UnprocessableEntity);
    let foreign = post_parts(&world, parts(&[("_csrf", "x"), ("_key", &key)], None));
    assert_eq!(foreign.status(), Status::Forbidden);
}

#[test]
fn only_clerks_load_rosters() {
    let world = World::new();
    set_up(&world);
    let body = || parts(&[], Some(("名单.csv", THREE.as_bytes())));
    let to = post_parts(&world, body());
    assert!(leads_to(&to).starts_with("/console/sign-in"));

    let cookie: Cookie<'_> = visitors::officer(&world, "zhao", "赵敏", &[DutyKind::Finance]);
    world.client.cookies(|jar| jar.add(cookie));

    assert_eq!(post_parts(&world, body()).status(), Status::Forbidden);
    for path in ["", "/new", "/1", "/template?format=csv", "/1/left-out?format=csv"] {
        let path = format!("/console/rosters{path}");
        assert_eq!(world.get(&path).status(), Status::Forbidden, "{path}");
    }
    for path in ["decision", "complaints"] {
        let path = format!("/console/rosters/{path}");
        assert_eq!(world.post(&path, &[]).status(), Status::Forbidden, "{path}");
    }
}

#[test]
fn what_has_moved_since_the_look_is_shown_again() {
    let world = console();
    let page = looked_at(&world, THREE.as_bytes());
    world.post("/console/rosters/decision", &decision(&page, "all"));
    let page = looked_at(&world, THREE.replace("120.00", "150.00").as_bytes());
    let due = due_of(&world, "H01234567").id;
    super::does(&world, move |tx| kaowu::features::fees::settle(tx, due));

    let answer = world.post("/console/rosters/decision", &decision(&page, "all"));

    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let page = answer.into_string().unwrap();
    assert!(page.contains("与您刚才看到的不同") && page.contains("金额不能再改"), "{page}");
    let mut forged = decision(&page, "good");
    forged[3].1 = "0".repeat(64);
    let gone = world.post("/console/rosters/decision", &forged);
    assert_eq!(gone.status(), Status::Conflict);
    assert!(gone.into_string().unwrap().contains("上传的文件已不再保存"));
    let nonsense = world.submit("/console/rosters/new", "/console/rosters/decision", &[]);
    assert_eq!(leads_to(&nonsense), "/console/rosters/new");
    assert_eq!(world.get("/console/rosters/9").status(), Status::NotFound);
}

#[test]
fn a_template_has_the_headings_and_takes_numbers_as_text() {
    let world = console();
    for format in ["csv", "xlsx"] {
        let answer = world.get(&format!("/console/rosters/template?format={format}"));
        assert_eq!(answer.status(), Status::Ok);
        let bytes = answer.into_bytes().unwrap();
        let sheet = tables::read(&bytes, &tables::Limits::default()).unwrap();
        assert_eq!(
            sheet.headings.join(" "),
            "姓名 证件类型 证件号 手机号 院校代码 院校名称 专业 性别 出生日期 应缴金额 初始密码"
        );
        let page = uploads(&world, "1", "template", &bytes).into_string().unwrap();
        assert!(page.contains("只有标题行，没有数据"), "{page}");
    }
}
