//! The pages of 对账, as two officers use them.

use kaowu::features::staff::rules::DutyKind;
use rocket::http::{ContentType, Cookie, Status};
use rocket::local::blocking::LocalResponse;

use super::{Books, DAY};
use crate::visitors;
use crate::world::{World, hidden};

const BOUNDARY: &str = "kaowu-boundary";

/// An officer of finance at a browser.
struct Clerk<'w>(&'w World, Cookie<'static>);

impl<'w> Clerk<'w> {
    fn new(world: &'w World, login: &str, name: &str) -> Clerk<'w> {
        Clerk(world, visitors::officer(world, login, name, &[DutyKind::Finance]))
    }

    fn page(&self, path: &str) -> String {
        let answer = self.0.client.get(path.to_owned()).cookie(self.1.clone()).dispatch();
        assert_eq!(answer.status(), Status::Ok, "{path}");
        answer.into_string().unwrap()
    }

    fn presses(&self, from: &str, to: &str, words: &str) -> LocalResponse<'w> {
        let page = self.page(from);
        assert!(page.contains(&format!("action=\"{to}\"")), "no form {to} on {page}");
        let body = format!(
            "_csrf={}&_key={}&words={words}",
            hidden(&page, "_csrf"),
            hidden(&page, "_key")
        );
        let request = self.0.client.post(to.to_owned()).cookie(self.1.clone());
        request.header(ContentType::Form).body(body).dispatch()
    }

    fn uploads(&self, bytes: &[u8]) -> LocalResponse<'w> {
        let door = format!("/console/days/{DAY}");
        let page = self.page(&door);
        let mut body = Vec::new();
        for name in ["_csrf", "_key"] {
            let value = hidden(&page, name);
            body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n").into_bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let kind = ContentType::new("multipart", "form-data").with_params(("boundary", BOUNDARY));
        let request = self.0.client.post(format!("{door}/statements")).cookie(self.1.clone());
        request.header(kind).body(body).dispatch()
    }
}

fn goes_on(answer: &LocalResponse<'_>) -> String {
    assert_eq!(answer.status(), Status::SeeOther);
    answer.headers().get_one("Location").unwrap().to_owned()
}

#[test]
fn a_day_is_fetched_balanced_by_two_and_closed() {
    let books = Books::open(2);
    books.pays(0);
    books.pays_unheard(1);
    books.hours_pass(24);
    let zhou = Clerk::new(&books.world, "zhoumin", "周敏");
    let feng = Clerk::new(&books.world, "fenggang", "冯刚");
    let day = format!("/console/days/{DAY}");
    assert!(zhou.page("/console/days").contains("缺对账文件"));

    let to = goes_on(&zhou.presses(&day, &format!("{day}/retrieval"), ""));
    let page = zhou.page(&to);
    assert!(page.contains("掉单") && page.contains("补记入账"), "{page}");
    goes_on(&zhou.presses(&day, "/console/differences/1/proposal", ""));
    assert!(zhou.page(&day).contains("待另一人确认补记"));
    let page = zhou.page("/console/differences/1");
    assert!(!page.contains("/confirmation\""), "who proposed has no button to confirm: {page}");

    let door = "/console/differences/1";
    assert!(feng.page(door).contains("周敏提出补记入账"));
    goes_on(&feng.presses(door, "/console/differences/1/confirmation", ""));
    assert!(feng.page(&day).contains("差额 ¥0.00"));
    let to = goes_on(&feng.presses(&day, &format!("{day}/closing"), ""));
    assert!(feng.page(&to).contains("已日结"));
    let sheet = feng.0.client.get(format!("{day}/sheets/0")).cookie(feng.1.clone()).dispatch();
    assert_eq!(sheet.content_type(), Some(ContentType::PDF));
    let month = feng.page("/console/months/2026-03");
    assert!(month.contains("200.00") && month.contains("列出的日子都已日结"), "{month}");
}

#[test]
fn a_file_with_faults_comes_back_with_all_of_them() {
    let books = Books::open(1);
    books.pays(0);
    books.hours_pass(24);
    let zhou = Clerk::new(&books.world, "zhoumin", "周敏");
    let bad = books
        .file(DAY)
        .replace(",10000,1,,\r\nREFUND", ",1,1,,\r\nREFUND")
        .replace("REFUND_TOTAL,2026-03-13", "REFUND_TOTAL,2026-03-12");

    let answer = zhou.uploads(bad.as_bytes());

    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let page = answer.into_string().unwrap();
    assert!(page.contains("第 3 行：缴费合计写的是 1 笔 1 分"), "{page}");
    assert!(page.contains("第 4 行：这是 2026-03-12 的对账文件"), "{page}");
    assert_eq!(
        goes_on(&zhou.uploads(books.file(DAY).as_bytes())),
        format!("/console/days/{DAY}?done=new")
    );
    assert_eq!(
        goes_on(&zhou.uploads(books.file(DAY).as_bytes())),
        format!("/console/days/{DAY}?done=same")
    );
}

#[test]
fn a_file_of_a_hundred_megabytes_is_told_that_it_is_too_large() {
    let books = Books::open(1);
    books.hours_pass(24);
    let zhou = Clerk::new(&books.world, "zhoumin", "周敏");
    let answer = zhou.uploads(&vec![b'x'; 40 << 20]);
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    assert!(answer.into_string().unwrap().contains("没有保存"));
    let answer = zhou.uploads(&vec![b'x'; 100 << 20]);
    assert_eq!(answer.status(), Status::PayloadTooLarge);
    assert!(answer.into_string().unwrap().contains("太大"));
}

#[test]
fn whoever_proposed_is_told_why_they_may_not_confirm() {
    let books = Books::open(1);
    books.pays_unheard(0);
    books.hours_pass(24);
    books.fetches(DAY).unwrap();
    let zhou = Clerk::new(&books.world, "zhoumin", "周敏");
    let day = format!("/console/days/{DAY}");
    zhou.presses(&day, "/console/differences/1/proposal", "");
    let page = zhou.page("/console/differences/1");
    let body = format!("_csrf={}&_key={}", hidden(&page, "_csrf"), hidden(&page, "_key"));

    let request = zhou.0.client.post("/console/differences/1/confirmation").cookie(zhou.1.clone());
    let answer = request.header(ContentType::Form).body(body).dispatch();

    assert_eq!(answer.status(), Status::Forbidden);
    assert!(answer.into_string().unwrap().contains("提出和确认不能是同一个人"));
}
