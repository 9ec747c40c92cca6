//! In and out: 登录 and 退出.

use askama::Template;
use jiff::SignedDuration;
use rocket::http::uri::Origin;
use rocket::http::{Accept, CookieJar, Header};
use rocket::response::Redirect;
use rocket::{FromForm, Route, State as Managed, uri};

use crate::app::App;
use crate::base::outcome::Said as Outcome;
use crate::base::values::Secret;
use crate::features::identity::challenge::Taken;
use crate::features::identity::{self, Another, Asked, Desk, Kind, session};
use crate::features::staff::login::{self, Knock, NotIn};
use crate::web::{Answer, Chrome, Filled, Next, Page, Peer, Posted, Pressed};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![sign_in, another, enter, exit]
}

#[derive(Template)]
#[template(path = "staff/console/sign_in.html")]
pub(super) struct SignInPage {
    chrome: Chrome,
    filled: Filled,
    asked: Asked,
    next: String,
    said: Option<&'static str>,
}

impl SignInPage {
    /// `taken`: the challenge the page was sent with is used up; a wait that is not goes on.
    fn new(app: &App, desk: &Desk, chrome: Chrome, filled: Filled, taken: bool) -> SignInPage {
        let asked = Asked::of(app, desk, &filled, taken);
        let next = filled.value("next").to_owned();
        SignInPage { chrome: chrome.at_the_entrance(), filled, asked, next, said: None }
    }

    /// Another picture: to a script its address, to everybody else this page again.
    fn renew(&self) -> String {
        let next = Some(self.next.as_str()).filter(|it| !it.is_empty());
        uri!("/console", another(next = next)).to_string()
    }

    /// This page again, with another picture or another way.
    fn again(&self, way: Option<&str>) -> String {
        href(Some(&self.next), way, None).to_string()
    }
}

/// What the login page says before anything was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// 退出 was pressed.
    Out,
    /// A form is kept for whoever posted it.
    Kept,
    /// Something was posted after the session had ended, and could not be kept.
    NotKept,
}

impl Said {
    const ALL: [Said; 3] = [Said::Out, Said::Kept, Said::NotKept];

    fn name(self) -> &'static str {
        match self {
            Said::Out => "out",
            Said::Kept => "kept",
            Said::NotKept => "late",
        }
    }

    fn told(self) -> &'static str {
        match self {
            Said::Out => "您已安全退出。",
            Said::Kept => {
                "登录已失效。您刚才提交的内容已保留30分钟，还没有生效；登录后可以继续提交。"
            }
            Said::NotKept => "登录已失效，您刚才提交的内容没有保存。请登录后重新提交。",
        }
    }
}

/// The login page, with where to go afterwards and what to say first.
pub(super) fn href(next: Option<&str>, way: Option<&str>, said: Option<Said>) -> Origin<'static> {
    let (next, said) = (next.filter(|it| !it.is_empty()), said.map(Said::name));
    uri!("/console", sign_in(next = next, way = way, said = said))
}

