//! The bytes of blobs on their way into a backup.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use db::{
    Db,
    query::{blob, check, snapshot},
};
use futures::{FutureExt, StreamExt};
use storage::{BlobStore, Hasher, Location};
use types::digest::Digest;

use super::{
    BLOBS, Listener,
    files::{self, blocking},
};
use crate::{Error, stored_copy::parsed};

const PAGE: u64 = 500;

/// How the bytes came into the backup.
#[derive(Clone, Debug, Default)]
pub(super) struct Copied {
    pub(super) new: u64,
    pub(super) new_bytes: u64,
    pub(super) kept: u64,
    pub(super) missing: Vec<String>,
}

/// What became of one blob.
enum Fate {
    New,
    Kept,
    /// There are no whole bytes of it.
    Lost,
}

pub(super) struct Copier<'a> {
    pub(super) live: &'a Db,
    pub(super) store: &'a dyn BlobStore,
    pub(super) snapshot: &'a Db,
    pub(super) folder: &'a Path,
}

impl Copier<'_> {
    /// Copies what the snapshot has and the folder lacks. A blob that was collected meanwhile leaves the snapshot when no
    /// manifest of it needs the blob; else it is missing.
    pub(super) async fn all(&self, of: u64, listener: Listener<'_>) -> Result<Copied, Error> {
        let (mut copied, mut last, mut folders) = (Copied::default(), String::new(), HashSet::new());
        let mut done = 0;
        loop {
            let page = check::blobs(self.snapshot, &last, PAGE).await?;
            let Some(end) = page.last() else { break };
            last.clone_from(&end.digest);
            for row in page {
                match self.one(&row, &mut folders).await? {
                    Fate::New => {
                        copied.new += 1;
                        copied.new_bytes += row.size_bytes.unsigned_abs();
                    }
                    Fate::Kept => copied.kept += 1,
                    Fate::Lost => copied.missing.extend(self.lost(&row.digest).await?),
                }
                done += 1;
                listener(done, of.max(done));
            }
        }
        blocking(move || folders.iter().try_for_each(|folder| files::sync_folder(folder))).await?;
        Ok(copied)
    }

    async fn one(&self, row: &blob::Blob, folders: &mut HashSet<PathBuf>) -> Result<Fate, Error> {
        let (Ok(location), Ok(digest)) = (row.location.parse::<Location>(), row.digest.parse::<Digest>())
        else {
            return Ok(Fate::Lost);
        };
        let place = self.folder.join(BLOBS).join(location.as_str());
        let size = row.size_bytes.unsigned_abs();
        if tokio::fs::metadata(&place).await.is_ok_and(|found| found.is_file() && found.len() == size) {
            return Ok(Fate::Kept);
        }
        if let Some(folder) = place.parent().filter(|folder| !folders.contains(*folder)) {
            let made = folder.to_owned();
            blocking(move || files::make_folder(&made)).await?;
            // The folder and those above it have new entries.
            folders.extend(folder.ancestors().take_while(|above| *above != self.folder).map(Path::to_owned));
            folders.insert(self.folder.to_owned());
        }
        if !row.is_damaged && self.bring(&location, (&digest, size), &place).await? {
            return Ok(Fate::New);
        }
        // The copy may have been replaced by a push since the snapshot.
        let now = blob::find(self.live, &row.digest).await?;
        match now.filter(|now| !now.is_damaged && now.location != row.location) {
            Some(now) if self.bring(&parsed(&now.location)?, (&digest, size), &place).await? => Ok(Fate::New),
            _ => Ok(Fate::Lost),
        }
    }

    /// Brings bytes to their place: by a link within a file system, since the bytes of a blob are never written again,
    /// else by a copy, which is verified. False when they are gone or damaged.
    async fn bring(&self, from: &Location, (digest, size): (&Digest, u64), to: &Path) -> Result<bool, Error> {
        if let Some(path) = self.store.path(from)
            && link(path, to.to_owned(), size).await?
        {
            return Ok(true);
        }
        let mut reader = match self.store.read(from, None).await {
            Ok(reader) => reader,
            Err(storage::Error::NotFound) => return Ok(false),
            Err(error) => return Err(Error::internal(error)),
        };
        let unfinished = to.with_extension("part");
        let target = unfinished.clone();
        let file = blocking(move || files::create(&target)).await?;
        let mut file = tokio::fs::File::from_std(file);
        let mut hasher = Hasher::new(digest.algorithm());
        while let Some(chunk) = reader.stream.next().await {
            let chunk = chunk.map_err(Error::internal)?;
            hasher.update(&chunk);
            tokio::io::AsyncWriteExt::write_all(&mut file, &chunk).await.map_err(Error::internal)?;
        }
        file.sync_all().await.map_err(Error::internal)?;
        let is_whole = hasher.finalize() == *digest;
        let to = to.to_owned();
        blocking(move || if is_whole { fs::rename(unfinished, to) } else { fs::remove_file(unfinished) })
            .await?;
        Ok(is_whole)
    }

    /// The digest when a manifest of the snapshot needs the blob; else the snapshot forgets it.
    async fn lost(&self, digest: &str) -> Result<Option<String>, Error> {
        if snapshot::is_needed(self.snapshot, digest).await? {
            return Ok(Some(digest.to_owned()));
        }
        let name = digest.to_owned();
        let forgotten: Result<(), db::Error> = self
            .snapshot
            .write(move |tx| async move { snapshot::forget_blob(tx, &name).await }.boxed())
            .await;
        forgotten?;
        Ok(None)
    }
}

/// Whether a link could be made to a file of this size; not so across file systems, or where there are none.
async fn link(from: PathBuf, to: PathBuf, size: u64) -> Result<bool, Error> {
    blocking(move || {
        files::remove(&to)?;
        if fs::hard_link(from, &to).is_err() {
            return Ok(false);
        }
        if fs::metadata(&to)?.len() == size {
            return Ok(true);
        }
        fs::remove_file(&to)?;
        Ok(false)
    })
    .await
}

/// Removes files below `blobs/` that the snapshot does not know: those of an older backup.
pub(super) async fn prune(snapshot: &Db, folder: &Path) -> Result<u64, Error> {
    let root = folder.join(BLOBS);
    let mut folders = vec![root.clone()];
    let mut pruned = 0;
    while let Some(folder) = folders.pop() {
        let (files, below) = blocking(move || look(&folder)).await?;
        folders.extend(below);
        let name = |path: &PathBuf| path.strip_prefix(&root).ok().and_then(Path::to_str).map(str::to_owned);
        let named: Vec<_> = files.into_iter().filter_map(|path| Some((name(&path)?, path))).collect();
        let names = named.iter().map(|(name, _)| name.clone()).collect();
        let known: HashSet<String> = check::accounted(snapshot, names).await?.into_iter().collect();
        let old: Vec<_> =
            named.into_iter().filter(|(name, _)| !known.contains(name)).map(|(_, path)| path).collect();
        pruned += old.len() as u64;
        blocking(move || old.iter().try_for_each(fs::remove_file)).await?;
    }
    Ok(pruned)
}

/// The files of a folder, and the folders in it.
fn look(folder: &Path) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
        entries => entries?,
    };
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    Ok(paths.into_iter().partition(|path| !path.is_dir()))
}
