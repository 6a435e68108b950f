//! Blobs on their way in.
//!
//! ```text
//!  start ─▶ row (offset 0) ─▶ append: bytes durable, then row moves to the new offset ─▶ … ─▶ finish:
//!           digest compared ─▶ bytes take their final place ─▶ blob, link and row in one transaction
//! ```
//! An upload that is under way outlives the connection that carries it: what arrived is made durable and counted even
//! when the client is gone, so that it can continue from there.

use std::sync::Arc;

use db::query::{blob, repository, upload};
use futures::{FutureExt, stream};
pub use storage::ByteStream;
use storage::{Appended, Hasher, Hold, Location, Progress, UploadId};
use types::{
    digest::{Algorithm, Digest},
    name::RepositoryName,
    oci::range::ContentRange,
};

use crate::{
    Error, Kind, OpCtx,
    authz::RegistryAction,
    core::{Core, detached},
    stored_copy::{hash, parsed},
};

/// Open uploads.
#[derive(Clone)]
pub struct Uploads {
    pub(crate) core: Arc<Core>,
}

/// An upload that was found and is held.
struct Held {
    id: UploadId,
    from: i64,
    progress: Progress,
    hold: Hold,
}

/// Where a finished blob becomes visible.
#[derive(Clone)]
struct Target {
    project_id: i64,
    repository: String,
    now: i64,
    /// Whether the upload has a row, which ends with it.
    has_row: bool,
}

impl Uploads {
    /// Opens an upload whose bytes will be hashed with `algorithm` as they arrive.
    pub async fn start(
        &self,
        cx: &OpCtx,
        repository: &RepositoryName,
        algorithm: Algorithm,
    ) -> Result<UploadId, Error> {
        let standing = self.core.require_registry(cx, repository, RegistryAction::Push).await?;
        let id = UploadId::new();
        let row = upload::Upload {
            id: id.to_string(),
            project_id: standing.project.id,
            repository: repository.to_string(),
            owner: cx.actor().to_owned(),
            offset_bytes: 0,
            hash_state: Hasher::new(algorithm).to_state(),
            created_at: cx.now_ms(),
            updated_at: self.core.lease_ms(cx.now_ms()),
            store_state: None,
        };
        self.core.db.write(move |tx| async move { upload::insert(tx, row).await }.boxed()).await?;
        Ok(id)
    }

    /// Takes a whole blob in one request.
    ///
    /// Errors: `DigestMismatch`, `BodyBroken`, `NoSpace`; nothing is kept then.
    pub async fn push(
        &self,
        cx: &OpCtx,
        repository: &RepositoryName,
        digest: &Digest,
        body: ByteStream,
    ) -> Result<(), Error> {
        let target = self.target(cx, repository).await?;
        let (this, digest) = (self.clone(), digest.clone());
        detached(async move {
            let id = UploadId::new();
            this.receive_whole(id, &digest, &target, body).await
        })
        .await
    }

