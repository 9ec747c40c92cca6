//! 缺字图片: a clerk supplies a picture, and the receipt is printed with it.

use kaowu::features::receipts;
use kaowu::features::staff::rules::DutyKind;
use kaowu::machinery::db::Actor;
use rocket::http::{ContentType, Status};
use rocket::local::blocking::LocalResponse;
use rocket::tokio::runtime::Runtime;

use super::{LIN, person, receipt, said, text_of, world_from};
use crate::officer::Officer;
use crate::world::World;

const PAGE: &str = "/console/rosters/characters";
const BOUNDARY: &str = "----kaowu2026boundary";

/// Sends the form, as a browser does.
fn supplies<'w>(clerk: &Officer<'w>, character: &str, file: &[u8]) -> LocalResponse<'w> {
    let mut fields = clerk.tokens(PAGE);
    fields.push(("character", character.to_owned()));
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"");
        body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n").bytes());
    }
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"字.png\"";
    body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").bytes());
    body.extend(file);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    let kind = ContentType::new("multipart", "form-data").with_params(("boundary", BOUNDARY));
    clerk.send(PAGE, kind, body)
}

fn png() -> Vec<u8> {
    let mut drawn = tiny_skia::Pixmap::new(64, 64).unwrap();
    drawn.fill(tiny_skia::Color::BLACK);
    drawn.encode_png().unwrap()
}

fn paper(world: &World, id: i64) -> Vec<u8> {
    let paper = receipts::paper(&world.app, Actor::Operator.into(), id);
    Runtime::new().unwrap().block_on(paper).unwrap().1
}

#[test]
fn a_character_without_a_font_is_printed_from_the_picture_a_clerk_supplies() {
    let world = world_from(1842);
    let clerk = Officer::new(&world, &[DutyKind::Clerk]);
    assert!(clerk.page(PAGE).contains("还没有缺字图片"));

    let answer = supplies(&clerk, "U+1F600", &png());

    assert_eq!(clerk.location(&answer), "/console/rosters/characters?done");
    let page = clerk.page("/console/rosters/characters?done");
    assert!(page.contains("图片已保存") && page.contains("U+1F600"), "{page}");
    let shown = clerk.get("/console/rosters/characters/128512");
    assert_eq!(shown.content_type(), Some(ContentType::PNG));
    assert_eq!(shown.into_bytes(), Some(png()));
    let name = "王😀\u{E863}";
    let id = receipt(&world, person(&world, LIN), name).id;
    let pdf = paper(&world, id);
    let (images, text) = (said("pdfimages", &["-list", "FILE"], &pdf), text_of(&pdf));
    assert!(images.lines().any(|it| it.contains("image") && it.contains(" 64 ")), "{images}");
    for words in ["王", "〓", "以图片印出的字：U+1F600。", "代替字库缺少的字：U+E863。"]
    {
        assert!(text.contains(words), "{words} is not in:\n{text}");
    }
}

#[test]
fn what_is_no_picture_of_a_lacking_character_is_told_and_not_kept() {
    let world = World::new();
    let clerk = Officer::new(&world, &[DutyKind::Clerk]);
    for (character, file, told) in [
        ("", png(), "请填写缺的字"),
        ("王", png(), "内置字体中有这个字"),
        ("😀😀", png(), "请只填一个字"),
        ("😀", b"GIF89a".to_vec(), "这不是PNG或JPG图片"),
        ("😀", png()[..60].to_vec(), "图片不完整或无法打印"),
        ("😀", vec![0; 600 * 1024], "图片不能超过512KB"),
    ] {
        let answer = supplies(&clerk, character, &file);

        assert_eq!(answer.status(), Status::UnprocessableEntity, "{told}");
        let page = answer.into_string().unwrap();
        assert!(page.contains(told) && page.contains("出错："), "{told} is not in:\n{page}");
    }
    assert!(clerk.page(PAGE).contains("还没有缺字图片"));
}
