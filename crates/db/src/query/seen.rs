//! How much there is in the projects that are visible.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, Query as Sql, SelectStatement},
};

use super::project::{Visible, visible_to};
use crate::{
    Error, Source,
    entity::{blob, manifest, project, repository, repository_blob},
};

/// Numbers of what is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Projects.
    pub projects: u64,
    /// Repositories that were pushed to.
    pub repositories: u64,
    /// Manifests.
    pub artifacts: u64,
    /// Bytes of blobs, each blob counted once.
    pub bytes: i64,
}

#[derive(FromQueryResult)]
struct Sum {
    bytes: Option<i64>,
}

/// Counts what is visible. Where everything is, the tables are counted as they are.
pub async fn counts(at: &impl Source, visible: Visible) -> Result<Counts, Error> {
    let mut blobs =
        blob::Entity::find().select_only().column_as(Expr::col(blob::Column::SizeBytes).sum(), "bytes");
    let mut manifests = manifest::Entity::find();
    if visible != Visible::All {
        blobs = blobs.filter(blob::Column::Digest.in_subquery(digests(visible)));
        manifests = manifests.filter(manifest::Column::RepositoryId.in_subquery(repositories(visible)));
    }
    let bytes = blobs.into_model::<Sum>().one(at.conn()).await?.and_then(|sum| sum.bytes);
    Ok(Counts {
        projects: project::Entity::find().filter(visible_to(visible)).count(at.conn()).await?,
        repositories: repository::Entity::find()
            .filter(repository::Column::Id.in_subquery(repositories(visible)))
            .count(at.conn())
            .await?,
        artifacts: manifests.count(at.conn()).await?,
        bytes: bytes.unwrap_or_default(),
    })
}

/// Digests of the blobs of visible repositories.
fn digests(visible: Visible) -> SelectStatement {
    Sql::select()
        .column(repository_blob::Column::Digest)
        .from(repository_blob::Entity)
        .and_where(Expr::col(repository_blob::Column::RepositoryId).in_subquery(repositories(visible)))
        .take()
}

/// Ids of visible repositories that were pushed to.
fn repositories(visible: Visible) -> SelectStatement {
    let projects = Sql::select()
        .column(project::Column::Id)
        .from(project::Entity)
        .cond_where(visible_to(visible))
        .take();
    Sql::select()
        .column(repository::Column::Id)
        .from(repository::Entity)
        .and_where(repository::Column::PushedAt.is_not_null())
        .and_where(repository::Column::ProjectId.in_subquery(projects))
        .take()
}
