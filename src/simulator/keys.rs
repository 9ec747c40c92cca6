//! The platform's own key, made at the first start.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64ct::{Base64, Encoding};

use crate::base::chance::Chance;
use crate::base::outcome::Fault;
use crate::machinery::gateway::wire::envelope::{SigningKey, pkcs8};

/// PKCS#8, readable by its owner only.
const PRIVATE: &str = "platform.key";
/// Base64, one line, for the merchants.
const PUBLIC: &str = "platform.pub";

/// Reads the key of the folder, or makes it.
pub(super) fn open(dir: &Path, chance: &Chance) -> Result<SigningKey, Fault> {
    let path = dir.join(PRIVATE);
    if !path.exists() {
        put(dir, PRIVATE, &pkcs8(&chance.bytes()))?;
    }
    let key = SigningKey::from_pkcs8(&fs::read(path)?)?;
    put(dir, PUBLIC, format!("{}\n", Base64::encode_string(&key.public())).as_bytes())?;
    Ok(key)
}

/// Writes a file so that it is there whole or not at all.
fn put(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), Fault> {
    let draft = dir.join(format!("{name}.new"));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(draft, dir.join(name))?;
    Ok(File::open(dir)?.sync_all()?)
}
