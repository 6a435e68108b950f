//! How jobs end, and what is kept of them.

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, held};
use crate::{Error, Source, Tx, entity::job};

/// How a job is over, or not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// It did what it should; the outcome as JSON.
    Succeeded(String),
    /// It failed for the last time; the outcome as JSON.
    Failed(String),
    /// It was cancelled; the outcome as JSON, if there is one.
    Cancelled(Option<String>),
    /// It failed and is tried again at this time; the outcome as JSON.
    Again(String, i64),
}

/// Ends a try; false when the job is not the worker's any more.
pub async fn finish(tx: &Tx, (id, fence): (i64, i64), over: Over, now: i64) -> Result<bool, Error> {
    let (state, outcome, run_at) = match over {
        Over::Succeeded(outcome) => (SUCCEEDED, Some(outcome), None),
        Over::Failed(outcome) => (FAILED, Some(outcome), None),
        Over::Cancelled(outcome) => (CANCELLED, outcome, None),
        Over::Again(outcome, at) => (PENDING, Some(outcome), Some(at)),
    };
    let mut update = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(state))
        .col_expr(job::Column::Outcome, Expr::value(outcome))
        .col_expr(job::Column::Worker, Expr::value(Option::<String>::None))
        .col_expr(job::Column::LeaseUntil, Expr::value(Option::<i64>::None));
    update = match run_at {
        Some(at) => update.col_expr(job::Column::RunAt, Expr::value(at)),
        None => update
            .col_expr(job::Column::FinishedAt, Expr::value(now))
            .col_expr(job::Column::SingleFlight, Expr::value(Option::<String>::None)),
    };
    Ok(update.filter(held(id, fence)).exec(tx.conn()).await?.rows_affected > 0)
}

/// Lets another worker go on with a job at once, as if this one had not begun; false when it is not the worker's any
/// more.
pub async fn give_back(tx: &Tx, (id, fence): (i64, i64)) -> Result<bool, Error> {
    let done = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(PENDING))
        .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).sub(1))
        .col_expr(job::Column::Worker, Expr::value(Option::<String>::None))
        .col_expr(job::Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .filter(held(id, fence))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Cancels a job that nobody works on; false when it is not one.
pub async fn cancel_pending(tx: &Tx, id: i64, now: i64) -> Result<bool, Error> {
    let done = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(CANCELLED))
        .col_expr(job::Column::IsCancelled, Expr::value(true))
        .col_expr(job::Column::FinishedAt, Expr::value(now))
        .col_expr(job::Column::SingleFlight, Expr::value(Option::<String>::None))
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::State.eq(PENDING))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Asks the worker of a job to stop; false when nobody works on it.
pub async fn request_cancel(tx: &Tx, id: i64) -> Result<bool, Error> {
    let done = job::Entity::update_many()
        .col_expr(job::Column::IsCancelled, Expr::value(true))
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::State.eq(RUNNING))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Forgets the jobs of a kind that are over, with what they said, but for the newest `keep`.
pub async fn trim(tx: &Tx, kind: &str, keep: u64) -> Result<(), Error> {
    let is_over = || job::Column::State.is_in([SUCCEEDED, FAILED, CANCELLED]);
    let oldest_kept: Option<i64> = job::Entity::find()
        .select_only()
        .column(job::Column::Id)
        .filter(job::Column::Kind.eq(kind))
        .filter(is_over())
        .order_by_desc(job::Column::Id)
        .offset(keep.saturating_sub(1))
        .limit(1)
        .into_tuple()
        .one(tx.conn())
        .await?;
    if let Some(oldest) = oldest_kept {
        job::Entity::delete_many()
            .filter(job::Column::Kind.eq(kind))
            .filter(is_over())
            .filter(job::Column::Id.lt(oldest))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// Forgets the jobs of a kind that are not over, whoever works on them.
pub async fn forget_open(tx: &Tx, kind: &str) -> Result<(), Error> {
    job::Entity::delete_many()
        .filter(job::Column::Kind.eq(kind))
        .filter(job::Column::State.is_in([PENDING, RUNNING]))
        .exec(tx.conn())
        .await?;
    Ok(())
}
