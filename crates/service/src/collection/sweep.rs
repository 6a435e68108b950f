//! The work of a collection, in small steps.

use std::{sync::Arc, time::Duration};

use db::{
    Tx,
    query::{
        collection::{self, Gone, Look},
        removal, upload,
    },
};
use futures::{FutureExt, StreamExt, stream};
use serde_json::{Value, json};
use storage::Hold;

use super::{ACTOR, Kept, Parameters, Report, Tally, preview};
use crate::{
    Error,
    artifact::time,
    core::Core,
    feed::Changes,
    job::{Halt, Run},
    journal::{Act, Origin},
    stored_copy::parsed,
};

/// Rows that one transaction looks at.
const STEP: u64 = 200;
/// Copies that are removed from the store at a time.
const AT_ONCE: usize = 8;

/// How long a rest may be without a look whether to go on.
const LONGEST_NAP: Duration = Duration::from_millis(500);

/// One collection under way.
struct Sweep {
    core: Arc<Core>,
    run: Run,
    cutoff: i64,
    idle: i64,
    pause: Duration,
    report: Report,
}

/// Collects: what a job of the collection does.
pub(super) async fn collect(core: Arc<Core>, run: Run) -> Result<Value, Halt> {
    let begun = tokio::time::Instant::now();
    let parameters: Parameters = run.payload()?;
    if parameters.dry_run {
        return look(&core, &run, parameters).await;
    }
    let (cutoff, idle) = parameters.cutoffs(core.options.clock.earliest_ms());
    // One that goes on where another was broken off counts on.
    let mut report: Report = run.before()?.unwrap_or_default();
    let taken_before = report.duration_ms;
    (report.cutoff, report.delete_untagged) = (time(cutoff), parameters.delete_untagged);
    let pause = Duration::from_millis(parameters.pause_ms);
    let mut sweep = Sweep { core, run, cutoff, idle, pause, report };
    sweep.uploads().await?;
    if parameters.delete_untagged {
        sweep.manifests().await?;
    }
    sweep.links().await?;
    sweep.blobs().await?;
    sweep.removals().await?;
    let (blobs, links, manifests) = collection::kept(&sweep.core.db, cutoff).await?;
    sweep.report.kept = Kept { blobs, links, manifests };
    let taken = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    sweep.report.duration_ms = taken_before.saturating_add(taken);
    sweep.tell();
    serde_json::to_value(sweep.report).map_err(|error| Error::internal(error).into())
}

/// Only says what would go.
async fn look(core: &Core, run: &Run, parameters: Parameters) -> Result<Value, Halt> {
    let seen = preview::look(core, parameters).await?;
    for item in &seen.items {
        let place = item.repository.as_deref().unwrap_or("-");
        run.say(format!("Would remove {} {place} {}: {}", item.kind, item.name, item.reason)).await?;
    }
    Ok(json!({ "would_remove": seen }))
}

impl Sweep {
    /// Uploads that nobody writes to. One that is being written in this process at this moment is left alone.
    async fn uploads(&mut self) -> Result<(), Halt> {
        loop {
            let idle = upload::idle(&self.core.db, self.idle, STEP).await?;
            let seen = idle.len();
            let mut held: Vec<(upload::Upload, Hold)> = Vec::with_capacity(seen);
            for row in idle {
                let Ok(id) = row.id.parse() else { continue };
                if let Ok(hold) = self.core.holds.hold(&id).await {
                    held.push((row, hold));
                }
            }
            let (ids, before) = (held.iter().map(|(row, _)| row.id.clone()).collect(), self.idle);
            let gone = self.run.write(move |tx| delete_idle(tx, ids, before).boxed()).await?;
            for (row, _hold) in held.into_iter().filter(|(row, _)| gone.contains(&row.id)) {
                self.core.abort_upload(&row).await;
                self.report.uploads.add(1, row.offset_bytes);
            }
            if gone.is_empty() || seen < usize::try_from(STEP).unwrap_or(usize::MAX) {
                return self.say("uploads", self.report.uploads).await;
            }
            self.rest().await?;
        }
    }

    async fn manifests(&mut self) -> Result<(), Halt> {
        loop {
            let (cutoff, changes) = (self.cutoff, self.core.changes.clone());
            let now = self.core.options.clock.latest_ms();
            let origin = Origin::of_job(ACTOR, self.run.id(), now);
            let look = self
                .run
                .write(move |tx| {
                    async move {
                        let (look, gone) = collection::remove_manifests(tx, cutoff, STEP, now).await?;
                        for manifest in gone {
                            tell_of(tx, &origin, &changes, manifest).await?;
                        }
                        Ok(look)
                    }
                    .boxed()
                })
                .await?;
            self.report.manifests.add(look.removed, look.bytes);
            if self.is_last(look) {
                return self.say("manifests", self.report.manifests).await;
            }
            self.rest().await?;
        }
    }

