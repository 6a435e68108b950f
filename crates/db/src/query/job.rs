//! Jobs: who works on which, and how each ended. A write of a worker names the job's fence, which grows with every
//! claim: where it is another one, somebody else works on the job and nothing is written.

mod outcome;

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use types::page::{Listed, Page};

pub use self::outcome::{Over, cancel_pending, finish, forget_open, give_back, request_cancel, trim};
use crate::{
    Error, Source, Tx,
    entity::{job, job_log},
};

/// A stored job.
pub type Job = job::Model;
/// A line that a job said.
pub type Line = job_log::Model;

/// A job waits for its time.
pub const PENDING: &str = "pending";
/// A worker has it.
pub const RUNNING: &str = "running";
/// It did what it should.
pub const SUCCEEDED: &str = "succeeded";
/// It failed more often than it may.
pub const FAILED: &str = "failed";
/// Somebody did not want it any more.
pub const CANCELLED: &str = "cancelled";

/// What a new job is made of.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// What kind of work.
    pub kind: &'static str,
    /// What exactly, as JSON.
    pub payload: String,
    /// What no two open jobs share.
    pub single_flight: Option<String>,
    /// Not before, in milliseconds since the epoch.
    pub run_at: i64,
    /// How often it is tried.
    pub max_attempts: i32,
    /// How long one try may take.
    pub timeout_secs: i64,
    /// Who asked for it.
    pub actor: String,
    /// When that was.
    pub now: i64,
}

/// A worker's claim on a job.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The worker.
    pub worker: String,
    /// When the claim is made.
    pub now: i64,
    /// When it ends unless renewed.
    pub until: i64,
    /// A lease that ends later than this was made by a clock that was wrong: it counts as over.
    pub latest: i64,
    /// A job that was written later than this was so too: its time counts as come.
    pub newest: i64,
    /// What the worker has already.
    pub except: Vec<i64>,
}

/// Writes a new job and returns its id. Errors: `AlreadyExists` when an open job has the same single-flight key.
pub async fn insert(tx: &Tx, new: NewJob) -> Result<i64, Error> {
    let row = job::ActiveModel {
        kind: Set(new.kind.to_owned()),
        payload: Set(new.payload),
        single_flight: Set(new.single_flight),
        state: Set(PENDING.to_owned()),
        run_at: Set(new.run_at),
        attempts: Set(0),
        max_attempts: Set(new.max_attempts),
        timeout_secs: Set(new.timeout_secs),
        fence: Set(0),
        worker: Set(None),
        lease_until: Set(None),
        is_cancelled: Set(false),
        progress: Set(None),
        outcome: Set(None),
        actor: Set(new.actor),
        created_at: Set(new.now),
        started_at: Set(None),
        finished_at: Set(None),
        ..Default::default()
    };
    Ok(row.insert(tx.conn()).await?.id)
}

/// The job with this id.
pub async fn find(at: &impl Source, id: i64) -> Result<Option<Job>, Error> {
    Ok(job::Entity::find_by_id(id).one(at.conn()).await?)
}

/// The open job with this single-flight key.
pub async fn find_open(at: &impl Source, single_flight: &str) -> Result<Option<Job>, Error> {
    Ok(job::Entity::find().filter(job::Column::SingleFlight.eq(single_flight)).one(at.conn()).await?)
}

/// The newest job of a kind.
pub async fn newest(at: &impl Source, kind: &str) -> Result<Option<Job>, Error> {
    Ok(job::Entity::find()
        .filter(job::Column::Kind.eq(kind))
        .order_by_desc(job::Column::Id)
        .one(at.conn())
        .await?)
}

/// When the last job of a kind ended; none when none did.
pub async fn last_end(at: &impl Source, kind: &str) -> Result<Option<i64>, Error> {
    let last: Option<Option<i64>> = job::Entity::find()
        .select_only()
        .column_as(job::Column::FinishedAt.max(), "last")
        .filter(job::Column::Kind.eq(kind))
        .into_tuple()
        .one(at.conn())
        .await?;
    Ok(last.flatten())
}

/// Jobs of one kind, or of all, newest first.
pub async fn list(at: &impl Source, kind: Option<&str>, page: Page) -> Result<Listed<Job>, Error> {
    let mut select = job::Entity::find();
    if let Some(kind) = kind {
        select = select.filter(job::Column::Kind.eq(kind));
    }
    let total = select.clone().count(at.conn()).await?;
    let items = select
        .order_by(job::Column::Id, Order::Desc)
        .offset(page.offset())
        .limit(page.size)
        .all(at.conn())
        .await?;
    Ok(Listed { items, total })
}

