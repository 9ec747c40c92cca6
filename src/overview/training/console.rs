//! The page 培训: the platform's faults with what to try, time travel, starting over.

use askama::Template;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Route, State as Managed, get, post, routes, uri};

use super::lessons::{Lesson, Lessons};
use super::time::{self, Platform, Refused};
use crate::app::App;
use crate::base::clock::OFFICE;
use crate::base::config::Mode;
use crate::base::outcome::Fault;
use crate::features::orders::platform::away;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::{Either, Finance, System};
use crate::features::windows::rules::Opening;
use crate::features::{fees, windows};
use crate::machinery::db::ReadTx;
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted, Pressed, Refusal};

/// Who trains others.
type Trainer = Either<System, Finance>;

/// How long before a window's end the field of the instant stands, for a first try.
const BEFORE_THE_END: SignedDuration = SignedDuration::from_mins(15);

/// The doors of this face, to be mounted at `/console`.
pub fn routes() -> Vec<Route> {
    routes![show, travel, ask_start_over, start_over]
}

/// The folder is for training or demonstration; in production there is no such page.
struct Rehearsal;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Rehearsal {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Rehearsal, ()> {
        match request.rocket().state::<App>() {
            Some(app) if app.folder.mode.may_pretend() => Outcome::Success(Rehearsal),
            Some(_) | None => Outcome::Error((Status::NotFound, ())),
        }
    }
}

#[derive(Template)]
#[template(path = "training/console/show.html")]
struct Show {
    chrome: Chrome,
    filled: Filled,
    /// How far the house's time is from the wall's, in words.
    shift: String,
    platform: Platform,
    /// The platform's training console, where there is one.
    platform_href: Option<String>,
    lessons: Vec<Lesson>,
    /// The cast stands on this stage.
    has_cast: bool,
    done: Option<&'static str>,
}

#[get("/training?<done>")]
async fn show(
    app: &Managed<App>,
    lessons: &Managed<Lessons>,
    _rehearsal: Rehearsal,
    _officer: Officer<Trainer>,
    chrome: Chrome,
    done: Option<&str>,
) -> Answer<Page<Show>, Refused> {
    let done = match done {
        Some("together") => Some("时间已调整，支付平台也跟着调整了。"),
        Some("alone") => Some("本系统的时间已调整，但支付平台没有跟上，请看下面的说明。"),
        Some(_) | None => None,
    };
    let suggested = app.db.read(suggested).await?;
    let filled = Filled::default().with("at", local(suggested));
    Ok(Page::ok(page(app, lessons, chrome, filled, done).await?))
}

async fn page(
    app: &App,
    lessons: &Lessons,
    chrome: Chrome,
    filled: Filled,
    done: Option<&'static str>,
) -> Answer<Show, Refused> {
    let platform = away(app, |app| Ok(time::platform(app))).await?;
    let base = &app.config.platform_url;
    Ok(Show {
        chrome,
        filled,
        shift: shifted(app.clock.shift()),
        platform,
        platform_href: (!base.is_empty()).then(|| format!("{base}/training")),
        lessons: lessons.0(),
        has_cast: app.folder.mode == Mode::Demo,
        done,
    })
}

/// A quarter of an hour before the end of the hours that are open now; else now.
fn suggested(tx: &ReadTx<'_>) -> Result<Timestamp, Fault> {
    for project in fees::projects(tx)? {
        match windows::of(tx, &project.business())?.at(tx.now()) {
            Opening::Open { until, .. } => return Ok(until - BEFORE_THE_END),
            Opening::Coming { .. }
            | Opening::Between { .. }
            | Opening::Over { .. }
            | Opening::Unset => {}
        }
    }
    Ok(tx.now())
}

/// An instant as the browser's field of date and time writes it.
fn local(at: Timestamp) -> String {
    at.to_zoned(OFFICE).strftime("%Y-%m-%dT%H:%M").to_string()
}

