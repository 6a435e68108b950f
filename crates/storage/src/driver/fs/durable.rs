//! Changes of folders that survive a power loss: the folder is fsynced after its entry changed.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Error, layout};

/// Returns the options of every file that the store writes.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

/// The shards whose entry in their parent is known to be durable.
#[derive(Debug, Default)]
pub(super) struct Shards {
    durable: Mutex<HashSet<PathBuf>>,
}

impl Shards {
    /// Makes a shard if it is missing. The first use in a process always syncs the parent: another process, or another
    /// thread at this moment, may have made the shard and not come as far.
    pub(super) fn ensure(&self, shard: &Path) -> io::Result<()> {
        if self.lock().contains(shard) {
            return Ok(());
        }
        make_entry(shard)?;
        shard.parent().map_or(Ok(()), sync_folder)?;
        self.lock().insert(shard.to_owned());
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.durable.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the tree of a store below `root`, and `root` with its parents where they are missing.
pub(super) fn make_store(root: &Path) -> io::Result<()> {
    make_folder(root)?;
    let folders = layout::folders().map(|folder| root.join(folder));
    folders.iter().try_for_each(|folder| make_entry(folder))?;
    // Also when nothing was made: an earlier start may have stopped before this point.
    sync_folder(root)?;
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

/// Makes entries of a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Removes a file durably; succeeds when there is none.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Ok(()) => Ok(path.parent().map_or(Ok(()), sync_folder)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Makes a folder and its missing parents, each durable in its own parent.
fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().ok_or(io::ErrorKind::NotFound)?;
    make_folder(parent)?;
    make_entry(path)?;
    sync_folder(parent)
}

fn make_entry(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}
