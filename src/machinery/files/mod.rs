//! Bytes by their digest: put on the disk before the row that refers to them, never changed.
//!
//! A crash between the two leaves an orphan, never a hole; orphans are swept later.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::base::outcome::Fault;
use crate::base::values::Digest;

/// The folder of files; clones share it.
#[derive(Clone, Debug)]
pub struct Files(PathBuf);

impl Files {
    /// Opens the folder, making it if it is not there.
    ///
    /// # Errors
    /// A fault when it cannot be made.
    pub fn open(dir: PathBuf) -> Result<Files, Fault> {
        fs::create_dir_all(&dir)?;
        Ok(Files(dir))
    }

    /// Puts bytes where their digest finds them again, and on the disk before it answers.
    ///
    /// # Errors
    /// A fault when they cannot be written; nothing half-written is ever found.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest, Fault> {
        let digest = Digest::of(bytes);
        let place = self.place(&digest);
        if place.exists() {
            return Ok(digest);
        }
        let shelf = place.parent().unwrap_or(&self.0);
        fs::create_dir_all(shelf)?;
        let mut draft = tempfile::NamedTempFile::new_in(shelf)?;
        draft.write_all(bytes)?;
        draft.as_file().sync_all()?;
        draft.persist(&place).map_err(|it| it.error)?;
        // The name must survive a power cut as well as the bytes.
        File::open(shelf)?.sync_all()?;
        Ok(digest)
    }

    /// The bytes with this digest; `None` when there are none.
    ///
    /// # Errors
    /// A fault when they cannot be read or are not what their name says.
    pub fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Fault> {
        match fs::read(self.place(digest)) {
            Ok(bytes) if Digest::of(&bytes) == *digest => Ok(Some(bytes)),
            Ok(_) => Err(Fault::new(format!("file {digest} is damaged"))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn place(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        Path::new(&self.0).join(&name[..2]).join(name)
    }
}