/// The job of these kinds that is due first: one whose time has come, or one whose worker is gone.
pub async fn next_due(at: &impl Source, kinds: &[&str], lease: &Lease) -> Result<Option<Job>, Error> {
    let is_due = Condition::all().add(job::Column::State.eq(PENDING)).add(
        Condition::any().add(job::Column::RunAt.lte(lease.now)).add(job::Column::CreatedAt.gt(lease.newest)),
    );
    let is_left = Condition::all().add(job::Column::State.eq(RUNNING)).add(
        Condition::any()
            .add(job::Column::LeaseUntil.lt(lease.now))
            .add(job::Column::LeaseUntil.gt(lease.latest)),
    );
    Ok(job::Entity::find()
        .filter(job::Column::Kind.is_in(kinds.iter().copied()))
        .filter(Condition::any().add(is_due).add(is_left))
        .filter(job::Column::Id.is_not_in(lease.except.iter().copied()))
        .order_by_asc(job::Column::RunAt)
        .order_by_asc(job::Column::Id)
        .one(at.conn())
        .await?)
}

/// Gives a worker the job that is due first, as it is from then on.
pub async fn claim(tx: &Tx, kinds: &[&str], lease: &Lease) -> Result<Option<Job>, Error> {
    let Some(found) = next_due(tx, kinds, lease).await? else { return Ok(None) };
    take(tx, found, lease).await.map(Some)
}

/// Gives a worker one job, as it is from then on.
pub async fn take(tx: &Tx, found: Job, lease: &Lease) -> Result<Job, Error> {
    let started_at = found.started_at.unwrap_or(lease.now);
    let taken = job::ActiveModel {
        id: Set(found.id),
        state: Set(RUNNING.to_owned()),
        attempts: Set(found.attempts.saturating_add(1)),
        fence: Set(found.fence.saturating_add(1)),
        worker: Set(Some(lease.worker.clone())),
        lease_until: Set(Some(lease.until)),
        started_at: Set(Some(started_at)),
        ..Default::default()
    };
    Ok(taken.update(tx.conn()).await?)
}

/// How a job stands for the worker with this fence: whether it was asked to stop; None when it is not the worker's
/// any more.
pub async fn standing(at: &impl Source, id: i64, fence: i64) -> Result<Option<bool>, Error> {
    Ok(job::Entity::find()
        .select_only()
        .column(job::Column::IsCancelled)
        .filter(held(id, fence))
        .into_tuple()
        .one(at.conn())
        .await?)
}

/// Keeps a job for longer; false when it is not the worker's any more.
pub async fn renew(tx: &Tx, (id, fence): (i64, i64), until: i64) -> Result<bool, Error> {
    set(tx, (id, fence), job::Column::LeaseUntil, Expr::value(until)).await
}

/// Says how far a job is, as JSON; false when it is not the worker's any more.
pub async fn set_progress(tx: &Tx, (id, fence): (i64, i64), progress: String) -> Result<bool, Error> {
    set(tx, (id, fence), job::Column::Progress, Expr::value(progress)).await
}

/// Keeps a line that a job said; false when it is not the worker's any more.
pub async fn say(tx: &Tx, (id, fence): (i64, i64), line: String, now: i64) -> Result<bool, Error> {
    if standing(tx, id, fence).await?.is_none() {
        return Ok(false);
    }
    note(tx, id, line, now).await?;
    Ok(true)
}

/// Keeps a line about a job, whoever works on it.
pub async fn note(tx: &Tx, id: i64, line: String, now: i64) -> Result<(), Error> {
    job_log::ActiveModel { job_id: Set(id), at: Set(now), line: Set(line), ..Default::default() }
        .insert(tx.conn())
        .await?;
    Ok(())
}

/// Up to `limit` lines of a job after the line `after`, oldest first.
pub async fn lines(at: &impl Source, job_id: i64, after: i64, limit: u64) -> Result<Vec<Line>, Error> {
    Ok(job_log::Entity::find()
        .filter(job_log::Column::JobId.eq(job_id))
        .filter(job_log::Column::Id.gt(after))
        .order_by_asc(job_log::Column::Id)
        .limit(limit)
        .all(at.conn())
        .await?)
}

fn held(id: i64, fence: i64) -> Condition {
    Condition::all()
        .add(job::Column::Id.eq(id))
        .add(job::Column::Fence.eq(fence))
        .add(job::Column::State.eq(RUNNING))
}

async fn set(
    tx: &Tx,
    (id, fence): (i64, i64),
    column: job::Column,
    value: impl Into<sea_orm::sea_query::SimpleExpr>,
) -> Result<bool, Error> {
    let done = job::Entity::update_many()
        .col_expr(column, value.into())
        .filter(held(id, fence))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}
