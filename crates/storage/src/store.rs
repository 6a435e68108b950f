//! What every driver offers. The rules of durability are written here once; the drivers say how they keep them.

use std::fmt;
use std::io;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use futures::Stream;
use types::digest::Digest;

use crate::{BodyError, ByteStream, Error, Location, Progress, UploadId};

/// The bytes of a blob, in order.
pub type BlobStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// The result of an append: everything it counts is durable, even when the body broke off.
#[derive(Debug)]
pub struct Appended {
    /// Where the upload stands.
    pub progress: Progress,
    /// Why the body ended early, if it did; the bytes before that are kept and counted.
    pub body_error: Option<BodyError>,
}

/// A blob being read.
pub struct BlobReader {
    /// Size of the whole blob in bytes, whatever part is read.
    pub size: u64,
    /// The requested part. Ends early only with an error.
    pub stream: BlobStream,
}

impl fmt::Debug for BlobReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlobReader").field("size", &self.size).finish_non_exhaustive()
    }
}

/// What is found in a store when all of it is looked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub place: Place,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written last.
    pub modified_at: SystemTime,
}

/// What kind of thing an [`Entry`] is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A blob.
    Blob(Location),
    /// Bytes of an unfinished upload; several entries may belong to one.
    Upload(UploadId),
    /// Something that no driver wrote, by its path.
    Unknown(String),
}

/// What a store holds, in no order.
pub type Entries<'a> = Pin<Box<dyn Stream<Item = Result<Entry, Error>> + Send + 'a>>;

/// A place for blobs and the uploads that become blobs.
///
/// An upload's acknowledged offset and hash state are kept by the caller. Whoever loads them, appends and saves them
/// again must do so alone: take a [`Hold`](crate::Hold) first, and keep it until the new offset is saved. A driver
/// refuses two appends at the same time by itself, but can't know that an offset is stale.
#[async_trait]
pub trait BlobStore: Send + Sync + 'static {
    /// What kind of store this is, in Harbor's words: `filesystem`, `s3`, `gcs` or `azure`.
    fn kind(&self) -> &'static str {
        "filesystem"
    }

    /// Writes a body at the end of an upload and returns where the upload then stands.
    ///
    /// An upload begins with an append at offset 0. Bytes past `from.offset` were never acknowledged and are cut
    /// off first. On return the counted bytes are durable. When this future is dropped, the upload stays usable
    /// from `from`.
    ///
    /// Units: bytes; `limit` is the most that the body may have.
    ///
    /// # Errors
    /// Each leaves the upload at `from`: `NotFound` (no such upload, or removed meanwhile), `Busy`,
    /// `TooLarge`, `NoSpace`, `State` (less is stored than was acknowledged), `Io`.
    async fn append(
        &self,
        upload: &UploadId,
        from: Progress,
        body: ByteStream,
        limit: Option<u64>,
    ) -> Result<Appended, Error>;

    /// Makes an upload that stands at `at` a copy of the blob `digest`, durably, and says where it lies. The caller
    /// compares the digest, before or after.
    ///
    /// Other copies of the same blob stay as they are. Repeating a commit that succeeded succeeds, with the same answer.
    ///
    /// # Errors
    /// `NotFound`, `Busy`, `State` when the upload does not have that many bytes, `NoSpace`, `Io`.
    async fn commit(&self, upload: &UploadId, at: &Progress, digest: &Digest) -> Result<Location, Error>;

    /// Removes an upload, `state` being that of its last progress; succeeds when there is none. An append under way
    /// ends with `NotFound`.
    async fn abort(&self, upload: &UploadId, state: &[u8]) -> Result<(), Error>;

    /// Returns the size of a blob in bytes, `None` when it is not stored.
    async fn stat(&self, blob: &Location) -> Result<Option<u64>, Error>;

    /// Opens a blob for reading, whole or in part. A blob deleted meanwhile is read to its end where the store can.
    ///
    /// Units: bytes; `range` is inclusive on both ends and lies within the blob.
    ///
    /// # Errors
    /// `NotFound`, `State` when the range is empty or goes past the end, `Io`.
    async fn read(&self, blob: &Location, range: Option<RangeInclusive<u64>>) -> Result<BlobReader, Error>;

    /// Removes a blob durably; succeeds when there is none.
    async fn delete(&self, blob: &Location) -> Result<(), Error>;

    /// Looks through everything that is stored, for whoever compares it with the rows.
    fn list(&self) -> Entries<'_>;

    /// An address from which a client can read a blob for `ttl` without the store's credentials; `None` where the
    /// driver has none to give.
    ///
    /// # Errors
    /// `Io`.
    async fn signed_url(&self, blob: &Location, ttl: Duration) -> Result<Option<String>, Error> {
        let _ = (blob, ttl);
        Ok(None)
    }

    /// The file of a blob, where the driver has one for each. Its bytes are never written again.
    fn path(&self, blob: &Location) -> Option<PathBuf> {
        let _ = blob;
        None
    }

    /// Writes and removes a small probe, to tell whether the store takes bytes and makes them durable.
    async fn check(&self) -> Result<(), Error>;
}

/// Turns a requested range into `(first byte, number of bytes)`, checked against the blob's size.
pub(crate) fn span(range: Option<RangeInclusive<u64>>, size: u64) -> Result<(u64, u64), Error> {
    let Some(range) = range else { return Ok((0, size)) };
    let (start, end) = range.into_inner();
    if start > end || end >= size {
        return Err(Error::State("the range is not within the blob"));
    }
    Ok((start, end - start + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_checked_against_the_size() {
        assert_eq!(span(None, 0).ok(), Some((0, 0)));
        assert_eq!(span(None, 7).ok(), Some((0, 7)));
        assert_eq!(span(Some(0..=0), 1).ok(), Some((0, 1)));
        assert_eq!(span(Some(2..=6), 7).ok(), Some((2, 5)));
        #[expect(clippy::reversed_empty_ranges, reason = "the reversed range is the case")]
        for (range, size) in [(0..=0, 0), (0..=7, 7), (3..=2, 7), (0..=u64::MAX, 7), (u64::MAX..=u64::MAX, 7)]
        {
            assert!(matches!(span(Some(range), size), Err(Error::State(_))));
        }
    }
}
