//! The requests to the store, each under the name it belongs to. Errors of the store become ours here.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt as _;
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload};

use super::names::{self, Names};
use super::part::{Buffer, Memory};
use super::state::{Multipart, Part, Tail};
use crate::{Error, Location, UploadId};

/// What the parts of the driver share.
#[derive(Debug)]
pub(super) struct Bucket {
    pub objects: Arc<dyn ObjectStore>,
    pub multiparts: Multiparts,
    pub names: Names,
    pub memory: Memory,
}

/// The half of a store that knows multipart uploads.
pub(super) struct Multiparts(pub Arc<dyn MultipartStore>);

impl std::fmt::Debug for Multiparts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Multiparts")
    }
}

impl Bucket {
    pub(super) async fn size(&self, object: &Path) -> Result<Option<u64>, Error> {
        match self.objects.head(object).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    pub(super) async fn remove(&self, object: &Path) -> Result<(), Error> {
        match self.objects.delete(object).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    pub(super) async fn write(&self, object: &Path, bytes: Bytes) -> Result<(), Error> {
        self.objects.put(object, PutPayload::from_bytes(bytes)).await.map_err(broken)?;
        Ok(())
    }

    /// Copies an object within the store.
    pub(super) async fn copy(&self, from: &Path, to: &Path) -> Result<(), Error> {
        self.objects.copy(from, to).await.map_err(failed)
    }

    pub(super) async fn read_tail(&self, upload: &UploadId, tail: &Tail) -> Result<Bytes, Error> {
        let found = self.objects.get(&self.names.tail(upload, &tail.name)).await.map_err(failed)?;
        if found.meta.size != tail.len {
            return Err(Error::State("the upload is shorter than was acknowledged"));
        }
        found.bytes().await.map_err(failed)
    }

    pub(super) async fn write_tail(&self, upload: &UploadId, tail: &Tail, bytes: Bytes) -> Result<(), Error> {
        self.write(&self.names.tail(upload, &tail.name), bytes).await
    }

    /// Removes a tail that is no longer needed. A failure leaves it to the commit.
    pub(super) async fn remove_tail(&self, upload: &UploadId, name: &str) {
        let tail = self.names.tail(upload, name);
        if let Err(error) = self.remove(&tail).await {
            tracing::warn!(error = &error as &dyn std::error::Error, object = %tail, "Could not remove {tail}");
        }
    }

    /// Removes whatever an upload has besides its parts, acknowledged or not.
    pub(super) async fn remove_tails(&self, upload: &UploadId) -> Result<(), Error> {
        let tails = self.objects.list(Some(&self.names.tails(upload)));
        tails.map_err(broken).try_for_each(async |tail| self.remove(&tail.location).await).await
    }

    pub(super) async fn begin_multipart(&self, upload: &UploadId, name: &str) -> Result<String, Error> {
        let target = self.target(upload, name)?;
        self.multiparts.0.create_multipart(&target).await.map_err(broken)
    }

    /// Sends a part; its memory stays reserved until the store has it. Returns what the store calls its content.
    pub(super) fn send_part(
        &self,
        upload: &UploadId,
        multipart: &Multipart,
        number: usize,
        buffer: Buffer,
    ) -> Result<impl Future<Output = Result<String, Error>> + Send + use<>, Error> {
        let target = self.target(upload, &multipart.name)?;
        let (store, id) = (Arc::clone(&self.multiparts.0), multipart.id.clone());
        Ok(async move {
            let (bytes, _memory) = buffer.into_parts();
            let sent = store.put_part(&target, &id, number, PutPayload::from_bytes(bytes)).await;
            Ok(sent.map_err(failed)?.content_id)
        })
    }

    /// Makes the parts a blob.
    pub(super) async fn complete_multipart(
        &self,
        upload: &UploadId,
        multipart: Multipart,
    ) -> Result<(), Error> {
        let target = self.target(upload, &multipart.name)?;
        let parts = multipart.parts.into_iter().map(|Part(_, content_id)| PartId { content_id }).collect();
        self.multiparts.0.complete_multipart(&target, &multipart.id, parts).await.map_err(failed)?;
        Ok(())
    }

    /// Removes parts; succeeds when there are none.
    pub(super) async fn abort_multipart(
        &self,
        upload: &UploadId,
        multipart: &Multipart,
    ) -> Result<(), Error> {
        let target = self.target(upload, &multipart.name)?;
        match self.multiparts.0.abort_multipart(&target, &multipart.id).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    fn target(&self, upload: &UploadId, name: &str) -> Result<Path, Error> {
        let location: Location = names::location(upload, name)?;
        Ok(self.names.blob(&location))
    }
}

/// What a failure of the store means to us.
pub(super) fn failed(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::NotFound,
        error => broken(error),
    }
}

/// As [`failed`], where only the bucket itself could be missing.
pub(super) fn broken(error: object_store::Error) -> Error {
    Error::Io(io::Error::other(error))
}