    /// Makes a blob of another repository visible in this one; false when it has to be uploaded.
    ///
    /// Without `from`, any repository that the caller may pull from will do: that is decided by rights, not by the
    /// scopes of the token. Errors: `Unauthenticated` when the token should cover the source too.
    pub async fn mount(
        &self,
        cx: &OpCtx,
        repository: &RepositoryName,
        digest: &Digest,
        from: Option<&RepositoryName>,
    ) -> Result<bool, Error> {
        let mut target = self.target(cx, repository).await?;
        let is_allowed = match from {
            Some(source) => {
                self.core.may_mount_from(cx, repository, source).await?
                    && blob::find_in(&self.core.db, source.as_str(), digest.as_ref()).await?.is_some()
            }
            None => blob::is_visible(&self.core.db, Core::visible(cx), digest.as_ref()).await?,
        };
        if !is_allowed {
            return Ok(false);
        }
        let digest = digest.to_string();
        target.now = self.core.lease_ms(target.now);
        let linked =
            self.core.db.write(move |tx| async move { link(tx, &target, &digest).await }.boxed()).await;
        match linked {
            Ok(()) => Ok(true),
            Err(db::Error::Referenced(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// How many bytes of an upload are durable.
    pub async fn offset(&self, cx: &OpCtx, repository: &RepositoryName, id: &str) -> Result<u64, Error> {
        self.core.require_registry(cx, repository, RegistryAction::Push).await?;
        let row = self.row(repository, id).await?;
        Ok(row.offset_bytes.unsigned_abs())
    }

    /// Appends to an upload and returns the new offset in bytes.
    ///
    /// `range` is inclusive on both ends. Errors: `BadRange` when it does not start at the offset, `BodyBroken` (what
    /// arrived is kept and counted), `Invalid` when the body has not the length of the range (nothing is kept).
    /// Source: OCI distribution-spec, "Pushing a blob in chunks".
    pub async fn append(
        &self,
        cx: &OpCtx,
        repository: &RepositoryName,
        id: &str,
        range: Option<ContentRange>,
        body: ByteStream,
    ) -> Result<u64, Error> {
        self.core.require_registry(cx, repository, RegistryAction::Push).await?;
        let held = self.hold(repository, id).await?;
        let (this, now) = (self.clone(), cx.now_ms());
        detached(async move {
            let (held, appended) = this.receive(held, range, body).await?;
            let offset = appended.progress.offset;
            this.advance(&held, &appended.progress, now).await?;
            match appended.body_error {
                None => Ok(offset),
                Some(_) => Err(Error::BodyBroken),
            }
        })
        .await
    }

    /// Appends the last bytes, if any, and makes the upload the blob `digest` of the repository.
    ///
    /// Errors: as `append`, and `DigestMismatch`, which ends the upload: its bytes are not what was announced.
    pub async fn finish(
        &self,
        cx: &OpCtx,
        repository: &RepositoryName,
        id: &str,
        (digest, range): (&Digest, Option<ContentRange>),
        body: ByteStream,
    ) -> Result<(), Error> {
        let target = Target { has_row: true, ..self.target(cx, repository).await? };
        let held = match self.hold(repository, id).await {
            // The answer to the same request was lost: what it was to do is done.
            Err(Error::NotFound(..)) if self.core.look(cx, repository, digest).await?.is_some() => {
                return Ok(());
            }
            held => held?,
        };
        let (this, digest) = (self.clone(), digest.clone());
        detached(async move {
            let (id, before) = (held.id, held.progress.clone());
            let (held, appended) = match this.receive(held, range, body).await {
                // The server went down after the bytes took their place and before the rows were written.
                Err(Error::NotFound(..)) => return this.keep(id, &before, &digest, &target).await,
                received => received?,
            };
            if appended.body_error.is_some() {
                this.advance(&held, &appended.progress, target.now).await?;
                return Err(Error::BodyBroken);
            }
            let done = this.keep(held.id, &appended.progress, &digest, &target).await;
            if matches!(done, Err(Error::DigestMismatch { .. })) {
                this.discard(held.id, &appended.progress.state).await;
            }
            drop(held.hold);
            done
        })
        .await
    }

    /// Ends an upload; its bytes are gone.
    pub async fn cancel(&self, cx: &OpCtx, repository: &RepositoryName, id: &str) -> Result<(), Error> {
        self.core.require_registry(cx, repository, RegistryAction::Push).await?;
        let held = self.hold(repository, id).await?;
        self.discard(held.id, &held.progress.state).await;
        Ok(())
    }

    async fn target(&self, cx: &OpCtx, repository: &RepositoryName) -> Result<Target, Error> {
        let standing = self.core.require_registry(cx, repository, RegistryAction::Push).await?;
        Ok(Target {
            project_id: standing.project.id,
            repository: repository.to_string(),
            now: cx.now_ms(),
            has_row: false,
        })
    }

    async fn row(&self, repository: &RepositoryName, id: &str) -> Result<upload::Upload, Error> {
        let row = upload::find(&self.core.db, id).await?;
        row.filter(|row| row.repository == repository.as_str())
            .ok_or_else(|| Error::NotFound(Kind::Upload, id.to_owned()))
    }

    async fn hold(&self, repository: &RepositoryName, id: &str) -> Result<Held, Error> {
        let missing = || Error::NotFound(Kind::Upload, id.to_owned());
        let id: UploadId = id.parse().map_err(|_| missing())?;
        let hold = self.core.holds.hold(&id).await.map_err(stored)?;
        let row = self.row(repository, &id.to_string()).await?;
        let hasher = Hasher::from_state(&row.hash_state).map_err(stored)?;
        let state = row.store_state.unwrap_or_default();
        let progress = Progress { offset: row.offset_bytes.unsigned_abs(), hasher, state };
        Ok(Held { id, from: row.offset_bytes, progress, hold })
    }

    async fn receive(
        &self,
        mut held: Held,
        range: Option<ContentRange>,
        body: ByteStream,
    ) -> Result<(Held, Appended), Error> {
        let offset = held.progress.offset;
        if let Some(range) = &range
            && range.start != offset
        {
            return Err(Error::BadRange { offset });
        }
        let announced = range.map(|range| range.end - range.start + 1);
        let from = std::mem::replace(&mut held.progress, Progress::start(Algorithm::Sha256));
        let appended = self.core.store.append(&held.id, from, body, announced).await.map_err(stored)?;
        let arrived = appended.progress.offset - offset;
        if appended.body_error.is_none() && announced.is_some_and(|announced| announced != arrived) {
            return Err(wrong_length());
        }
        Ok((held, appended))
    }

    async fn advance(&self, held: &Held, progress: &Progress, now: i64) -> Result<(), Error> {
        let (id, state) = (held.id.to_string(), (progress.hasher.to_state(), progress.state.clone()));
        let (step, now) = ((held.from, signed(progress.offset)?), self.core.lease_ms(now));
        let is_moved = self
            .core
            .db
            .write(move |tx| async move { upload::advance(tx, &id, step, state, now).await }.boxed());
        if is_moved.await? { Ok(()) } else { Err(Error::NotFound(Kind::Upload, held.id.to_string())) }
    }

    /// Receives a blob of one request, of which nothing is kept when it fails.
    async fn receive_whole(
        &self,
        id: UploadId,
        digest: &Digest,
        target: &Target,
        body: ByteStream,
    ) -> Result<(), Error> {
        let start = Progress::start(digest.algorithm());
        let (state, done) = match self.core.store.append(&id, start, body, None).await {
            Ok(Appended { progress, body_error: None }) => {
                let done = self.keep(id, &progress, digest, target).await;
                (progress.state, done)
            }
            Ok(Appended { progress, body_error: Some(_) }) => (progress.state, Err(Error::BodyBroken)),
            Err(error) => (Vec::new(), Err(stored(error))),
        };
        if done.is_err() {
            self.discard(id, &state).await;
        }
        done
    }

    /// Compares the digest, gives the bytes their final place, then makes the rows.
    async fn keep(
        &self,
        id: UploadId,
        progress: &Progress,
        digest: &Digest,
        target: &Target,
    ) -> Result<(), Error> {
        let store = &self.core.store;
        let mut progress = progress.clone();
        if progress.offset == 0 {
            // An upload that never got a byte has no file yet; the empty blob is a blob too.
            let start = Progress::start(digest.algorithm());
            progress =
                store.append(&id, start, Box::pin(stream::empty()), None).await.map_err(stored)?.progress;
        }
        let is_hashed = progress.hasher.algorithm() == digest.algorithm();
        if is_hashed {
            same(digest, progress.hasher.clone().finalize())?;
        }
        let location = store.commit(&id, &progress, digest).await.map_err(stored)?;
        if !is_hashed {
            // The client did not say that it would use this algorithm.
            let actual =
                hash(store.as_ref(), &location, digest.algorithm()).await.map_err(Error::internal)?;
            if let Err(error) = same(digest, actual) {
                self.core.remove_copy(&location).await;
                return Err(error);
            }
        }
        self.record(id, digest, (progress.offset, location), target).await
    }

    /// Makes the rows of a blob whose bytes have their final place; the upload is over. The blob is kept from this
    /// moment on, however long its bytes were under way.
    async fn record(
        &self,
        id: UploadId,
        digest: &Digest,
        (size, location): (u64, Location),
        target: &Target,
    ) -> Result<(), Error> {
        let (id, mut target, size) = (id.to_string(), target.clone(), signed(size)?);
        target.now = self.core.lease_ms(target.now);
        let (digest, location) = (digest.to_string(), location.to_string());
        let replaced: Result<Option<String>, Error> = self
            .core
            .db
            .write(move |tx| {
                async move {
                    let replaced = blob::put(tx, &digest, (size, &location), target.now).await?;
                    link(tx, &target, &digest).await?;
                    // Where somebody else finished it, the bytes may have been replaced by now.
                    if !upload::delete(tx, &id).await? && target.has_row {
                        return Err(Error::NotFound(Kind::Upload, id));
                    }
                    Ok(replaced)
                }
                .boxed()
            })
            .await;
        if let Some(location) = replaced? {
            self.core.remove_copy(&parsed(&location)?).await;
        }
        Ok(())
    }

    /// Forgets an upload with its bytes. A failure leaves bytes behind that nothing refers to.
    async fn discard(&self, id: UploadId, state: &[u8]) {
        let row = id.to_string();
        let gone: Result<bool, Error> =
            self.core.db.write(move |tx| async move { Ok(upload::delete(tx, &row).await?) }.boxed()).await;
        let failed = match gone {
            Ok(_) => self.core.store.abort(&id, state).await.map_err(stored).err(),
            Err(error) => Some(error),
        };
        if let Some(error) = failed {
            tracing::warn!(error = &error as &dyn std::error::Error, upload.id = %id, "Could not discard upload {id}");
        }
    }
}

async fn link(tx: &db::Tx, target: &Target, digest: &str) -> Result<(), db::Error> {
    let id = repository::ensure(tx, target.project_id, &target.repository, target.now).await?;
    blob::link(tx, id, digest, target.now).await
}

fn same(expected: &Digest, actual: Digest) -> Result<(), Error> {
    if actual == *expected {
        Ok(())
    } else {
        Err(Error::DigestMismatch { expected: expected.clone(), actual })
    }
}

/// Whether this is the digest of the blob without bytes.
pub fn is_of_nothing(digest: &Digest) -> bool {
    Hasher::new(digest.algorithm()).finalize() == *digest
}

fn wrong_length() -> Error {
    Error::Invalid {
        field: "Content-Range",
        reason: "the body does not have the length of the range".to_owned(),
    }
}

fn signed(bytes: u64) -> Result<i64, Error> {
    i64::try_from(bytes).map_err(Error::internal)
}

/// What a failure of the store means to a caller.
pub(crate) fn stored(error: storage::Error) -> Error {
    match error {
        storage::Error::NotFound => Error::NotFound(Kind::Upload, "of this request".to_owned()),
        storage::Error::Busy => Error::Conflict("another request is writing this upload".to_owned()),
        storage::Error::TooLarge => wrong_length(),
        storage::Error::NoSpace => Error::NoSpace(error),
        storage::Error::UnsupportedScheme(_)
        | storage::Error::Settings(_)
        | storage::Error::State(_)
        | storage::Error::Io(_) => Error::internal(error),
    }
}
