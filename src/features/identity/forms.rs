//! Forms that came after their session had ended, kept for a while to be shown again.

use jiff::Timestamp;
use rocket::form::{self, DataField, FromForm, Options, ValueField};
use rocket::http::{Cookie, CookieJar, SameSite};

use super::rules::{self, Kind};
use super::session;
use super::store::forms as store;
use crate::app::App;
use crate::base::outcome::Fault;
use crate::machinery::db::{ReadTx, WriteTx};
use crate::web::{FilesDropped, Posted, csrf};

/// The longest form that is kept, in bytes of its JSON.
const BYTES_MAX: usize = 16 * 1024;

/// A form that came after its session had ended.
#[derive(Clone, Debug)]
pub struct KeptForm {
    /// Where it was posted.
    pub path: String,
    /// JSON `[[name, value], …]`, without passwords and tokens.
    pub fields: String,
    /// The name of the file that came with it and was not kept.
    pub file: Option<String>,
    /// When it came.
    pub kept_at: Timestamp,
    /// Was it shown again before?
    pub shown: bool,
}

impl KeptForm {
    /// Its fields and what stood in them, in their order.
    ///
    /// # Errors
    /// A fault when they cannot be read.
    pub fn fields(&self) -> Result<Vec<(String, String)>, Fault> {
        Ok(serde_json::from_str(&self.fields)?)
    }
}

/// Every field of a form, in its order; files are left out.
pub struct Everything(Vec<(String, String)>);

#[rocket::async_trait]
impl<'r> FromForm<'r> for Everything {
    type Context = Vec<(String, String)>;

    fn init(_: Options) -> Self::Context {
        Vec::new()
    }

    fn push_value(fields: &mut Self::Context, field: ValueField<'r>) {
        fields.push((field.name.source().to_string(), field.value.to_owned()));
    }

    async fn push_data(_: &mut Self::Context, _: DataField<'r, '_>) {}

    fn finalize(fields: Self::Context) -> form::Result<'r, Everything> {
        Ok(Everything(fields))
    }
}

impl Everything {
    /// As it is kept: without what must not be read again by anybody.
    fn as_json(&self) -> Result<String, Fault> {
        let is_secret = |name: &str| name.starts_with('_') || name.contains("password");
        let fields: Vec<_> = self.0.iter().filter(|(name, _)| !is_secret(name)).collect();
        Ok(serde_json::to_string(&fields)?)
    }
}

/// Keeps a form that was posted to `path` after its session had ended: for this browser and the
/// account that it was shown to, alone. `false`: it was shown to nobody, it was too long, or too
/// many forms of sessions that nobody remembers are kept already.
///
/// # Errors
/// A fault when it cannot be written.
pub async fn keep_form(
    app: &App,
    jar: &CookieJar<'_>,
    kind: Kind,
    path: String,
    posted: Posted<Everything, FilesDropped>,
) -> Result<bool, Fault> {
    let fields = posted.form.as_ref().map(Everything::as_json).transpose()?.unwrap_or_default();
    if fields.is_empty() || fields.len() > BYTES_MAX {
        return Ok(false);
    }
    let file = posted.file.map(|it| it.name);
    let ended = session::token(app, jar, kind);
    let Some(shown_to) = csrf::shown_to(app, jar, session::face(kind)) else { return Ok(false) };
    let token = app.chance.token();
    let cookie = token.clone();
    let work = move |tx: &WriteTx<'_>| {
        let account = match &ended {
            Some(ended) => super::whose_session(tx, kind, ended)?,
            None => None,
        };
        if account.is_none() && store::forms_of_strangers(tx)? >= rules::STRANGERS_FORMS_MAX {
            return Ok(false);
        }
        let form = KeptForm { path, fields, file, kept_at: tx.wall(), shown: false };
        store::keep_form(tx, kind, &token, account, &shown_to, &form)?;
        Ok(true)
    };
    let kept = app.db.keep(work).await?;
    if kept {
        jar.add(
            Cookie::build((name(app, kind), cookie))
                .same_site(SameSite::Lax)
                .http_only(true)
                .secure(app.config.speaks_tls())
                .path(session::path(kind)),
        );
    }
    Ok(kept)
}

fn name(app: &App, kind: Kind) -> String {
    app.folder.cookie(match kind {
        Kind::Candidate => "kept",
        Kind::Staff => "kept-staff",
    })
}

fn token(app: &App, jar: &CookieJar<'_>, kind: Kind) -> Option<String> {
    jar.get(&name(app, kind)).map(|it| it.value().to_owned())
}

/// The form that this browser left behind, if it may be shown to this account.
///
/// # Errors
/// A fault when it cannot be read.
pub async fn kept_form(
    app: &App,
    jar: &CookieJar<'_>,
    kind: Kind,
    account: i64,
) -> Result<Option<KeptForm>, Fault> {
    let Some(token) = token(app, jar, kind) else { return Ok(None) };
    let shown_to = csrf::token_of(app, jar, session::face(kind), account);
    let Some(shown_to) = shown_to else { return Ok(None) };
    app.db.read(move |tx: &ReadTx<'_>| store::kept_form(tx, kind, &token, account, &shown_to)).await
}

/// Writes down that the form was shown again: it is not offered twice.
///
/// # Errors
/// A fault when it cannot be written.
pub async fn see_form(app: &App, jar: &CookieJar<'_>, kind: Kind) -> Result<(), Fault> {
    let Some(token) = token(app, jar, kind) else { return Ok(()) };
    app.db.keep(move |tx| store::see_form(tx, &token)).await
}

/// Drops the form that this browser left behind: somebody pressed 退出.
///
/// # Errors
/// A fault when it cannot be removed.
pub async fn drop_form(app: &App, jar: &CookieJar<'_>, kind: Kind) -> Result<(), Fault> {
    if let Some(token) = token(app, jar, kind) {
        app.db.keep(move |tx| store::drop_form(tx, &token)).await?;
        jar.remove(Cookie::build(name(app, kind)).path(session::path(kind)));
    }
    Ok(())
}
