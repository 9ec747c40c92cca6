//! 号段: the ranges of numbers, how many are left, and another one to add.

use askama::Template;
use rocket::{FromForm, Route, State as Managed, get, post, routes};

use crate::app::App;
use crate::base::outcome::{self, Error, refuse};
use crate::base::values::narrow;
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
    first: String,
    last: String,
}

impl Wish {
    /// The range that was typed: its code and its numbers. What cannot be read is complained of.
    fn read(&self, filled: &mut Filled) -> Option<(String, i64, i64)> {
        let first = number(filled, "first", &self.first);
        let last = number(filled, "last", &self.last);
        Some((narrow(&self.code), first?, last?))
    }
}

/// A number as it was typed, full-width digits and blanks as they come.
fn number(filled: &mut Filled, field: &'static str, typed: &str) -> Option<i64> {
    let typed = narrow(typed);
    if typed.is_empty() {
        filled.complain(field, format!("请填写{}，最多 10 位数字", label(field)));
        return None;
    }
    let is_number = typed.bytes().all(|it| it.is_ascii_digit());
    let number = typed.parse().ok().filter(|_| is_number);
    if number.is_none() {
        filled.complain(field, complaint(&Refused::NotANumber { field }).1);
    }
    number
}

fn label(field: &str) -> &'static str {
    if field == "first" { "起始号码" } else { "终止号码" }
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
    let Some((code, first, last)) = wish.read(&mut filled) else {
        return Ok(Next::again(page(app, chrome, filled).await?));
    };
    let key = posted.key;
    match app.db.write(officer.by, move |tx| add(tx, &code, [first, last], &key)).await {
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
fn add(
    tx: &WriteTx<'_>,
    code: &str,
    [first, last]: [i64; 2],
    key: &FormKey,
) -> outcome::Result<(), Refused> {
    match tx.once(key, &format!("segment {code} {first} {last}"))? {
        Once::First => receipts::add_segment(tx, code, first, last),
        Once::Again(_) => Ok(()),
        Once::Different => refuse(Refused::FormReused),
    }
}

/// At which field, and in which words.
fn complaint(reason: &Refused) -> (&'static str, String) {
    match reason {
        Refused::NotACode => ("code", "请填写 8 位数字的票据代码，例如 31010126".into()),
        Refused::NotANumber { field } => {
            (field, format!("{}应为 1 到 9999999999 之间的数字，请核对后重新填写", label(field)))
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
