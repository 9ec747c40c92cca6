//! Rosters at the console: chosen, looked at, decided about, through HTTP.

use expect_test::expect;
use kaowu::features::staff::rules::DutyKind;
use kaowu::machinery::tables;
use rocket::http::{ContentType, Status};
use rocket::local::blocking::LocalResponse;

use super::files::{formulas, gb18030, roster_csv, twelve_faults, zip_bomb};
use super::{THREE, count, due_of};
use crate::fees::set_up;
use crate::officer::Officer;
use crate::world::{World, hidden};

const BOUNDARY: &str = "----kaowu2026boundary";

/// A centre with one project.
fn centre() -> World {
    let world = World::new();
    set_up(&world);
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

fn multipart() -> ContentType {
    ContentType::new("multipart", "form-data").with_params(("boundary", BOUNDARY))
}

fn post_parts<'w>(clerk: &Officer<'w>, body: Vec<u8>) -> LocalResponse<'w> {
    clerk.send("/console/rosters", multipart(), body)
}

fn uploads<'w>(clerk: &Officer<'w>, project: &str, name: &str, bytes: &[u8]) -> LocalResponse<'w> {
    let page = clerk.page("/console/rosters/new");
    let (csrf, key) = (hidden(&page, "_csrf"), hidden(&page, "_key"));
    let fields = [("_csrf", csrf.as_str()), ("_key", key.as_str()), ("project", project)];
    post_parts(clerk, parts(&fields, Some((name, bytes))))
}

/// The page about a file that could be read.
fn looked_at(clerk: &Officer<'_>, bytes: &[u8]) -> String {
    let answer = uploads(clerk, "1", "名单.csv", bytes);
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
    let world = centre();
    let clerk = Officer::new(&world, &[DutyKind::Clerk]);
    assert!(clerk.page("/console/rosters").contains("还没有导入过名册"));

    let page = looked_at(&clerk, THREE.as_bytes());

    assert!(page.contains("确认导入") && !page.contains("只导入正确的行"), "{page}");
    assert_eq!(count(&world, "select count(*) from candidates"), 0, "nothing has changed");
    assert_eq!(count(&world, "select count(*) from rosters"), 0);

    let answer = clerk.post("/console/rosters/decision", &decision(&page, "all"));
    assert_eq!(leads_to(&answer), "/console/rosters/1");
    let again = clerk.post("/console/rosters/decision", &decision(&page, "all"));
    assert_eq!(leads_to(&again), "/console/rosters/1", "the same form, pressed twice");

    assert_eq!(count(&world, "select count(*) from rosters"), 1);
    assert_eq!(count(&world, "select count(*) from dues"), 3);
    expect!["名册导入结果|已导入|返回名册导入|导入|3|人|可以登录并缴费|其中新增|3|人|原来不在本项目中|其中更新|0|人|按名册改了内容|其中不变|0|人|内容与原来相同|未导入|0|行|错误0行，金额不能改0行|这份名册|文件|名单.csv|收费项目|2026年上海市普通高校专科依法自主招生网上缴费系统|费用|报名考试费|导入时间|2026年3月13日 10:24"]
        .assert_eq(&text(&clerk.page("/console/rosters/1")));
    assert!(clerk.page("/console/rosters").contains("名单.csv"));
    let by = count(
        &world,
        "select count(*) from audit where act = 'roster.loaded' and by_kind = 'staff'",
    );
    assert_eq!(by, 1);
}

