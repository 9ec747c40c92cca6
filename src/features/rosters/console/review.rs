//! What was found in a file, and the decision about it.

use askama::Template;
use rocket::form::{self, FromFormField, ValueField};
use rocket::http::Status;
use rocket::response::Redirect;
use rocket::{FromForm, Responder, Route, State as Managed, post, routes, uri};

use super::upload::{self, Chosen};
use super::{Format, complaints};
use crate::app::App;
use crate::base::outcome::{self, Error, refuse};
use crate::base::values::Digest;
use crate::features::rosters::rules::{Choice, Complaint, Refused, Roster};
use crate::features::rosters::{self, Draft};
use crate::features::staff::guard::Officer;
use crate::features::staff::rules::Clerk;
use crate::machinery::db::{By, FormKey};
use crate::web::{Answer, Chrome, Download, Page, Posted, SentFile};

/// How many complaints, and how many warnings, the page shows.
const SHOWN: usize = 200;

pub(super) fn routes() -> Vec<Route> {
    routes![decide, list]
}

#[derive(Template)]
#[template(path = "rosters/console/review.html")]
pub(super) struct Review {
    chrome: Chrome,
    draft: Draft,
    /// Is it otherwise than it was when the clerk decided?
    moved: bool,
}

impl Review {
    pub(super) fn of(chrome: Chrome, draft: Draft) -> Review {
        Review { chrome, draft, moved: false }
    }

    fn bad(&self) -> usize {
        self.draft.rows - self.draft.good
    }

    fn complaints(&self) -> &[Complaint] {
        first(&self.draft.complaints)
    }

    fn warnings(&self) -> &[Complaint] {
        first(&self.draft.warnings)
    }

    fn known(&self) -> usize {
        self.draft.good.saturating_sub(self.draft.new)
    }
}

/// The first of many.
fn first(said: &[Complaint]) -> &[Complaint] {
    &said[..said.len().min(SHOWN)]
}

/// The name of an uploaded file's bytes, as the page carried it.
struct Kept(Digest);

impl<'v> FromFormField<'v> for Kept {
    fn from_value(field: ValueField<'v>) -> form::Result<'v, Kept> {
        let digest = field.value.parse().map(Kept);
        digest.map_err(|err| form::Error::validation(format!("{err}")).into())
    }
}

/// Which button was pressed.
#[derive(Clone, Copy, rocket::FromFormField)]
enum Pressed {
    All,
    Good,
}

#[derive(FromForm)]
struct Decision<'r> {
    project: Chosen,
    file: Kept,
    file_name: &'r str,
    /// How many good rows the page spoke of.
    good: usize,
    choice: Pressed,
}

/// What a decision leads to: the roster, or another look.
#[derive(Responder)]
enum Decided {
    Go(Box<Redirect>),
    Review(Box<Page<Review>>),
}

#[post("/rosters/decision", data = "<posted>")]
async fn decide(
    app: &Managed<App>,
    officer: Officer<Clerk>,
    chrome: Chrome,
    posted: Posted<Decision<'_>>,
) -> Answer<Decided, Refused> {
    let Some(form) = posted.form else { return Ok(to_upload()) };
    let wish = Wish {
        project: form.project.0,
        digest: form.file.0,
        file_name: SentFile::harmless(form.file_name),
        good: form.good,
        choice: match form.choice {
            Pressed::All => Choice::AllOrNothing,
            Pressed::Good => Choice::GoodRowsOnly,
        },
    };
    let (app, by, key) = (App::clone(app), officer.by, posted.key);
    let loaded = rocket::tokio::task::spawn_blocking(move || wish.load(&app, by, key)).await??;
    Ok(match loaded {
        Ok(roster) => Decided::Go(Box::new(Redirect::to(uri!("/console", super::show(roster.id))))),
        Err(draft) => {
            let review = Review { moved: true, ..Review::of(chrome, draft) };
            Decided::Review(Box::new(Page(Status::UnprocessableEntity, review)))
        }
    })
}

fn to_upload() -> Decided {
    Decided::Go(Box::new(Redirect::to(uri!("/console", upload::new(None::<i64>)))))
}

/// What the clerk decided, and what they had seen.
struct Wish {
    project: i64,
    digest: Digest,
    file_name: String,
    good: usize,
    choice: Choice,
}

impl Wish {
    /// Loads the file that was seen. It comes back as a draft when it is otherwise than it was.
    fn load(
        self,
        app: &App,
        by: By,
        key: FormKey,
    ) -> outcome::Result<std::result::Result<Roster, Draft>, Refused> {
        let again = || rosters::examine_again(app, self.project, &self.file_name, &self.digest);
        let draft = again()?;
        if draft.good != self.good {
            return Ok(Err(draft));
        }
        match rosters::load(app, draft, self.choice, by, key) {
            Ok(roster) => Ok(Ok(roster)),
            Err(Error::Refused(Refused::BadRows)) => Ok(Err(again()?)),
            Err(error) => Err(error),
        }
    }
}

#[derive(FromForm)]
struct Wanted<'r> {
    project: Chosen,
    file: Kept,
    file_name: &'r str,
    format: Format,
}

#[post("/rosters/complaints", data = "<posted>")]
async fn list(
    app: &Managed<App>,
    _officer: Officer<Clerk>,
    posted: Posted<Wanted<'_>>,
) -> Answer<Download, Refused> {
    let Some(form) = posted.form else { return refuse(Refused::FileGone) };
    let (app, name) = (App::clone(app), SentFile::harmless(form.file_name));
    let (project, digest, format) = (form.project.0, form.file.0, form.format);
    let examined = rocket::tokio::task::spawn_blocking(move || {
        rosters::examine_again(&app, project, &name, &digest)
    });
    Ok(complaints(format, &examined.await??.complaints)?)
}
