//! Choosing a project and a file.

use askama::Template;
use rocket::form::{self, FromFormField, ValueField};
use rocket::{FromForm, Responder, Route, State as Managed, get, post, routes};

use super::review::Review;
use crate::app::App;
use crate::base::outcome::{Error, Fault};
use crate::features::fees;
use crate::features::rosters::rules::{Field, Refused};
use crate::features::rosters::{self};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Clerk;
use crate::machinery::tables::Limits;
use crate::web::{Answer, Chrome, Filled, OneFile, Page, Posted};

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

#[derive(Template)]
#[template(path = "rosters/console/new.html")]
pub(super) struct New {
    chrome: Chrome,
    filled: Filled,
    /// Numbers and names of what may be chosen.
    projects: Vec<(i64, String)>,
    fields: [Field; Field::ALL.len()],
    size_mib_max: usize,
    rows_max: usize,
}

impl New {
    async fn with(app: &App, chrome: Chrome, filled: Filled) -> Result<New, Fault> {
        let projects = app.db.read(fees::projects).await?;
        let projects = projects.into_iter().map(|it| (it.id, format!("{} {}", it.code, it.title)));
        let Limits { size_bytes_max, rows_max, .. } = Limits::default();
        Ok(New {
            chrome,
            filled,
            projects: projects.collect(),
            fields: Field::ALL,
            size_mib_max: size_bytes_max >> 20,
            rows_max,
        })
    }
}

#[get("/rosters/new?<project>")]
pub(super) async fn new(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
    project: Option<i64>,
) -> Answer<Page<New>> {
    let filled = Filled::default();
    let filled = match project {
        Some(id) => filled.with("project", id.to_string()),
        None => filled,
    };
    Ok(Page::ok(New::with(app, chrome, filled).await?))
}

/// A project's number, chosen from the list.
pub(super) struct Chosen(pub(super) i64);

impl<'v> FromFormField<'v> for Chosen {
    fn from_value(field: ValueField<'v>) -> form::Result<'v, Chosen> {
        let chosen = field.value.parse().map(Chosen);
        chosen.map_err(|_| form::Error::validation("请选择收费项目。").into())
    }
}

#[derive(FromForm)]
struct Wish {
    project: Chosen,
}

/// What an upload leads to: what was found in it, or the form again.
#[derive(Responder)]
pub(super) enum Examined {
    Review(Box<Page<Review>>),
    Again(Box<Page<New>>),
}

#[post("/rosters", data = "<posted>")]
async fn create(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    chrome: Chrome,
    posted: Posted<Wish, OneFile>,
) -> Answer<Examined, Refused> {
    let Posted { form, mut filled, file, .. } = posted;
    if file.is_none() {
        filled.complain("file", "请选择要上传的文件。");
    }
    if let (Some(Wish { project: Chosen(project) }), Some(file)) = (form, file) {
        let house = App::clone(app);
        let examined = rocket::tokio::task::spawn_blocking(move || {
            let draft = rosters::examine(&house, project, &file.name, file.bytes)?;
            // So that what is shown now is what will be loaded.
            rosters::keep(&house, &draft)?;
            Ok(draft)
        });
        let (field, told) = match examined.await? {
            Ok(draft) => {
                let review = Page::ok(Review::of(chrome, draft));
                return Ok(Examined::Review(Box::new(review)));
            }
            Err(Error::Refused(Refused::Unusable(why))) => ("file", why.to_string()),
            Err(Error::Refused(Refused::UnknownProject)) => {
                ("project", "没有这个收费项目，或它还没有收费标准。请重新选择。".to_owned())
            }
            Err(error) => return Err(error),
        };
        filled.complain(field, told);
    }
    let page = New::with(app, chrome, filled).await?;
    Ok(Examined::Again(Box::new(Page(rocket::http::Status::UnprocessableEntity, page))))
}
