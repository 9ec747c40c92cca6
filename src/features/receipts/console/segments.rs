//! 号段: the ranges of numbers, how many are left, and another one to add.

use askama::Template;
use rocket::{FromForm, Route, State as Managed, get, post, routes};

use crate::app::App;
use crate::base::outcome::{self, Error, refuse};
use crate::features::receipts;
use crate::features::receipts::rules::{NUMBERS_LOW, Refused, Segment, Stock};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::db::{FormKey, Once, WriteTx};
use crate::web::{Answer, Chrome, Filled, Next, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    routes![index, create]
}

#[derive(Template)]
#[template(path = "receipts/console/segments.html")]
struct Segments {
    chrome: Chrome,
    filled: Filled,
    segments: Vec<Segment>,
    stock: Stock,
    low: i64,
    done: bool,
}

#[get("/receipts/segments?<done>")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    chrome: Chrome,
    done: Option<&str>,
) -> Answer<Page<Segments>> {
    let page = page(app, chrome, Filled::default()).await?;
    Ok(Page::ok(Segments { done: done.is_some(), ..page }))
}

async fn page(app: &App, chrome: Chrome, filled: Filled) -> Answer<Segments> {
    let found = app.db.read(|tx| Ok((receipts::segments(tx)?, receipts::stock(tx)?)));
    let (segments, stock) = found.await?;
    Ok(Segments { chrome, filled, segments, stock, low: NUMBERS_LOW, done: false })
}

#[derive(FromForm)]
struct Wish {
    code: String,
    first: i64,
    last: i64,
}

#[post("/receipts/segments", data = "<posted>")]
async fn create(
    app: &Managed<App>,
    officer: Officer<Finance>,
    chrome: Chrome,
    posted: Posted<Wish>,
) -> Answer<Next<Segments>> {
    let mut filled = posted.filled;
    let Some(wish) = posted.form else {
        return Ok(Next::again(page(app, chrome, filled).await?));
    };
    let key = posted.key;
    match app.db.write(officer.by, move |tx| add(tx, &wish, &key)).await {
        Ok(()) => Ok(Next::go("/console/receipts/segments?done")),
        Err(Error::Refused(reason)) => {
            let (field, text) = complaint(&reason);
            filled.complain(field, text);
            Ok(Next::again(page(app, chrome, filled).await?))
        }
        Err(Error::Fault(fault)) => Err(fault.into()),
    }
}

/// Adds the segment of a form, once.
fn add(tx: &WriteTx<'_>, wish: &Wish, key: &FormKey) -> outcome::Result<(), Refused> {
    let code = wish.code.trim();
    match tx.once(key, &format!("segment {code} {} {}", wish.first, wish.last))? {
        Once::First => receipts::add_segment(tx, code, wish.first, wish.last),
        Once::Again(_) => Ok(()),
        Once::Different => refuse(Refused::FormReused),
    }
}

/// At which field, and in which words.
fn complaint(reason: &Refused) -> (&'static str, String) {
    match reason {
        Refused::NotACode => ("code", "请填写 8 位数字的票据代码，例如 31010126".into()),
        Refused::NotANumber { field } => {
            (field, "号码应为 1 到 9999999999 之间的数字，请核对后重新填写".into())
        }
        Refused::OutOfOrder => ("last", "终止号码不能小于起始号码，请核对后重新填写".into()),
        Refused::Overlaps(there) => (
            "first",
            format!(
                "与已有号段 {} {}–{} 重叠，没有添加，请核对后重新填写",
                there.code,
                there.first_text(),
                there.last_text()
            ),
        ),
        Refused::FormReused => {
            ("", "这张表单已经添加过另一个号段，这一次没有添加，请核对下表后重新提交".into())
        }
    }
}
