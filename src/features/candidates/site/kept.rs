//! A form that came after its session had ended: kept, and shown again after the login, for the
//! person to send once more. It never sends itself.

use askama::Template;
use rocket::http::{CookieJar, Status};
use rocket::outcome::Outcome::{Forward, Success};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::response::{Redirect, Responder};
use rocket::{Route, State as Managed, uri};

use super::sign_in::{self, Said};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::features::candidates::guard::{self, Candidate, Standing};
use crate::features::candidates::rules::is_local;
use crate::features::identity::{self, Everything, Kind};
use crate::features::staff;
use crate::web::{Answer, Chrome, FilesDropped, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, keep]
}

/// A candidate's door had turned the request away, and nobody is logged in.
struct TooLate {
    path: String,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for TooLate {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<TooLate, ()> {
        // This guard asks last, so its status is what the catchers see.
        if request.uri().path().starts_with("/console") {
            return match staff::guard::standing(request).await {
                staff::guard::Standing::Staff(_) => Forward(Status::NotFound),
                staff::guard::Standing::Nobody
                | staff::guard::Standing::Newcomer(_)
                | staff::guard::Standing::Unread => Forward(Status::Unauthorized),
            };
        }
        if !guard::was_turned_away(request) {
            return Forward(Status::NotFound);
        }
        match guard::standing(request).await {
            Standing::Nobody => Success(TooLate { path: request.uri().to_string() }),
            Standing::Newcomer(_) | Standing::Candidate(_) | Standing::Unread => {
                Forward(Status::Unauthorized)
            }
        }
    }
}

/// Takes over what the doors of candidates turned away: the last route of all.
#[rocket::post("/<_..>", data = "<posted>", rank = 100)]
async fn keep(
    app: &Managed<App>,
    jar: &CookieJar<'_>,
    late: TooLate,
    posted: Posted<Everything, FilesDropped>,
) -> Answer<Redirect> {
    let kept = is_local(&late.path)
        && identity::keep_form(app, jar, Kind::Candidate, late.path, posted).await?;
    let said = if kept { Said::Kept } else { Said::NotKept };
    Ok(Redirect::to(sign_in::href(None, None, Some(said))))
}

/// A field as it is shown again.
struct Field {
    name: String,
    value: String,
    /// What it is called on the page it comes from.
    label: String,
}

#[derive(Template)]
#[template(path = "candidates/site/kept.html")]
pub(super) struct KeptPage {
    chrome: Chrome,
    path: String,
    /// What was pressed, where that is known here.
    act: Option<&'static str>,
    fields: Vec<Field>,
    at: String,
}

#[derive(Responder)]
pub(super) enum Shown {
    Kept(Box<Page<KeptPage>>),
    Nothing(Box<Redirect>),
}

#[rocket::get("/kept")]
pub(super) async fn show(
    app: &Managed<App>,
    jar: &CookieJar<'_>,
    candidate: Candidate,
    chrome: Chrome,
) -> Answer<Shown> {
    let nothing = || {
        let to = uri!(super::person::show(next = None::<&str>));
        Ok(Shown::Nothing(Box::new(Redirect::to(to))))
    };
    let kept = identity::kept_form(app, jar, Kind::Candidate, candidate.account).await?;
    let Some(kept) = kept else { return nothing() };
    if !kept.shown {
        identity::see_form(app, jar, Kind::Candidate).await?;
    }
    let field = |(name, value): (String, String)| Field { label: label(&name).into(), name, value };
    let at = kept.kept_at.to_zoned(OFFICE).strftime("%-m月%-d日 %H:%M").to_string();
    let fields = kept.fields()?.into_iter().map(field).collect();
    let act = act(&kept.path);
    Ok(Shown::Kept(Box::new(Page::ok(KeptPage { chrome, path: kept.path, act, fields, at }))))
}

/// What was pressed, by the noun that a form is posted to.
fn act(path: &str) -> Option<&'static str> {
    match path.split('?').next()?.rsplit('/').next()? {
        "orders" => Some("提交缴费"),
        "renewal" => Some("重新申请缴费"),
        "standing" => Some("核实支付结果"),
        _ => None,
    }
}

/// What a field is called on the page it comes from; its own name, where that is not known here.
fn label(name: &str) -> &str {
    match name {
        "phone" => "手机号",
        "email" => "邮箱",
        "name" => "姓名",
        "address" => "通讯地址",
        "postcode" => "邮政编码",
        "employer" => "工作单位",
        "reason" | "note" | "text" => "说明",
        _ => name,
    }
}
