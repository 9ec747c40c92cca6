//! 联系方式, 选择线路 and 浏览器下载: short lists, edited whole.

use askama::Template;
use rocket::request::FromParam;
use rocket::{FromForm, Route, State as Managed, get, post, routes};

use super::{Tab, tabs};
use crate::app::App;
use crate::features::bulletin;
use crate::features::bulletin::rules::{LINES_MAX, Line, List, address};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Clerk;
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted};

const LABEL_MAX: usize = 20;
const VALUE_MAX: usize = 200;
const HOURS_MAX: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    routes![show, set]
}

/// A list, as its page's address names it.
#[derive(Clone, Copy)]
struct Shelf(List);

impl Shelf {
    fn path(self) -> &'static str {
        match self.0 {
            List::Contacts => "contacts",
            List::Routes => "lines",
            List::Browsers => "browsers",
        }
    }

    fn heading(self) -> &'static str {
        match self.0 {
            List::Contacts => "联系方式",
            List::Routes => "选择线路",
            List::Browsers => "浏览器下载",
        }
    }

    fn meaning(self) -> &'static str {
        match self.0 {
            List::Contacts => "显示在每个页面的页脚和“技术支持”里。",
            List::Routes => {
                "有两条以上线路时，考生从首页进入缴费系统前先选择线路；没有填写或只有一条时直接进入登录页。"
            }
            List::Browsers => "显示在首页和“浏览器建议”里；全部清空就恢复内置的链接。",
        }
    }

    /// What the parts of a line are called, with a hint each.
    fn labels(self) -> Labels {
        match self.0 {
            List::Contacts => Labels {
                label_hint: "例如 技术支持QQ、咨询电话",
                value: "号码",
                value_hint: "例如 021-5555 0173",
                hours: "在线时间",
            },
            List::Routes => Labels {
                label_hint: "例如 线路一（推荐）",
                value: "网址",
                value_hint: "例如 https://pay.example.cn",
                hours: "",
            },
            List::Browsers => Labels {
                label_hint: "例如 Chrome浏览器",
                value: "网址",
                value_hint: "下载页面的网址",
                hours: "",
            },
        }
    }
}

/// How the form of a list calls the parts of its lines.
struct Labels {
    label_hint: &'static str,
    value: &'static str,
    value_hint: &'static str,
    /// Empty where lines have no hours.
    hours: &'static str,
}

impl<'r> FromParam<'r> for Shelf {
    type Error = ();

    fn from_param(param: &'r str) -> Result<Shelf, ()> {
        List::ALL.into_iter().map(Shelf).find(|it| it.path() == param).ok_or(())
    }
}

/// One line of the form: the names of its fields.
struct Names {
    number: usize,
    label: String,
    value: String,
    hours: String,
}

impl Names {
    fn of(number: usize) -> Names {
        let name = |part| format!("{part}_{number}");
        Names { number, label: name("label"), value: name("value"), hours: name("hours") }
    }
}

/// The lines of a form: those that came, and one more where that button was pressed.
fn rows(filled: &Filled, more: bool) -> Vec<Names> {
    let came = filled.typed().filter(|(name, _)| name.starts_with("label_")).count();
    let wanted = came.max(1) + usize::from(more && came > 0);
    (1..=wanted.min(LINES_MAX)).map(Names::of).collect()
}

#[derive(Template)]
#[template(path = "bulletin/console/list.html")]
struct Show {
    chrome: Chrome,
    tabs: Vec<Tab>,
    filled: Filled,
    rows: Vec<Names>,
    here: String,
    heading: &'static str,
    meaning: &'static str,
    labels: Labels,
    done: Option<&'static str>,
}

impl Show {
    fn with(chrome: Chrome, shelf: Shelf, filled: Filled, more: bool) -> Show {
        let rows = rows(&filled, more);
        let here = format!("/console/bulletin/{}", shelf.path());
        Show {
            chrome,
            tabs: tabs(&here),
            filled,
            rows,
            here,
            heading: shelf.heading(),
            meaning: shelf.meaning(),
            labels: shelf.labels(),
            done: None,
        }
    }
}

#[get("/bulletin/<shelf>?<done>")]
async fn show(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
    shelf: Shelf,
    done: Option<&str>,
) -> Answer<Page<Show>> {
    let lines = app.db.read(move |tx| bulletin::lines(tx, shelf.0)).await?;
    let filled = lines.into_iter().zip(1..).fold(Filled::default(), |filled, (line, number)| {
        let names = Names::of(number);
        filled
            .with(&names.label, line.label)
            .with(&names.value, line.value)
            .with(&names.hours, line.hours)
    });
    let done = (done == Some("saved")).then_some("已保存，立即生效。");
    Ok(Page::ok(Show { done, ..Show::with(chrome, shelf, filled, false) }))
}

/// Which button was pressed: 再加一条 or the one that saves.
#[derive(FromForm)]
struct Button {
    more: bool,
}

#[post("/bulletin/<shelf>", data = "<posted>")]
async fn set(
    app: &Managed<App>,
    officer: Officer<Clerk>,
    chrome: Chrome,
    shelf: Shelf,
    posted: Posted<Button>,
) -> Answer<Next<Show>> {
    let mut filled = posted.filled;
    if posted.form.is_some_and(|it| it.more) {
        return Ok(Next::Again(Page::ok(Show::with(chrome, shelf, filled, true))));
    }
    let Some(lines) = typed(&mut filled, shelf.0) else {
        return Ok(Next::again(Show::with(chrome, shelf, filled, false)));
    };
    app.db.write(officer.by, move |tx| bulletin::set_lines(tx, shelf.0, &lines)).await?;
    Ok(Next::go(format!("/console/bulletin/{}?done=saved", shelf.path())))
}

/// The lines that were typed; empty ones are passed over.
fn typed(filled: &mut Filled, list: List) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    let mut is_whole = true;
    for names in rows(filled, false) {
        let parts = [&names.label, &names.value, &names.hours];
        if parts.iter().all(|it| filled.value(it).trim().is_empty()) {
            continue;
        }
        match line(filled, &names, list) {
            Some(line) => lines.push(line),
            None => is_whole = false,
        }
    }
    is_whole.then_some(lines)
}

fn line(filled: &mut Filled, names: &Names, list: List) -> Option<Line> {
    let label = filled.text(&names.label, "请填写名称。", LABEL_MAX);
    let value = match list {
        List::Contacts => filled.text(&names.value, "请填写号码。", VALUE_MAX),
        List::Routes | List::Browsers => {
            let typed = filled.text(&names.value, "请填写网址。", VALUE_MAX)?;
            match address(&typed) {
                Ok(address) => Some(address),
                Err(wrong) => {
                    filled.complain(&names.value, wrong.to_string());
                    None
                }
            }
        }
    };
    let hours = filled.optional_text(&names.hours, HOURS_MAX);
    Some(Line { label: label?, value: value?, hours: hours? })
}
