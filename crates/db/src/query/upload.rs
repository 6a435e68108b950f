//! Open uploads.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{Error, Source, Tx, entity::upload};

/// A stored upload.
pub type Upload = upload::Model;

/// The upload with this id.
pub async fn find(at: &impl Source, id: &str) -> Result<Option<Upload>, Error> {
    Ok(upload::Entity::find_by_id(id).one(at.conn()).await?)
}

/// The open uploads of a project.
pub async fn of_project(at: &impl Source, project_id: i64) -> Result<Vec<Upload>, Error> {
    Ok(upload::Entity::find().filter(upload::Column::ProjectId.eq(project_id)).all(at.conn()).await?)
}

/// Up to `limit` uploads that nobody wrote to since `before`, the oldest first.
pub async fn idle(at: &impl Source, before: i64, limit: u64) -> Result<Vec<Upload>, Error> {
    Ok(upload::Entity::find()
        .filter(upload::Column::UpdatedAt.lt(before))
        .order_by_asc(upload::Column::UpdatedAt)
        .limit(limit)
        .all(at.conn())
        .await?)
}

/// Removes an upload that nobody wrote to since before `before`; false when somebody did, or it was gone.
pub async fn delete_idle(tx: &Tx, id: &str, before: i64) -> Result<bool, Error> {
    let done = upload::Entity::delete_many()
        .filter(upload::Column::Id.eq(id))
        .filter(upload::Column::UpdatedAt.lt(before))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

/// The ids of every open upload.
pub async fn ids(at: &impl Source) -> Result<Vec<String>, Error> {
    Ok(upload::Entity::find().select_only().column(upload::Column::Id).into_tuple().all(at.conn()).await?)
}

/// Writes a new upload. Errors: `Referenced` when the project is gone.
pub async fn insert(tx: &Tx, row: Upload) -> Result<(), Error> {
    upload::ActiveModel {
        id: Set(row.id),
        project_id: Set(row.project_id),
        repository: Set(row.repository),
        owner: Set(row.owner),
        offset_bytes: Set(row.offset_bytes),
        hash_state: Set(row.hash_state),
        created_at: Set(row.created_at),
        updated_at: Set(row.updated_at),
        store_state: Set(row.store_state),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// Moves an upload from `from` to `to` bytes; false when it is not at `from`, or gone.
pub async fn advance(
    tx: &Tx,
    id: &str,
    (from, to): (i64, i64),
    (hash_state, store_state): (Vec<u8>, Vec<u8>),
    now: i64,
) -> Result<bool, Error> {
    let done = upload::Entity::update_many()
        .col_expr(upload::Column::OffsetBytes, Expr::value(to))
        .col_expr(upload::Column::HashState, Expr::value(hash_state))
        .col_expr(upload::Column::StoreState, Expr::value(store_state))
        .col_expr(upload::Column::UpdatedAt, Expr::value(now))
        .filter(upload::Column::Id.eq(id))
        .filter(upload::Column::OffsetBytes.eq(from))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Removes an upload; false when it was gone.
pub async fn delete(tx: &Tx, id: &str) -> Result<bool, Error> {
    Ok(upload::Entity::delete_by_id(id).exec(tx.conn()).await?.rows_affected > 0)
}
