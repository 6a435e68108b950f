//! What a collection would remove at this moment, without removing it: the same conditions, page by page.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, JoinType, Query as Sql},
};

use super::need::{is_manifest_needed, is_referenced};
use crate::{
    Error, Source,
    entity::{blob, manifest, removal, repository, repository_blob, upload},
};

/// Something of one kind that would go: how much in all, and the first of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doomed<T> {
    /// How many.
    pub count: u64,
    /// Their bytes.
    pub bytes: i64,
    /// The first of them.
    pub first: Vec<T>,
}

/// A link that would go.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DoomedLink {
    /// The repository's full name.
    pub repository: String,
    /// The blob.
    pub digest: String,
    /// Since when nothing needs it.
    pub candidate_since: i64,
}

/// A blob that would go.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DoomedBlob {
    /// Its digest.
    pub digest: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Since when no repository shows it; None when its last link goes with it.
    pub candidate_since: Option<i64>,
}

/// A manifest that would go.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DoomedManifest {
    /// The repository's full name.
    pub repository: String,
    /// Its digest.
    pub digest: String,
    /// Since when nothing needs it.
    pub candidate_since: i64,
}

#[derive(FromQueryResult)]
struct Sum {
    bytes: Option<i64>,
}

/// Uploads that nobody wrote to since before `cutoff`.
pub async fn uploads(at: &impl Source, cutoff: i64, limit: u64) -> Result<Doomed<upload::Model>, Error> {
    let idle = || upload::Entity::find().filter(upload::Column::UpdatedAt.lt(cutoff));
    Ok(Doomed {
        count: idle().count(at.conn()).await?,
        bytes: sum(at, idle(), upload::Column::OffsetBytes).await?,
        first: idle().order_by_asc(upload::Column::UpdatedAt).limit(limit).all(at.conn()).await?,
    })
}

/// Links that no manifest of their repository refers to since before `cutoff`.
pub async fn links(at: &impl Source, cutoff: i64, limit: u64) -> Result<Doomed<DoomedLink>, Error> {
    let over = || repository_blob::Entity::find().filter(is_link_over(cutoff));
    let on = Condition::all().add(
        Expr::col((repository::Entity, repository::Column::Id))
            .equals((repository_blob::Entity, repository_blob::Column::RepositoryId)),
    );
    let mut first = over()
        .select_only()
        .column_as(Expr::col((repository::Entity, repository::Column::Name)), "repository")
        .column(repository_blob::Column::Digest)
        .column(repository_blob::Column::CandidateSince)
        .order_by_asc(repository_blob::Column::CandidateSince)
        .limit(limit);
    QueryTrait::query(&mut first).join(JoinType::InnerJoin, repository::Entity, on);
    Ok(Doomed {
        count: over().count(at.conn()).await?,
        bytes: 0,
        first: first.into_model().all(at.conn()).await?,
    })
}

/// Blobs that no repository will show once the links are gone that are over.
pub async fn blobs(at: &impl Source, cutoff: i64, limit: u64) -> Result<Doomed<DoomedBlob>, Error> {
    let over = || blob::Entity::find().filter(is_blob_over(cutoff));
    Ok(Doomed {
        count: over().count(at.conn()).await?,
        bytes: sum(at, over(), blob::Column::SizeBytes).await?,
        first: over()
            .select_only()
            .column(blob::Column::Digest)
            .column(blob::Column::SizeBytes)
            .column(blob::Column::CandidateSince)
            .order_by_asc(blob::Column::Digest)
            .limit(limit)
            .into_model()
            .all(at.conn())
            .await?,
    })
}

/// Manifests that nothing needs since before `cutoff`.
pub async fn manifests(at: &impl Source, cutoff: i64, limit: u64) -> Result<Doomed<DoomedManifest>, Error> {
    let over = || {
        manifest::Entity::find()
            .filter(manifest::Column::CandidateSince.lt(cutoff))
            .filter(is_manifest_needed().not())
    };
    let on = Condition::all().add(
        Expr::col((repository::Entity, repository::Column::Id))
            .equals((manifest::Entity, manifest::Column::RepositoryId)),
    );
    let mut first = over()
        .select_only()
        .column_as(Expr::col((repository::Entity, repository::Column::Name)), "repository")
        .column(manifest::Column::Digest)
        .column(manifest::Column::CandidateSince)
        .order_by_asc(manifest::Column::CandidateSince)
        .limit(limit);
    QueryTrait::query(&mut first).join(JoinType::InnerJoin, repository::Entity, on);
    Ok(Doomed {
        count: over().count(at.conn()).await?,
        bytes: 0,
        first: first.into_model().all(at.conn()).await?,
    })
}

/// Bytes whose row is gone already.
pub async fn pending(at: &impl Source, limit: u64) -> Result<Doomed<removal::Model>, Error> {
    let all = removal::Entity::find;
    Ok(Doomed {
        count: all().count(at.conn()).await?,
        bytes: sum(at, all(), removal::Column::SizeBytes).await?,
        first: all().order_by_asc(removal::Column::RemovedAt).limit(limit).all(at.conn()).await?,
    })
}

fn is_link_over(cutoff: i64) -> Condition {
    Condition::all().add(repository_blob::Column::CandidateSince.lt(cutoff)).add(is_referenced().not())
}

fn is_blob_over(cutoff: i64) -> Condition {
    let of_blob = || {
        Expr::col((repository_blob::Entity, repository_blob::Column::Digest))
            .equals((blob::Entity, blob::Column::Digest))
    };
    let links = |which: Condition| {
        let select = Sql::select()
            .expr(Expr::value(1))
            .from(repository_blob::Entity)
            .cond_where(Condition::all().add(of_blob()).add(which))
            .take();
        Expr::exists(select)
    };
    let since = || Expr::col((blob::Entity, blob::Column::CandidateSince));
    let is_going = links(is_link_over(cutoff));
    let is_staying = links(
        Condition::any()
            .add(repository_blob::Column::CandidateSince.is_null())
            .add(repository_blob::Column::CandidateSince.gte(cutoff))
            .add(is_referenced()),
    );
    let is_unmarked = since().is_null().and(is_going);
    Condition::all().add(since().lt(cutoff).or(is_unmarked)).add(is_staying.not())
}

async fn sum<E: EntityTrait>(
    at: &impl Source,
    select: Select<E>,
    column: impl ColumnTrait,
) -> Result<i64, Error> {
    let sum = select.select_only().column_as(Expr::col(column.as_column_ref()).sum(), "bytes");
    let sum = sum.into_model::<Sum>().one(at.conn()).await?;
    Ok(sum.and_then(|sum| sum.bytes).unwrap_or_default())
}
