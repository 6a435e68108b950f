//! When collections begin by themselves, where an administrator decides it instead of the options.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::query::schedule;
use futures::FutureExt;
use types::role::{Action, SystemResource};

use super::{Collection, KIND, Parameters};
use crate::{
    Error, Kind, OpCtx,
    artifact::time,
    core::Core,
    job::{Job, Jobs, cron},
    journal::{Act, Origin},
};

/// When collections are due, and what they are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Six fields, seconds first, in UTC.
    pub cron: String,
    /// What each is told.
    pub parameters: Parameters,
    /// The next time.
    pub next_at: Option<DateTime<Utc>>,
    /// When it was set.
    pub updated_at: DateTime<Utc>,
}

impl Collection {
    /// The schedule, where one is set; for administrators.
    pub async fn schedule(&self, cx: &OpCtx) -> Result<Option<Schedule>, Error> {
        Core::require_system(cx, SystemResource::GarbageCollection, Action::Read)?;
        let Some(row) = schedule::find(&self.core.db, KIND).await? else { return Ok(None) };
        Ok(Some(Schedule {
            parameters: serde_json::from_str(&row.payload).map_err(Error::internal)?,
            cron: row.cron,
            next_at: row.next_at.map(time),
            updated_at: time(row.updated_at),
        }))
    }

    /// Sets the schedule, which takes the place of the interval of the options. Errors: `Invalid` when it is none.
    pub async fn set_schedule(&self, cx: &OpCtx, text: &str, parameters: Parameters) -> Result<(), Error> {
        Core::require_system(cx, SystemResource::GarbageCollection, Action::Update)?;
        let now = self.core.options.clock.wall_ms();
        let row = schedule::Schedule {
            kind: KIND.to_owned(),
            next_at: cron::next_after(&cron::parse(text)?, now),
            cron: text.to_owned(),
            payload: serde_json::to_string(&parameters).map_err(Error::internal)?,
            is_paused: false,
            updated_at: now,
        };
        let origin = Origin::from(cx);
        let set = self.core.db.write(move |tx| {
            async move {
                schedule::put(tx, row).await?;
                origin.audit(tx, act("update"), true).await
            }
            .boxed()
        });
        set.await
    }

    /// Removes the schedule; the interval of the options counts again.
    pub async fn delete_schedule(&self, cx: &OpCtx) -> Result<(), Error> {
        Core::require_system(cx, SystemResource::GarbageCollection, Action::Update)?;
        let origin = Origin::from(cx);
        let deleted = self.core.db.write(move |tx| {
            async move {
                if schedule::delete(tx, KIND).await? {
                    origin.audit(tx, act("delete"), true).await?;
                }
                Ok(())
            }
            .boxed()
        });
        deleted.await
    }

    /// One collection; for administrators. Errors: `NotFound`, also when the job of this number is something else.
    pub async fn get(&self, cx: &OpCtx, id: i64) -> Result<Job, Error> {
        Core::require_system(cx, SystemResource::GarbageCollection, Action::Read)?;
        self.find(id).await
    }

    /// Stops one collection; for administrators. Errors: as [`get`](Self::get).
    pub async fn cancel(&self, cx: &OpCtx, id: i64) -> Result<(), Error> {
        Core::require_system(cx, SystemResource::GarbageCollection, Action::Stop)?;
        let job = self.find(id).await?;
        Jobs { core: Arc::clone(&self.core) }.cancel(cx, job.id).await
    }

    async fn find(&self, id: i64) -> Result<Job, Error> {
        let job = self.core.job(id).await?;
        if job.kind == KIND { Ok(job) } else { Err(Error::NotFound(Kind::Job, id.to_string())) }
    }
}

fn act(operation: &'static str) -> Act {
    Act { operation, resource_type: KIND, resource: "schedule".to_owned(), project_id: None }
}
