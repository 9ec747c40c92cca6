//! 登录: the page itself, its captcha and the way around it.

use askama::Template;
use rocket::http::{Accept, ContentType};
use rocket::response::Redirect;
use rocket::{Route, State as Managed, uri};

use crate::app::App;
use crate::base::outcome::refuse;
use crate::base::values::DocumentKind;
use crate::features::candidates::guard::{Newcomer, Visitor};
use crate::features::candidates::rules::Wish;
use crate::features::identity::{Another, Asked, Desk};
use crate::web::{Answer, Chrome, Download, Filled, Nothing, Page};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![sign_in, already_in, picture, sound, another]
}

#[derive(Template)]
#[template(path = "candidates/site/sign_in.html")]
pub(super) struct SignInPage {
    chrome: Chrome,
    filled: Filled,
    asked: Asked,
    next: String,
    /// 证件类型, where the number does not say it.
    documents: Vec<(&'static str, &'static str)>,
    /// What happened before this page.
    said: Option<&'static str>,
    /// What follows from the next mistake.
    more: Option<String>,
}

/// What happened before the login page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Somebody went out.
    Out,
    /// A form is kept for whoever posted it.
    Kept,
    /// A form came too late and could not be kept.
    NotKept,
    /// Nobody came back for the answer in the queue.
    Gone,
}

impl Said {
    const ALL: [Said; 4] = [Said::Out, Said::Kept, Said::NotKept, Said::Gone];

    fn name(self) -> &'static str {
        match self {
            Said::Out => "out",
            Said::Kept => "kept",
            Said::NotKept => "late",
            Said::Gone => "gone",
        }
    }

    fn told(self) -> &'static str {
        match self {
            Said::Out => "您已安全退出。下一位考生可以直接登录。",
            Said::Kept => {
                "登录已失效。您刚才提交的内容已保留30分钟，还没有生效；登录后可以继续提交。"
            }
            Said::NotKept => "登录已失效，您刚才提交的内容没有保存。请登录后重新提交。",
            Said::Gone => "排队号已经失效，请重新登录。",
        }
    }
}

/// The login page, with a wish and what to say first.
pub(super) fn href(
    next: Option<&str>,
    way: Option<&str>,
    said: Option<Said>,
) -> rocket::http::uri::Origin<'static> {
    let next = next.and_then(Wish::read).map(|it| it.path().to_owned());
    let said = said.map(Said::name);
    uri!(sign_in(next = next.as_deref(), way = way, said = said))
}

impl SignInPage {
    /// The page with what was typed. `taken`: the challenge it was sent with is used up; a wait
    /// that is not goes on.
    pub(super) fn new(app: &App, desk: &Desk, chrome: Chrome, filled: Filled, taken: bool) -> Self {
        let asked = Asked::of(app, desk, &filled, taken);
        let next = Wish::read(filled.value("next")).map_or_else(String::new, |it| it.path().into());
        // A session that still lasts is about to be replaced; its menu and its name are not shown.
        let chrome = if chrome.who.is_some() { chrome.stranger() } else { chrome };
        let chrome = chrome.at_the_entrance();
        let (documents, said, more) = (Vec::new(), None, None);
        SignInPage { chrome, filled, asked, next, documents, said, more }
    }

    /// The same, asking which of several documents it is.
    #[must_use]
    pub(super) fn asking(mut self, kinds: &[DocumentKind]) -> SignInPage {
        self.documents = kinds.iter().map(|it| (it.code(), it.label())).collect();
        self
    }

    /// The same, with what follows from the next mistake.
    #[must_use]
    pub(super) fn warning(mut self, more: Option<String>) -> SignInPage {
        self.more = more;
        self
    }

    /// This page again, with a picture or with a wait.
    fn again(&self, way: Option<&str>) -> String {
        href(Some(&self.next), way, None).to_string()
    }

    /// Another picture: to a script its address, to everybody else the page again.
    fn renew(&self) -> String {
        let next = Some(self.next.as_str()).filter(|it| !it.is_empty());
        uri!(another(next = next)).to_string()
    }
}

#[rocket::get("/sign-in?<next>&<way>&<said>")]
fn sign_in(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    _visitor: Visitor,
    chrome: Chrome,
    next: Option<&str>,
    way: Option<&str>,
    said: Option<&str>,
) -> Page<SignInPage> {
    let filled = Filled::default()
        .with("next", next.unwrap_or_default())
        .with("way", way.unwrap_or_default());
    let said = Said::ALL.into_iter().find(|it| Some(it.name()) == said);
    let page = SignInPage::new(app, desk, chrome, filled, true);
    Page::ok(SignInPage { said: said.map(Said::told), ..page })
}

/// Whoever is logged in is not asked again.
#[rocket::get("/sign-in", rank = 2)]
fn already_in(newcomer: Option<Newcomer>) -> Redirect {
    match newcomer {
        Some(_) => Redirect::to(uri!(super::password::show)),
        None => Redirect::to(uri!(super::person::show(next = None::<&str>))),
    }
}

#[rocket::get("/captcha/<no>")]
fn picture(desk: &Managed<Desk>, no: &str) -> Answer<Download, Nothing> {
    let Some(bytes) = desk.challenges.draw(no) else { return refuse(Nothing) };
    Ok(Download { kind: ContentType::PNG, name: "captcha.png".into(), save: false, bytes })
}

/// 听验证码.
#[rocket::get("/captcha/<no>/sound")]
fn sound(desk: &Managed<Desk>, no: &str) -> Answer<Download, Nothing> {
    let Some(bytes) = desk.challenges.speak(no) else { return refuse(Nothing) };
    Ok(Download { kind: ContentType::WAV, name: "captcha.wav".into(), save: false, bytes })
}

/// 换一张: to a script the new picture's address, else the page again.
#[rocket::get("/captcha?<next>")]
fn another(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    accept: Option<&Accept>,
    next: Option<&str>,
) -> Another {
    Another::answer(app, desk, accept, href(next, None, None))
}
