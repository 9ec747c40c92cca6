//! Prepares the assets: joins the sheets and the scripts, and compresses what is text.
//!
//! What lies in `web/assets` goes to `OUT_DIR/assets` under the same path, and beside each text
//! the same bytes as `.br` and `.gz`. The folders of [`JOINED`] become one file each, so that a
//! page asks for one sheet and one script. Notes for people (`.md`, `LICENSE`) stay behind.

use std::fs;
use std::io::{Result, Write};
use std::path::Path;

const FROM: &str = "web/assets";

/// A folder whose files, in the order of their names, are served as one file.
const JOINED: [(&str, &str); 2] = [("css", "kaowu.css"), ("js", "site.js")];

/// What is worth compressing; images are compressed already.
const TEXTS: [&str; 4] = ["css", "js", "svg", "txt"];

const IMAGES: [&str; 4] = ["png", "jpg", "ico", "woff2"];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed={FROM}");
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    let to = Path::new(&out).join("assets");
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    for (folder, name) in JOINED {
        put(&to.join(name), &join(&Path::new(FROM).join(folder))?)?;
    }
    for entry in walkdir::WalkDir::new(FROM).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path().strip_prefix(FROM).expect("the walk stays below its root");
        let joined = JOINED.iter().any(|(folder, _)| path.starts_with(folder));
        if entry.file_type().is_file() && !joined && is_served(path) {
            put(&to.join(path), &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

fn join(folder: &Path) -> Result<Vec<u8>> {
    let mut names = fs::read_dir(folder)?.map(|it| Ok(it?.path())).collect::<Result<Vec<_>>>()?;
    names.sort();
    let texts = names.iter().map(fs::read_to_string).collect::<Result<Vec<_>>>()?;
    Ok(texts.join("\n").into_bytes())
}

fn is_served(path: &Path) -> bool {
    is_one_of(path, &TEXTS) || is_one_of(path, &IMAGES)
}

fn is_one_of(path: &Path, kinds: &[&str]) -> bool {
    path.extension().is_some_and(|it| kinds.iter().any(|kind| it == *kind))
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::create_dir_all(path.parent().expect("every asset lies in a folder"))?;
    fs::write(path, bytes)?;
    if is_one_of(path, &TEXTS) {
        fs::write(beside(path, "br"), brotlied(bytes)?)?;
        fs::write(beside(path, "gz"), gzipped(bytes)?)?;
    }
    Ok(())
}

fn beside(path: &Path, kind: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(kind);
    name.into()
}

fn brotlied(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params)?;
    Ok(packed)
}

fn gzipped(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes)?;
    packed.finish()
}
