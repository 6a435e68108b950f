//! Tags.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use types::{page::Listed, query::ListQuery};

use super::filter;
use crate::{
    Error, Source, Tx,
    entity::{manifest, tag},
};

/// A stored tag.
pub type Tag = tag::Model;

/// The tag with this name.
pub async fn find(at: &impl Source, repository_id: i64, name: &str) -> Result<Option<Tag>, Error> {
    Ok(tag::Entity::find()
        .filter(tag::Column::RepositoryId.eq(repository_id))
        .filter(tag::Column::Name.eq(name))
        .one(at.conn())
        .await?)
}

/// Id and digest of the manifest that a tag points to.
pub async fn pointed(
    at: &impl Source,
    repository_id: i64,
    name: &str,
) -> Result<Option<(i64, String)>, Error> {
    let on = Condition::all().add(
        Expr::col((manifest::Entity, manifest::Column::Id)).equals((tag::Entity, tag::Column::ManifestId)),
    );
    let mut select = tag::Entity::find()
        .select_only()
        .column(tag::Column::ManifestId)
        .column_as(manifest::Column::Digest, "digest")
        .filter(tag::Column::RepositoryId.eq(repository_id))
        .filter(tag::Column::Name.eq(name));
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, manifest::Entity, on);
    Ok(select.into_tuple().one(at.conn()).await?)
}

/// Up to `limit` names after `last`, in order: the tag list of the registry protocol.
pub async fn names_after(
    at: &impl Source,
    repository_id: i64,
    last: Option<&str>,
    limit: u64,
) -> Result<Vec<String>, Error> {
    let select = tag::Entity::find()
        .select_only()
        .column(tag::Column::Name)
        .filter(tag::Column::RepositoryId.eq(repository_id));
    let select = filter::filtered(select, [last.map(|last| tag::Column::Name.gt(last))]);
    Ok(select
        .order_by(tag::Column::Name, Order::Asc)
        .limit(filter::at_most(limit))
        .into_tuple()
        .all(at.conn())
        .await?)
}

/// Tags of one manifest, newest first unless sorted.
pub async fn list(at: &impl Source, manifest_id: i64, query: &ListQuery) -> Result<Listed<Tag>, Error> {
    let select = tag::Entity::find().filter(tag::Column::ManifestId.eq(manifest_id));
    let select = filter::filtered(
        select,
        [query.query.get("name").and_then(|term| filter::text(tag::Column::Name, term))],
    );
    let total = select.clone().count(at.conn()).await?;
    let column = |key: &str| match key {
        "name" => Some(tag::Column::Name),
        "push_time" => Some(tag::Column::PushedAt),
        "pull_time" => Some(tag::Column::PulledAt),
        _ => None,
    };
    let select =
        filter::sorted(select, &query.sort, column, (tag::Column::PushedAt, Order::Desc), tag::Column::Name);
    let items = select.offset(query.page.offset()).limit(query.page.size).all(at.conn()).await?;
    Ok(Listed { items, total })
}

/// Tags of some manifests, by name.
pub async fn of_manifests(at: &impl Source, manifest_ids: Vec<i64>) -> Result<Vec<Tag>, Error> {
    Ok(tag::Entity::find()
        .filter(tag::Column::ManifestId.is_in(manifest_ids))
        .order_by(tag::Column::Name, Order::Asc)
        .all(at.conn())
        .await?)
}

/// Whether any tag points to a manifest.
pub async fn any_of(at: &impl Source, manifest_id: i64) -> Result<bool, Error> {
    let tags = tag::Entity::find().filter(tag::Column::ManifestId.eq(manifest_id));
    Ok(tags.limit(1).one(at.conn()).await?.is_some())
}

/// Points a tag at a manifest, new or moved.
pub async fn put(tx: &Tx, repository_id: i64, name: &str, manifest_id: i64, now: i64) -> Result<(), Error> {
    let row = tag::ActiveModel {
        repository_id: Set(repository_id),
        manifest_id: Set(manifest_id),
        name: Set(name.to_owned()),
        pushed_at: Set(now),
        pulled_at: Set(None),
        ..Default::default()
    };
    tag::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([tag::Column::RepositoryId, tag::Column::Name])
                .update_columns([tag::Column::ManifestId, tag::Column::PushedAt])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Writes a new tag. Errors: `AlreadyExists` when the name is taken.
pub async fn insert(
    tx: &Tx,
    repository_id: i64,
    name: &str,
    manifest_id: i64,
    now: i64,
) -> Result<(), Error> {
    let row = tag::ActiveModel {
        repository_id: Set(repository_id),
        manifest_id: Set(manifest_id),
        name: Set(name.to_owned()),
        pushed_at: Set(now),
        pulled_at: Set(None),
        ..Default::default()
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

/// Notes a pull.
pub async fn set_pulled(tx: &Tx, id: i64, now: i64) -> Result<(), Error> {
    tag::Entity::update_many()
        .col_expr(tag::Column::PulledAt, Expr::value(now))
        .filter(tag::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes a tag; false when it was gone.
pub async fn delete(tx: &Tx, repository_id: i64, name: &str) -> Result<bool, Error> {
    let done = tag::Entity::delete_many()
        .filter(tag::Column::RepositoryId.eq(repository_id))
        .filter(tag::Column::Name.eq(name))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}