#[test]
fn bad_rows_are_listed_and_left_out_only_when_asked() {
    let world = centre();
    let clerk = Officer::new(&world, &[DutyKind::Clerk]);
    let bytes = gb18030(&roster_csv(10_000, &twelve_faults()));

    let page = looked_at(&clerk, &bytes);

    assert!(page.contains("只导入正确的行（9988人）") && !page.contains("确认导入"), "{page}");
    assert!(page.contains("与第 3002 行是同一个人（证件相同）"));
    let mut wanted = decision(&page, "")[..5].to_vec();
    wanted.push(("format", "csv".into()));
    let list = clerk.post("/console/rosters/complaints", &wanted);
    assert_eq!(
        list.headers().get_one("Content-Disposition").unwrap(),
        "attachment; filename=\"roster-complaints.csv\""
    );
    let list = list.into_bytes().unwrap();
    let sheet = tables::read(&list, &tables::Limits::default()).unwrap();
    assert_eq!((sheet.headings.len(), sheet.rows.len()), (5, 12));
    let all = clerk.post("/console/rosters/decision", &decision(&page, "all"));
    assert_eq!(all.status(), Status::UnprocessableEntity, "there is no such button");
    assert_eq!(count(&world, "select count(*) from candidates"), 0);

    let answer = clerk.post("/console/rosters/decision", &decision(&page, "good"));

    assert_eq!(leads_to(&answer), "/console/rosters/1");
    assert_eq!(count(&world, "select count(*) from dues"), 9_988);
    let shown = text(&clerk.page("/console/rosters/1"));
    assert!(shown.contains("未导入|12|行|错误12行，金额不能改0行"), "{shown}");
    let list = clerk.get("/console/rosters/1/left-out?format=xlsx").into_bytes().unwrap();
    assert_eq!(tables::read(&list, &tables::Limits::default()).unwrap().rows.len(), 12);
}

