//! Choosing a project and a file.

use askama::Template;
use rocket::data::ToByteUnit;
use rocket::form::{self, DataField, FromFormField, ValueField};
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
use crate::web::{Answer, Chrome, Filled, Page, Posted};

/// How many characters of a file's name are kept.
const NAME_MAX: usize = 100;

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

/// A file as it was sent: its name, made harmless, and at most one byte more than may be read.
struct Upload {
    name: String,
    bytes: Vec<u8>,
}

#[rocket::async_trait]
impl<'v> FromFormField<'v> for Upload {
    fn from_value(_: ValueField<'v>) -> form::Result<'v, Upload> {
        Err(nothing().into())
    }

    async fn from_data(field: DataField<'v, '_>) -> form::Result<'v, Upload> {
        let name = field.file_name.map(|it| it.dangerous_unsafe_unsanitized_raw().as_str());
        let name = harmless(name.unwrap_or_default());
        let enough = Limits::default().size_bytes_max as u64 + 1;
        let bytes = field.data.open(enough.bytes()).into_bytes().await?.into_inner();
        // A form without a chosen file sends an empty one without a name.
        if name.is_empty() && bytes.is_empty() {
            return Err(nothing().into());
        }
        Ok(Upload { name, bytes })
    }
}

fn nothing<'v>() -> form::Error<'v> {
    form::Error::validation("请选择要上传的文件。")
}

/// The last part of a path, without control characters, at most [`NAME_MAX`] characters.
pub(super) fn harmless(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|it| !it.is_control()).take(NAME_MAX).collect()
}

#[derive(FromForm)]
struct Wish {
    project: Chosen,
    file: Upload,
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
    posted: Posted<Wish>,
) -> Answer<Examined, Refused> {
    let Posted { form, mut filled, .. } = posted;
    if let Some(Wish { project: Chosen(project), file }) = form {
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

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_files_name_is_made_harmless() {
        for (sent, kept) in [
            ("缴费名单.csv", "缴费名单.csv"),
            ("C:\\Users\\周敏\\名单.xlsx", "名单.xlsx"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nb\0.csv", "ab.csv"),
            ("dir/", ""),
        ] {
            assert_eq!(harmless(sent), kept);
        }
        assert_eq!(harmless(&"长".repeat(300)).chars().count(), 100);
    }
}
