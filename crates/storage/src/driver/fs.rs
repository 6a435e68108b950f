//! Blobs as files: the fast path on one machine. The tree is drawn in `layout.rs`.
//!
//! A file's bytes are fsynced, then it is renamed into place, then the folder is fsynced, and only then a call returns.
//! A failed fsync fails the call and is never repeated, because the kernel may have dropped the bytes. File work runs
//! on blocking threads, one trip per batch; reads of cached bytes need none.

mod append;
mod cached;
mod durable;
mod list;
mod read;
mod room;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::spawn_blocking;
use types::digest::Digest;

use crate::store::span;
use crate::{
    Appended, BlobReader, BlobStore, ByteStream, Entries, Error, Hold, Holds, Location, Progress, UploadId,
    layout,
};

/// A probe has to need a block of its own, or a full disk would pass for a working one.
const PROBE: [u8; 4096] = [0; 4096];

/// A blob store in a folder.
#[derive(Debug)]
pub struct FsStore {
    root: PathBuf,
    /// The open root, for lookups that must not touch the disk.
    folder: File,
    shards: Arc<durable::Shards>,
    holds: Holds,
}

impl FsStore {
    /// Opens the store in `root` and makes its folders, durably. Blocks.
    ///
    /// # Errors
    /// `NoSpace`, `Io`.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let root = std::path::absolute(root)?;
        durable::make_store(&root)?;
        let folder = File::open(&root)?;
        Ok(Self { root, folder, shards: Arc::default(), holds: Holds::default() })
    }

    fn at(&self, place: PathBuf) -> PathBuf {
        self.root.join(place)
    }

    /// Opens a blob, on a blocking thread unless the kernel knows the way without the disk.
    async fn open_blob(&self, blob: &Location) -> Result<File, Error> {
        let place = layout::blob(blob);
        match cached::open(&self.folder, &place) {
            cached::Lookup::Found(file) => Ok(file),
            cached::Lookup::Missing => Err(Error::NotFound),
            cached::Lookup::Unknown => {
                let path = self.at(place);
                spawn_blocking(move || found(File::open(path))).await?
            }
        }
    }
}

#[async_trait]
impl BlobStore for FsStore {
    async fn append(
        &self,
        upload: &UploadId,
        from: Progress,
        body: ByteStream,
        limit: Option<u64>,
    ) -> Result<Appended, Error> {
        let hold = self.holds.hold(upload).await?;
        append::append(self.at(layout::upload(upload)), from, body, limit, hold).await
    }

    async fn commit(&self, upload: &UploadId, at: &Progress, digest: &Digest) -> Result<Location, Error> {
        let hold = self.holds.hold(upload).await?;
        let location = layout::location(digest, upload).map_err(|_| Error::State("the blob has no place"))?;
        let (from, to) = (self.at(layout::upload(upload)), self.at(layout::blob(&location)));
        let (shard, shards, size) = (self.at(layout::shard(digest)), Arc::clone(&self.shards), at.offset);
        working(hold, move || {
            shards.ensure(&shard)?;
            publish(&from, &to, size)?;
            durable::sync_folder(&shard)?;
            Ok(location)
        })
        .await
    }

    async fn abort(&self, upload: &UploadId, _state: &[u8]) -> Result<(), Error> {
        let path = self.at(layout::upload(upload));
        spawn_blocking(move || durable::remove(&path)).await?
    }

    async fn stat(&self, blob: &Location) -> Result<Option<u64>, Error> {
        match self.open_blob(blob).await {
            Ok(file) => Ok(Some(file.metadata()?.len())),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn read(&self, blob: &Location, range: Option<RangeInclusive<u64>>) -> Result<BlobReader, Error> {
        let file = self.open_blob(blob).await?;
        let size = file.metadata()?.len();
        let (start, len) = span(range, size)?;
        Ok(BlobReader { size, stream: Box::pin(read::FileStream::new(file, start, len)) })
    }

    async fn delete(&self, blob: &Location) -> Result<(), Error> {
        let path = self.at(layout::blob(blob));
        spawn_blocking(move || durable::remove(&path)).await?
    }

    fn path(&self, blob: &Location) -> Option<PathBuf> {
        Some(self.at(layout::blob(blob)))
    }

    fn list(&self) -> Entries<'_> {
        list::entries(self.root.clone())
    }

    async fn check(&self) -> Result<(), Error> {
        let path = self.at(layout::probe(&UploadId::new()));
        spawn_blocking(move || {
            let written = durable::options().create_new(true).open(&path).and_then(|mut file| {
                file.write_all(&PROBE)?;
                file.sync_all()
            });
            let removed = fs::remove_file(&path);
            Ok(written.and(removed)?)
        })
        .await?
    }
}

/// Runs work on a blocking thread that keeps the upload held until it is done, even when its caller goes away.
async fn working<T: Send + 'static>(
    hold: Hold,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let _presence = hold.presence();
    spawn_blocking(move || {
        let _hold = hold;
        work()
    })
    .await?
}

/// Moves a finished upload to its place; a repeated commit finds the blob there already.
fn publish(upload: &Path, blob: &Path, size: u64) -> Result<(), Error> {
    match File::open(upload) {
        Ok(file) if file.metadata()?.len() == size => {
            file.sync_all()?;
            Ok(fs::rename(upload, blob)?)
        }
        Ok(_) => Err(Error::State("the upload does not have the size that was acknowledged")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match found(fs::metadata(blob))?.len() {
            len if len == size => Ok(()),
            _ => Err(Error::NotFound),
        },
        Err(error) => Err(error.into()),
    }
}

/// Tells a missing file from other failures.
fn found<T>(result: io::Result<T>) -> Result<T, Error> {
    result.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::NotFound,
        _ => error.into(),
    })
}
