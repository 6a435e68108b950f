//! Bytes whose row is gone: they are removed from the blob store, then forgotten here.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use super::filter;
use crate::{Error, Source, Tx, entity::removal};

/// Bytes that are to go.
pub type Removal = removal::Model;

/// Notes that the bytes at `location` are to go.
pub async fn insert(tx: &Tx, location: String, size_bytes: i64, now: i64) -> Result<(), Error> {
    let row =
        removal::ActiveModel { location: Set(location), size_bytes: Set(size_bytes), removed_at: Set(now) };
    removal::Entity::insert(row)
        .on_conflict(OnConflict::column(removal::Column::Location).do_nothing().to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Up to `limit` removals after the location `after` that are still to be done, by location.
pub async fn list(at: &impl Source, after: &str, limit: u64) -> Result<Vec<Removal>, Error> {
    Ok(removal::Entity::find()
        .filter(removal::Column::Location.gt(after))
        .order_by_asc(removal::Column::Location)
        .limit(limit)
        .all(at.conn())
        .await?)
}

/// How many removals are still to be done.
pub async fn count(at: &impl Source) -> Result<u64, Error> {
    Ok(removal::Entity::find().count(at.conn()).await?)
}

/// Forgets removals that are done.
pub async fn delete(tx: &Tx, locations: Vec<String>) -> Result<(), Error> {
    for some in filter::in_parts(locations) {
        removal::Entity::delete_many().filter(removal::Column::Location.is_in(some)).exec(tx.conn()).await?;
    }
    Ok(())
}
