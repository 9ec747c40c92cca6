//! 票据: the list for 财务, and one receipt with its paper.

mod segments;

use askama::Template;
use rocket::http::RawStr;
use rocket::{FromForm, Route, State as Managed, get, routes};

use super::face::{self, Shown};
use super::paper::{self, NoPaper};
use super::rules::{Receipt, Sought, Stock};
use super::site::{Row, pdf, tag};
use super::store;
use crate::app::App;
use crate::base::outcome::{Fault, refuse};
use crate::features::candidates;
use crate::features::candidates::rules::Person;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Finance;
use crate::machinery::db::ReadTx;
use crate::web::{Answer, Chrome, Download, Nothing, Page};

/// How many receipts a page of the list shows.
const PAGE: i64 = 50;

/// The routes of this face.
pub fn routes() -> Vec<Route> {
    [routes![index, show, download], segments::routes()].concat()
}

#[derive(FromForm)]
struct Asked<'r> {
    q: Option<&'r str>,
    state: Option<&'r str>,
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "receipts/console/index.html")]
struct Index {
    chrome: Chrome,
    q: String,
    waiting_only: bool,
    stock: Stock,
    rows: Vec<Row>,
    older: Option<String>,
}

#[get("/receipts?<asked..>")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    asked: Asked<'_>,
    chrome: Chrome,
) -> Answer<Page<Index>> {
    let q: String = asked.q.unwrap_or_default().chars().take(60).collect();
    let waiting_only = asked.state == Some("waiting");
    let (sought, before) = (Sought::read(&q), asked.before);
    let found = app.db.read(move |tx| {
        let receipts = store::list(tx, &sought, waiting_only, before, PAGE)?;
        Ok((receipts, super::stock(tx)?))
    });
    let (receipts, stock) = found.await?;
    let more = receipts.len() as i64 == PAGE;
    let older = receipts.last().filter(|_| more).map(|last| {
        let q = RawStr::new(&q).percent_encode();
        let state = if waiting_only { "waiting" } else { "" };
        format!("/console/receipts?q={q}&state={state}&before={}", last.id)
    });
    let rows = receipts.into_iter().map(Row::new).collect();
    Ok(Page::ok(Index { chrome, q, waiting_only, stock, rows, older }))
}

#[derive(Template)]
#[template(path = "receipts/console/show.html")]
struct Show {
    chrome: Chrome,
    receipt: Receipt,
    /// The receipt on screen; none while it waits for its number.
    shown: Option<Shown>,
    /// The receipt of the same payment in the other colour.
    twin: Option<Receipt>,
    person: Option<Person>,
    lacking: String,
    tag: &'static str,
    word: &'static str,
}

impl Show {
    fn issued_at(&self) -> String {
        face::second(self.receipt.issued_at)
    }

    fn paid_at(&self) -> String {
        face::second(self.receipt.printed.paid_at)
    }

    fn amount(&self) -> String {
        super::site::amount(&self.receipt)
    }

    fn twin_label(&self) -> &'static str {
        if self.receipt.reversed { "红字票据" } else { "原票据" }
    }

    fn number_of(&self, receipt: &Receipt) -> String {
        let number = receipt.number.as_ref();
        number.map_or_else(|| "待领号".into(), |it| format!("{} {}", it.code, it.serial_text()))
    }
}

#[get("/receipts/<id>")]
async fn show(
    app: &Managed<App>,
    _officer: Officer<Finance>,
    id: i64,
    chrome: Chrome,
) -> Answer<Page<Show>, Nothing> {
    let Some((receipt, twin, person)) = app.db.read(move |tx| whole(tx, id)).await? else {
        return refuse(Nothing);
    };
    let (tag, word) = tag(receipt.standing());
    Ok(Page::ok(Show {
        chrome,
        shown: Shown::new(app, &receipt, twin.as_ref()),
        lacking: face::lacking_noted(&receipt.printed.payer),
        receipt,
        twin,
        person,
        tag,
        word,
    }))
}

type Whole = (Receipt, Option<Receipt>, Option<Person>);

fn whole(tx: &ReadTx<'_>, id: i64) -> Result<Option<Whole>, Fault> {
    let Some((receipt, twin)) = super::with_twin(tx, id)? else { return Ok(None) };
    let person = candidates::find(tx, receipt.candidate_id)?;
    Ok(Some((receipt, twin, person)))
}

#[get("/receipts/<id>/paper?<save>")]
async fn download(
    app: &Managed<App>,
    officer: Officer<Finance>,
    id: i64,
    save: Option<&str>,
) -> Answer<Download, NoPaper> {
    let (receipt, bytes) = paper::paper(app, officer.by, id).await?;
    Ok(pdf(&receipt, bytes, save.is_some()))
}
