//! 名册导入 for 考务: what was loaded, a file chosen, looked at, and loaded.

mod review;
mod upload;

use askama::Template;
use jiff::Timestamp;
use rocket::http::{ContentType, Status};
use rocket::{FromFormField, Route, State as Managed, get, routes};

use super::rules::{Complaint, Field, Refused, Roster};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::outcome::{Fault, refuse};
use crate::features::fees;
use crate::features::fees::rules::{FeeItem, Project};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Clerk;
use crate::machinery::db::ReadTx;
use crate::machinery::tables::{write_csv, write_xlsx};
use crate::web::{Answer, Chrome, Download, Page, Refusal};

/// How many rosters the list shows.
const LATEST: usize = 200;

/// How many rows of a template are set to text before anything stands in them.
const BLANK_ROWS: usize = 500;

/// The doors of this face, to be mounted at `/console`.
pub fn routes() -> Vec<Route> {
    [routes![index, show, left_out, template], upload::routes(), review::routes()].concat()
}

/// A roster and what it was loaded for.
struct Loaded {
    roster: Roster,
    project: Project,
    item: FeeItem,
}

impl Loaded {
    fn of(tx: &ReadTx<'_>, roster: Roster) -> Result<Loaded, Fault> {
        let broken = || Fault::new("a roster's fee item or project is missing");
        let item = fees::item(tx, roster.fee_item_id)?.ok_or_else(broken)?;
        let project = fees::project(tx, item.project_id)?.ok_or_else(broken)?;
        Ok(Loaded { roster, project, item })
    }

    fn loaded_at(&self) -> String {
        minute(self.roster.loaded_at)
    }
}

fn minute(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M").to_string()
}

#[derive(Template)]
#[template(path = "rosters/console/index.html")]
struct Index {
    chrome: Chrome,
    rows: Vec<Loaded>,
}

#[get("/rosters")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
) -> Answer<Page<Index>> {
    let rows = app.db.read(|tx| {
        let rosters = super::latest(tx, LATEST)?;
        rosters.into_iter().map(|it| Loaded::of(tx, it)).collect()
    });
    Ok(Page::ok(Index { chrome, rows: rows.await? }))
}

#[derive(Template)]
#[template(path = "rosters/console/show.html")]
struct Show {
    chrome: Chrome,
    row: Loaded,
}

#[get("/rosters/<id>")]
async fn show(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
    id: i64,
) -> Answer<Page<Show>, Refused> {
    let Some(row) = find(app, id).await? else { return refuse(Refused::UnknownRoster) };
    Ok(Page::ok(Show { chrome, row }))
}

async fn find(app: &App, id: i64) -> Result<Option<Loaded>, Fault> {
    let found =
        app.db.read(move |tx| super::find(tx, id)?.map(|it| Loaded::of(tx, it)).transpose());
    found.await
}

/// The kinds of file that lists come in.
#[derive(Clone, Copy, Default, FromFormField)]
enum Format {
    Csv,
    /// What spreadsheets open with the right characters and numbers.
    #[default]
    Xlsx,
}

#[get("/rosters/<id>/left-out?<format>")]
async fn left_out(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    id: i64,
    format: Option<Format>,
) -> Answer<Download, Refused> {
    let Some(Loaded { roster, project, .. }) = find(app, id).await? else {
        return refuse(Refused::UnknownRoster);
    };
    let app = App::clone(app);
    let examined = rocket::tokio::task::spawn_blocking(move || {
        super::examine_again(&app, project.id, &roster.file_name, &roster.file_digest)
    });
    Ok(complaints(format.unwrap_or_default(), &examined.await??.complaints)?)
}

/// Complaints as a file.
fn complaints(format: Format, complaints: &[Complaint]) -> Result<Download, Fault> {
    let rows = complaints.iter().map(Complaint::cells);
    download(format, "roster-complaints", &Complaint::HEADINGS, rows)
}

#[get("/rosters/template?<format>")]
fn template(_officer: Officer<Clerk>, format: Option<Format>) -> Answer<Download> {
    let format = format.unwrap_or_default();
    let headings = Field::ALL.map(Field::label);
    // A spreadsheet makes numbers of what is typed into untouched cells, and 18 digits do not
    // survive that; rows that are blank text stay text.
    let blank = match format {
        Format::Csv => 0,
        Format::Xlsx => BLANK_ROWS,
    };
    let rows = std::iter::repeat_n([""; Field::ALL.len()], blank);
    Ok(download(format, "roster-template", &headings, rows)?)
}

fn download(
    format: Format,
    name: &str,
    headings: &[&str],
    rows: impl Iterator<Item = impl IntoIterator<Item = impl AsRef<str>>>,
) -> Result<Download, Fault> {
    let workbook =
        ContentType::new("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    let (kind, ending, bytes) = match format {
        Format::Csv => (ContentType::CSV, "csv", write_csv(headings, rows)),
        Format::Xlsx => (workbook, "xlsx", write_xlsx(headings, rows)?),
    };
    Ok(Download { kind, name: format!("{name}.{ending}"), save: true, bytes })
}

impl Refusal for Refused {
    fn status(&self) -> Status {
        match self {
            Refused::UnknownProject | Refused::UnknownRoster => Status::NotFound,
            Refused::Unusable(_)
            | Refused::BadRows
            | Refused::NobodyLeft
            | Refused::FileGone
            | Refused::DoneBefore => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        let (happened, now) = match self {
            Refused::UnknownProject => {
                ("没有这个收费项目，或它还没有收费标准。".into(), "请先设立收费项目，再导入名册。")
            }
            Refused::UnknownRoster => ("没有找到这份名册。".into(), "请返回“名册导入”重新选择。"),
            Refused::Unusable(why) => (why.to_string(), "请改好文件后重新上传。"),
            Refused::BadRows => (
                "名册中有错误的行，没有导入任何内容。".into(),
                "请改正后重新上传，或只导入正确的行。",
            ),
            Refused::NobodyLeft => (
                "名册中没有一行可以导入，没有导入任何内容。".into(),
                "请按错误清单改正后重新上传。",
            ),
            Refused::FileGone => {
                ("上传的文件已不再保存，没有导入任何内容。".into(), "请返回“名册导入”重新上传。")
            }
            Refused::DoneBefore => (
                "这张表单已经提交过，内容与这次不同，这次没有导入。".into(),
                "请返回“名册导入”查看结果，需要时重新上传。",
            ),
        };
        (happened, now.into())
    }
}
