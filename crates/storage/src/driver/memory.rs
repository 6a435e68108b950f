//! Blobs in memory, for tests of the layers above: the same rules without a disk, and a disk that can be full.

use std::collections::HashMap;
use std::io;
use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use types::digest::Digest;

use crate::body::{Batches, End};
use crate::store::span;
use crate::{
    Appended, BlobReader, BlobStore, ByteStream, Entries, Entry, Error, Holds, Location, Place, Progress,
    UploadId, layout,
};

/// Size of the pieces in which a blob is read.
const CHUNK_BYTES: usize = 64 << 10;

/// A blob store that forgets everything when it is dropped.
#[derive(Debug)]
pub struct MemoryStore {
    content: Mutex<Content>,
    capacity_bytes: u64,
    holds: Holds,
}

#[derive(Debug, Default)]
struct Content {
    uploads: HashMap<UploadId, Vec<u8>>,
    blobs: HashMap<Location, Bytes>,
}

impl MemoryStore {
    /// Makes an empty store without a limit.
    pub fn new() -> Self {
        Self::with_capacity(u64::MAX)
    }

    /// Makes an empty store that has no space for more than this many bytes of blobs and uploads.
    pub fn with_capacity(capacity_bytes: u64) -> Self {
        Self { content: Mutex::default(), capacity_bytes, holds: Holds::default() }
    }

