//! Sheets, script and drawings: embedded in the program and named by the digest of their bytes.
//!
//! A link carries the digest, so a browser may keep what it got for ever: other bytes have
//! another link. A page from before an update asks with an old digest; it still gets the file,
//! only without the promise.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Cursor;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use rocket::http::{ContentType, Status};
use rocket::request::Request;
use rocket::response::{self, Responder, Response};

/// What the build script made of `web/assets`: each file, and beside a text its `.br` and `.gz`.
#[derive(rust_embed::Embed)]
#[folder = "$OUT_DIR/assets"]
struct Embedded;

/// How many hex digits of the digest stand in a link.
const DIGITS: usize = 12;

type Bytes = Cow<'static, [u8]>;

struct Asset {
    digest: String,
    kind: ContentType,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let names = Embedded::iter().filter(|it| !it.ends_with(".br") && !it.ends_with(".gz"));
    names.filter_map(|name| Some((name.to_string(), Asset::embedded(&name)?))).collect()
});

/// The link to an asset: `/assets/<first 12 hex digits of its SHA-256>/<path>`.
///
/// `href("kaowu.css")` is `/assets/5f0c…/kaowu.css`.
///
/// # Panics
/// Where no such asset is embedded: a page has misspelt a name that stands in its source.
pub fn href(path: &str) -> String {
    let Some(asset) = ASSETS.get(path) else { panic!("no asset is called {path}") };
    format!("/assets/{}/{path}", &asset.digest[..DIGITS])
}

/// The one door to all assets, to be mounted at the root.
pub fn routes() -> Vec<rocket::Route> {
    rocket::routes![asset]
}

#[rocket::get("/assets/<digest>/<path..>")]
fn asset(digest: &str, path: Option<PathBuf>) -> Option<Served> {
    let asset = ASSETS.get(&slashed(&path?)?)?;
    Some(Served { asset, is_current: digest == &asset.digest[..DIGITS] })
}

/// The path with slashes on every system; `None` where it is not UTF-8.
fn slashed(path: &Path) -> Option<String> {
    let parts = path.components().map(Component::as_os_str).map(OsStr::to_str);
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

impl Asset {
    fn embedded(name: &str) -> Option<Asset> {
        let file = Embedded::get(name)?;
        let kind = name.rsplit_once('.').and_then(|(_, it)| ContentType::from_extension(it));
        Some(Asset {
            digest: file.metadata.sha256_hash().iter().map(|it| format!("{it:02x}")).collect(),
            kind: kind.unwrap_or(ContentType::Binary),
            plain: file.data,
            brotli: Embedded::get(&format!("{name}.br")).map(|it| it.data),
            gzip: Embedded::get(&format!("{name}.gz")).map(|it| it.data),
        })
    }

    /// The smallest form that the browser says it can read, and that form's name.
    fn form_for(&self, accepted: &str) -> (&Bytes, Option<&'static str>) {
        match (&self.brotli, &self.gzip) {
            (Some(bytes), _) if accepts(accepted, "br") => (bytes, Some("br")),
            (_, Some(bytes)) if accepts(accepted, "gzip") => (bytes, Some("gzip")),
            _ => (&self.plain, None),
        }
    }
}

/// Whether an `Accept-Encoding` names this coding and does not forbid it with `q=0`.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|it| it.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|it| it.strip_prefix("q=")).map(str::parse::<f32>);
        named && !matches!(weight, Some(Ok(0.0)))
    })
}

struct Served {
    asset: &'static Asset,
    is_current: bool,
}

impl<'r> Responder<'r, 'static> for Served {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let header = |name| request.headers().get(name).collect::<Vec<_>>().join(",");
        let (bytes, coding) = self.asset.form_for(&header("Accept-Encoding"));
        // Each form has its own tag: they are different bytes.
        let tag = format!("\"{}-{}\"", self.asset.digest, coding.unwrap_or("plain"));
        let known = header("If-None-Match");
        let is_known = known.split(',').any(|it| it.trim().trim_start_matches("W/") == tag);

        let mut answer = Response::build();
        answer
            .raw_header("ETag", tag)
            .raw_header("Vary", "Accept-Encoding")
            .raw_header("Cache-Control", self.promise());
        if is_known || known.trim() == "*" {
            return answer.status(Status::NotModified).ok();
        }
        if let Some(coding) = coding {
            answer.raw_header("Content-Encoding", coding);
        }
        answer
            .header(self.asset.kind.clone())
            .raw_header("X-Content-Type-Options", "nosniff")
            .sized_body(bytes.len(), Cursor::new(&bytes[..]))
            .ok()
    }
}

impl Served {
    fn promise(&self) -> &'static str {
        match self.is_current {
            true => "public, max-age=31536000, immutable",
            false => "public, no-cache",
        }
    }
}
