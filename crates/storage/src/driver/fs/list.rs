//! Looks through the tree, one folder at a time on a blocking thread.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::task::spawn_blocking;

use crate::{Entries, Entry, Error, layout};

/// Everything below `root`, folders themselves left out.
pub(super) fn entries(root: PathBuf) -> Entries<'static> {
    let start = (vec![root.clone()], root);
    let folders = stream::try_unfold(start, |(mut folders, root)| async move {
        let Some(folder) = folders.pop() else { return Ok::<_, Error>(None) };
        let (found, below, root) = spawn_blocking(move || {
            let (found, below) = look(&folder, &root)?;
            Ok::<_, Error>((found, below, root))
        })
        .await??;
        folders.extend(below);
        Ok(Some((found, (folders, root))))
    });
    folders.map_ok(|found| stream::iter(found.into_iter().map(Ok))).try_flatten().boxed()
}

/// The files of a folder, and the folders in it.
fn look(folder: &Path, root: &Path) -> Result<(Vec<Entry>, Vec<PathBuf>), Error> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // A link is a file, whatever it points to; what was removed meanwhile is no longer there.
        let metadata = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            metadata => metadata?,
        };
        if metadata.is_dir() {
            folders.push(path);
            continue;
        }
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
        let place = layout::place(&name);
        files.push(Entry { place, size: metadata.len(), modified_at: metadata.modified()? });
    }
    Ok((files, folders))
}
