//! When kinds of jobs are due.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use crate::{Error, Source, Tx, entity::schedule};

/// A stored schedule.
pub type Schedule = schedule::Model;

/// The schedule of a kind of jobs.
pub async fn find(at: &impl Source, kind: &str) -> Result<Option<Schedule>, Error> {
    Ok(schedule::Entity::find_by_id(kind).one(at.conn()).await?)
}

/// Every schedule, by kind.
pub async fn list(at: &impl Source) -> Result<Vec<Schedule>, Error> {
    Ok(schedule::Entity::find().order_by_asc(schedule::Column::Kind).all(at.conn()).await?)
}

/// Schedules whose time has come.
pub async fn due(at: &impl Source, now: i64) -> Result<Vec<Schedule>, Error> {
    Ok(schedule::Entity::find()
        .filter(schedule::Column::IsPaused.eq(false))
        .filter(schedule::Column::NextAt.lte(now))
        .all(at.conn())
        .await?)
}

/// Writes a schedule, new or changed.
pub async fn put(tx: &Tx, row: Schedule) -> Result<(), Error> {
    let row = schedule::ActiveModel {
        kind: Set(row.kind),
        cron: Set(row.cron),
        payload: Set(row.payload),
        is_paused: Set(row.is_paused),
        next_at: Set(row.next_at),
        updated_at: Set(row.updated_at),
    };
    let on_conflict = OnConflict::column(schedule::Column::Kind)
        .update_columns([
            schedule::Column::Cron,
            schedule::Column::Payload,
            schedule::Column::IsPaused,
            schedule::Column::NextAt,
            schedule::Column::UpdatedAt,
        ])
        .to_owned();
    schedule::Entity::insert(row).on_conflict(on_conflict).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Moves a schedule on from the time `from`; false when another worker did.
pub async fn advance(tx: &Tx, kind: &str, from: Option<i64>, next_at: Option<i64>) -> Result<bool, Error> {
    let next = schedule::Column::NextAt;
    let is_from = from.map_or_else(|| next.is_null(), |from| next.eq(from));
    let done = schedule::Entity::update_many()
        .col_expr(next, Expr::value(next_at))
        .filter(schedule::Column::Kind.eq(kind))
        .filter(is_from)
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Removes the schedule of a kind; false when there was none.
pub async fn delete(tx: &Tx, kind: &str) -> Result<bool, Error> {
    Ok(schedule::Entity::delete_by_id(kind).exec(tx.conn()).await?.rows_affected > 0)
}