#[rocket::get("/sign-in?<next>&<way>&<said>")]
pub(super) fn sign_in(
    app: &Managed<App>,
    desk: &Managed<Desk>,
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

#[rocket::get("/captcha?<next>")]
fn another(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    accept: Option<&Accept>,
    next: Option<&str>,
) -> Another {
    Another::answer(app, desk, accept, href(next, None, None))
}

#[derive(FromForm)]
struct Typed {
    #[field(validate = len(1..=64).or_else(msg!("请填写账号。")))]
    login: String,
    #[field(validate = len(1..=256).or_else(msg!("请填写密码。")))]
    password: String,
    captcha: Option<String>,
    challenge: String,
    next: Option<String>,
}

#[rocket::post("/session", data = "<posted>")]
async fn enter(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    jar: &CookieJar<'_>,
    peer: Peer,
    chrome: Chrome,
    posted: Posted<Typed>,
) -> Answer<Next<SignInPage>> {
    let mut filled = posted.filled;
    let Some(typed) = posted.form else {
        return Ok(Next::again(SignInPage::new(app, desk, chrome, filled, false)));
    };
    let next = typed.next.as_deref().and_then(inside);
    let knock = Knock {
        login: typed.login,
        password: Secret::new(typed.password),
        challenge: typed.challenge,
        answer: typed.captcha.unwrap_or_default(),
        address: peer.0,
    };
    match login::sign_in(app, desk, knock).await? {
        Outcome::Done(entry) => {
            // Whoever was logged in at this browser no longer is.
            session::end(app, jar, Kind::Staff).await?;
            session::give_cookie(app, jar, Kind::Staff, entry.account, entry.token);
            if entry.must_change {
                return Ok(Next::go(uri!("/console", super::password::password)));
            }
            let kept = identity::kept_form(app, jar, Kind::Staff, entry.account).await?;
            if kept.is_some_and(|it| !it.shown) {
                return Ok(Next::go(uri!("/console", super::kept::show)));
            }
            Ok(Next::go(next.unwrap_or_else(|| "/console".into())))
        }
        Outcome::No(reason) => {
            let (field, told) = worded(reason);
            filled.complain(field, told);
            let untouched = matches!(reason, NotIn::Wait(_) | NotIn::Captcha(Taken::TooSoon));
            Ok(Next::again(SignInPage::new(app, desk, chrome, filled, !untouched)))
        }
    }
}

/// An address within the console, where a login may lead; another site's is none.
pub(super) fn inside(next: &str) -> Option<String> {
    let origin = Origin::parse(next).ok()?;
    let path = origin.path().as_str();
    let within = path == "/console" || path.starts_with("/console/");
    (within && !next.contains('\\')).then(|| origin.to_string())
}

fn worded(reason: NotIn) -> (&'static str, String) {
    const WRONG: &str = "账号或密码不正确，请核对后重新输入。";
    match reason {
        NotIn::Captcha(taken) => ("captcha", taken.told().unwrap_or_default().to_owned()),
        NotIn::Wrong { wait: None } => ("login", WRONG.to_owned()),
        NotIn::Wrong { wait: Some(wait) } => {
            ("login", format!("{WRONG}连续输错次数较多，请在 {}后再试。", spoken(wait)))
        }
        NotIn::Wait(wait) => {
            ("login", format!("连续输错次数较多，请在 {}后再试，本次没有核对密码。", spoken(wait)))
        }
    }
}

/// 30 秒, 5 分钟: never shorter than it is.
pub(super) fn spoken(wait: SignedDuration) -> String {
    match wait.as_secs() {
        seconds @ ..60 => format!("{} 秒", seconds.max(1)),
        seconds => format!("{} 分钟", (seconds + 59) / 60),
    }
}

#[derive(rocket::Responder)]
struct Gone {
    to: Redirect,
    clear: Header<'static>,
}

#[rocket::post("/exit", data = "<_pressed>")]
async fn exit(app: &Managed<App>, jar: &CookieJar<'_>, _pressed: Posted<Pressed>) -> Answer<Gone> {
    session::end(app, jar, Kind::Staff).await?;
    identity::drop_form(app, jar, Kind::Staff).await?;
    // Cookies stay: a candidate may be logged in at the same address.
    let clear = Header::new("Clear-Site-Data", "\"cache\", \"storage\"");
    Ok(Gone { to: Redirect::to(href(None, None, Some(Said::Out))), clear })
}

#[cfg(test)]
mod tests {
    use super::{SignedDuration, inside, spoken};

    #[test]
    fn a_login_leads_nowhere_else() {
        for (next, leads) in [
            ("/console", Some("/console")),
            ("/console/orders?day=2026-03-13", Some("/console/orders?day=2026-03-13")),
            ("/consoles", None),
            ("/dues", None),
            ("//example.com/console", None),
            ("https://example.com/console", None),
            ("/\\example.com", None),
            ("", None),
        ] {
            assert_eq!(inside(next).as_deref(), leads, "{next}");
        }
    }

    #[test]
    fn a_wait_is_never_said_shorter_than_it_is() {
        let said = |seconds| spoken(SignedDuration::from_secs(seconds));
        assert_eq!([said(0), said(30), said(60), said(61)], ["1 秒", "30 秒", "1 分钟", "2 分钟"]);
    }
}
