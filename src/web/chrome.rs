//! The frame of every page: whose house this is, who is here, where one can go, what time it is.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;

use askama::filters::Safe;
use jiff::Timestamp;
use rocket::http::Status;
use rocket::outcome::try_outcome;
use rocket::request::{FromRequest, Outcome, Request};

use super::assets;
use super::csrf::{self, Csrf};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::config::Mode;
use crate::machinery::db::FormKey;

/// Who is logged in, as the frame shows it.
#[derive(Clone, Debug)]
pub struct Who {
    /// The name as shown.
    pub name: String,
    /// What stands beside it: a member of staff's duties; empty for candidates.
    pub detail: String,
}

/// One entry of a menu.
#[derive(Clone, Debug)]
pub struct MenuLink {
    /// What it is called.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// Its icon's name in icons.css; empty for none.
    pub icon: &'static str,
    /// The heading it stands under; empty for none.
    pub group: &'static str,
    /// Is the page shown one of its pages?
    pub current: bool,
}

/// Whom to ask: one line.
#[derive(Clone, Debug)]
pub struct SupportLine {
    /// 技术支持 QQ.
    pub label: String,
    /// The number.
    pub text: String,
    /// When somebody answers; empty when not said.
    pub hours: String,
}

/// What the frame shows of rooms that this one does not know.
#[derive(Clone, Debug, Default)]
pub struct Scenery {
    /// Who is logged in.
    pub who: Option<Who>,
    /// The menu of the face this page belongs to.
    pub menu: Vec<MenuLink>,
    /// 切换服务: the services open to this person.
    pub switch: Vec<MenuLink>,
    /// Whom to ask.
    pub support: Vec<SupportLine>,
}

/// Fills in the [`Scenery`] of a request; managed by Rocket, set in `server.rs`.
pub struct Around(
    pub for<'r> fn(&'r Request<'_>) -> Pin<Box<dyn Future<Output = Scenery> + Send + 'r>>,
);

/// The frame of a page. Every page struct has one in its field `chrome`.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// The centre's name.
    pub centre: String,
    /// Which service or face this is: 在线收费系统, 管理控制台.
    pub service: &'static str,
    /// Who is logged in.
    pub who: Option<Who>,
    /// The menu.
    pub menu: Vec<MenuLink>,
    /// 切换服务.
    pub switch: Vec<MenuLink>,
    /// Whom to ask.
    pub support: Vec<SupportLine>,
    /// Where 退出 posts to.
    pub exit_href: String,
    /// 长辈版: everything larger.
    pub large: bool,
    mode: Mode,
    now: Timestamp,
    csrf: Csrf,
    key: FormKey,
    console: bool,
}

/// The cookie that remembers 长辈版.
pub const LARGE: &str = "kaowu-large";

impl Chrome {
    /// The banner of a folder that is not for production: its two parts.
    pub fn mode_banner(&self) -> Option<(&'static str, &'static str)> {
        self.mode.banner()
    }

    /// The house's time as people read it.
    pub fn clock_text(&self) -> String {
        self.now.to_zoned(OFFICE).strftime("%Y年%-m月%-d日 %H:%M:%S").to_string()
    }

    /// The house's time for machines.
    pub fn clock_iso(&self) -> String {
        self.now.to_zoned(OFFICE).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// The house's time.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The hidden inputs of every form: where it comes from, and its key.
    pub fn tokens(&self) -> Safe<String> {
        Safe(format!(
            "<input type=\"hidden\" name=\"{}\" value=\"{}\"><input type=\"hidden\" name=\"{}\" value=\"{}\">",
            csrf::FIELD,
            self.csrf.as_str(),
            csrf::KEY,
            self.key
        ))
    }

    /// Where an embedded file is found.
    pub fn asset(&self, path: &str) -> String {
        assets::href(path)
    }

    /// Is this a page of the staff's console?
    pub fn is_console(&self) -> bool {
        self.console
    }

    /// The first page of this face.
    pub fn home_href(&self) -> &'static str {
        if self.console { "/console" } else { "/" }
    }

    /// The same frame under another service's name.
    #[must_use]
    pub fn service(mut self, service: &'static str) -> Chrome {
        self.service = service;
        self
    }

    /// The same frame without the person: for the pages before the login is complete.
    #[must_use]
    pub fn stranger(mut self) -> Chrome {
        self.who = None;
        self.menu.clear();
        self
    }

    /// The same frame for a login page, whose form belongs to nobody yet.
    #[must_use]
    pub fn at_the_entrance(self) -> Chrome {
        Chrome { csrf: self.csrf.clone().at_the_entrance(), ..self.stranger() }
    }

    /// The frame that this request's handler used; a bare one where it used none.
    pub(super) fn of(request: &Request<'_>) -> Option<Chrome> {
        let slot = request.local_cache(Slot::default);
        slot.0.get().cloned().or_else(|| bare(request, Csrf::none()))
    }
}

#[derive(Default)]
struct Slot(OnceLock<Chrome>);

fn bare(request: &Request<'_>, csrf: Csrf) -> Option<Chrome> {
    let app = request.rocket().state::<App>()?;
    let console = request.uri().path().starts_with("/console");
    Some(Chrome {
        centre: app.config.centre_name.clone(),
        service: if console { "管理控制台" } else { "在线收费系统" },
        who: None,
        menu: Vec::new(),
        switch: Vec::new(),
        support: Vec::new(),
        exit_href: if console { "/console/exit".into() } else { "/exit".into() },
        large: request.cookies().get(LARGE).is_some_and(|it| it.value() == "1"),
        mode: app.folder.mode,
        now: app.clock.now(),
        csrf,
        key: FormKey::draw(&app.chance),
        console,
    })
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Chrome {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Chrome, ()> {
        let slot = request.local_cache(Slot::default);
        if let Some(chrome) = slot.0.get() {
            return Outcome::Success(chrome.clone());
        }
        let csrf = try_outcome!(request.guard::<Csrf>().await);
        let Some(mut chrome) = bare(request, csrf) else {
            return Outcome::Error((Status::InternalServerError, ()));
        };
        if let Some(Around(fill)) = request.rocket().state::<Around>() {
            let scenery = fill(request).await;
            chrome.who = scenery.who;
            chrome.menu = scenery.menu;
            chrome.switch = scenery.switch;
            chrome.support = scenery.support;
        }
        Outcome::Success(slot.0.get_or_init(|| chrome).clone())
    }
}
