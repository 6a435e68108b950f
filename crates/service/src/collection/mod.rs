//! The collection: removes what nothing needs, while everything else goes on.
//!
//! ```text
//!  upload nobody wrote to ───────────────▶ row, then bytes
//!  untagged manifest (where asked for) ──▶ deleted as by hand
//!  link no manifest refers to ───────────▶ row
//!  blob no repository shows ─────────────▶ row, and a removal ──▶ bytes, then the removal
//! ```
//! Whatever loses its need is marked as a candidate with the time, and whoever uploads, mounts or asks for it begins
//! that time anew. A candidate goes when its grace is over and the transaction that removes it finds no need. Every
//! step is small and can be repeated, so a collection may be broken off anywhere.

mod preview;
mod report;
mod schedule;
mod sweep;

use std::sync::Arc;

use db::query::job;
use futures::FutureExt;
use serde_json::Value;
use tokio::sync::watch;
use types::role::{Action, SystemResource};

pub use self::{
    preview::{Item, Preview},
    report::{Kept, Parameters, Report, Tally},
    schedule::Schedule,
};
use crate::{
    Error, OpCtx,
    core::Core,
    job::{Kind, Pace, Runner, Started, start},
    journal::{Act, Origin},
    options::CollectionOptions,
};

/// The name of the kind of jobs.
pub const KIND: &str = "collection";
/// Who is said to have removed what a collection removed.
const ACTOR: &str = "collection";

/// The kind of jobs. A try may take a day: what is left is done by the next one.
pub(crate) fn kind() -> Kind {
    Kind {
        name: KIND,
        is_single: true,
        max_attempts: 5,
        timeout_secs: 24 * 60 * 60,
        work: Arc::new(|core, run| sweep::collect(core, run).boxed()),
    }
}

/// What a job of the collection is told by the options.
pub(crate) fn payload(options: &CollectionOptions) -> Result<Value, Error> {
    serde_json::to_value(Parameters::from(options)).map_err(Error::internal)
}

/// The collection of what nothing needs.
#[derive(Clone)]
pub struct Collection {
    pub(crate) core: Arc<Core>,
}

impl Collection {
    /// What the options say.
    pub fn defaults(&self) -> Parameters {
        Parameters::from(&self.core.options.collection)
    }

    /// Starts a collection in the background, for administrators; one that is not over is left as it is.
    pub async fn start(&self, cx: &OpCtx, parameters: Parameters) -> Result<Started, Error> {
        Core::require_system(cx, SystemResource::GarbageCollection, Action::Create)?;
        let payload = serde_json::to_value(parameters).map_err(Error::internal)?;
        let new = kind().job(&payload, cx.actor(), self.core.options.clock.wall_ms());
        let origin = Origin::from(cx);
        let started: Result<Started, Error> = self
            .core
            .db
            .write(move |tx| {
                async move {
                    let started = start(tx, new).await?;
                    if let Started::New(id) = started {
                        let act = Act {
                            operation: "create",
                            resource_type: KIND,
                            resource: id.to_string(),
                            project_id: None,
                        };
                        origin.audit(tx, act, true).await?;
                    }
                    Ok(started)
                }
                .boxed()
            })
            .await;
        self.core.wake.notify_one();
        started
    }

    /// What a collection would remove at this moment, and why; nothing is changed. For administrators.
    pub async fn preview(&self, cx: &OpCtx, parameters: Parameters) -> Result<Preview, Error> {
        Core::require_system(cx, SystemResource::GarbageCollection, Action::Read)?;
        preview::look(&self.core, parameters).await
    }

    /// As [`preview`](Self::preview), from the command line of the machine.
    pub async fn preview_here(&self, parameters: Parameters) -> Result<Preview, Error> {
        preview::look(&self.core, parameters).await
    }

    /// Collects in this process, from the command line of the machine, and waits for the end. Where another collection
    /// is not over, `waits` is told its number once, and it goes first.
    ///
    /// Errors: what the collection failed with, `Conflict` when it was cancelled.
    pub async fn run_here(
        &self,
        parameters: Parameters,
        mut waits: impl FnMut(i64),
    ) -> Result<Report, Error> {
        let (_stop, stopped) = watch::channel(false);
        let pace = Pace::default();
        let runner = Runner::new(Arc::clone(&self.core), vec![kind()], pace, stopped);
        let payload = serde_json::to_value(parameters).map_err(Error::internal)?;
        let mut told = None;
        loop {
            match runner.start_here(&kind(), &payload, "command line").await? {
                Ok(row) => {
                    let id = row.id;
                    runner.run(row).await;
                    return self.report(id).await;
                }
                Err(open) => {
                    if told.replace(open) != Some(open) {
                        waits(open);
                    }
                    match runner.claim().await? {
                        Some(row) => runner.clone().run(row).await,
                        None => tokio::time::sleep(pace.look).await,
                    }
                }
            }
        }
    }

    /// What a collection that is over reports.
    async fn report(&self, id: i64) -> Result<Report, Error> {
        let found = job::find(&self.core.db, id).await?;
        let row = found.ok_or_else(|| Error::NotFound(crate::Kind::Job, id.to_string()))?;
        let outcome = row.outcome.unwrap_or_default();
        match row.state.as_str() {
            job::SUCCEEDED => serde_json::from_str(&outcome).map_err(Error::internal),
            job::FAILED | job::PENDING => Err(Error::internal(outcome)),
            _ => Err(Error::Conflict(format!("the collection {id} was stopped"))),
        }
    }
}
