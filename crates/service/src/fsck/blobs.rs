//! From the row of a blob to its bytes.
//!
//! Bytes are removed only when no row points to them any more; so whatever is wrong with them while the row still points
//! there afterwards is wrong indeed.

use std::{error::Error as _, sync::Arc};

use db::query::{blob, check, usage};
use futures::{StreamExt, stream};
use storage::{BlobStore, Location};
use types::digest::Digest;

use super::{
    PAGE, Run, Stage,
    problem::{Finding, Fix, ProblemKind},
};
use crate::{Error, stored_copy::hash};

/// Blobs that are read at a time.
const READERS: usize = 4;

/// What a look at the bytes of a row showed.
enum Sight {
    /// Nothing wrong; so many bytes were hashed.
    Whole(u64),
    Wrong(ProblemKind, String),
}

impl Run<'_> {
    pub(super) async fn blobs(&mut self) -> Result<(), Error> {
        let (of, _) = usage::blobs(&self.db).await?;
        let mut last = String::new();
        loop {
            let page = check::blobs(&self.db, &last, PAGE).await?;
            let Some(end) = page.last() else { return Ok(()) };
            last.clone_from(&end.digest);
            let (db, store, is_quick) = (self.db.clone(), Arc::clone(&self.store), self.how.is_quick);
            let mut looks = stream::iter(page)
                .map(|row| examine(db.clone(), store.as_ref(), row, is_quick))
                .buffer_unordered(READERS);
            while let Some(seen) = looks.next().await {
                let (hashed, finding) = seen?;
                self.report.checked.blobs += 1;
                self.report.checked.hashed_bytes += hashed;
                let done = self.report.checked.blobs;
                self.progress(Stage::Blobs, done, Some(of.max(done)));
                if let Some(finding) = finding {
                    self.found(finding).await?;
                }
            }
        }
    }
}

/// Looks at the bytes of a row, and again where the row moved to another copy meanwhile.
async fn examine(
    db: db::Db,
    store: &dyn BlobStore,
    mut row: blob::Blob,
    is_quick: bool,
) -> Result<(u64, Option<Finding>), Error> {
    loop {
        let sight = look(store, &row, is_quick).await;
        let finding = match &sight {
            Sight::Whole(_) if !row.is_damaged => None,
            Sight::Whole(_) => Some(marked(&row, is_quick)),
            Sight::Wrong(kind, detail) => Some(wrong(&row, *kind, detail)),
        };
        let hashed = if let Sight::Whole(bytes) = sight { bytes } else { 0 };
        let Some(finding) = finding else { return Ok((hashed, None)) };
        match blob::find(&db, &row.digest).await? {
            None => return Ok((hashed, None)),
            Some(now) if now.location != row.location || now.is_damaged != row.is_damaged => row = now,
            Some(_) => return Ok((hashed, Some(finding))),
        }
    }
}

async fn look(store: &dyn BlobStore, row: &blob::Blob, is_quick: bool) -> Sight {
    let (Ok(location), Ok(digest)) = (row.location.parse::<Location>(), row.digest.parse::<Digest>()) else {
        return Sight::Wrong(ProblemKind::BlobMissing, "the row names no place in the store".to_owned());
    };
    let unreadable = |error: &storage::Error| {
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        Sight::Wrong(ProblemKind::BlobUnreadable, format!("{error}{cause}"))
    };
    let missing = || Sight::Wrong(ProblemKind::BlobMissing, "its bytes are not in the store".to_owned());
    let size = match store.stat(&location).await {
        Ok(Some(size)) => size,
        Ok(None) => return missing(),
        Err(error) => return unreadable(&error),
    };
    if size != row.size_bytes.unsigned_abs() {
        let detail = format!("{size} bytes are stored, not {}", row.size_bytes);
        return Sight::Wrong(ProblemKind::BlobSize, detail);
    }
    if is_quick {
        return Sight::Whole(0);
    }
    match hash(store, &location, digest.algorithm()).await {
        Ok(actual) if actual == digest => Sight::Whole(size),
        Ok(actual) => Sight::Wrong(ProblemKind::BlobDigest, format!("its bytes have the digest {actual}")),
        Err(storage::Error::NotFound) => missing(),
        Err(error) => unreadable(&error),
    }
}

/// A blob that is marked as damaged although nothing is wrong that was looked at.
fn marked(row: &blob::Blob, is_quick: bool) -> Finding {
    let (digest, location) = (row.digest.clone(), row.location.clone());
    let about = (digest.clone(), location.clone());
    if is_quick {
        let detail = "it is marked as damaged; its bytes were not read";
        return Finding::new(ProblemKind::BlobMarked, about, detail, Fix::Push);
    }
    let fix = Fix::MarkWhole { digest, location };
    Finding::new(ProblemKind::BlobMarked, about, "its bytes are what its digest says", fix)
}

fn wrong(row: &blob::Blob, kind: ProblemKind, detail: &str) -> Finding {
    let (digest, location) = (row.digest.clone(), row.location.clone());
    let about = (digest.clone(), location.clone());
    let fix = match kind {
        ProblemKind::BlobUnreadable => Fix::Disk,
        _ if row.is_damaged => Fix::Push,
        _ => Fix::MarkDamaged { digest, location },
    };
    Finding::new(kind, about, detail, fix)
}
