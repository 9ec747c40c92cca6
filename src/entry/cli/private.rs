//! What lies in a data folder is its owner's alone: it is full of other people's names and numbers.

use std::path::Path;

use super::Done;

/// From now on whatever this process makes is for its owner alone: folders 0700, files 0600.
#[cfg(unix)]
pub(super) fn from_now_on() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Closes a folder to all others, and what stands in it: one that an older hand had made.
///
/// What lies deeper is behind a closed door then.
#[cfg(unix)]
pub(super) fn close(dir: &Path) -> Done {
    if !dir.is_dir() {
        return Ok(());
    }
    close_one(dir);
    for entry in std::fs::read_dir(dir)? {
        close_one(&entry?.path());
    }
    Ok(())
}

#[cfg(unix)]
fn close_one(path: &Path) {
    use std::fs::{Permissions, set_permissions, symlink_metadata};
    use std::os::unix::fs::PermissionsExt;
    // Where a link leads is for whoever made it.
    let Ok(found) = symlink_metadata(path).map(|it| (it.permissions().mode(), it.is_symlink()))
    else {
        return;
    };
    let (mode, is_link) = found;
    if is_link || mode & 0o077 == 0 {
        return;
    }
    if let Err(error) = set_permissions(path, Permissions::from_mode(mode & 0o700)) {
        tracing::warn!(%error, "others may read the data folder; see kaowu check");
    }
}

/// Elsewhere the folder's own list of who may enter protects it.
#[cfg(not(unix))]
pub(super) fn from_now_on() {}

/// The same.
#[cfg(not(unix))]
pub(super) fn close(_: &Path) -> Done {
    Ok(())
}