fn shifted(shift: SignedDuration) -> String {
    if shift.is_zero() {
        return "与真实时间一致".to_owned();
    }
    let way = if shift.is_negative() { "慢" } else { "快" };
    let minutes = (shift.abs().as_secs() + 30) / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    format!("比真实时间{way} {days} 天 {hours} 小时 {minutes} 分")
}

/// Moves the clock: by a step (`10`, `30`, `1440` minutes), to `at`, or back to `real`.
#[post("/training/clock", data = "<posted>")]
async fn travel(
    app: &Managed<App>,
    lessons: &Managed<Lessons>,
    _rehearsal: Rehearsal,
    officer: Officer<Trainer>,
    chrome: Chrome,
    posted: Posted<Pressed>,
) -> Answer<Next<Show>, Refused> {
    let mut filled = posted.filled;
    let Some(shift) = asked(app, &mut filled) else {
        return Ok(Next::again(page(app, lessons, chrome, filled, None).await?));
    };
    let by = officer.by;
    let said = match away(app, move |app| time::travel(app, by, shift)).await? {
        Platform::Together => "together",
        Platform::Apart | Platform::Unknown => "alone",
    };
    Ok(Next::go(uri!("/console", show(Some(said)))))
}

/// The shift that was asked for. `None`, with a complaint, where it cannot be read.
fn asked(app: &App, filled: &mut Filled) -> Option<SignedDuration> {
    let step = |minutes| Some(app.clock.shift() + SignedDuration::from_mins(minutes));
    match filled.value("move") {
        "10" => step(10),
        "30" => step(30),
        "1440" => step(1440),
        "real" => Some(SignedDuration::ZERO),
        _ => {
            let typed = filled.value("at").trim().replace(' ', "T");
            let read = typed.parse::<DateTime>().ok();
            let at = read.and_then(|it| it.to_zoned(OFFICE).ok()).map(|it| it.timestamp());
            let shift = at.map(|at| at.duration_since(app.clock.wall()));
            let near = shift.filter(|it| it.abs() <= time::FARTHEST);
            if near.is_none() {
                filled.complain("at", "请填写十年以内的日期和时间，例如 2026-03-13 19:45。");
            }
            near
        }
    }
}

#[derive(Template)]
#[template(path = "training/console/start_over.html")]
struct AskStartOver {
    chrome: Chrome,
    may: bool,
}

#[get("/training/start-over")]
fn ask_start_over(
    app: &Managed<App>,
    _rehearsal: Rehearsal,
    _officer: Officer<Trainer>,
    chrome: Chrome,
) -> Page<AskStartOver> {
    Page::ok(AskStartOver { chrome, may: app.folder.mode == Mode::Demo })
}

#[derive(Template)]
#[template(path = "training/console/starting_over.html")]
struct StartingOver {
    chrome: Chrome,
}

#[post("/training/start-over", data = "<_posted>")]
async fn start_over(
    app: &Managed<App>,
    _rehearsal: Rehearsal,
    officer: Officer<Trainer>,
    chrome: Chrome,
    _posted: Posted<Pressed>,
) -> Answer<Page<StartingOver>, Refused> {
    let by = officer.by;
    away(app, move |app| time::start_over(app, by)).await?;
    Ok(Page::ok(StartingOver { chrome }))
}

impl Refusal for Refused {
    fn status(&self) -> Status {
        match self {
            Refused::Production => Status::NotFound,
            Refused::TooFar => Status::UnprocessableEntity,
            Refused::NoFirstSet => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        let (happened, now) = match self {
            Refused::Production => ("正式环境没有培训功能。", "请返回工作台。"),
            Refused::TooFar => ("时间最多调整十年，这次没有调整。", "请返回上一页重新填写。"),
            Refused::NoFirstSet => (
                "这个培训文件夹不是由演示命令建立的，没有可以回到的第一份数据，什么也没有删除。",
                "请停止服务，用 kaowu init --training 另建一个文件夹。",
            ),
        };
        (happened.into(), now.into())
    }
}
