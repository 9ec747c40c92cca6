//! 缺字图片 for 考务: what there is, and one more.

use askama::Template;
use rocket::form::{self, FromFormField, ValueField};
use rocket::http::ContentType;
use rocket::{FromForm, Route, State as Managed, get, post, routes};

use super::rules::{Lacking, Supplied};
use crate::app::App;
use crate::base::outcome::{self, Fault, Never, refuse};
use crate::features::characters;
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Clerk;
use crate::machinery::db::By;
use crate::machinery::pdf::{NotAPicture, Picture, PictureKind, fonts};
use crate::web::{Answer, Chrome, Download, Filled, Next, Nothing, OneFile, Page, Posted};

/// The doors of this face, to be mounted at `/console`. They stand under 名册导入, where lacking
/// characters are found.
pub fn routes() -> Vec<Route> {
    routes![index, create, picture]
}

#[derive(Template)]
#[template(path = "characters/console/index.html")]
struct Index {
    chrome: Chrome,
    filled: Filled,
    rows: Vec<Supplied>,
    done: bool,
}

impl Index {
    async fn with(app: &App, chrome: Chrome, filled: Filled) -> Result<Index, Fault> {
        let rows = app.db.read(characters::all).await?;
        Ok(Index { chrome, filled, rows, done: false })
    }
}

#[get("/rosters/characters?<done>")]
async fn index(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
    done: Option<&str>,
) -> Answer<Page<Index>> {
    let page = Index::with(app, chrome, Filled::default()).await?;
    Ok(Page::ok(Index { done: done.is_some(), ..page }))
}

impl<'v> FromFormField<'v> for Lacking {
    fn from_value(field: ValueField<'v>) -> form::Result<'v, Lacking> {
        let lacks = |it: char| !fonts::lacking(it.encode_utf8(&mut [0; 4])).is_empty();
        Lacking::read(field.value, lacks)
            .map_err(|err| form::Error::validation(err.to_string()).into())
    }
}

#[derive(FromForm)]
struct Wish {
    character: Lacking,
}

#[post("/rosters/characters", data = "<posted>")]
async fn create(
    app: &Managed<App>,
    officer: Officer<Clerk>,
    chrome: Chrome,
    posted: Posted<Wish, OneFile>,
) -> Answer<Next<Index>> {
    let Posted { form, mut filled, file, .. } = posted;
    if file.is_none() {
        filled.complain("file", "请选择这个字的图片。");
    }
    if let (Some(Wish { character: Lacking(character) }), Some(file)) = (form, file) {
        let (house, by) = (App::clone(app), officer.by);
        let kept =
            rocket::tokio::task::spawn_blocking(move || keep(&house, by, character, file.bytes));
        match kept.await?? {
            Ok(()) => return Ok(Next::go("/console/rosters/characters?done")),
            Err(why) => filled.complain("file", why.to_string()),
        }
    }
    Ok(Next::again(Index::with(app, chrome, filled).await?))
}

/// Keeps a picture that prints: its bytes before the row that names them.
fn keep(
    app: &App,
    by: By,
    character: char,
    bytes: Vec<u8>,
) -> Result<Result<(), NotAPicture>, Fault> {
    if let Err(why) = Picture::read(bytes.clone()) {
        return Ok(Err(why));
    }
    let digest = app.files.put(&bytes)?;
    let written: outcome::Result<(), Never> =
        app.db.write_now(by, move |tx| characters::supply(tx, character, &digest));
    Ok(Ok(written?))
}

#[get("/rosters/characters/<number>")]
async fn picture(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    number: u32,
) -> Answer<Download, Nothing> {
    let rows = app.db.read(characters::all).await?;
    let found = rows.into_iter().find(|it| it.number() == number);
    let Some(row) = found else { return refuse(Nothing) };
    let house = App::clone(app);
    let bytes = rocket::tokio::task::spawn_blocking(move || house.files.get(&row.picture));
    let Some(bytes) = bytes.await?? else {
        return Err(Fault::new("a character's picture is not there").into());
    };
    let (kind, ending) = match PictureKind::of(&bytes) {
        Some(PictureKind::Jpeg) => (ContentType::JPEG, "jpg"),
        Some(PictureKind::Png) | None => (ContentType::PNG, "png"),
    };
    let name = format!("U-{number:04X}.{ending}");
    Ok(Download { kind, name, save: false, bytes })
}
