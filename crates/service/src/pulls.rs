//! Pulls are counted in memory and written in batches, so that a pull writes nothing while it is answered.
//! Source: Harbor flushes its own every 10 s (`harbor.md` §6); a crash loses the count of those seconds, no more.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use db::query::{manifest, repository, tag};
use futures::FutureExt;

use crate::{Error, core::Core, uses};

/// How often the counts are written.
const FLUSH_EVERY: Duration = Duration::from_secs(10);

/// The counts since the last flush.
#[derive(Debug, Default)]
pub(crate) struct Pulls(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    repositories: HashMap<i64, i64>,
    manifests: HashMap<i64, i64>,
    tags: HashMap<(i64, String), i64>,
}

impl Pulls {
    /// Counts the pull of a manifest, by tag or by digest, at `now` milliseconds since the epoch.
    pub(crate) fn count(&self, repository_id: i64, manifest_id: i64, tag: Option<&str>, now: i64) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.repositories.entry(repository_id).or_default() += 1;
        counts.manifests.insert(manifest_id, now);
        if let Some(tag) = tag {
            counts.tags.insert((repository_id, tag.to_owned()), now);
        }
    }

    fn take(&self) -> Counts {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes the counts until the services are closed.
pub(crate) fn start_flushing(core: &Arc<Core>) {
    let core = Arc::downgrade(core);
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the services that own it, and is no job: it has no row"
    )]
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(FLUSH_EVERY).await;
            let Some(core) = core.upgrade() else { return };
            for written in [flush(&core).await, uses::flush(&core).await] {
                if let Err(error) = written {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "Could not write the counts of pulls, or when machines were seen");
                }
            }
        }
    });
}

/// Writes the counts now.
pub(crate) async fn flush(core: &Core) -> Result<(), Error> {
    let counts = core.pulls.take();
    if counts.repositories.is_empty() {
        return Ok(());
    }
    core.db
        .write(move |tx| {
            async move {
                for (id, pulls) in counts.repositories {
                    repository::add_pulls(tx, id, pulls).await?;
                }
                for (id, at) in counts.manifests {
                    manifest::set_pulled(tx, id, at).await?;
                }
                for ((repository_id, name), at) in counts.tags {
                    if let Some(found) = tag::find(tx, repository_id, &name).await? {
                        tag::set_pulled(tx, found.id, at).await?;
                    }
                }
                Ok(())
            }
            .boxed()
        })
        .await
}
