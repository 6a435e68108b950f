//! The copy of a blob's bytes that its row points to: read, replaced, removed.

use std::ops::RangeInclusive;

use db::query::{blob, upload};
use futures::StreamExt;
use storage::{BlobReader, BlobStore, Hasher, Location};
use types::digest::{Algorithm, Digest};

use crate::{Error, Kind, core::Core};

impl Core {
    /// Opens the bytes of a blob whose row says that they are at `location`. A copy that was replaced between the
    /// query and the opening is looked up once more. Errors: `NotFound` when the blob was collected meanwhile.
    pub(crate) async fn open_copy(
        &self,
        digest: &Digest,
        location: &str,
        range: Option<RangeInclusive<u64>>,
    ) -> Result<BlobReader, Error> {
        let found = self.store.read(&parsed(location)?, range.clone()).await;
        let Err(storage::Error::NotFound) = found else { return found.map_err(Error::internal) };
        match blob::find(&self.db, digest.as_ref()).await? {
            Some(row) if row.location != location => {
                self.store.read(&parsed(&row.location)?, range).await.map_err(Error::internal)
            }
            Some(_) => Err(Error::internal(storage::Error::NotFound)),
            None => Err(Error::NotFound(Kind::Blob, digest.to_string())),
        }
    }

    /// Removes the bytes of an upload whose row is gone. A failure leaves them behind for `berth fsck`.
    pub(crate) async fn abort_upload(&self, row: &upload::Upload) {
        let Ok(id) = row.id.parse() else { return };
        let state = row.store_state.as_deref().unwrap_or_default();
        if let Err(error) = self.store.abort(&id, state).await {
            tracing::warn!(error = &error as &dyn std::error::Error, upload.id = %id, "Could not discard upload {id}");
        }
    }

    /// Removes bytes that no row points to; what fails is left to the next collection.
    pub(crate) async fn remove_copy(&self, location: &Location) {
        if let Err(error) = self.store.delete(location).await {
            tracing::warn!(error = &error as &dyn std::error::Error, blob.location = %location, "Could not remove {location}");
        }
    }
}

/// Reads a copy and hashes it. Errors: as [`BlobStore::read`], and `Io` when reading breaks off.
pub(crate) async fn hash(
    store: &dyn BlobStore,
    location: &Location,
    algorithm: Algorithm,
) -> Result<Digest, storage::Error> {
    let mut reader = store.read(location, None).await?;
    let mut hasher = Hasher::new(algorithm);
    while let Some(chunk) = reader.stream.next().await {
        hasher.update(&chunk?);
    }
    Ok(hasher.finalize())
}

/// The location of a row.
pub(crate) fn parsed(location: &str) -> Result<Location, Error> {
    location.parse().map_err(Error::internal)
}
