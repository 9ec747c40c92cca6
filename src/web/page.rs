//! What a handler answers with: a page, or onward.

use std::io::Cursor;

use askama::Template;
use rocket::http::uri::Reference;
use rocket::http::{ContentType, Status};
use rocket::request::Request;
use rocket::response::{self, Redirect, Responder, Response};

/// A rendered page; its template's fields are all it may show.
pub struct Page<T>(pub Status, pub T);

impl<T> Page<T> {
    /// A page that answers the question.
    pub fn ok(template: T) -> Page<T> {
        Page(Status::Ok, template)
    }
}

impl<'r, T: Template> Responder<'r, 'static> for Page<T> {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let html = self.1.render().map_err(|error| {
            tracing::error!(%error, "a page could not be rendered");
            Status::InternalServerError
        })?;
        Response::build()
            .status(self.0)
            .header(ContentType::HTML)
            .sized_body(html.len(), Cursor::new(html))
            .ok()
    }
}

/// What a form leads to: onward, or the same page again with its complaints.
#[derive(rocket::Responder)]
pub enum Next<T: Template> {
    /// On to the next page, by GET.
    Go(Box<Redirect>),
    /// The same page with what was typed and what was wrong.
    Again(Page<T>),
}

impl<T: Template> Next<T> {
    /// Onward. 303, so that the browser asks by GET and "back" does not post again.
    pub fn go(to: impl TryInto<Reference<'static>>) -> Next<T> {
        Next::Go(Box::new(Redirect::to(to)))
    }

    /// Again, with 422, so that no cache or script takes it for done.
    pub fn again(template: T) -> Next<T> {
        Next::Again(Page(Status::UnprocessableEntity, template))
    }
}