    async fn links(&mut self) -> Result<(), Halt> {
        loop {
            let cutoff = self.cutoff;
            let look = self
                .run
                .write(move |tx| async move { Ok(collection::remove_links(tx, cutoff, STEP).await?) }.boxed())
                .await?;
            self.report.links.add(look.removed, look.bytes);
            if self.is_last(look) {
                return self.say("links", self.report.links).await;
            }
            self.rest().await?;
        }
    }

    async fn blobs(&mut self) -> Result<(), Halt> {
        loop {
            let (cutoff, now) = (self.cutoff, self.core.options.clock.wall_ms());
            let look = self
                .run
                .write(move |tx| {
                    async move { Ok(collection::remove_blobs(tx, cutoff, STEP, now).await?) }.boxed()
                })
                .await?;
            self.report.blobs.add(look.removed, look.bytes);
            self.core.counters.removed_blobs(look.removed);
            if self.is_last(look) {
                return self.say("blobs", self.report.blobs).await;
            }
            self.rest().await?;
        }
    }

    /// Bytes whose row is gone. No place is used twice, so it does not matter who else removes them.
    async fn removals(&mut self) -> Result<(), Halt> {
        let mut after = String::new();
        loop {
            self.run.check().await?;
            let due = removal::list(&self.core.db, &after, STEP).await?;
            let Some(last) = due.last() else {
                return self.say("copies", self.report.removals).await;
            };
            after.clone_from(&last.location);
            let core = &self.core;
            let done: Vec<(removal::Removal, bool)> = stream::iter(due)
                .map(|row| async move {
                    let is_gone = is_removed(core, &row).await;
                    (row, is_gone)
                })
                .buffer_unordered(AT_ONCE)
                .collect()
                .await;
            let mut gone = Vec::with_capacity(done.len());
            for (row, is_gone) in done {
                if is_gone {
                    self.report.removals.add(1, row.size_bytes);
                    self.core.counters.removed_copy(row.size_bytes);
                    gone.push(row.location);
                } else {
                    self.report.failures += 1;
                    self.core.counters.removal_failed();
                }
            }
            self.run.write(move |tx| async move { Ok(removal::delete(tx, gone).await?) }.boxed()).await?;
            self.rest().await?;
        }
    }

    fn is_last(&mut self, look: Look) -> bool {
        self.report.needed += look.needed;
        look.seen < STEP
    }

    /// Lets the others write.
    async fn rest(&self) -> Result<(), Halt> {
        let mut left = self.pause;
        while !left.is_zero() {
            let part = left.min(LONGEST_NAP);
            tokio::time::sleep(part).await;
            left -= part;
            self.run.check().await?;
        }
        self.run.progress(&self.so_far()?).await
    }

    fn so_far(&self) -> Result<Value, Halt> {
        serde_json::to_value(self.report).map_err(|error| Error::internal(error).into())
    }

    async fn say(&self, what: &str, tally: Tally) -> Result<(), Halt> {
        if tally.count == 0 {
            return Ok(());
        }
        self.run.progress(&self.so_far()?).await?;
        self.run.say(format!("Removed {} {what}, {} bytes", tally.count, tally.bytes)).await
    }

    fn tell(&self) {
        let Report { uploads, manifests, links, blobs, removals, failures, .. } = self.report;
        let removed = [uploads, manifests, links, blobs, removals];
        if removed.iter().all(|tally| tally.count == 0) && failures == 0 {
            return;
        }
        tracing::info!(
            removed.uploads = uploads.count,
            removed.manifests = manifests.count,
            removed.links = links.count,
            removed.blobs = blobs.count,
            removed.bytes = removals.bytes,
            failures,
            "Collected {} blobs; {} bytes are free",
            blobs.count,
            removals.bytes
        );
    }
}

async fn delete_idle(tx: &Tx, ids: Vec<String>, before: i64) -> Result<Vec<String>, Halt> {
    let mut gone = Vec::with_capacity(ids.len());
    for id in ids {
        if upload::delete_idle(tx, &id, before).await? {
            gone.push(id);
        }
    }
    Ok(gone)
}

async fn tell_of(tx: &Tx, origin: &Origin, changes: &Changes, gone: Gone) -> Result<(), Error> {
    let resource = format!("{}@{}", gone.repository, gone.digest);
    let place = (gone.project_id, gone.repository);
    origin.event(tx, changes, "DELETE_ARTIFACT", place, (Some(gone.digest), None)).await?;
    let act =
        Act { operation: "delete", resource_type: "artifact", resource, project_id: Some(gone.project_id) };
    origin.clone().audit(tx, act, true).await
}

async fn is_removed(core: &Core, row: &removal::Removal) -> bool {
    let failed = match parsed(&row.location) {
        Ok(location) => core.store.delete(&location).await.map_err(Error::internal).err(),
        Err(error) => Some(error),
    };
    if let Some(error) = &failed {
        tracing::warn!(
            error = error as &dyn std::error::Error,
            blob.location = %row.location,
            "Could not remove {}",
            row.location
        );
    }
    failed.is_none()
}
