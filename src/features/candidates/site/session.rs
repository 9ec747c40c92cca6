//! In and out: what the button 登录 sends, and 退出.

use jiff::SignedDuration;
use rocket::form::FromForm;
use rocket::http::uri::Origin;
use rocket::http::{CookieJar, Header, Status};
use rocket::response::{Redirect, Responder};
use rocket::{Route, State as Managed, uri};

use super::password;
use super::sign_in::{self, Said, SignInPage};
use super::{give, take};
use crate::app::App;
use crate::base::outcome::Fault;
use crate::base::values::{DocumentKind, LoginName, Secret};
use crate::features::candidates::login::{self, Before, CameTo, Ended, Logins, Try};
use crate::features::candidates::rules::{PASSWORD_MAX, Wish, spoken};
use crate::features::identity::challenge::Taken;
use crate::features::identity::queue::Standing;
use crate::features::identity::{self, Desk, Kind, session};
use crate::web::{Answer, Chrome, Filled, Page, Peer, Posted, Pressed};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![enter, exit]
}

#[derive(FromForm)]
struct Typed {
    account: LoginName,
    #[field(validate = len(1..).or_else(msg!("请填写密码。")))]
    #[field(validate = len(..=PASSWORD_MAX).or_else(msg!("密码过长，请核对后重新输入。")))]
    password: String,
    document: Option<String>,
    captcha: Option<String>,
    challenge: Option<String>,
    next: Option<String>,
}

/// Onward, or the login page again.
#[derive(Responder)]
pub(super) enum Entered {
    Go(Box<Redirect>),
    Again(Box<Page<SignInPage>>),
    Wait(Box<Waiting>),
}

/// The login page for somebody who must wait, with how many seconds.
#[derive(Responder)]
pub(super) struct Waiting {
    page: Page<SignInPage>,
    again: Header<'static>,
}

impl Entered {
    pub(super) fn go(to: Origin<'static>) -> Entered {
        Entered::Go(Box::new(Redirect::to(to)))
    }
}

/// Where a login is answered: what it takes to show the page again, or to let somebody in.
pub(super) struct Door<'r> {
    pub(super) app: &'r App,
    pub(super) desk: &'r Desk,
    pub(super) jar: &'r CookieJar<'r>,
    pub(super) chrome: Chrome,
}

#[rocket::post("/session", data = "<posted>")]
async fn enter(
    app: &Managed<App>,
    desk: &Managed<Desk>,
    logins: &Managed<Logins>,
    jar: &CookieJar<'_>,
    peer: Peer,
    chrome: Chrome,
    posted: Posted<Typed>,
) -> Answer<Entered> {
    let door = Door { app, desk, jar, chrome };
    let mut filled = posted.filled;
    let waits = filled.value("way") == "wait";
    let Some(typed) = posted.form else {
        return Ok(door.again(Status::UnprocessableEntity, filled, false));
    };
    let answer = typed.captcha.unwrap_or_default();
    if answer.trim().is_empty() && !waits {
        filled.complain("captcha", "请填写验证码。");
        return Ok(door.again(Status::UnprocessableEntity, filled, false));
    }
    let attempt = Try {
        name: typed.account,
        document: typed.document.as_deref().and_then(DocumentKind::from_code),
        password: Secret::new(typed.password),
        address: login::or_nowhere(peer.0),
        replaces: session::token(app, jar, Kind::Candidate),
    };
    let challenge = typed.challenge.unwrap_or_default();
    match login::let_through(app, &desk.challenges, &attempt, challenge, answer).await? {
        Before::Free => {}
        Before::Wait(wait) => {
            return Ok(door.waiting(filled, wait, false));
        }
        Before::Captcha(taken) => {
            filled.complain("captcha", taken.told().unwrap_or_default());
            let used_up = taken != Taken::TooSoon;
            return Ok(door.again(Status::UnprocessableEntity, filled, used_up));
        }
    }
    let wish = typed.next.as_deref().and_then(Wish::read);
    let login = on_its_way(app, desk, attempt, filled.value("account").to_owned(), wish);
    match logins.enter(&app.chance, Box::pin(login)).await {
        Standing::Done(ended) => door.answer(ended).await,
        Standing::Waiting { ticket, .. } => {
            give(app, jar, "queue", ticket);
            Ok(Entered::go(uri!(super::queue::show)))
        }
        Standing::Gone => Err(Fault::new("a login ended without an answer").into()),
    }
}

