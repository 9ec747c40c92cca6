//! 收费项目 for 考务 and 财务: what is charged, when, and how much has come in.

mod edit;
mod hours;
mod set_up;
mod typed;

use askama::Template;
use rocket::http::Status;
use rocket::{Route, State as Managed, get, routes};

use super::rules::{Counts, FeeItem, Project, Refused, SAMPLE};
use crate::app::App;
use crate::base::config::Mode;
use crate::base::outcome::{Fault, refuse};
use crate::base::values::yuan;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::{Clerk, Either, Finance};
use crate::features::windows;
use crate::machinery::db::ReadTx;
use crate::web::{Answer, Chrome, Page, Refusal};

/// Who sets up what is paid for.
type Cashier = Either<Clerk, Finance>;

/// The doors of this face, to be mounted at `/console`.
pub fn routes() -> Vec<Route> {
    [routes![index, show], set_up::routes(), edit::routes()].concat()
}

/// A project in the list.
struct Row {
    project: Project,
    panel: windows::Panel,
    counts: Counts,
}

#[derive(Template)]
#[template(path = "fees/console/index.html")]
struct Index {
    chrome: Chrome,
    rows: Vec<Row>,
}

#[get("/projects")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<Cashier>,
    chrome: Chrome,
) -> Answer<Page<Index>> {
    let rows = app.db.read(|tx| super::projects(tx)?.into_iter().map(|it| row(tx, it)).collect());
    Ok(Page::ok(Index { chrome, rows: rows.await? }))
}

fn row(tx: &ReadTx<'_>, project: Project) -> Result<Row, Fault> {
    let hours = windows::of(tx, &project.business())?;
    let panel = windows::Panel::of(&hours, tx.now(), "缴费时间", project.consequence.clone());
    let counts = super::counts(tx, project.id)?;
    Ok(Row { project, panel, counts })
}

#[derive(Template)]
#[template(path = "fees/console/show.html")]
struct Show {
    chrome: Chrome,
    row: Row,
    items: Vec<FeeItem>,
    income: String,
    sample: Option<&'static str>,
    done: Option<&'static str>,
}

#[get("/projects/<id>?<done>")]
async fn show(
    app: &Managed<App>,
    _officer: Officer<Cashier>,
    chrome: Chrome,
    id: i64,
    done: Option<&str>,
) -> Answer<Page<Show>, Refused> {
    let found = app.db.read(move |tx| {
        let Some(project) = super::project(tx, id)? else { return Ok(None) };
        Ok(Some((row(tx, project)?, super::items(tx, id)?)))
    });
    let Some((row, items)) = found.await? else { return refuse(Refused::Unknown) };
    let done = match done {
        Some("made") => Some("收费项目已设立。"),
        Some("texts") => Some("已保存，立即生效。"),
        Some("hours") => Some("缴费时间已保存，立即生效。"),
        Some("item") => Some("收费标准已保存，已有的应缴金额不变。"),
        Some(_) | None => None,
    };
    let income = yuan(row.counts.paid_fen);
    Ok(Page::ok(Show { chrome, row, items, income, sample: sample(app), done }))
}

/// The mark beside amounts that nobody has set: those of a demonstration.
fn sample(app: &App) -> Option<&'static str> {
    match app.folder.mode {
        Mode::Demo => Some(SAMPLE),
        Mode::Production | Mode::Training => None,
    }
}

impl Refusal for Refused {
    fn status(&self) -> Status {
        match self {
            Refused::Unknown => Status::NotFound,
            Refused::CodeTaken
            | Refused::NothingToPay
            | Refused::NoLongerUnpaid(_)
            | Refused::ChangedMeanwhile
            | Refused::DoneBefore => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        let (happened, now) = match self {
            Refused::Unknown => ("没有找到这个收费项目。".into(), "请返回收费项目列表重新选择。"),
            Refused::CodeTaken => ("这个代码已经有项目使用了。".into(), "请换一个代码。"),
            Refused::NothingToPay => ("金额应大于0元。".into(), "请填写应收的金额。"),
            Refused::NoLongerUnpaid(state) => (
                format!("这笔应缴费用的状态是“{}”，金额不能再改。", state.label()),
                "请核对名单；需要多退少补的，请由财务处理。",
            ),
            Refused::ChangedMeanwhile => (
                "打开页面以后，内容已被他人修改，这次没有保存。".into(),
                "请返回收费项目，核对最新的内容后再修改。",
            ),
            Refused::DoneBefore => (
                "这张表单已经提交过，内容与这次不同，这次没有保存。".into(),
                "请返回收费项目列表查看结果，需要修改的再点“修改”。",
            ),
        };
        (happened, now.into())
    }
}
