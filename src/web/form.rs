//! The one way a body is read.

use std::collections::BTreeMap;

use rocket::data::{Data, FromData, Outcome};
use rocket::form::error::ErrorKind;
use rocket::form::{Contextual, Error, Form, FromForm};
use rocket::http::Status;
use rocket::request::Request;

use super::csrf::{self, Csrf};
use crate::machinery::db::FormKey;

/// The body of a POST, read once: from our own page, or refused.
///
/// This is the only data guard the house uses, so no handler that takes a body can forget the
/// token.
pub struct Posted<T> {
    /// The form, if every field could be read.
    pub form: Option<T>,
    /// What was typed and what was wrong with it, for showing the page again.
    pub filled: Filled,
    /// The key of the form, for [`crate::machinery::db::WriteTx::once`].
    pub key: FormKey,
}

/// The fields as the person filled them in, each with its complaint. Passwords and captcha answers
/// are never kept.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    typed: BTreeMap<String, String>,
    wrong: Vec<(String, String)>,
}

/// A form with nothing but a button.
#[derive(Debug, rocket::FromForm)]
pub struct Pressed {
    /// The form's key, as it came.
    #[field(name = "_key")]
    pub key: String,
}

impl Filled {
    /// A page shown for the first time, with this in one of its fields.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<String>) -> Filled {
        self.typed.insert(field.to_owned(), value.into());
        self
    }

    /// What was typed into a field; empty when nothing was.
    pub fn value(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|(name, _)| name == field).map(|(_, text)| text.as_str())
    }

    /// Everything that is wrong, in the order of the fields.
    pub fn errors(&self) -> &[(String, String)] {
        &self.wrong
    }

    /// Says what is wrong with a field. The first complaint about a field stands.
    pub fn complain(&mut self, field: &str, text: impl Into<String>) {
        if self.error(field).is_none() {
            self.wrong.push((field.to_owned(), text.into()));
        }
    }

    /// All that was typed, our own hidden fields apart.
    pub fn typed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.typed.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn is_secret(field: &str) -> bool {
    field.contains("password") || field == "captcha" || field.starts_with('_')
}

/// Puts what Rocket says of a field into words.
fn worded(error: &Error<'_>) -> String {
    match &error.kind {
        ErrorKind::Missing => "请填写这一项。".into(),
        ErrorKind::Validation(text) => text.to_string(),
        ErrorKind::InvalidLength { .. } => "内容过长，请缩短后重新填写。".into(),
        ErrorKind::Int(_) | ErrorKind::Float(_) | ErrorKind::OutOfRange { .. } => {
            "请填写数字。".into()
        }
        // Rocket's list is open; whatever else it finds, the person can only fill it in again.
        _ => "无法读取这一项的内容，请重新填写。".into(),
    }
}

#[rocket::async_trait]
impl<'r, T: FromForm<'r>> FromData<'r> for Posted<T> {
    type Error = &'static str;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self, Self::Error> {
        let csrf = match request.guard::<Csrf>().await {
            rocket::outcome::Outcome::Success(csrf) => csrf,
            _ => return Outcome::Error((Status::InternalServerError, "no token")),
        };
        if request.headers().get_one("Sec-Fetch-Site") == Some("cross-site") {
            return Outcome::Error((Status::Forbidden, "posted from another site"));
        }
        let body = match Form::<Contextual<'r, T>>::from_data(request, data).await {
            Outcome::Success(form) => form.into_inner(),
            Outcome::Error((status, _)) => return Outcome::Error((status, "unreadable form")),
            Outcome::Forward(it) => return Outcome::Forward(it),
        };
        let sent = |field| body.context.field_value(field).unwrap_or_default();
        if !csrf.matches(sent(csrf::FIELD)) {
            return Outcome::Error((Status::Forbidden, "the form is not from our own page"));
        }
        let Some(key) = FormKey::read(sent(csrf::KEY)) else {
            return Outcome::Error((Status::Forbidden, "the form has no key of ours"));
        };
        let mut filled = Filled::default();
        for field in body.context.fields().filter(|it| !is_secret(&it.to_string())) {
            if let Some(value) = body.context.field_value(field) {
                filled.typed.insert(field.to_string(), value.to_owned());
            }
        }
        for error in body.context.errors() {
            if let Some(name) = &error.name {
                filled.complain(&name.to_string(), worded(error));
            }
        }
        Outcome::Success(Posted { form: body.value, filled, key })
    }
}
