//! The one way a body is read.

use std::marker::PhantomData;

use rocket::data::{Data, FromData, Outcome};
use rocket::form::{Contextual, Form, FromForm, ValueField};
use rocket::http::Status;
use rocket::request::Request;

use super::csrf::{self, Csrf};
use super::filled::Filled;
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
    /// The file that came with it, where the form has [`OneFile`]; its name alone where it has
    /// [`FilesDropped`].
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

/// A form with nothing but a button.
#[derive(Debug, rocket::FromForm)]
pub struct Pressed {
    /// The form's key, as it came.
    #[field(name = "_key")]
    pub key: String,
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
            // Something else than a form, such as JSON.
            Outcome::Forward(_) => {
                return Outcome::Error((Status::UnsupportedMediaType, "no form"));
            }
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
        let filled = Filled::of(&body.context);
        Ok(Posted { form: body.value, filled, key, file, files: PhantomData })
    }
}
