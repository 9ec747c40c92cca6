//! The one way a body is read.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use rocket::data::{Data, FromData, Outcome};
use rocket::form::error::ErrorKind;
use rocket::form::{Contextual, Error, Form, FromForm, ValueField};
use rocket::http::Status;
use rocket::request::Request;

use super::csrf::{self, Csrf};
use super::parts::{self, Files, NotTaken, SentFile};
use crate::machinery::db::FormKey;

/// The body of a POST, read once: from our own page, or refused.
///
/// This is the only data guard the house uses, so no handler that takes a body can forget the
/// token. `F` says what becomes of files: where the form has none, a body that could hold one is
/// refused (415) before anything of it is kept.
pub struct Posted<T, F = NoFile> {
    /// The form, if every field could be read.
    pub form: Option<T>,
    /// What was typed and what was wrong with it, for showing the page again.
    pub filled: Filled,
    /// The key of the form, for [`crate::machinery::db::WriteTx::once`].
    pub key: FormKey,
    /// The file that came with it, where the form has [`OneFile`].
    pub file: Option<SentFile>,
    files: PhantomData<fn() -> F>,
}

/// What a form says of files, in the type of [`Posted`].
pub trait MayHoldFiles {
    /// What becomes of them.
    const FILES: Files;
}

/// A form without files, as nearly all are.
pub struct NoFile;

/// A form with a field for one file, which comes in [`Posted::file`]. Each text beside it may have
/// 64 KiB.
pub struct OneFile;

/// A form whose files, if it has any, are left behind.
pub struct FilesDropped;

impl MayHoldFiles for NoFile {
    const FILES: Files = Files::Refused;
}

impl MayHoldFiles for OneFile {
    const FILES: Files = Files::Taken;
}

impl MayHoldFiles for FilesDropped {
    const FILES: Files = Files::Dropped;
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
impl<'r, T: FromForm<'r>, F: MayHoldFiles> FromData<'r> for Posted<T, F> {
    type Error = &'static str;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self, Self::Error> {
        let csrf = match request.guard::<Csrf>().await {
            rocket::outcome::Outcome::Success(csrf) => csrf,
            _ => return Outcome::Error((Status::InternalServerError, "no token")),
        };
        if request.headers().get_one("Sec-Fetch-Site") == Some("cross-site") {
            return Outcome::Error((Status::Forbidden, "posted from another site"));
        }
        if request.content_type().is_some_and(|it| it.is_form_data()) {
            let read = in_parts::<T>(request, data, &csrf, F::FILES).await;
            let posted = read.and_then(|(body, file)| Posted::of(body, file, &csrf));
            return match posted {
                Ok(posted) => Outcome::Success(posted),
                Err(not_taken) => Outcome::Error(not_taken),
            };
        }
        let body = match Form::<Contextual<'r, T>>::from_data(request, data).await {
            Outcome::Success(form) => form.into_inner(),
            Outcome::Error((status, _)) => return Outcome::Error((status, "unreadable form")),
            Outcome::Forward(it) => return Outcome::Forward(it),
        };
        match Posted::of(body, None, &csrf) {
            Ok(posted) => Outcome::Success(posted),
            Err(not_taken) => Outcome::Error(not_taken),
        }
    }
}

async fn in_parts<'r, T: FromForm<'r>>(
    request: &'r Request<'_>,
    data: Data<'r>,
    csrf: &Csrf,
    files: Files,
) -> Result<(Contextual<'r, T>, Option<SentFile>), NotTaken> {
    if files == Files::Refused {
        return Err((Status::UnsupportedMediaType, "a form without files came in parts"));
    }
    let read = parts::read(request, data, csrf, files).await?;
    let texts: &'r Vec<(String, String)> = request.local_cache(|| read.texts);
    let values = texts.iter().map(|(name, text)| ValueField::from((name.as_str(), text.as_str())));
    let body = Form::<Contextual<'r, T>>::parse_iter(values);
    Ok((body.map_err(|_| (Status::BadRequest, "unreadable form"))?, read.file))
}

impl<T, F> Posted<T, F> {
    fn of(body: Contextual<'_, T>, file: Option<SentFile>, csrf: &Csrf) -> Result<Self, NotTaken> {
        let sent = |field| body.context.field_value(field).unwrap_or_default();
        if !csrf.matches(sent(csrf::FIELD)) {
            return Err((Status::Forbidden, "the form is not from our own page"));
        }
        let key = FormKey::read(sent(csrf::KEY));
        let key = key.ok_or((Status::Forbidden, "the form has no key of ours"))?;
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
        Ok(Posted { form: body.value, filled, key, file, files: PhantomData })
    }
}
