//! 修改密码: after a one-time password, or because somebody wants to.

use askama::Template;
use rocket::http::CookieJar;
use rocket::{FromForm, Route, State as Managed, uri};

use super::entrance::spoken;
use crate::app::App;
use crate::base::outcome::Said;
use crate::base::values::Secret;
use crate::features::identity::{Desk, Kind, NotSet, session};
use crate::features::staff::guard::SignedIn;
use crate::features::staff::login;
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![password, set_password, password_set]
}

#[derive(Template)]
#[template(path = "staff/console/password.html")]
pub(super) struct PasswordPage {
    chrome: Chrome,
    filled: Filled,
    /// A one-time password was used: nothing else before it is changed.
    must_change: bool,
    login: String,
}

#[rocket::get("/password")]
pub(super) fn password(who: SignedIn, chrome: Chrome) -> Page<PasswordPage> {
    Page::ok(password_page(&who, chrome, Filled::default()))
}

fn password_page(who: &SignedIn, chrome: Chrome, filled: Filled) -> PasswordPage {
    let chrome = if who.must_change { chrome.stranger() } else { chrome };
    let login = who.member.login.to_string();
    PasswordPage { chrome, filled, must_change: who.must_change, login }
}

#[derive(FromForm)]
struct Wanted {
    present_password: Option<String>,
    #[field(validate = len(1..=256).or_else(msg!("请填写新密码。")))]
    new_password: String,
    repeated_password: String,
}

#[rocket::post("/password", data = "<posted>")]
async fn set_password(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    jar: &CookieJar<'_>,
    who: SignedIn,
    chrome: Chrome,
    posted: Posted<Wanted>,
) -> Answer<Next<PasswordPage>> {
    let mut filled = posted.filled;
    let Some(wanted) = posted.form else {
        return Ok(Next::again(password_page(&who, chrome, filled)));
    };
    if wanted.new_password != wanted.repeated_password {
        filled.complain("repeated_password", "两次输入的新密码不一致，请重新输入。");
        return Ok(Next::again(password_page(&who, chrome, filled)));
    }
    // Asked for a moment ago, at the login, where it must be changed.
    let present = Secret::new(wanted.present_password.unwrap_or_default());
    let present = (!who.must_change).then_some(present);
    let wanted = Secret::new(wanted.new_password);
    match login::change(app, desk, &who.member, present, wanted, who.by).await? {
        Said::Done(()) => {
            session::take_cookie(app, jar, Kind::Staff);
            Ok(Next::go(uri!("/console", password_set)))
        }
        Said::No(reason) => {
            let (field, told) = match reason {
                NotSet::WrongPresent => {
                    ("present_password", "当前密码不正确，请重新输入。".to_owned())
                }
                NotSet::Wait(wait) => (
                    "present_password",
                    format!("当前密码连续输错次数较多，请在 {}后再试。", spoken(wait)),
                ),
                NotSet::Weak(weak) => ("new_password", weak.told().to_owned()),
            };
            filled.complain(field, told);
            Ok(Next::again(password_page(&who, chrome, filled)))
        }
    }
}

#[derive(Template)]
#[template(path = "staff/console/password_set.html")]
struct PasswordSetPage {
    chrome: Chrome,
}

#[rocket::get("/password/set")]
fn password_set(chrome: Chrome) -> Page<PasswordSetPage> {
    Page::ok(PasswordSetPage { chrome: chrome.stranger() })
}
