//! One day: its sums, its differences, its statement, its closing.

use std::borrow::Borrow;

use askama::Template;
use rocket::http::ContentType;
use rocket::{Route, State as Managed, get, post, routes};

use super::{Day, words};
use crate::app::App;
use crate::base::outcome::{Error, Fault, refuse};
use crate::features::orders::platform::away;
use crate::features::reconciliation::rules::{
    ChannelSums, Difference, Refused, Remedy, Standing, State, Sums, total,
};
use crate::features::reconciliation::{self, Brought, Closing, Seen};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::db::{By, ReadTx};
use crate::machinery::tables::Limits;
use crate::web::{
    Answer, Chrome, Download, Filled, Next, OneFile, Page, Posted, Pressed, SentFile,
};

/// How many differences a page shows; those that wait come first.
const SHOWN: usize = 200;

pub(super) fn routes() -> Vec<Route> {
    routes![show, upload, fetch, compare, close, sheet]
}

#[derive(Template)]
#[template(path = "reconciliation/console/day.html")]
pub(super) struct Show {
    chrome: Chrome,
    filled: Filled,
    /// What is wrong with a file that was refused.
    complaints: Vec<String>,
    /// How many more complaints there are.
    more: usize,
    /// What the last act did; empty for none.
    done: &'static str,
    me: i64,
    seen: Seen,
    standing: Standing,
    channels: Vec<ChannelSums>,
    ours: Sums,
    theirs: Sums,
    size_mib_max: usize,
}

impl Show {
    async fn of(app: &App, me: i64, day: &Day, chrome: Chrome) -> Result<Show, Fault> {
        let day = day.0;
        let look = move |tx: &ReadTx<'_>| {
            let seen = reconciliation::see(tx, day)?;
            let standing = seen.standing(tx);
            Ok((seen, standing))
        };
        let (seen, standing) = app.db.read(look).await?;
        let theirs = seen.statement.as_ref();
        Ok(Show {
            filled: Filled::default(),
            complaints: Vec::new(),
            more: 0,
            done: "",
            me,
            standing,
            channels: seen.all_channels(),
            ours: total(&seen.ours),
            theirs: theirs.map(|it| it.sums).unwrap_or_default(),
            size_mib_max: Limits::default().size_bytes_max >> 20,
            seen,
            chrome,
        })
    }

    fn day(&self) -> String {
        words::full_day(self.seen.day)
    }

    fn month(&self) -> String {
        self.seen.day.strftime("%Y-%m").to_string()
    }

    fn yuan(&self, fen: impl Borrow<i64>) -> String {
        words::yuan(*fen.borrow())
    }

    fn amount(&self, fen: &Option<i64>) -> String {
        fen.map_or_else(|| "—".to_owned(), words::yuan)
    }

    fn time(&self, at: &jiff::Timestamp) -> String {
        words::instant(*at)
    }

    fn net(&self) -> String {
        words::yuan(self.ours.net_fen() - self.theirs.net_fen())
    }

    fn shown(&self) -> &[Difference] {
        let all = &self.seen.differences;
        &all[..all.len().min(SHOWN)]
    }

    fn hidden(&self) -> usize {
        self.seen.differences.len().saturating_sub(SHOWN)
    }

    /// Where its act is done by pressing a button in the list; else a page of its own asks more.
    fn door(&self, it: &Difference) -> Option<&'static str> {
        match (it.state, it.found.remedy) {
            (State::Open, Remedy::Ask) => Some("question"),
            (State::Open, Remedy::Settle) => Some("proposal"),
            (State::Open, Remedy::Explain | Remedy::Nothing)
            | (State::Proposed | State::Cleared | State::Explained, _) => None,
        }
    }

    fn is_mine(&self, it: &Difference) -> bool {
        it.proposal.is_some_and(|it| it.by == self.me)
    }

    fn may_take(&self) -> bool {
        self.standing != Standing::NotOver
    }

    fn sheet_name(&self, closing: &Closing) -> String {
        match closing.part {
            0 => "日结单".to_owned(),
            part => format!("日结单（补充{part}）"),
        }
    }
}

/// What an act did, as the next page says it.
fn told(done: Option<&str>) -> &'static str {
    match done {
        Some("new") => "对账文件已取得并核对，差异见下表。",
        Some("same") => "这份对账文件此前已经取得，内容相同，没有重复记录。",
        Some("compared") => "已重新核对。",
        Some("closed") => "已日结，日结单可以下载。",
        Some("asked") => "已向平台查询并重新核对。仍有差异的，请说明原因。",
        Some("proposed") => "已提出，请另一位财务人员确认。",
        Some("confirmed") => "已确认并重新核对。",
        Some("returned") => "已退回，可以重新处理。",
        Some(_) | None => "",
    }
}

