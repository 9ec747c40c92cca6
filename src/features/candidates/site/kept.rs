//! A form that came after its session had ended: kept, and shown again after the login, for the
//! person to send once more. It never sends itself.

use askama::Template;
use rocket::form::{self, DataField, FromForm, Options, ValueField};
use rocket::http::{CookieJar, Status};
use rocket::outcome::Outcome::{Forward, Success};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::response::{Redirect, Responder};
use rocket::{Route, State as Managed, uri};

use super::sign_in::{self, Said};
use super::{give, given};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::outcome::Fault;
use crate::features::candidates::guard::{self, Candidate, Standing};
use crate::features::candidates::rules::is_local;
use crate::features::identity::{self, Kind, session};
use crate::features::staff;
use crate::web::{Answer, Chrome, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, keep]
}

/// The longest form that is kept, in bytes of its JSON.
const BYTES_MAX: usize = 16 * 1024;

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

/// Every field of a form, in its order; files are left out.
struct Everything(Vec<(String, String)>);

#[rocket::async_trait]
impl<'r> FromForm<'r> for Everything {
    type Context = Vec<(String, String)>;

    fn init(_: Options) -> Self::Context {
        Vec::new()
    }

    fn push_value(fields: &mut Self::Context, field: ValueField<'r>) {
        fields.push((field.name.source().to_string(), field.value.to_owned()));
    }

    async fn push_data(_: &mut Self::Context, _: DataField<'r, '_>) {}

    fn finalize(fields: Self::Context) -> form::Result<'r, Everything> {
        Ok(Everything(fields))
    }
}

impl Everything {
    /// As it is kept: without what must not be read again by anybody.
    fn as_json(&self) -> Result<String, Fault> {
        let is_secret = |name: &str| name.starts_with('_') || name.contains("password");
        let fields: Vec<_> = self.0.iter().filter(|(name, _)| !is_secret(name)).collect();
        Ok(serde_json::to_string(&fields)?)
    }
}

/// Takes over what the doors of candidates turned away: the last route of all.
#[rocket::post("/<_..>", data = "<posted>", rank = 100)]
async fn keep(
    app: &Managed<App>,
    jar: &CookieJar<'_>,
    late: TooLate,
    posted: Posted<Everything>,
) -> Answer<Redirect> {
    let fields = posted.form.as_ref().map(Everything::as_json).transpose()?.unwrap_or_default();
    if fields.is_empty() || fields.len() > BYTES_MAX || !is_local(&late.path) {
        return Ok(Redirect::to(sign_in::href(None, None, Some(Said::NotKept))));
    }
    let ended = session::token(app, jar, Kind::Candidate);
    let token = app.chance.token();
    let cookie = token.clone();
    let work = move |tx: &crate::machinery::db::WriteTx<'_>| {
        let account = match &ended {
            Some(ended) => identity::whose_session(tx, Kind::Candidate, ended)?,
            None => None,
        };
        identity::keep_form(tx, &token, account, &late.path, &fields)
    };
    let said = match app.db.keep(work).await? {
        true => {
            give(app, jar, "kept", cookie);
            Said::Kept
        }
        false => Said::NotKept,
    };
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
    let Some(token) = given(app, jar, "kept") else { return nothing() };
    let (asked, account) = (token.clone(), candidate.account);
    let kept = app.db.read(move |tx| identity::kept_form(tx, &asked, account)).await?;
    let Some(kept) = kept else { return nothing() };
    if !kept.shown {
        app.db.keep(move |tx| identity::see_form(tx, &token)).await?;
    }
    let fields: Vec<(String, String)> = serde_json::from_str(&kept.fields)?;
    let field = |(name, value): (String, String)| Field { label: label(&name).into(), name, value };
    let at = kept.kept_at.to_zoned(OFFICE).strftime("%-m月%-d日 %H:%M").to_string();
    let fields = fields.into_iter().map(field).collect();
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
