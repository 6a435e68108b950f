//! Blobs on their way in.
//!
//! ```text
//!  start ─▶ row (offset 0) ─▶ append: bytes durable, then row moves to the new offset ─▶ … ─▶ finish:
//!           digest compared ─▶ bytes take their final place ─▶ blob, link and row in one transaction
//! ```
//! An upload that is under way outlives the connection that carries it: what arrived is made durable and counted even
//! when the client is gone, so that it can continue from there.

mod receive;

use std::sync::Arc;

use db::query::{blob, upload};
use futures::FutureExt;
pub use storage::ByteStream;
use storage::{Hasher, Hold, Progress, UploadId};
use types::{
    digest::{Algorithm, Digest},
    name::RepositoryName,
    oci::range::ContentRange,
};

use self::receive::{link, wrong_length};
use crate::{
    Error, Kind, OpCtx,
    authz::{PULLS, RegistryAction},
    core::{Core, detached},
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
            None => blob::is_visible(&self.core.db, Core::visible(cx, PULLS), digest.as_ref()).await?,
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
}

/// Whether this is the digest of the blob without bytes.
pub fn is_of_nothing(digest: &Digest) -> bool {
    Hasher::new(digest.algorithm()).finalize() == *digest
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
