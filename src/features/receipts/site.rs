//! 我的票据: what a candidate sees of receipts.

use askama::Template;
use rocket::http::{ContentType, Status};
use rocket::{Route, State as Managed, get, routes};

use super::face::{self, Shown};
use super::paper::{self, NoPaper};
use super::rules::{Colour, Receipt, Standing};
use crate::app::App;
use crate::base::clock::office_date;
use crate::base::outcome::{Error, refuse};
use crate::features::candidates::guard::Candidate;
use crate::web::{Answer, Chrome, Download, Nothing, Page, Refusal};

/// The routes of this face.
pub fn routes() -> Vec<Route> {
    routes![index, show, download]
}

#[derive(Template)]
#[template(path = "receipts/site/index.html")]
struct Index {
    chrome: Chrome,
    rows: Vec<Row>,
}

/// A receipt in a list, on either face.
pub(super) struct Row {
    pub(super) receipt: Receipt,
    /// For people: 2026年3月13日.
    pub(super) day: String,
    /// As printed: 2026-03-13.
    pub(super) date: String,
    pub(super) name: String,
    pub(super) amount: String,
    pub(super) tag: &'static str,
    pub(super) word: &'static str,
}

impl Row {
    pub(super) fn new(receipt: Receipt) -> Row {
        let (tag, word) = tag(receipt.standing());
        let date = office_date(receipt.issued_at);
        let mut names: Vec<&str> =
            receipt.printed.lines.iter().map(|it| it.name.as_str()).collect();
        names.dedup();
        Row {
            day: date.strftime("%Y年%-m月%-d日").to_string(),
            date: date.to_string(),
            name: names.join("、"),
            amount: amount(&receipt),
            tag,
            word,
            receipt,
        }
    }
}

/// How much, as it counts: negative on a red one.
pub(super) fn amount(receipt: &Receipt) -> String {
    let sign = match receipt.colour {
        Colour::Blue => "",
        Colour::Red => "-",
    };
    format!("{sign}{}", receipt.amount)
}

/// The tag of the look for where a receipt stands, and its word.
pub(super) fn tag(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Waiting => ("await", "待领号"),
        Standing::Valid => ("paid", "已开具"),
        Standing::Reversed => ("back", "已冲红"),
        Standing::Red => ("back", "红字票据"),
    }
}

#[get("/receipts")]
async fn index(app: &Managed<App>, candidate: Candidate, chrome: Chrome) -> Answer<Page<Index>> {
    let account = candidate.account;
    let receipts = app.db.read(move |tx| super::of_candidate(tx, account)).await?;
    Ok(Page::ok(Index { chrome, rows: receipts.into_iter().map(Row::new).collect() }))
}

#[derive(Template)]
#[template(path = "receipts/site/show.html")]
struct Show {
    chrome: Chrome,
    receipt: Receipt,
    /// The receipt on screen; none while it waits for its number.
    shown: Option<Shown>,
    /// The receipt of the same payment in the other colour.
    twin: Option<Receipt>,
    /// What the paper cannot print.
    lacking: String,
    tag: &'static str,
    word: &'static str,
}

impl Show {
    fn paid_at(&self) -> String {
        face::second(self.receipt.printed.paid_at)
    }

    fn amount(&self) -> String {
        amount(&self.receipt)
    }
}

#[get("/receipts/<id>")]
async fn show(
    app: &Managed<App>,
    candidate: Candidate,
    id: i64,
    chrome: Chrome,
) -> Answer<Page<Show>, Nothing> {
    let (receipt, twin) = mine(app, candidate.account, id).await?;
    let (tag, word) = tag(receipt.standing());
    Ok(Page::ok(Show {
        chrome,
        shown: Shown::new(app, &receipt, twin.as_ref()),
        lacking: face::lacking_noted(&receipt.printed.payer),
        receipt,
        twin,
        tag,
        word,
    }))
}

/// The receipt, if it is this person's, and its twin. Somebody else's does not exist for them.
async fn mine(app: &App, account: i64, id: i64) -> Answer<(Receipt, Option<Receipt>), Nothing> {
    let found = app.db.read(move |tx| super::with_twin(tx, id)).await?;
    match found.filter(|(receipt, _)| receipt.candidate_id == account) {
        Some(mine) => Ok(mine),
        None => refuse(Nothing),
    }
}

#[get("/receipts/<id>/paper?<save>")]
async fn download(
    app: &Managed<App>,
    candidate: Candidate,
    id: i64,
    save: Option<&str>,
) -> Answer<Download, NoPaper> {
    match mine(app, candidate.account, id).await {
        Ok(_) => {}
        Err(Error::Refused(Nothing)) => return refuse(NoPaper::Unknown),
        Err(Error::Fault(fault)) => return Err(fault.into()),
    }
    let (receipt, bytes) = paper::paper(app, candidate.by, id).await?;
    Ok(pdf(&receipt, bytes, save.is_some()))
}

/// The paper, to be shown or saved under the receipt's number.
pub(super) fn pdf(receipt: &Receipt, bytes: Vec<u8>, save: bool) -> Download {
    let number = receipt.number.as_ref();
    let number = number.map_or_else(String::new, |it| format!("-{}-{}", it.code, it.serial_text()));
    Download { kind: ContentType::PDF, name: format!("receipt{number}.pdf"), save, bytes }
}

impl Refusal for NoPaper {
    fn status(&self) -> Status {
        match self {
            NoPaper::Unknown => Status::NotFound,
            NoPaper::Waiting => Status::Conflict,
        }
    }

    fn told(&self) -> (String, String) {
        match self {
            NoPaper::Unknown => Nothing.told(),
            NoPaper::Waiting => (
                "缴费已经成功，票据正在等待领取号码，暂时还没有 PDF。".into(),
                "请稍后在“我的票据”中再次打开。".into(),
            ),
        }
    }
}
