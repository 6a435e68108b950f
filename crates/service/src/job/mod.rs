//! Background work: rows that a worker takes, one at a time each, and that outlive the worker.
//!
//! ```text
//!            ┌────────── failed, tried again later ──────────┐
//!            ▼                                               │
//!  start ─▶ pending ── claim: fence + 1, lease 30 s ─▶ running ─▶ succeeded · failed · cancelled
//!                                                     ▲     │
//!                                                     └─────┘ lease over: the worker is gone, another claims
//! ```
//! A worker renews its lease while it lives, and names its fence in every write: one that was given up for dead and
//! comes back is refused. Work is done at least once, so a handler must be able to begin anew at any point. What a job
//! does is decided by its kind; nothing else starts background work.

pub(crate) mod cron;
mod kind;
mod run;
mod worker;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::query::job::{self, NewJob};
use futures::FutureExt;
use serde::Serialize;
use serde_json::Value;
use types::{
    page::{Listed, Page},
    role::{Action, SystemResource},
};

pub(crate) use self::{
    kind::{Kind, kinds},
    run::{Halt, Run},
    worker::{Pace, Runner, Working},
};
use crate::{
    Error, OpCtx,
    artifact::time,
    collection,
    core::Core,
    journal::{Act, Origin},
};

/// Jobs as administrators see them.
#[derive(Clone)]
pub struct Jobs {
    pub(crate) core: Arc<Core>,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for its time.
    Pending,
    /// A worker has it.
    Running,
    /// It did what it should.
    Succeeded,
    /// It failed more often than it may.
    Failed,
    /// Somebody did not want it any more.
    Cancelled,
}

impl State {
    /// Whether nothing will be done any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// What kind of work.
    pub kind: String,
    /// What exactly.
    pub payload: Value,
    /// Where it stands.
    pub state: State,
    /// Not before this time.
    pub run_at: DateTime<Utc>,
    /// How often it was begun.
    pub attempts: i32,
    /// How often it may be.
    pub max_attempts: i32,
    /// Whether it was asked to stop.
    pub is_cancelled: bool,
    /// How far it is, in words of its kind.
    pub progress: Option<Value>,
    /// What came of it, in words of its kind; `error` where it failed.
    pub outcome: Option<Value>,
    /// Who asked for it.
    pub actor: String,
    /// When that was.
    pub created_at: DateTime<Utc>,
    /// When it was begun first.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A line that a job said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its number; later lines have larger ones.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub text: String,
}

/// What a start found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// A new job with this number.
    New(i64),
    /// A job of this number does the same and is not over.
    Open(i64),
}

impl Jobs {
    /// Jobs of one kind, or of all, newest first.
    pub async fn list(&self, cx: &OpCtx, kind: Option<&str>, page: Page) -> Result<Listed<Job>, Error> {
        Core::require_system(cx, resource(kind), Action::List)?;
        let found = job::list(&self.core.db, kind, page).await?;
        let items = found.items.into_iter().map(show).collect::<Result<_, _>>()?;
        Ok(Listed { items, total: found.total })
    }

    /// One job. Errors: `NotFound`.
    pub async fn get(&self, cx: &OpCtx, id: i64) -> Result<Job, Error> {
        self.find(cx, id, Action::Read).await
    }

    /// Up to `limit` lines that a job said after the line `after`, oldest first. Errors: `NotFound`.
    pub async fn log(&self, cx: &OpCtx, id: i64, after: i64, limit: u64) -> Result<Vec<Line>, Error> {
        self.find(cx, id, Action::Read).await?;
        let lines = job::lines(&self.core.db, id, after, limit).await?;
        Ok(lines.into_iter().map(|row| Line { id: row.id, at: time(row.at), text: row.line }).collect())
    }

    /// Stops a job: at once when nobody works on it, else as soon as its worker asks. Nothing happens to one that is
    /// over. Errors: `NotFound`.
    pub async fn cancel(&self, cx: &OpCtx, id: i64) -> Result<(), Error> {
        self.find(cx, id, Action::Stop).await?;
        let (origin, now) = (Origin::from(cx), cx.now_ms());
        let act = Act { operation: "stop", resource_type: "job", resource: id.to_string(), project_id: None };
        self.core
            .db
            .write(move |tx| {
                async move {
                    if job::cancel_pending(tx, id, now).await? || job::request_cancel(tx, id).await? {
                        origin.audit(tx, act, true).await?;
                    }
                    Ok::<_, Error>(())
                }
                .boxed()
            })
            .await
    }

    /// One job, for whoever may do `action` to its kind.
    async fn find(&self, cx: &OpCtx, id: i64, action: Action) -> Result<Job, Error> {
        let found = self.core.job(id).await;
        let kind = found.as_ref().ok().map(|job| job.kind.as_str());
        Core::require_system(cx, resource(kind), action)?;
        found
    }
}

/// What rights on jobs of a kind are given on.
fn resource(kind: Option<&str>) -> SystemResource {
    match kind {
        Some(collection::KIND) => SystemResource::GarbageCollection,
        Some(_) | None => SystemResource::JobserviceMonitor,
    }
}

impl Core {
    /// One job, whoever asks.
    pub(crate) async fn job(&self, id: i64) -> Result<Job, Error> {
        let found = job::find(&self.db, id).await?;
        show(found.ok_or_else(|| Error::NotFound(crate::Kind::Job, id.to_string()))?)
    }

    /// Writes a job of a kind and wakes the worker, unless an open one has the same single-flight key.
    pub(crate) async fn start_job(
        self: &Arc<Self>,
        kind: &Kind,
        payload: &Value,
        actor: &str,
    ) -> Result<Started, Error> {
        let new = kind.job(payload, actor, self.options.clock.wall_ms());
        let started = self.db.write(move |tx| start(tx, new).boxed()).await?;
        self.wake.notify_one();
        Ok(started)
    }
}

/// Writes a job unless an open one has the same single-flight key.
pub(crate) async fn start(tx: &db::Tx, new: NewJob) -> Result<Started, db::Error> {
    if let Some(key) = &new.single_flight
        && let Some(open) = job::find_open(tx, key).await?
    {
        return Ok(Started::Open(open.id));
    }
    job::insert(tx, new).await.map(Started::New)
}

fn show(row: job::Job) -> Result<Job, Error> {
    let state = match row.state.as_str() {
        job::PENDING => State::Pending,
        job::RUNNING => State::Running,
        job::SUCCEEDED => State::Succeeded,
        job::FAILED => State::Failed,
        job::CANCELLED => State::Cancelled,
        _ => return Err(db::Error::Damaged("a job").into()),
    };
    let json = |text: &str| serde_json::from_str(text).map_err(Error::internal);
    Ok(Job {
        id: row.id,
        kind: row.kind,
        payload: json(&row.payload)?,
        state,
        run_at: time(row.run_at),
        attempts: row.attempts,
        max_attempts: row.max_attempts,
        is_cancelled: row.is_cancelled,
        progress: row.progress.as_deref().map(json).transpose()?,
        outcome: row.outcome.as_deref().map(json).transpose()?,
        actor: row.actor,
        created_at: time(row.created_at),
        started_at: row.started_at.map(time),
        finished_at: row.finished_at.map(time),
    })
}
