//! No page shuts anybody out: everybody walks the pages that are theirs, and axe looks at each
//! (WCAG 2.2 AA). What needs a state of its own is looked at where that state is tested.

use rusqlite::Connection;

use crate::browser::Browser;
use crate::browser_manual::signs_in;
use crate::demo::Demo;

/// What is not there has a page too.
const NOWHERE: &str = "/no-such-page";

const ANYBODY: &[&str] = &[
    "/",
    "/announcements",
    "/announcements/1",
    "/browsers",
    "/help",
    "/privacy",
    "/projects",
    "/sign-in",
    "/verification",
    "/console/sign-in",
    NOWHERE,
];

const CANDIDATE: &[&str] =
    &["/person", "/dues", "/orders", "/orders/{order}", "/receipts", "/receipts/1", "/password"];

const CLERK: &[&str] = &[
    "/console",
    "/console/announcements",
    "/console/announcements/new",
    "/console/announcements/1",
    "/console/bulletin/contacts",
    "/console/bulletin/notice",
    "/console/candidates",
    "/console/candidates/1",
    "/console/projects",
    "/console/projects/new",
    "/console/projects/1",
    "/console/projects/1/hours",
    "/console/projects/1/texts",
    "/console/rosters",
    "/console/rosters/new",
    "/console/rosters/characters",
    "/console/password",
];

const FINANCE: &[&str] = &[
    "/console",
    "/console/days",
    "/console/days/{day}",
    "/console/exceptions",
    "/console/months/{month}",
    "/console/orders",
    "/console/orders/{order}",
    "/console/orders/{order}/refund",
    "/console/receipts",
    "/console/receipts/1",
    "/console/receipts/segments",
    "/console/refunds",
    "/console/refunds/1",
    "/console/training",
];

const SYSTEM: &[&str] = &[
    "/console",
    "/console/staff",
    "/console/staff/1",
    "/console/staff/new",
    "/console/training/start-over",
];

#[test]
fn no_page_shuts_anybody_out() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start_in(&folder.path().join("demo"), &[]);
    let conn = Connection::open(folder.path().join("demo/kaowu.sqlite")).unwrap();
    let paid = "select o.order_no, substr(o.placed_at, 1, 10)
                  from orders o
                  join candidates c on c.id = o.candidate_id
                 where c.name_shown = '孙丽' and o.state = 'paid'";
    let (order, day): (String, String) =
        conn.query_row(paid, (), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let browser = Browser::start();
    let mut findings = Vec::new();
    let mut walks = |pages: &[&str]| {
        for page in pages {
            let page = page.replace("{order}", &order).replace("{day}", &day);
            let page = page.replace("{month}", &day[..7]);
            browser.visit(&format!("{}{page}", demo.url()));
            let refused = ["没有找到这个页面", "不在您的职责范围内"];
            let told = refused.iter().any(|it| browser.text().contains(it));
            assert_eq!(told, page == NOWHERE, "{page}: {}", browser.text());
            let found = browser.axe();
            findings.extend(found.iter().map(|it| format!("{page}: {it}")));
        }
    };

    walks(ANYBODY);
    let (login, password) = demo.account("孙丽");
    browser.visit(&format!("{}/sign-in", demo.url()));
    signs_in(&browser, &demo, &login, &password);
    browser.see("请仔细核对个人信息");
    walks(CANDIDATE);
    for (officer, pages) in [("周敏", CLERK), ("吴芳", FINANCE), ("冯刚", SYSTEM)] {
        let (login, password) = demo.account(officer);
        browser.visit(&format!("{}/console/sign-in", demo.url()));
        signs_in(&browser, &demo, &login, &password);
        browser.see("等我处理");
        walks(pages);
        browser.press("退出");
    }

    assert!(findings.is_empty(), "{findings:#?}");
}
