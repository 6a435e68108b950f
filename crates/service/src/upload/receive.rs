//! How the bytes of an upload become durable, and then a blob.

use db::query::{blob, repository, upload};
use futures::{FutureExt, stream};
use storage::{Appended, ByteStream, Hasher, Location, Progress, UploadId};
use types::{
    digest::{Algorithm, Digest},
    name::RepositoryName,
    oci::range::ContentRange,
};

use super::{Held, Target, Uploads, stored};
use crate::{
    Error, Kind,
    stored_copy::{hash, parsed},
};

impl Uploads {
    pub(super) async fn hold(&self, repository: &RepositoryName, id: &str) -> Result<Held, Error> {
        let missing = || Error::NotFound(Kind::Upload, id.to_owned());
        let id: UploadId = id.parse().map_err(|_| missing())?;
        let hold = self.core.holds.hold(&id).await.map_err(stored)?;
        let row = self.row(repository, &id.to_string()).await?;
        let hasher = Hasher::from_state(&row.hash_state).map_err(stored)?;
        let state = row.store_state.unwrap_or_default();
        let progress = Progress { offset: row.offset_bytes.unsigned_abs(), hasher, state };
        Ok(Held { id, from: row.offset_bytes, progress, hold })
    }

    pub(super) async fn receive(
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

    pub(super) async fn advance(&self, held: &Held, progress: &Progress, now: i64) -> Result<(), Error> {
        let (id, state) = (held.id.to_string(), (progress.hasher.to_state(), progress.state.clone()));
        let (step, now) = ((held.from, signed(progress.offset)?), self.core.lease_ms(now));
        let is_moved = self
            .core
            .db
            .write(move |tx| async move { upload::advance(tx, &id, step, state, now).await }.boxed());
        if is_moved.await? { Ok(()) } else { Err(Error::NotFound(Kind::Upload, held.id.to_string())) }
    }

    /// Receives a blob of one request, of which nothing is kept when it fails.
    pub(super) async fn receive_whole(
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
    pub(super) async fn keep(
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
    pub(super) async fn record(
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
    pub(super) async fn discard(&self, id: UploadId, state: &[u8]) {
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

pub(super) async fn link(tx: &db::Tx, target: &Target, digest: &str) -> Result<(), db::Error> {
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

pub(super) fn wrong_length() -> Error {
    Error::Invalid {
        field: "Content-Range",
        reason: "the body does not have the length of the range".to_owned(),
    }
}

fn signed(bytes: u64) -> Result<i64, Error> {
    i64::try_from(bytes).map_err(Error::internal)
}
