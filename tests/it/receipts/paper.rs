//! The paper: drawn once, kept, signed, and honest about what it cannot print.

use std::path::Path;
use std::sync::Arc;

use kaowu::app::{App, Folder};
use kaowu::base::config::Mode;
use kaowu::base::outcome::Error;
use kaowu::features::receipts::{self, NoPaper};
use kaowu::machinery::db::Actor;
use rocket::tokio::runtime::Runtime;
use rocket::tokio::task::JoinSet;

use super::{LIN, find, person, receipt, reverse, said, text_of, world_from};
use crate::world::World;

fn paper(app: &App, id: i64) -> Vec<u8> {
    let paper = receipts::paper(app, Actor::Operator.into(), id);
    let (_, bytes) = Runtime::new().unwrap().block_on(paper).unwrap();
    bytes
}

fn files_in(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    entries.map(|it| if it.is_dir() { files_in(&it) } else { 1 }).sum()
}

fn lines_about(world: &World, act: &str) -> i64 {
    let connection = rusqlite::Connection::open(world.app.db.path()).unwrap();
    connection
        .query_row("select count(*) from audit where act = ?1", [act], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_paper_is_drawn_once_however_many_ask() {
    let world = world_from(1842);
    let lin = person(&world, LIN);
    let id = receipt(&world, lin, "林晓禾").id;

    let papers = Runtime::new().unwrap().block_on(async {
        let mut asks = JoinSet::new();
        for _ in 0..12 {
            let app = world.app.clone();
            asks.spawn(async move {
                receipts::paper(&app, Actor::Candidate(lin).into(), id).await.unwrap().1
            });
        }
        asks.join_all().await
    });

    assert!(papers.iter().all(|it| *it == papers[0]));
    assert_eq!(files_in(&world.dir().join("files")), 1);
    assert_eq!(lines_about(&world, "receipt.drawn"), 1);
    assert!(find(&world, id).paper.is_some());
    assert_eq!(paper(&world.app, id), papers[0]);
    let signature = said("pdfsig", &["-nocert", "FILE"], &papers[0]);
    assert!(signature.contains("Signature is Valid."), "{signature}");
    assert!(signature.contains("Total document signed"), "{signature}");
}

#[test]
fn a_specimen_says_what_it_is_and_where_to_check_it() {
    let world = world_from(1842);
    let id = receipt(&world, person(&world, LIN), "林晓禾").id;

    let pdf = paper(&world.app, id);

    let text = text_of(&pdf);
    for wanted in [
        "上海市非税收入统一票据（电子）",
        "无效   不作报销凭证",
        "票据代码：31010126",
        "票据号码：0000001842",
        "开票日期：2026-03-13",
        "人民币壹佰元整",
        "微信支付（银行卡）",
        "系统自动核验",
        "在线收费系统",
        "上海市云间区教育考试中心",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in:\n{text}");
    }
    let links = said("pdfinfo", &["-url", "FILE"], &pdf);
    let check = find(&world, id).check_code;
    let wanted = format!(
        "{}/verification?code=31010126&number=0000001842&check={check}&date=2026-03-13",
        world.app.config.base_url()
    );
    assert!(links.contains(&wanted), "{wanted} is not in:\n{links}");
}

#[test]
fn production_hands_out_vouchers() {
    let world = world_from(1);
    let id = receipt(&world, person(&world, LIN), "林晓禾").id;
    let folder = Folder { mode: Mode::Production, ..Folder::clone(&world.app.folder) };
    let app = App { folder: Arc::new(folder), ..world.app.clone() };

    let text = text_of(&paper(&app, id));

    assert!(text.contains("缴费凭证（待换开财政电子票据）"), "{text}");
    assert!(!text.contains("演示"), "{text}");
}

#[test]
fn a_red_paper_names_what_it_takes_back() {
    let world = world_from(41);
    let blue = receipt(&world, person(&world, LIN), "林晓禾");
    let red = reverse(&world, &blue);

    let text = text_of(&paper(&world.app, red.id));

    for wanted in ["红字", "人民币负壹佰元整", "¥-100.00", "0000000042", "票据号码 0000000041"]
    {
        assert!(text.contains(wanted), "{wanted} is not in:\n{text}");
    }
}

#[test]
fn a_letter_that_no_font_has_stops_nobody() {
    let world = world_from(1);
    let name = "王\u{E863}\u{F0000}";
    let id = receipt(&world, person(&world, ("310199200803130024", name)), name).id;

    let pdf = paper(&world.app, id);

    let text = text_of(&pdf);
    assert!(text.contains("王〓〓"), "{text}");
    assert!(text.contains("U+E863、U+F0000"), "{text}");
    assert!(said("pdfsig", &["-nocert", "FILE"], &pdf).contains("Signature is Valid."));
}

#[test]
fn without_a_number_there_is_no_paper() {
    let world = World::new();
    let waiting = receipt(&world, person(&world, LIN), "林晓禾").id;
    let runtime = Runtime::new().unwrap();

    for (id, wanted) in [(waiting, NoPaper::Waiting), (999, NoPaper::Unknown)] {
        let paper = receipts::paper(&world.app, Actor::Operator.into(), id);
        let refused = runtime.block_on(paper);
        assert!(matches!(refused, Err(Error::Refused(reason)) if reason == wanted));
    }
    assert_eq!(files_in(&world.dir().join("files")), 0);
}

#[test]
fn a_paper_that_was_lost_is_not_drawn_anew_in_silence() {
    let world = world_from(1);
    let id = receipt(&world, person(&world, LIN), "林晓禾").id;
    paper(&world.app, id);
    std::fs::remove_dir_all(world.dir().join("files")).unwrap();

    let lost = receipts::paper(&world.app, Actor::Operator.into(), id);

    assert!(matches!(Runtime::new().unwrap().block_on(lost), Err(Error::Fault(_))));
    assert_eq!(lines_about(&world, "receipt.drawn"), 1);
}
