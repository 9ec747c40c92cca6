//! What a person reads when there is no page: a refusal, a fault, a wrong address.

use std::borrow::Cow;

use askama::Template;
use rocket::http::{Header, Status};
use rocket::request::Request;
use rocket::response::{self, Responder, Response};

use super::chrome::Chrome;
use super::page::Page;
use crate::app::App;
use crate::base::outcome::{Error, Fault, Known, Never};

/// A refusal in the words of the person refused.
pub trait Refusal {
    /// How the answer is numbered for browsers.
    fn status(&self) -> Status {
        Status::Conflict
    }

    /// What happened, and what to do now. One sentence each.
    fn told(&self) -> (String, String);
}

impl Refusal for Never {
    fn told(&self) -> (String, String) {
        match *self {}
    }
}

/// There is no such thing, or it is somebody else's, which is the same to the person who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nothing;

impl Refusal for Nothing {
    fn status(&self) -> Status {
        Status::NotFound
    }

    fn told(&self) -> (String, String) {
        ("没有找到这个页面。".into(), "请核对网址，或返回首页重新进入。".into())
    }
}

/// What a handler gives back: a page, or the reason there is none.
pub type Answer<T, R = Never> = Result<T, Error<R>>;

#[derive(Template)]
#[template(path = "errors/told.html")]
struct ToldPage {
    chrome: Chrome,
    happened: Cow<'static, str>,
    now: Cow<'static, str>,
    incident: Option<String>,
}

#[derive(Template)]
#[template(path = "errors/told_console.html")]
struct ToldInConsole {
    chrome: Chrome,
    happened: Cow<'static, str>,
    now: Cow<'static, str>,
    incident: Option<String>,
}

#[derive(Template)]
#[template(path = "errors/plain.html")]
struct PlainPage {
    happened: Cow<'static, str>,
    now: Cow<'static, str>,
}

/// A page of two sentences: what happened, and what to do now.
pub struct Told {
    /// How the answer is numbered for browsers.
    pub status: Status,
    /// What happened.
    pub happened: Cow<'static, str>,
    /// What to do now.
    pub now: Cow<'static, str>,
}

impl Told {
    /// The page with these sentences.
    pub fn new(
        status: Status,
        happened: impl Into<Cow<'static, str>>,
        now: impl Into<Cow<'static, str>>,
    ) -> Told {
        Told { status, happened: happened.into(), now: now.into() }
    }
}

impl<'r> Responder<'r, 'static> for Told {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        respond(request, self.status, self.happened, self.now, None)
    }
}

fn respond(
    request: &Request<'_>,
    status: Status,
    happened: Cow<'static, str>,
    now: Cow<'static, str>,
    incident: Option<String>,
) -> response::Result<'static> {
    match Chrome::of(request) {
        Some(chrome) if chrome.is_console() => {
            Page(status, ToldInConsole { chrome, happened, now, incident }).respond_to(request)
        }
        Some(chrome) => {
            Page(status, ToldPage { chrome, happened, now, incident }).respond_to(request)
        }
        None => Page(status, PlainPage { happened, now }).respond_to(request),
    }
}

impl<'r, R: Refusal> Responder<'r, 'static> for Error<R> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self {
            Error::Refused(reason) => {
                let (happened, now) = reason.told();
                Told::new(reason.status(), happened, now).respond_to(request)
            }
            Error::Fault(fault) => answer_fault(request, &fault),
        }
    }
}

/// Answers a fault, and logs it: once, here, with a number the person can tell us.
fn answer_fault(request: &Request<'_>, fault: &Fault) -> response::Result<'static> {
    let chance = request.rocket().state::<App>().map(|app| &app.chance);
    let incident = chance.map_or_else(|| "00000000".into(), |it| it.digits(8));
    let act = request.route().map_or_else(String::new, |it| it.uri.to_string());
    tracing::error!(incident, act, method = %request.method(), %fault, known = ?fault.known);
    let (status, happened, now) = match fault.known {
        Known::NotDone => (
            Status::InternalServerError,
            "系统暂时无法完成您的操作，本次操作没有保存，也没有因此扣款。",
            "请稍后再试；如仍不行，请把事件编号告诉工作人员。",
        ),
        Known::Busy => (
            Status::ServiceUnavailable,
            "现在使用的人很多，系统正忙，本次操作没有保存，也没有因此扣款。",
            "请过几秒钟再试一次。",
        ),
        Known::NoRoom => (
            Status::ServiceUnavailable,
            "系统的磁盘暂时不能写入，本次操作没有保存，也没有因此扣款。",
            "如果银行已提示扣款，请不要再次付款，系统会自动核实。请稍后再试，并把事件编号告诉工作人员。",
        ),
        Known::Unsure => (
            Status::ServiceUnavailable,
            "结果待确认：系统暂时无法确定本次操作是否已经保存，但没有因此扣款。",
            "如果银行已提示扣款，请不要再次付款，系统会自动核实。请不要重复操作，稍后重新登录查看结果，并把事件编号告诉工作人员。",
        ),
    };
    let answer = respond(request, status, happened.into(), now.into(), Some(incident))?;
    let mut answer = Response::build_from(answer);
    if status == Status::ServiceUnavailable {
        answer.header(Header::new("Retry-After", "5"));
    }
    answer.ok()
}

#[rocket::catch(default)]
async fn any(status: Status, request: &Request<'_>) -> Told {
    // A page that is not there still shows who is here.
    drop(request.guard::<Chrome>().await);
    // An address with a part that cannot be read names nothing, whatever Rocket numbers that.
    let status = if status == Status::UnprocessableEntity { Status::NotFound } else { status };
    let (happened, now) = match status.code {
        403 => ("这个页面已经过期，或不是从本系统打开的。", "请返回上一页，刷新后重新提交。"),
        404 | 405 => ("没有找到这个页面。", "请核对网址，或返回首页重新进入。"),
        413 => ("提交的内容太大，系统没有接收。", "请返回上一页，减小文件后重新提交。"),
        400 | 415 => ("提交的内容无法读取，没有保存。", "请返回上一页，重新填写后提交。"),
        408 | 503 => ("系统正忙，本次操作没有保存，也没有因此扣款。", "请过几秒钟再试一次。"),
        500 => (
            "系统暂时无法完成您的操作，没有因此扣款。",
            "如果银行已提示扣款，请不要再次付款，系统会自动核实。请稍后再试；如仍不行，请联系工作人员。",
        ),
        _ => ("系统没有接受这次请求。", "请返回首页重新进入。"),
    };
    Told::new(status, happened, now)
}

/// What answers where no handler does.
pub fn catchers() -> Vec<rocket::Catcher> {
    rocket::catchers![any]
}
