//! A form that came after its session had ended: kept, and shown again after the login, for the
//! officer to send once more. It never sends itself.

use askama::Template;
use rocket::http::{CookieJar, Status};
use rocket::outcome::Outcome::{Forward, Success};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::response::{Redirect, Responder};
use rocket::{Route, State as Managed};

use super::entrance::{self, Said, inside};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::features::identity::{self, Everything, Kind};
use crate::features::staff::guard::{self, Officer, Standing};
use crate::features::staff::rules::{Anyone, DutyKind};
use crate::web::{Answer, Chrome, FilesDropped, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, keep]
}

/// A door of the console had turned the request away, and nobody is logged in.
struct TooLate {
    path: String,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for TooLate {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<TooLate, ()> {
        match guard::standing(request).await {
            Standing::Nobody if guard::was_turned_away(request) => {
                Success(TooLate { path: request.uri().to_string() })
            }
            Standing::Staff(_) => Forward(Status::NotFound),
            Standing::Nobody | Standing::Newcomer(_) | Standing::Unread => {
                Forward(Status::Unauthorized)
            }
        }
    }
}

/// Takes over what the doors of the console turned away: its last route.
#[rocket::post("/<_..>", data = "<posted>", rank = 99)]
async fn keep(
    app: &Managed<App>,
    jar: &CookieJar<'_>,
    late: TooLate,
    posted: Posted<Everything, FilesDropped>,
) -> Answer<Redirect> {
    let kept = match inside(&late.path) {
        Some(path) => identity::keep_form(app, jar, Kind::Staff, path, posted).await?,
        None => false,
    };
    let said = if kept { Said::Kept } else { Said::NotKept };
    Ok(Redirect::to(entrance::href(None, None, Some(said))))
}

/// A field as it is shown again.
struct Field {
    name: String,
    value: String,
    /// What it is called on the page it comes from; `None`: the page does not show it.
    label: Option<&'static str>,
}

impl Field {
    /// What stood in it; a box that was ticked says so.
    fn shown(&self) -> &str {
        if self.value == "true" { "是" } else { &self.value }
    }
}

#[derive(Template)]
#[template(path = "staff/console/kept.html")]
struct KeptPage {
    chrome: Chrome,
    path: String,
    /// The page that the form belongs to, as the menu calls it.
    place: Option<&'static str>,
    fields: Vec<Field>,
    /// The name of the file that was not kept.
    file: Option<String>,
    at: String,
}

#[derive(Responder)]
enum Shown {
    Kept(Box<Page<KeptPage>>),
    Nothing(Box<Redirect>),
}

#[rocket::get("/kept")]
async fn show(
    app: &Managed<App>,
    jar: &CookieJar<'_>,
    officer: Officer<Anyone>,
    chrome: Chrome,
) -> Answer<Shown> {
    let kept = identity::kept_form(app, jar, Kind::Staff, officer.account).await?;
    let Some(kept) = kept else {
        return Ok(Shown::Nothing(Box::new(Redirect::to("/console"))));
    };
    if !kept.shown {
        identity::see_form(app, jar, Kind::Staff).await?;
    }
    let field = |(name, value): (String, String)| Field { label: label(&name), name, value };
    let fields = kept.fields()?.into_iter().map(field).collect();
    let at = kept.kept_at.to_zoned(OFFICE).strftime("%-m月%-d日 %H:%M").to_string();
    let is_below = |href: &str| href != "/console" && kept.path.starts_with(href);
    let place = chrome.menu.iter().find(|it| is_below(&it.href)).map(|it| it.label);
    let page = KeptPage { chrome, path: kept.path, place, fields, file: kept.file, at };
    Ok(Shown::Kept(Box::new(Page::ok(page))))
}

/// What a field is called on the pages of the console.
fn label(name: &str) -> Option<&'static str> {
    // Rows of a list are numbered: `label_2`.
    Some(match name.trim_end_matches(|it: char| it.is_ascii_digit() || it == '_') {
        "body" => "正文",
        "title" => "标题",
        "label" => "名称",
        "value" => "内容",
        "hours" => "时间",
        "name" => "名称或姓名",
        "login" => "账号",
        "school" => "院校代码",
        "code" | "item_code" => "代码",
        "consequence" => "逾期后果",
        "unit" => "单位",
        "standard" => "标准（元）",
        "first" => "起始号码",
        "last" => "终止号码",
        "phone" => "手机号",
        "day" => "日期",
        "from" => "开始",
        "to" => "结束",
        "reason" | "note" | "text" => "说明",
        "amount" => "金额（元）",
        other => {
            return DutyKind::ALL.into_iter().find(|it| it.name() == other).map(|it| it.label());
        }
    })
}
