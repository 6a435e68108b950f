//! Blobs, and the links that make them visible in a repository.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{
    filter,
    project::{Visible, visible_to},
};
use crate::{
    Error, Source, Tx,
    entity::{blob, project, repository, repository_blob},
};

/// The size in bytes of a blob that is visible in the repository with this full name.
pub async fn size_in(at: &impl Source, repository: &str, digest: &str) -> Result<Option<i64>, Error> {
    let on_link = Condition::all().add(
        Expr::col((repository_blob::Entity, repository_blob::Column::Digest))
            .equals((blob::Entity, blob::Column::Digest)),
    );
    let on_repository = Condition::all().add(
        Expr::col((repository::Entity, repository::Column::Id))
            .equals((repository_blob::Entity, repository_blob::Column::RepositoryId)),
    );
    let mut select = blob::Entity::find()
        .select_only()
        .column(blob::Column::SizeBytes)
        .filter(blob::Column::Digest.eq(digest))
        .filter(repository::Column::Name.eq(repository));
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, repository_blob::Entity, on_link).join(
        JoinType::InnerJoin,
        repository::Entity,
        on_repository,
    );
    Ok(select.into_tuple().one(at.conn()).await?)
}

/// Those of `digests` that are visible in a repository.
pub async fn linked(
    at: &impl Source,
    repository_id: i64,
    digests: Vec<String>,
) -> Result<Vec<String>, Error> {
    let mut linked = Vec::new();
    for some in filter::in_parts(digests) {
        let found: Vec<String> = repository_blob::Entity::find()
            .select_only()
            .column(repository_blob::Column::Digest)
            .filter(repository_blob::Column::RepositoryId.eq(repository_id))
            .filter(repository_blob::Column::Digest.is_in(some))
            .into_tuple()
            .all(at.conn())
            .await?;
        linked.extend(found);
    }
    Ok(linked)
}

/// Whether some repository of the visible projects shows the blob.
pub async fn is_visible(at: &impl Source, visible: Visible, digest: &str) -> Result<bool, Error> {
    let on_repository = Condition::all().add(
        Expr::col((repository::Entity, repository::Column::Id))
            .equals((repository_blob::Entity, repository_blob::Column::RepositoryId)),
    );
    let on_project = Condition::all().add(
        Expr::col((project::Entity, project::Column::Id))
            .equals((repository::Entity, repository::Column::ProjectId)),
    );
    let mut select = repository_blob::Entity::find()
        .filter(repository_blob::Column::Digest.eq(digest))
        .filter(visible_to(visible));
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, repository::Entity, on_repository).join(
        JoinType::InnerJoin,
        project::Entity,
        on_project,
    );
    Ok(select.limit(1).one(at.conn()).await?.is_some())
}

/// Notes a blob whose bytes are durable.
pub async fn insert(tx: &Tx, digest: &str, size_bytes: i64, now: i64) -> Result<(), Error> {
    let row = blob::ActiveModel {
        digest: Set(digest.to_owned()),
        size_bytes: Set(size_bytes),
        created_at: Set(now),
    };
    blob::Entity::insert(row)
        .on_conflict(OnConflict::column(blob::Column::Digest).do_nothing().to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Makes a blob visible in a repository. Errors: `Referenced` when the blob is gone.
pub async fn link(tx: &Tx, repository_id: i64, digest: &str) -> Result<(), Error> {
    let row =
        repository_blob::ActiveModel { repository_id: Set(repository_id), digest: Set(digest.to_owned()) };
    repository_blob::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([repository_blob::Column::RepositoryId, repository_blob::Column::Digest])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Makes a blob invisible in a repository; false when it was not visible.
pub async fn unlink(tx: &Tx, repository_id: i64, digest: &str) -> Result<bool, Error> {
    let done = repository_blob::Entity::delete_many()
        .filter(repository_blob::Column::RepositoryId.eq(repository_id))
        .filter(repository_blob::Column::Digest.eq(digest))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}
