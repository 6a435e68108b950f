//! Who holds a blob or a manifest, one step at a time.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    Error, Source,
    entity::{manifest, manifest_reference, repository, repository_blob, tag},
};

/// A repository that shows a blob.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Shown {
    /// The repository.
    pub repository_id: i64,
    /// Its name.
    pub repository: String,
    /// Since when nothing in it is known to need the blob.
    pub candidate_since: Option<i64>,
}

/// The repositories that show a blob, by name.
pub async fn shown(at: &impl Source, digest: &str, limit: u64) -> Result<Vec<Shown>, Error> {
    let on = Condition::all().add(
        Expr::col((repository::Entity, repository::Column::Id))
            .equals((repository_blob::Entity, repository_blob::Column::RepositoryId)),
    );
    let mut select = repository_blob::Entity::find()
        .select_only()
        .column(repository_blob::Column::RepositoryId)
        .column(repository_blob::Column::CandidateSince)
        .column_as(Expr::col((repository::Entity, repository::Column::Name)), "repository")
        .filter(repository_blob::Column::Digest.eq(digest));
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, repository::Entity, on);
    Ok(select.order_by_asc(repository::Column::Name).limit(limit).into_model().all(at.conn()).await?)
}

/// A manifest of a repository, without its bytes.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Held {
    /// Its id.
    pub id: i64,
    /// Its repository.
    pub repository_id: i64,
    /// The name of its repository.
    pub repository: String,
    /// Its digest.
    pub digest: String,
    /// Its media type.
    pub media_type: String,
    /// The manifest it is about.
    pub subject_digest: Option<String>,
    /// Since when nothing is known to need it.
    pub candidate_since: Option<i64>,
}

fn held() -> Select<manifest::Entity> {
    let on = Condition::all().add(
        Expr::col((repository::Entity, repository::Column::Id))
            .equals((manifest::Entity, manifest::Column::RepositoryId)),
    );
    let mut select = manifest::Entity::find()
        .select_only()
        .columns([
            manifest::Column::Id,
            manifest::Column::RepositoryId,
            manifest::Column::Digest,
            manifest::Column::MediaType,
            manifest::Column::SubjectDigest,
            manifest::Column::CandidateSince,
        ])
        .column_as(Expr::col((repository::Entity, repository::Column::Name)), "repository");
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, repository::Entity, on);
    select
}

/// The manifests with this digest, one of each repository at most.
pub async fn manifests(at: &impl Source, digest: &str, limit: u64) -> Result<Vec<Held>, Error> {
    let select = held().filter(manifest::Column::Digest.eq(digest));
    Ok(select.order_by_asc(manifest::Column::RepositoryId).limit(limit).into_model().all(at.conn()).await?)
}

/// The manifest of a repository with this digest.
pub async fn manifest_in(at: &impl Source, repository_id: i64, digest: &str) -> Result<Option<Held>, Error> {
    let select = held()
        .filter(manifest::Column::RepositoryId.eq(repository_id))
        .filter(manifest::Column::Digest.eq(digest));
    Ok(select.into_model().one(at.conn()).await?)
}

/// The manifests of a repository that have `digest` as one of their parts.
pub async fn parents(
    at: &impl Source,
    repository_id: i64,
    digest: &str,
    limit: u64,
) -> Result<Vec<Held>, Error> {
    let on = Condition::all().add(
        Expr::col((manifest_reference::Entity, manifest_reference::Column::ManifestId))
            .equals((manifest::Entity, manifest::Column::Id)),
    );
    let mut select = held()
        .distinct()
        .filter(manifest::Column::RepositoryId.eq(repository_id))
        .filter(manifest_reference::Column::Digest.eq(digest));
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, manifest_reference::Entity, on);
    Ok(select.order_by_asc(manifest::Column::Id).limit(limit).into_model().all(at.conn()).await?)
}

/// The tags of a manifest, by name.
pub async fn tags(at: &impl Source, manifest_id: i64, limit: u64) -> Result<Vec<String>, Error> {
    Ok(tag::Entity::find()
        .select_only()
        .column(tag::Column::Name)
        .filter(tag::Column::ManifestId.eq(manifest_id))
        .order_by_asc(tag::Column::Name)
        .limit(limit)
        .into_tuple()
        .all(at.conn())
        .await?)
}
