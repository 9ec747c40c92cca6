//! Keys as files: private ones for their owner alone, each whole on the disk before it is used.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use der::pem::{self, LineEnding};
use zeroize::Zeroizing;

use crate::base::outcome::{Error, Fault, Result, refuse};

use super::Refused;

const PRIVATE: &str = "PRIVATE KEY";
const CERTIFICATE: &str = "CERTIFICATE";
/// No file here comes near this many bytes.
const SIZE_BYTES_MAX: u64 = 64 * 1024;

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// Its owner alone.
    Owner,
    /// Everybody.
    All,
}

/// Makes the folder of the keys, for its owner alone, if it is not there.
pub(super) fn make_folder(folder: &Path) -> std::result::Result<(), Fault> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Fault::from(error).context("cannot make the folder of the keys")),
    }
}

/// Writes a file that must not be there yet.
pub(super) fn create(path: &Path, bytes: &[u8], readers: For) -> Result<(), Refused> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode(readers));
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return refuse(Refused::Exists(path.to_owned()));
        }
        Err(error) => return Err(error.into()),
    };
    file.write_all(bytes)?;
    file.sync_all()?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Writes a file in place of an earlier one; at any moment one of the two is whole.
pub(super) fn replace(path: &Path, bytes: &[u8], readers: For) -> std::result::Result<(), Fault> {
    let new = path.with_extension("new");
    // One that a crash left behind was never used.
    let _ = std::fs::remove_file(&new);
    create(&new, bytes, readers).map_err(|error| match error {
        Error::Fault(fault) => fault,
        // Somebody else is writing the same file at this moment.
        Error::Refused(refused) => Fault::new(refused.to_string()),
    })?;
    std::fs::rename(&new, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(unix)]
fn mode(readers: For) -> u32 {
    match readers {
        For::Owner => 0o600,
        For::All => 0o644,
    }
}

/// Reads a public file; `None` when it is not there.
pub(super) fn read(path: &Path) -> std::result::Result<Option<Vec<u8>>, Fault> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(SIZE_BYTES_MAX).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(bytes))
}

/// A private key as PEM (PKCS #8, RFC 5958).
pub(super) fn private_pem(pkcs8: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(to_pem(PRIVATE, pkcs8))
}

/// A certificate as PEM.
pub(super) fn certificate_pem(der: &[u8]) -> String {
    to_pem(CERTIFICATE, der)
}

fn to_pem(label: &str, der: &[u8]) -> String {
    pem::encode_string(label, LineEnding::LF, der).expect("any bytes can be written as PEM")
}

/// Reads a private key that its owner alone may read, as PKCS #8.
pub(super) fn read_private(path: &Path) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let Some(bytes) = read(path)?.map(Zeroizing::new) else {
        return refuse(Refused::Missing(path.to_owned()));
    };
    if is_exposed(path)? {
        return refuse(Refused::Exposed(path.to_owned()));
    }
    from_pem(PRIVATE, path, &bytes).map(Zeroizing::new)
}

/// Reads a certificate, as DER.
pub(super) fn read_certificate(path: &Path) -> Result<Vec<u8>, Refused> {
    match read(path)? {
        Some(bytes) => from_pem(CERTIFICATE, path, &bytes),
        None => refuse(Refused::Missing(path.to_owned())),
    }
}

fn from_pem(label: &str, path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    match pem::decode_vec(bytes) {
        Ok((found, der)) if found == label => Ok(der),
        Ok(_) | Err(_) => refuse(Refused::Damaged(path.to_owned())),
    }
}

#[cfg(unix)]
fn is_exposed(path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

/// Elsewhere the folder's own list of who may enter protects the keys.
#[cfg(not(unix))]
fn is_exposed(_: &Path) -> std::io::Result<bool> {
    Ok(false)
}
