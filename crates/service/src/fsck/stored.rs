//! From what is in the store to its rows.
//!
//! A copy of a blob bears the name of the upload it came by. While that upload has a row, the copy is on its way; the row
//! goes in the write that brings the blob's. So copies are compared with uploads first and with blobs afterwards.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use db::query::check;
use futures::StreamExt;
use storage::{Entry, Location, Place, UploadId};

use super::{
    PAGE, Run, Stage,
    problem::{Finding, Fix, ProblemKind},
};
use crate::Error;

/// What is younger may be on its way.
const GRACE: TimeDelta = TimeDelta::hours(1);
/// Entries that are compared with rows at a time.
const CHUNK: usize = 500;

/// What is known of uploads while the store is looked through.
#[derive(Default)]
struct Uploads {
    /// Acknowledged bytes of each open upload that keeps them under its own name.
    open: HashMap<UploadId, i64>,
    /// Bytes that are stored of them.
    stored: HashMap<UploadId, u64>,
    /// Those whose bytes have their final place already.
    committed: HashSet<UploadId>,
    /// Bytes of uploads that have no row.
    orphans: HashMap<UploadId, u64>,
}

impl Run<'_> {
    pub(super) async fn stored(&mut self) -> Result<(), Error> {
        self.progress(Stage::Store, 0, None);
        let mut uploads = Uploads { open: self.open_uploads().await?, ..Uploads::default() };
        let store = Arc::clone(&self.store);
        let mut entries = store.list().chunks(CHUNK);
        while let Some(chunk) = entries.next().await {
            let chunk = chunk.into_iter().collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
            self.report.checked.stored += chunk.len() as u64;
            self.compare(chunk, &mut uploads).await?;
            let done = self.report.checked.stored;
            self.progress(Stage::Store, done, None);
        }
        self.uploads(uploads).await
    }

    async fn open_uploads(&mut self) -> Result<HashMap<UploadId, i64>, Error> {
        let (mut open, mut last) = (HashMap::new(), String::new());
        loop {
            let page = check::uploads(&self.db, &last, PAGE).await?;
            let Some(end) = page.last() else { return Ok(open) };
            last.clone_from(&end.id);
            for row in page {
                self.report.checked.uploads += 1;
                // Where a driver keeps a state, the bytes are known to nobody else.
                let is_plain = row.store_state.is_none_or(|state| state.is_empty());
                if row.offset_bytes > 0
                    && is_plain
                    && let Ok(id) = row.id.parse()
                {
                    open.insert(id, row.offset_bytes);
                }
            }
        }
    }

    /// Compares what was found with the rows of this moment.
    async fn compare(&mut self, chunk: Vec<Entry>, uploads: &mut Uploads) -> Result<(), Error> {
        let mut blobs = Vec::new();
        let mut others = HashMap::new();
        for entry in chunk {
            let is_old = self.how.now - DateTime::<Utc>::from(entry.modified_at) > GRACE;
            match entry.place {
                Place::Blob(location) => {
                    if let Some(upload) = upload_of(&location).filter(|id| uploads.open.contains_key(id)) {
                        uploads.committed.insert(upload);
                    }
                    if is_old {
                        blobs.push((location, entry.size));
                    }
                }
                Place::Upload(id) if uploads.open.contains_key(&id) => {
                    *uploads.stored.entry(id).or_default() += entry.size;
                }
                Place::Upload(id) if is_old => {
                    others.insert(id, entry.size);
                }
                Place::Unknown(path) if is_old => {
                    let detail = format!("{} bytes", entry.size);
                    let about = (path, "");
                    self.found(Finding::new(ProblemKind::ForeignFile, about, detail, Fix::Foreign)).await?;
                }
                Place::Upload(_) | Place::Unknown(_) => {}
            }
        }
        for id in self.open_now(others.keys().copied()).await? {
            others.remove(&id);
        }
        uploads.orphans.extend(others);
        self.orphan_blobs(blobs).await
    }

    async fn open_now(&self, ids: impl Iterator<Item = UploadId>) -> Result<HashSet<UploadId>, Error> {
        let open = check::open_uploads(&self.db, ids.map(|id| id.to_string()).collect()).await?;
        Ok(open.iter().filter_map(|id| id.parse().ok()).collect())
    }

    async fn orphan_blobs(&mut self, blobs: Vec<(Location, u64)>) -> Result<(), Error> {
        let open = self.open_now(blobs.iter().filter_map(|(location, _)| upload_of(location))).await?;
        let blobs: Vec<_> = blobs
            .into_iter()
            .filter(|(location, _)| upload_of(location).is_none_or(|id| !open.contains(&id)))
            .collect();
        let locations = blobs.iter().map(|(location, _)| location.to_string()).collect();
        let known: HashSet<String> = check::accounted(&self.db, locations).await?.into_iter().collect();
        for (location, size) in blobs {
            // Bytes that were removed meanwhile lost their row before.
            let is_orphan = !known.contains(location.as_str())
                && self.store.stat(&location).await.map_err(Error::internal)?.is_some();
            if is_orphan {
                let about = (location.to_string(), "");
                let detail = format!("{size} bytes that no row points to");
                let fix = Fix::RemoveBlob(location);
                self.found(Finding::new(ProblemKind::OrphanBlob, about, detail, fix)).await?;
            }
        }
        Ok(())
    }

    /// Tells of uploads without bytes and bytes without uploads, when they are still so after another look.
    async fn uploads(&mut self, mut uploads: Uploads) -> Result<(), Error> {
        let Uploads { stored, committed, .. } = &uploads;
        let lacks = |id: &UploadId, offset: i64| {
            !committed.contains(id) && stored.get(id).copied().unwrap_or_default() < offset.unsigned_abs()
        };
        let short: HashMap<UploadId, i64> = uploads
            .open
            .iter()
            .filter(|(id, offset)| lacks(id, **offset))
            .map(|(id, at)| (*id, *at))
            .collect();
        if short.is_empty() && uploads.orphans.is_empty() {
            return Ok(());
        }
        let seen = self.look_again(&short, &uploads.orphans).await?;
        uploads.orphans.retain(|id, _| seen.stored.contains_key(id));
        for id in self.open_now(uploads.orphans.keys().copied()).await? {
            uploads.orphans.remove(&id);
        }
        for (id, size) in uploads.orphans {
            let detail = format!("{size} bytes that no upload is known of");
            let about = (id.to_string(), "");
            self.found(Finding::new(ProblemKind::OrphanUpload, about, detail, Fix::RemoveUpload(id))).await?;
        }
        for (id, offset) in short {
            let size = seen.stored.get(&id).copied().unwrap_or_default();
            if !seen.committed.contains(&id) && size < offset.unsigned_abs() {
                self.upload_without_bytes(id, (size, offset)).await?;
            }
        }
        Ok(())
    }

    async fn upload_without_bytes(&mut self, id: UploadId, (size, offset): (u64, i64)) -> Result<(), Error> {
        let row = db::query::upload::find(&self.db, &id.to_string()).await?;
        let Some(row) = row.filter(|row| row.offset_bytes == offset) else { return Ok(()) };
        let detail = format!("{size} of {offset} acknowledged bytes are stored");
        let fix = Fix::DeleteUpload { id: row.id.clone(), offset };
        self.found(Finding::new(ProblemKind::UploadWithoutBytes, (row.id, row.repository), detail, fix)).await
    }

    /// Where the bytes of some uploads are now.
    async fn look_again(
        &self,
        short: &HashMap<UploadId, i64>,
        orphans: &HashMap<UploadId, u64>,
    ) -> Result<Uploads, Error> {
        let mut seen = Uploads::default();
        let mut entries = self.store.list();
        while let Some(entry) = entries.next().await {
            let entry = entry.map_err(Error::internal)?;
            match entry.place {
                Place::Upload(id) if short.contains_key(&id) || orphans.contains_key(&id) => {
                    *seen.stored.entry(id).or_default() += entry.size;
                }
                Place::Blob(location) => {
                    seen.committed.extend(upload_of(&location).filter(|id| short.contains_key(id)));
                }
                Place::Upload(_) | Place::Unknown(_) => {}
            }
        }
        Ok(seen)
    }
}

/// The upload that a copy came by.
fn upload_of(location: &Location) -> Option<UploadId> {
    const UUID_LEN: usize = 36;
    let text = location.as_str();
    text.get(text.len().checked_sub(UUID_LEN)?..)?.parse().ok()
}