/// The part of a login that waits its turn.
fn on_its_way(
    app: &App,
    desk: &Desk,
    attempt: Try,
    typed: String,
    wish: Option<Wish>,
) -> impl Future<Output = Ended> + Send + use<> {
    let came = login::come_in(app.clone(), desk.hasher.clone(), attempt);
    async move {
        let came_to = came.await.map_err(|fault| (fault.known, fault.to_string()));
        Ended { typed, wish, came_to }
    }
}

fn too_often(wait: SignedDuration) -> String {
    format!("连续输错次数较多，请在{}后再试；本次没有核对密码。", spoken(wait))
}

impl Door<'_> {
    fn again(self, status: Status, filled: Filled, used_up: bool) -> Entered {
        let page = SignInPage::new(self.app, self.desk, self.chrome, filled, used_up);
        Entered::Again(Box::new(Page(status, page)))
    }

    fn waiting(self, mut filled: Filled, wait: SignedDuration, used_up: bool) -> Entered {
        filled.complain("account", too_often(wait));
        let page = SignInPage::new(self.app, self.desk, self.chrome, filled, used_up);
        let page = Page(Status::TooManyRequests, page);
        let seconds = wait.as_secs().max(1).to_string();
        Entered::Wait(Box::new(Waiting { page, again: Header::new("Retry-After", seconds) }))
    }

    /// Answers a login that is done: lets in, or shows the page again.
    pub(super) async fn answer(self, ended: Ended) -> Answer<Entered> {
        let Ended { typed, wish, came_to } = ended;
        let next = wish.as_ref().map_or("", Wish::path).to_owned();
        let mut filled = Filled::default().with("account", typed).with("next", next);
        let came_to = came_to.map_err(|(known, what)| Fault::known(known, what))?;
        match came_to {
            CameTo::In { token, account, newcomer } => {
                self.let_in(token.expose().clone(), account, newcomer, wish).await
            }
            CameTo::Wrong { wait, left } => {
                filled.complain("account", "账号或密码不正确，请核对后重新输入。");
                let more = match wait {
                    Some(wait) => format!("连续输错次数较多，请在{}后再试。", spoken(wait)),
                    None => format!("再输错{left}次，需要等待一段时间才能再试。"),
                };
                Ok(self.warned(Status::UnprocessableEntity, filled, Some(more), &[]))
            }
            CameTo::Wait(wait) => Ok(self.waiting(filled, wait, true)),
            CameTo::WhichDocument(kinds) => {
                filled.complain("document", "这个号码有多种证件使用，请选择证件类型，再输入密码。");
                Ok(self.warned(Status::UnprocessableEntity, filled, None, &kinds))
            }
        }
    }

    fn warned(
        self,
        status: Status,
        filled: Filled,
        more: Option<String>,
        kinds: &[DocumentKind],
    ) -> Entered {
        let page = SignInPage::new(self.app, self.desk, self.chrome, filled, true);
        Entered::Again(Box::new(Page(status, page.warning(more).asking(kinds))))
    }

    async fn let_in(
        self,
        token: String,
        account: i64,
        newcomer: bool,
        wish: Option<Wish>,
    ) -> Answer<Entered> {
        session::give_cookie(self.app, self.jar, Kind::Candidate, account, token);
        take(self.app, self.jar, password::DONE);
        if newcomer {
            return Ok(Entered::go(uri!(password::show)));
        }
        let kept = identity::kept_form(self.app, self.jar, Kind::Candidate, account).await?;
        if kept.is_some_and(|it| !it.shown) {
            return Ok(Entered::go(uri!(super::kept::show)));
        }
        match wish {
            Some(wish) if !wish.is_payment() => {
                let to = Origin::parse_owned(wish.path().to_owned());
                Ok(Entered::go(to.map_err(|_| Fault::new("a wish is no path"))?))
            }
            // A payment begins with 核对信息, wherever one wanted to.
            wish => {
                let next = wish.as_ref().map(Wish::path);
                Ok(Entered::go(uri!(super::person::show(next = next))))
            }
        }
    }
}

/// Out, with the browser asked to forget what it was shown.
#[derive(Responder)]
pub(super) struct Out {
    to: Box<Redirect>,
    clear: Header<'static>,
}

#[rocket::post("/exit", data = "<_pressed>")]
async fn exit(app: &Managed<App>, jar: &CookieJar<'_>, _pressed: Posted<Pressed>) -> Answer<Out> {
    session::end(app, jar, Kind::Candidate).await?;
    identity::drop_form(app, jar, Kind::Candidate).await?;
    take(app, jar, "queue");
    // Not "cookies": they belong to the host, and staff or the platform may be open beside us.
    let clear = Header::new("Clear-Site-Data", "\"cache\", \"storage\"");
    let to = sign_in::href(None, None, Some(Said::Out));
    Ok(Out { to: Box::new(Redirect::to(to)), clear })
}
