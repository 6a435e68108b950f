//! How the system is, and how much is in it. A certificate's end is the server's knowledge, and not told here.

use std::{path::PathBuf, sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use db::query::{blob, usage};
use types::role::{Action, SystemResource};
pub use types::view::{ComponentHealth, DatabaseUsage, DiskSpace, StorageUsage, SystemHealth, Verification};

use crate::{Error, OpCtx, artifact::time, core::Core, scrub};

/// The health of the system.
#[derive(Clone)]
pub struct Health {
    pub(crate) core: Arc<Core>,
    pub(crate) started_at: DateTime<Utc>,
}

impl Health {
    /// How each part is and what it holds, for administrators.
    ///
    /// Errors: `Unavailable` or `Internal` when the database can't count; a store that fails is told, not an error.
    pub async fn get(&self, cx: &OpCtx) -> Result<SystemHealth, Error> {
        Core::require_system(cx, SystemResource::Configuration, Action::Read)?;
        let db = &self.core.db;
        let components = vec![
            component("database", "the database does not answer", db.ping()).await,
            component("storage", "the blob store can't be written", self.core.store.check()).await,
        ];
        let counts = usage::counts(db).await?;
        let (blobs, used_bytes) = usage::blobs(db).await?;
        let size_bytes = usage::database_bytes(db).await?;
        let (kind, disk) = match self.core.store.kind() {
            "filesystem" => ("files", disk(self.core.options.data.clone()).await),
            kind => (kind, None),
        };
        Ok(SystemHealth {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: self.started_at,
            components,
            database: DatabaseUsage { kind: "SQLite".to_owned(), size_bytes },
            storage: StorageUsage { kind: kind.to_owned(), used_bytes, blobs, disk },
            verification: self.verification(cx.now).await?,
            projects: counts.projects,
            repositories: counts.repositories,
            artifacts: counts.artifacts,
            users: counts.users,
        })
    }

    async fn verification(&self, now: DateTime<Utc>) -> Result<Verification, Error> {
        let db = &self.core.db;
        let (damaged, never) = usage::unsound_blobs(db).await?;
        let oldest_at = blob::oldest_verified(db).await?.map(time);
        Ok(Verification { oldest_at, never, damaged, next_at: scrub::next_at(&self.core, now).await? })
    }
}

/// Asks one part; why it failed goes to the log alone.
async fn component<E: std::error::Error + 'static>(
    name: &'static str,
    failure: &str,
    check: impl Future<Output = Result<(), E>>,
) -> ComponentHealth {
    let started = Instant::now();
    let checked = check.await;
    let latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let error = checked.err().map(|error| {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            component = name,
            "A part of the system fails"
        );
        failure.to_owned()
    });
    ComponentHealth { name: name.to_owned(), error, latency_ms }
}

/// The space of the file system that a folder is on; nothing where it can't be asked.
async fn disk(folder: PathBuf) -> Option<DiskSpace> {
    let asked = tokio::task::spawn_blocking(move || rustix::fs::statvfs(&folder)).await;
    let space = asked.ok()?.ok()?;
    Some(DiskSpace {
        free_bytes: space.f_bavail.saturating_mul(space.f_frsize),
        total_bytes: space.f_blocks.saturating_mul(space.f_frsize),
    })
}
