//! Repositories. One without a first push (`pushed_at` empty) only holds links of blobs and is never listed.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use types::{page::Listed, query::ListQuery};

use super::{
    filter,
    project::{Visible, visible_to},
};
use crate::{
    Error, Source, Tx,
    entity::{manifest, project, repository},
};

/// A stored repository.
pub type Repository = repository::Model;

/// The repository with this name, first push or not.
pub async fn find_by_name(at: &impl Source, name: &str) -> Result<Option<Repository>, Error> {
    Ok(repository::Entity::find().filter(repository::Column::Name.eq(name)).one(at.conn()).await?)
}

/// The id of a repository, made when it's missing. `name` is the full name and belongs to `project_id`.
pub async fn ensure(tx: &Tx, project_id: i64, name: &str, now: i64) -> Result<i64, Error> {
    if let Some(row) = find_by_name(tx, name).await? {
        return Ok(row.id);
    }
    let row = repository::ActiveModel {
        project_id: Set(project_id),
        name: Set(name.to_owned()),
        description: Set(String::new()),
        pull_count: Set(0),
        pushed_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    repository::Entity::insert(row)
        .on_conflict(OnConflict::column(repository::Column::Name).do_nothing().to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    find_by_name(tx, name).await?.map(|row| row.id).ok_or(Error::Damaged("repositories.name"))
}

/// Notes a push.
pub async fn touch(tx: &Tx, id: i64, now: i64) -> Result<(), Error> {
    repository::Entity::update_many()
        .col_expr(repository::Column::PushedAt, Expr::value(now))
        .col_expr(repository::Column::UpdatedAt, Expr::value(now))
        .filter(repository::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Adds to the count of pulls.
pub async fn add_pulls(tx: &Tx, id: i64, pulls: i64) -> Result<(), Error> {
    repository::Entity::update_many()
        .col_expr(repository::Column::PullCount, Expr::col(repository::Column::PullCount).add(pulls))
        .filter(repository::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Replaces the description.
pub async fn set_description(tx: &Tx, id: i64, description: &str, now: i64) -> Result<(), Error> {
    repository::Entity::update_many()
        .col_expr(repository::Column::Description, Expr::value(description))
        .col_expr(repository::Column::UpdatedAt, Expr::value(now))
        .filter(repository::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes a repository with its links, manifests and tags; false when it was gone.
pub async fn delete(tx: &Tx, id: i64) -> Result<bool, Error> {
    Ok(repository::Entity::delete_by_id(id).exec(tx.conn()).await?.rows_affected > 0)
}

/// Whether a project has a repository that was pushed to.
pub async fn any_pushed(at: &impl Source, project_id: i64) -> Result<bool, Error> {
    Ok(repository::Entity::find()
        .filter(repository::Column::ProjectId.eq(project_id))
        .filter(repository::Column::PushedAt.is_not_null())
        .limit(1)
        .one(at.conn())
        .await?
        .is_some())
}

/// Repositories of one project, or of all that are visible.
pub async fn list(
    at: &impl Source,
    project_id: Option<i64>,
    visible: Visible,
    query: &ListQuery,
) -> Result<Listed<Repository>, Error> {
    let select = pushed_and_visible(visible);
    let select = filter::filtered(
        select,
        [
            project_id.map(|id| repository::Column::ProjectId.eq(id)),
            query.query.get("name").and_then(|term| filter::text(repository::Column::Name, term)),
            query
                .query
                .get("description")
                .and_then(|term| filter::text(repository::Column::Description, term)),
        ],
    );
    let total = select.clone().count(at.conn()).await?;
    let column = |key: &str| match key {
        "name" => Some(repository::Column::Name),
        "pull_count" => Some(repository::Column::PullCount),
        "creation_time" => Some(repository::Column::CreatedAt),
        "update_time" => Some(repository::Column::UpdatedAt),
        _ => None,
    };
    let default = (repository::Column::Name, Order::Asc);
    let select = filter::sorted(select, &query.sort, column, default, repository::Column::Id);
    let items = select.offset(query.page.offset()).limit(query.page.size).all(at.conn()).await?;
    Ok(Listed { items, total })
}

/// Up to `limit` names after `last`, in order: the catalog of the registry protocol.
pub async fn names_after(
    at: &impl Source,
    visible: Visible,
    last: Option<&str>,
    limit: u64,
) -> Result<Vec<String>, Error> {
    let select = pushed_and_visible(visible).select_only().column(repository::Column::Name);
    let select = filter::filtered(select, [last.map(|last| repository::Column::Name.gt(last))]);
    Ok(select
        .order_by(repository::Column::Name, Order::Asc)
        .limit(filter::at_most(limit))
        .into_tuple()
        .all(at.conn())
        .await?)
}

/// Up to `limit` names of visible repositories that contain `text`, best first.
pub async fn search(
    at: &impl Source,
    visible: Visible,
    text: &str,
    limit: u64,
) -> Result<Vec<String>, Error> {
    let select = pushed_and_visible(visible).select_only().column(repository::Column::Name);
    Ok(filter::best(select, repository::Column::Name, text).limit(limit).into_tuple().all(at.conn()).await?)
}

/// Manifests per repository.
pub async fn manifest_counts(at: &impl Source, ids: Vec<i64>) -> Result<Vec<(i64, i64)>, Error> {
    Ok(manifest::Entity::find()
        .select_only()
        .column(manifest::Column::RepositoryId)
        .column_as(manifest::Column::Id.count(), "manifests")
        .filter(manifest::Column::RepositoryId.is_in(ids))
        .group_by(manifest::Column::RepositoryId)
        .into_tuple()
        .all(at.conn())
        .await?)
}

fn pushed_and_visible(visible: Visible) -> sea_orm::Select<repository::Entity> {
    let on = Condition::all().add(
        Expr::col((project::Entity, project::Column::Id))
            .equals((repository::Entity, repository::Column::ProjectId)),
    );
    let mut select = repository::Entity::find().filter(repository::Column::PushedAt.is_not_null());
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, project::Entity, on);
    select.filter(visible_to(visible))
}