#[test]
fn a_file_that_is_no_roster_is_complained_of_at_its_field() {
    let world = centre();
    let clerk = Officer::new(&world, &[DutyKind::Clerk]);
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
        let answer = uploads(&clerk, "1", name, &bytes);
        assert_eq!(answer.status(), Status::UnprocessableEntity, "{name}");
        let page = answer.into_string().unwrap();
        let complaint = page.split("id=\"file-wrong\">").nth(1).unwrap().split("</p>").next();
        let complaint = complaint.unwrap().split("<span>").nth(1).unwrap().replace("</span>", "");
        said += &format!("{name}: {complaint}\n");
        assert!(page.contains("<option value=\"1\" selected>"), "the choice stays");
    }
    expect![[r#"
        nothing.csv: 文件是空的。请选择含有标题行和数据的 CSV 或 XLSX 文件。
        photo.csv: 这是图片，不是表格。请上传 CSV 或 XLSX 文件。
        large.csv: 文件超过 32 MB。请删去不需要的列或图片，或拆成几个文件分别上传。
        bomb.xlsx: 这个工作簿展开后过大，未予读取。请把需要的列复制到一个新的工作簿，只粘贴数值，保存后上传。
        utf16.csv: 第 1 行含有不可打印的控制字符，这不像是文本表格。请用 Excel 打开原表，另存为“CSV UTF-8”或 XLSX 后上传。
        mixed.csv: 第 5 行第 1 个字符起无法按 UTF-8 读出，文件可能已损坏或混用了两种编码。请用 Excel 打开核对该行，再另存为“CSV UTF-8”或 XLSX 后上传。
        program.exe: 第 1 行第 3 个字符起无法按 GB18030 读出，文件可能已损坏或混用了两种编码。请用 Excel 打开核对该行，再另存为“CSV UTF-8”或 XLSX 后上传。
        headings.csv: 第 1 行：标题行中没有“姓名”这一列。请加上这一列，标题也可写作“考生姓名”“学生姓名”“名字”。第 1 行：标题行中没有“证件号”这一列。请加上这一列，标题也可写作“证件号码”“身份证号”“身份证号码”。第 1 行：标题行中没有“手机号”这一列。请加上这一列，标题也可写作“手机号码”“手机”“移动电话”。
        empty.csv: 第 1 行：只有标题行，没有数据。请在标题行下填写名单后重新上传。
    "#]].assert_eq(&said);
    assert_eq!(count(&world, "select count(*) from rosters"), 0);
    assert_eq!(count(&world, "select count(*) from candidates"), 0);

    let page = looked_at(&clerk, &formulas());
    assert!(page.contains("这个单元格的公式出错") && page.contains("没有可以导入的行"), "{page}");
}

#[test]
fn a_file_and_a_project_must_be_chosen() {
    let world = centre();
    let clerk = Officer::new(&world, &[DutyKind::Clerk]);
    let page = clerk.page("/console/rosters/new?project=1");
    assert!(page.contains("<option value=\"1\" selected>"));
    let (csrf, key) = (hidden(&page, "_csrf"), hidden(&page, "_key"));
    let tokens = [("_csrf", csrf.as_str()), ("_key", key.as_str())];

    let nothing = [&tokens[..], &[("project", "")]].concat();
    let answer = post_parts(&clerk, parts(&nothing, Some(("", b""))));
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let page = answer.into_string().unwrap();
    assert!(page.contains("请选择收费项目。") && page.contains("请选择要上传的文件。"), "{page}");
    let answer = post_parts(&clerk, parts(&tokens, None));
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let answer = uploads(&clerk, "77", "名单.csv", THREE.as_bytes());
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    assert!(answer.into_string().unwrap().contains("没有这个收费项目"));
    let plain = clerk.submit("/console/rosters/new", "/console/rosters", &[("file", "x")]);
    assert_eq!(plain.status(), Status::UnprocessableEntity);
    let foreign = post_parts(&clerk, parts(&[("_csrf", "x"), ("_key", &key)], None));
    assert_eq!(foreign.status(), Status::Forbidden);
}

#[test]
fn only_clerks_load_rosters() {
    let world = centre();
    let body = || parts(&[], Some(("名单.csv", THREE.as_bytes())));
    let stranger = world.client.post("/console/rosters").header(multipart()).body(body());
    assert_eq!(stranger.dispatch().status(), Status::Forbidden, "not from a page of ours");

    let clerk = Officer::new(&world, &[DutyKind::Finance, DutyKind::HelpDesk]);

    assert_eq!(post_parts(&clerk, body()).status(), Status::Forbidden);
    for path in ["", "/new", "/1", "/template?format=csv", "/1/left-out?format=csv"] {
        let path = format!("/console/rosters{path}");
        assert_eq!(clerk.get(&path).status(), Status::Forbidden, "{path}");
    }
    for path in ["decision", "complaints"] {
        let path = format!("/console/rosters/{path}");
        assert_eq!(clerk.post(&path, &[]).status(), Status::Forbidden, "{path}");
    }
}

#[test]
fn what_has_moved_since_the_look_is_shown_again() {
    let world = centre();
    let clerk = Officer::new(&world, &[DutyKind::Clerk]);
    let page = looked_at(&clerk, THREE.as_bytes());
    clerk.post("/console/rosters/decision", &decision(&page, "all"));
    let page = looked_at(&clerk, THREE.replace("120.00", "150.00").as_bytes());
    let due = due_of(&world, "H01234567").id;
    super::does(&world, move |tx| kaowu::features::fees::settle(tx, due));

    let answer = clerk.post("/console/rosters/decision", &decision(&page, "all"));

    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let page = answer.into_string().unwrap();
    assert!(page.contains("与您刚才看到的不同") && page.contains("金额不能再改"), "{page}");
    let mut forged = decision(&page, "good");
    forged[3].1 = "0".repeat(64);
    let gone = clerk.post("/console/rosters/decision", &forged);
    assert_eq!(gone.status(), Status::Conflict);
    assert!(gone.into_string().unwrap().contains("上传的文件已不再保存"));
    let nonsense = clerk.submit("/console/rosters/new", "/console/rosters/decision", &[]);
    assert_eq!(leads_to(&nonsense), "/console/rosters/new");
    assert_eq!(clerk.get("/console/rosters/9").status(), Status::NotFound);
}

#[test]
fn a_template_has_the_headings_and_takes_numbers_as_text() {
    let world = centre();
    let clerk = Officer::new(&world, &[DutyKind::Clerk]);
    for format in ["csv", "xlsx"] {
        let answer = clerk.get(&format!("/console/rosters/template?format={format}"));
        assert_eq!(answer.status(), Status::Ok);
        let bytes = answer.into_bytes().unwrap();
        let sheet = tables::read(&bytes, &tables::Limits::default()).unwrap();
        assert_eq!(
            sheet.headings.join(" "),
            "姓名 证件类型 证件号 手机号 院校代码 院校名称 专业 性别 出生日期 应缴金额 初始密码"
        );
        let page = uploads(&clerk, "1", "template", &bytes).into_string().unwrap();
        assert!(page.contains("只有标题行，没有数据"), "{page}");
    }
}
