//! A folder of letters, for where no mail server is configured: each a file that any mail program
//! opens.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use super::{NotSent, Transport};
use crate::base::outcome::Fault;
use crate::base::values::Digest;

/// The folder `mail/`.
pub struct Spool(PathBuf);

impl Spool {
    /// The spool in `dir`, which is made if it is not there.
    ///
    /// # Errors
    /// A fault when the folder cannot be made.
    pub fn open(dir: PathBuf) -> Result<Spool, Fault> {
        fs::create_dir_all(&dir)?;
        Ok(Spool(dir))
    }

    /// Puts the whole letter there, or nothing. Its name follows from its bytes, so a letter that
    /// comes again finds itself.
    fn put(&self, bytes: &[u8]) -> io::Result<()> {
        let name = Digest::of(bytes).to_string();
        let path = self.0.join(format!("{}.eml", &name[..32]));
        if path.exists() {
            return Ok(());
        }
        let mut file = tempfile::NamedTempFile::new_in(&self.0)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&path)?;
        File::open(&self.0)?.sync_all()
    }
}

impl Transport for Spool {
    fn send(&self, letter: &lettre::Message) -> Result<(), NotSent> {
        // A full disk is mended, and then the letter goes.
        self.put(&letter.formatted())
            .map_err(|error| NotSent { for_good: false, said: error.to_string() })
    }
}