    /// Names everything stored, blobs by location and uploads by id, in order.
    pub fn list(&self) -> Vec<String> {
        let content = self.lock();
        let uploads = content.uploads.keys().map(ToString::to_string);
        let mut names: Vec<String> = content.blobs.keys().map(ToString::to_string).chain(uploads).collect();
        names.sort();
        names
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prepares an upload for bytes at `offset`.
    fn start(&self, upload: &UploadId, offset: u64) -> Result<(), Error> {
        let mut content = self.lock();
        if offset == 0 {
            content.uploads.entry(*upload).or_default();
        }
        let bytes = content.uploads.get_mut(upload).ok_or(Error::NotFound)?;
        let offset = index(offset);
        if bytes.len() < offset {
            return Err(Error::State("the upload is shorter than was acknowledged"));
        }
        bytes.truncate(offset);
        Ok(())
    }

    fn write(&self, upload: &UploadId, chunks: &[Bytes]) -> Result<(), Error> {
        let mut content = self.lock();
        let more: usize = chunks.iter().map(Bytes::len).sum();
        if content.used_bytes() + more as u64 > self.capacity_bytes {
            return Err(Error::NoSpace);
        }
        let bytes = content.uploads.get_mut(upload).ok_or(Error::NotFound)?;
        for chunk in chunks {
            bytes.extend_from_slice(chunk);
        }
        Ok(())
    }

    async fn write_body(
        &self,
        upload: &UploadId,
        mut progress: Progress,
        mut batches: Batches,
    ) -> Result<Appended, Error> {
        self.start(upload, progress.offset)?;
        loop {
            let batch = batches.next().await;
            self.write(upload, &batch.chunks)?;
            for chunk in &batch.chunks {
                progress.hasher.update(chunk);
                progress.offset += chunk.len() as u64;
            }
            let body_error = match batch.end {
                None => continue,
                Some(End::TooLarge) => return Err(Error::TooLarge),
                Some(End::Broken(error)) => Some(error),
                Some(End::Complete) => None,
            };
            return Ok(Appended { progress, body_error });
        }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Content {
    fn used_bytes(&self) -> u64 {
        let uploads: usize = self.uploads.values().map(Vec::len).sum();
        let blobs: usize = self.blobs.values().map(Bytes::len).sum();
        (uploads + blobs) as u64
    }

    fn has_blob(&self, blob: &Location, size: u64) -> bool {
        self.blobs.get(blob).is_some_and(|blob| blob.len() as u64 == size)
    }
}

#[async_trait]
impl BlobStore for MemoryStore {
    async fn append(
        &self,
        upload: &UploadId,
        from: Progress,
        body: ByteStream,
        limit: Option<u64>,
    ) -> Result<Appended, Error> {
        let _hold = self.holds.hold(upload).await?;
        let offset = from.offset;
        let appended = self.write_body(upload, from, Batches::new(body, limit)).await;
        if appended.is_err()
            && let Some(bytes) = self.lock().uploads.get_mut(upload)
        {
            bytes.truncate(index(offset));
        }
        appended
    }

    async fn commit(&self, upload: &UploadId, at: &Progress, digest: &Digest) -> Result<Location, Error> {
        let _hold = self.holds.hold(upload).await?;
        let location = layout::location(digest, upload).map_err(|_| Error::State("the blob has no place"))?;
        let mut content = self.lock();
        match content.uploads.get(upload).map(|bytes| bytes.len() as u64) {
            None if content.has_blob(&location, at.offset) => Ok(location),
            None => Err(Error::NotFound),
            Some(len) if len != at.offset => {
                Err(Error::State("the upload does not have the size that was acknowledged"))
            }
            Some(_) => {
                let bytes = content.uploads.remove(upload).unwrap_or_default();
                content.blobs.insert(location.clone(), bytes.into());
                Ok(location)
            }
        }
    }

    async fn abort(&self, upload: &UploadId, _state: &[u8]) -> Result<(), Error> {
        self.lock().uploads.remove(upload);
        Ok(())
    }

    async fn stat(&self, blob: &Location) -> Result<Option<u64>, Error> {
        Ok(self.lock().blobs.get(blob).map(|blob| blob.len() as u64))
    }

    async fn read(&self, blob: &Location, range: Option<RangeInclusive<u64>>) -> Result<BlobReader, Error> {
        let blob = self.lock().blobs.get(blob).cloned().ok_or(Error::NotFound)?;
        let size = blob.len() as u64;
        let (start, len) = span(range, size)?;
        let mut part = blob.slice(index(start)..index(start + len));
        let mut chunks = Vec::new();
        while !part.is_empty() {
            chunks.push(io::Result::Ok(part.split_to(part.len().min(CHUNK_BYTES))));
        }
        Ok(BlobReader { size, stream: Box::pin(stream::iter(chunks)) })
    }

    async fn delete(&self, blob: &Location) -> Result<(), Error> {
        self.lock().blobs.remove(blob);
        Ok(())
    }

    fn list(&self) -> Entries<'_> {
        let content = self.lock();
        let entry =
            |place, len: usize| Entry { place, size: len as u64, modified_at: SystemTime::UNIX_EPOCH };
        let blobs = content.blobs.iter().map(|(at, bytes)| entry(Place::Blob(at.clone()), bytes.len()));
        let uploads = content.uploads.iter().map(|(id, bytes)| entry(Place::Upload(*id), bytes.len()));
        Box::pin(stream::iter(blobs.chain(uploads).map(Ok).collect::<Vec<_>>()))
    }

    async fn check(&self) -> Result<(), Error> {
        if self.lock().used_bytes() < self.capacity_bytes { Ok(()) } else { Err(Error::NoSpace) }
    }
}

/// What does not fit into the address space is past the end of everything.
fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::FutureExt as _;
    use types::digest::Algorithm;

    use super::*;
    use crate::conformance::{self, Fixture, body};

    #[tokio::test]
    async fn the_memory_driver_conforms() {
        conformance::run(async || {
            let store = Arc::new(MemoryStore::new());
            let listed = Arc::clone(&store);
            Fixture::new(store, move || listed.list())
        })
        .await;
    }

    #[tokio::test]
    async fn a_full_store_takes_nothing_and_recovers() {
        let store = MemoryStore::with_capacity(10);
        let (upload, start) = (UploadId::new(), || Progress::start(Algorithm::Sha256));
        let full = store.append(&upload, start(), body(&[b"12345678", b"9abc"]), None).await;
        assert!(matches!(full, Err(Error::NoSpace)));
        assert!(store.check().await.is_ok());
        let fits = store.append(&upload, start(), body(&[b"123456789a"]), None).await.unwrap();
        assert_eq!(fits.progress.offset, 10);
        assert!(matches!(store.check().await, Err(Error::NoSpace)));
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_frees_its_upload() {
        let (store, upload) = (MemoryStore::new(), UploadId::new());
        let start = || Progress::start(Algorithm::Sha256);
        let gone = store.append(&upload, start(), Box::pin(stream::pending()), None).now_or_never();
        assert!(gone.is_none());
        assert!(store.append(&upload, start(), body(&[b"a"]), None).await.is_ok());
    }
}
