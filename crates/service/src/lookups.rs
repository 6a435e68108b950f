//! What the registry protocol read a moment ago: manifests by reference, blobs by digest, the bytes of small blobs. A
//! fleet that pulls one image asks for the same few rows thousands of times a second.
//!
//! A row counts only while this process committed nothing since before it was read ([`db::Db::commits`]), and for
//! [`FRESH`] at most, because another process (`berth gc`) may have changed it meanwhile. Bytes lie at a location that no
//! other blob ever gets, so they are never out of date.

use std::sync::Arc;

use bytes::Bytes;
use db::{Db, query::blob};
use moka::sync::Cache;
use types::name::RepositoryName;

use crate::{Error, artifact::Stored, core::FRESH};

/// Rows of each kind.
const ENTRIES: u64 = 20_000;
/// The bytes of manifests that are kept, in bytes.
const MANIFEST_BYTES: u64 = 16 << 20;
/// The bytes of small blobs that are kept, in bytes.
const BLOB_BYTES: u64 = 16 << 20;
/// Blobs up to this size are small, in bytes: configs of images, signatures, empty layers.
pub(crate) const SMALL: u64 = 16 << 10;

pub(crate) struct Lookups {
    manifests: Cache<String, Row<Arc<Stored>>>,
    blobs: Cache<String, Row<Arc<blob::Visible>>>,
    bytes: Cache<String, Bytes>,
}

/// A row, and when it was read.
#[derive(Clone)]
struct Row<T> {
    commits: u64,
    read_ms: i64,
    value: T,
}

impl<T> Row<T> {
    fn counts(&self, commits: u64, now_ms: i64) -> bool {
        let age = now_ms.checked_sub(self.read_ms).and_then(|age| u128::try_from(age).ok());
        self.commits == commits && age.is_some_and(|age| age < FRESH.as_millis())
    }
}

impl Lookups {
    pub(crate) fn new() -> Self {
        let weight = |len: usize| u32::try_from(len.saturating_add(512)).unwrap_or(u32::MAX);
        Self {
            manifests: Cache::builder()
                .weigher(move |_, row: &Row<Arc<Stored>>| weight(row.value.content.len()))
                .max_capacity(MANIFEST_BYTES)
                .time_to_live(FRESH)
                .build(),
            blobs: Cache::builder().max_capacity(ENTRIES).time_to_live(FRESH).build(),
            bytes: Cache::builder()
                .weigher(move |_, bytes: &Bytes| weight(bytes.len()))
                .max_capacity(BLOB_BYTES)
                .build(),
        }
    }

    /// The manifest that `reference` names, read by `read` where it is not known.
    pub(crate) async fn manifest(
        &self,
        (db, now_ms): (&Db, i64),
        (name, reference): (&RepositoryName, &str),
        read: impl Future<Output = Result<Stored, Error>>,
    ) -> Result<Arc<Stored>, Error> {
        let (key, commits) = (key(name, reference), db.commits());
        if let Some(row) = self.manifests.get(&key).filter(|row| row.counts(commits, now_ms)) {
            return Ok(row.value);
        }
        let value = Arc::new(read.await?);
        self.manifests.insert(key, Row { commits, read_ms: now_ms, value: Arc::clone(&value) });
        Ok(value)
    }

    /// The blob as the repository shows it, if it does. One that nothing needs is always read, because whoever asks for
    /// it renews its time.
    pub(crate) async fn blob(
        &self,
        (db, now_ms): (&Db, i64),
        name: &RepositoryName,
        digest: &str,
    ) -> Result<Option<Arc<blob::Visible>>, Error> {
        let (key, commits) = (key(name, digest), db.commits());
        if let Some(row) = self.blobs.get(&key).filter(|row| row.counts(commits, now_ms)) {
            return Ok(Some(row.value));
        }
        let Some(value) = blob::find_in(db, name.as_str(), digest).await?.map(Arc::new) else {
            return Ok(None);
        };
        if value.candidate_since.is_none() {
            self.blobs.insert(key, Row { commits, read_ms: now_ms, value: Arc::clone(&value) });
        }
        Ok(Some(value))
    }

    /// The bytes of the small blob at a location.
    pub(crate) fn bytes(&self, location: &str) -> Option<Bytes> {
        self.bytes.get(location)
    }

    /// Keeps the bytes of the small blob at a location.
    pub(crate) fn keep_bytes(&self, location: &str, bytes: Bytes) {
        self.bytes.insert(location.to_owned(), bytes);
    }
}

/// A reference is a digest or a tag, of which only the first has a colon.
fn key(name: &RepositoryName, reference: &str) -> String {
    let mut key = String::with_capacity(name.as_str().len() + 1 + reference.len());
    key.push_str(name.as_str());
    key.push(' ');
    key.push_str(reference);
    key
}
