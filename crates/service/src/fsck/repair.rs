//! Repairs: each is one write, or one removal of bytes, against the state of its moment.

use db::{
    Tx,
    query::{blob, check, manifest},
};
use futures::FutureExt;

use super::{Run, problem::Fix};
use crate::{Error, upload::stored};

impl Run<'_> {
    /// Whether the repair changed anything; what became right or went away meanwhile is left alone.
    pub(super) async fn repair(&self, fix: Fix) -> Result<bool, Error> {
        match fix {
            Fix::Push | Fix::Disk | Fix::Database | Fix::Foreign => Ok(false),
            Fix::RemoveBlob(location) => {
                self.store.delete(&location).await.map_err(Error::internal)?;
                Ok(true)
            }
            Fix::RemoveUpload(upload) => {
                self.store.abort(&upload, &[]).await.map_err(stored)?;
                Ok(true)
            }
            row => {
                let now = self.how.now.timestamp_millis();
                let done: Result<bool, db::Error> =
                    self.db.write(move |tx| async move { write(tx, row, now).await }.boxed()).await;
                Ok(done?)
            }
        }
    }
}

async fn write(tx: &Tx, fix: Fix, now: i64) -> Result<bool, db::Error> {
    match fix {
        Fix::Push | Fix::Disk | Fix::Database | Fix::Foreign | Fix::RemoveBlob(_) | Fix::RemoveUpload(_) => {
            Ok(false)
        }
        Fix::MarkDamaged { digest, location } => blob::set_checked(tx, (&digest, &location), true, now).await,
        Fix::MarkWhole { digest, location } => blob::set_checked(tx, (&digest, &location), false, now).await,
        Fix::DeleteUpload { id, offset } => check::delete_upload(tx, &id, offset).await,
        Fix::DeleteLink { link, lack } => check::delete_link(tx, &link, lack).await,
        Fix::DeleteTag(id) => check::delete_tag(tx, id).await,
        Fix::PutReferences { manifest: id, references } => {
            // Removing what is written about a manifest that is missing is all there is to do for it.
            let is_removal = references.is_empty();
            Ok(manifest::put_references(tx, id, references).await? || is_removal)
        }
    }
}
