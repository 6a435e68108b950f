//! Blobs as objects of an S3, Google Cloud Storage or Azure store. The names are drawn in `object/names.rs`.
//!
//! Bytes go straight into the object that becomes the blob, as parts of a multipart upload; only the last few, and
//! blobs too small for a part, lie in an object of their own until the next append or the commit. What the store has
//! answered is durable. Requests are repeated by the client when the store is busy or a connection breaks.

mod append;
mod bucket;
mod commit;
pub(crate) mod connect;
mod names;
mod part;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::signer::{Method, Signer};
use object_store::{GetOptions, GetRange, ObjectStore};
use types::digest::Digest;

use self::bucket::{Bucket, Multiparts, broken, failed};
use self::names::Names;
use self::part::Memory;
use crate::{
    Appended, BlobReader, BlobStore, ByteStream, Entries, Entry, Error, Holds, Location, Progress, UploadId,
};

const PROBE: &[u8] = b"probe";

/// A blob store in a bucket or container of an object store.
pub struct BucketStore {
    kind: &'static str,
    bucket: Bucket,
    /// Present where downloads may go to the store itself.
    signer: Option<Arc<dyn Signer>>,
    holds: Holds,
}

impl fmt::Debug for BucketStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BucketStore").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl BucketStore {
    /// Keeps blobs below `prefix`; the parts of all uploads share `buffer_bytes` of memory.
    pub fn new<S: ObjectStore + MultipartStore>(
        kind: &'static str,
        store: Arc<S>,
        prefix: Path,
        buffer_bytes: u64,
    ) -> Self {
        let (names, memory) = (Names::new(prefix), Memory::new(buffer_bytes));
        let multiparts = Multiparts(Arc::clone(&store) as Arc<dyn MultipartStore>);
        let bucket = Bucket { objects: store, multiparts, names, memory };
        Self { kind, bucket, signer: None, holds: Holds::default() }
    }

    /// Lets clients read from the store itself, by addresses that it signs.
    #[must_use]
    pub fn with_signer(self, signer: Arc<dyn Signer>) -> Self {
        Self { signer: Some(signer), ..self }
    }

    /// Why a range could not be read: because it is none of the blob, or because of `error`.
    async fn refused(&self, blob: &Location, end: u64, error: Error) -> Error {
        match self.stat(blob).await {
            Ok(Some(size)) if end >= size => Error::State("the range is not within the blob"),
            Ok(None) => Error::NotFound,
            _ => error,
        }
    }
}

#[async_trait]
impl BlobStore for BucketStore {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn append(
        &self,
        upload: &UploadId,
        from: Progress,
        body: ByteStream,
        limit: Option<u64>,
    ) -> Result<Appended, Error> {
        let _hold = self.holds.hold(upload).await?;
        append::append(&self.bucket, upload, from, body, limit).await
    }

    async fn commit(&self, upload: &UploadId, at: &Progress, _digest: &Digest) -> Result<Location, Error> {
        let _hold = self.holds.hold(upload).await?;
        commit::commit(&self.bucket, upload, at).await
    }

    async fn abort(&self, upload: &UploadId, state: &[u8]) -> Result<(), Error> {
        let parts = match state::State::read(state)?.and_then(|state| state.multipart) {
            Some(multipart) => self.bucket.abort_multipart(upload, &multipart).await,
            None => Ok(()),
        };
        self.bucket.remove_tails(upload).await?;
        parts
    }

    async fn stat(&self, blob: &Location) -> Result<Option<u64>, Error> {
        self.bucket.size(&self.bucket.names.blob(blob)).await
    }

    async fn read(&self, blob: &Location, range: Option<RangeInclusive<u64>>) -> Result<BlobReader, Error> {
        let wanted = match range.map(RangeInclusive::into_inner) {
            Some((start, end)) if start <= end && end < u64::MAX => Some(start..end + 1),
            Some(_) => return Err(Error::State("the range is not within the blob")),
            None => None,
        };
        let options = GetOptions { range: wanted.clone().map(GetRange::Bounded), ..GetOptions::default() };
        let found = match self.bucket.objects.get_opts(&self.bucket.names.blob(blob), options).await {
            Ok(found) => found,
            Err(error) => {
                let error = failed(error);
                return Err(match wanted {
                    Some(wanted) => self.refused(blob, wanted.end - 1, error).await,
                    None => error,
                });
            }
        };
        if wanted.is_some_and(|wanted| wanted != found.range) {
            return Err(Error::State("the range is not within the blob"));
        }
        let size = found.meta.size;
        Ok(BlobReader { size, stream: found.into_stream().map_err(io::Error::other).boxed() })
    }

    async fn delete(&self, blob: &Location) -> Result<(), Error> {
        self.bucket.remove(&self.bucket.names.blob(blob)).await
    }

    /// The parts of unfinished uploads are in no listing: the store's rule for them removes what nobody knows.
    fn list(&self) -> Entries<'_> {
        let Bucket { objects, names, .. } = &self.bucket;
        let entry = |object: object_store::ObjectMeta| Entry {
            place: names.place(&object.location),
            size: object.size,
            modified_at: object.last_modified.into(),
        };
        objects.list(Some(names.root())).map_ok(entry).map_err(broken).boxed()
    }

    async fn signed_url(&self, blob: &Location, ttl: Duration) -> Result<Option<String>, Error> {
        let Some(signer) = &self.signer else { return Ok(None) };
        let url = signer.signed_url(Method::GET, &self.bucket.names.blob(blob), ttl).await;
        Ok(Some(url.map_err(failed)?.into()))
    }

    async fn check(&self) -> Result<(), Error> {
        let probe = self.bucket.names.probe();
        let written = self.bucket.write(&probe, Bytes::from_static(PROBE)).await;
        let removed = self.bucket.remove(&probe).await;
        written.and(removed)
    }
}