#[get("/days/<day>?<done>")]
async fn show(
    app: &Managed<App>,
    officer: Officer<Finance>,
    day: Day,
    done: Option<&str>,
    chrome: Chrome,
) -> Answer<Page<Show>> {
    let page = Show::of(app, officer.account, &day, chrome).await?;
    Ok(Page::ok(Show { done: told(done), ..page }))
}

#[post("/days/<day>/statements", data = "<posted>")]
async fn upload(
    app: &Managed<App>,
    officer: Officer<Finance>,
    day: Day,
    posted: Posted<Pressed, OneFile>,
    chrome: Chrome,
) -> Answer<Next<Show>, Refused> {
    let (by, me, date) = (officer.by, officer.account, day.0);
    let mut filled = posted.filled;
    let (mut complaints, mut more) = (Vec::new(), 0);
    if posted.file.is_none() {
        filled.complain("file", "请选择对账文件。");
    }
    if let Some(SentFile { bytes, .. }) = posted.file {
        let brought = away(app, move |app| reconciliation::upload(app, by, date, bytes)).await;
        match brought {
            Ok(brought) => return Ok(onward(&day, brought)),
            Err(Error::Refused(Refused::Bad(said))) => {
                filled.complain("file", "对账文件有问题，没有保存任何内容，请见下面的清单。");
                complaints = said.listed.iter().map(ToString::to_string).collect();
                more = said.more;
            }
            Err(error) => return Err(error),
        }
    }
    let page = Show::of(app, me, &day, chrome).await?;
    Ok(Next::again(Show { filled, complaints, more, ..page }))
}

fn onward(day: &Day, brought: Brought) -> Next<Show> {
    let done = match brought {
        Brought::New => "new",
        Brought::Same => "same",
    };
    Next::go(format!("/console/days/{}?done={done}", day.0))
}

/// 从平台获取.
#[post("/days/<day>/retrieval", data = "<_posted>")]
async fn fetch(
    app: &Managed<App>,
    officer: Officer<Finance>,
    day: Day,
    _posted: Posted<Pressed>,
) -> Answer<Next<Show>, Refused> {
    let (by, date) = (officer.by, day.0);
    let brought = away(app, move |app| reconciliation::fetch(app, by, date)).await?;
    Ok(onward(&day, brought))
}

/// 重新核对.
#[post("/days/<day>/comparison", data = "<_posted>")]
async fn compare(
    app: &Managed<App>,
    officer: Officer<Finance>,
    day: Day,
    _posted: Posted<Pressed>,
) -> Answer<Next<Show>, Refused> {
    let (by, date) = (officer.by, day.0);
    away(app, move |app| Ok(reconciliation::compare(app, by, date)?) as Answer<(), Refused>)
        .await?;
    Ok(Next::go(format!("/console/days/{date}?done=compared")))
}

/// 日结.
#[post("/days/<day>/closing", data = "<posted>")]
async fn close(
    app: &Managed<App>,
    officer: Officer<Finance>,
    day: Day,
    posted: Posted<Pressed>,
) -> Answer<Next<Show>, Refused> {
    let (by, date, key): (By, _, _) = (officer.by, day.0, posted.key);
    away(app, move |app| reconciliation::close(app, by, date, key)).await?;
    Ok(Next::go(format!("/console/days/{date}?done=closed")))
}

#[get("/days/<day>/sheets/<part>")]
async fn sheet(
    app: &Managed<App>,
    officer: Officer<Finance>,
    day: Day,
    part: i64,
) -> Answer<Download, Refused> {
    let date = day.0;
    let seen = app.db.read(move |tx| reconciliation::see(tx, date)).await?;
    let Some(closing) = seen.closings.iter().find(|it| it.part == part) else {
        return refuse(Refused::Unknown);
    };
    let (by, id) = (officer.by, closing.id);
    let (_, bytes) = away(app, move |app| reconciliation::paper(app, by, id)).await?;
    let name = match part {
        0 => format!("day-{date}.pdf"),
        part => format!("day-{date}-supplement-{part}.pdf"),
    };
    Ok(Download { kind: ContentType::PDF, name, save: true, bytes })
}
