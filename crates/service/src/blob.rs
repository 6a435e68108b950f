//! Blobs of repositories, on their way out.

use std::{ops::RangeInclusive, sync::Arc, time::Duration};

use bytes::Bytes;
use db::query::{blob, manifest, repository};
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use storage::BlobStream;
use types::{digest::Digest, name::RepositoryName};

use crate::{Error, Kind, OpCtx, authz::RegistryAction, core::Core, lookups::SMALL, stored_copy::parsed};

/// How long an address of the store can be used: a client follows it at once, but may be sent there through a queue.
const REDIRECT_TTL: Duration = Duration::from_mins(10);

/// Blobs of repositories.
#[derive(Clone)]
pub struct Blobs {
    pub(crate) core: Arc<Core>,
}

/// A blob that the caller may read.
pub struct Blob {
    /// Its size in bytes.
    pub size: u64,
    digest: Digest,
    found: Arc<blob::Visible>,
    core: Arc<Core>,
}

/// The bytes of a blob, or of a part of it.
pub enum Content {
    /// All of a small one.
    Whole(Bytes),
    /// In order, as they are read.
    Stream(BlobStream),
}

impl Content {
    /// The bytes in order, however they are held.
    pub fn into_stream(self) -> BlobStream {
        match self {
            Self::Whole(bytes) => stream::once(async { Ok(bytes) }).boxed(),
            Self::Stream(stream) => stream,
        }
    }
}

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blob").field("size", &self.size).field("digest", &self.digest).finish_non_exhaustive()
    }
}

impl Blob {
    /// Opens the bytes. `range` is inclusive on both ends and lies within the size.
    pub async fn read(&self, range: Option<RangeInclusive<u64>>) -> Result<Content, Error> {
        let location = &self.found.location;
        if range.is_some() || self.size > SMALL {
            return Ok(Content::Stream(self.core.open_copy(&self.digest, location, range).await?.stream));
        }
        if let Some(bytes) = self.core.lookups.bytes(location) {
            return Ok(Content::Whole(bytes));
        }
        let reader = self.core.open_copy(&self.digest, location, None).await?;
        let chunks: Vec<Bytes> = reader.stream.try_collect().await.map_err(Error::internal)?;
        let bytes = Bytes::from(chunks.concat());
        self.core.lookups.keep_bytes(location, bytes.clone());
        Ok(Content::Whole(bytes))
    }

    /// An address of the store itself from which the blob can be read for ten minutes by whoever knows it; `None`
    /// where its bytes are to be read here.
    pub async fn redirect(&self) -> Result<Option<String>, Error> {
        let signed = self.core.store.signed_url(&parsed(&self.found.location)?, REDIRECT_TTL).await;
        signed.map_err(Error::internal)
    }
}

impl Blobs {
    /// A blob that the repository shows. Errors: `NotFound`.
    pub async fn get(&self, cx: &OpCtx, repository: &RepositoryName, digest: &Digest) -> Result<Blob, Error> {
        self.core.require_registry(cx, repository, RegistryAction::Pull).await?;
        let found = self.core.look(cx, repository, digest).await?;
        let found = found.ok_or_else(|| Error::NotFound(Kind::Blob, digest.to_string()))?;
        Ok(Blob {
            size: found.size_bytes.unsigned_abs(),
            digest: digest.clone(),
            found,
            core: Arc::clone(&self.core),
        })
    }

    /// Removes a blob from the repository. Its bytes stay for other repositories.
    ///
    /// Errors: `NotFound`, `Precondition` while a manifest of the repository needs it.
    pub async fn delete(&self, cx: &OpCtx, name: &RepositoryName, digest: &Digest) -> Result<(), Error> {
        self.core.require_registry(cx, name, RegistryAction::Delete).await?;
        let missing = Error::NotFound(Kind::Blob, digest.to_string());
        let Some(found) = repository::find_by_name(&self.core.db, name.as_str()).await? else {
            return Err(missing);
        };
        let (digest, now) = (digest.to_string(), self.core.lease_ms(cx.now_ms()));
        self.core
            .db
            .write(move |tx| {
                async move {
                    if let Some(parent) = manifest::referring(tx, found.id, &digest).await? {
                        return Err(Error::Precondition(format!(
                            "manifest {parent} needs this blob: delete it first"
                        )));
                    }
                    if blob::unlink(tx, found.id, &digest, now).await? { Ok(()) } else { Err(missing) }
                }
                .boxed()
            })
            .await
    }
}

impl Core {
    /// The blob as the repository shows it, if it does.
    ///
    /// Whoever is told that a blob is there may leave out its upload, so it stays for three quarters of the grace at
    /// least: of a candidate, the time begins anew when more than a quarter is over. (Not at every look, for a look
    /// should not write.)
    pub(crate) async fn look(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<Arc<blob::Visible>>, Error> {
        let found = self.lookups.blob((&self.db, cx.now_ms()), name, digest.as_ref()).await?;
        let Some(found) = found else { return Ok(None) };
        let Some(since) = found.candidate_since else { return Ok(Some(found)) };
        let now = self.lease_ms(cx.now_ms());
        let age = u128::try_from(now.saturating_sub(since)).unwrap_or(0);
        if age <= self.options.collection.grace.as_millis() / 4 {
            return Ok(Some(found));
        }
        let (id, digest) = (found.repository_id, digest.to_string());
        let is_there: Result<bool, Error> = self
            .db
            .write(move |tx| async move { Ok(blob::renew(tx, id, &digest, now).await?) }.boxed())
            .await;
        Ok(is_there?.then_some(found))
    }
}
