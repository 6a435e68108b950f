//! The questions of a check: every row in pages, and the rows that contradict each other. Each function is one statement
//! or few, so that none holds up anybody.
//!
//! Pages go by key: a function takes the last key of the page before.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Statement,
    sea_query::{Expr, ExprTrait, Query as Sql, SelectStatement},
};

use super::filter;
use crate::{
    Error, Source, Tx,
    entity::{blob, manifest, manifest_reference, removal, repository, repository_blob, tag, upload},
};

/// A row that makes a blob visible in a repository.
pub type Link = repository_blob::Model;
/// A row that says what a manifest refers to.
pub type ReferenceRow = manifest_reference::Model;

/// What the database itself finds wrong with its file; nothing when all is well.
pub async fn integrity(at: &impl Source, is_quick: bool) -> Result<Vec<String>, Error> {
    let backend = at.conn().get_database_backend();
    if backend != DbBackend::Sqlite {
        return Ok(Vec::new());
    }
    let sql = if is_quick { "PRAGMA quick_check" } else { "PRAGMA integrity_check" };
    let rows = at.conn().query_all_raw(Statement::from_string(backend, sql)).await?;
    let said = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, _>>()?;
    Ok(said.into_iter().filter(|line| line != "ok").collect())
}

/// A row whose parent is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The table of the row.
    pub table: String,
    /// The table that lacks the parent.
    pub parent: String,
    /// The row, as the database counts it.
    pub row: Option<i64>,
}

/// Rows of any table whose parent is missing.
pub async fn foreign_keys(at: &impl Source) -> Result<Vec<Broken>, Error> {
    let backend = at.conn().get_database_backend();
    if backend != DbBackend::Sqlite {
        return Ok(Vec::new());
    }
    let rows = at.conn().query_all_raw(Statement::from_string(backend, "PRAGMA foreign_key_check")).await?;
    let broken = rows.iter().map(|row| {
        Ok::<_, sea_orm::DbErr>(Broken {
            table: row.try_get_by_index(0)?,
            row: row.try_get_by_index(1)?,
            parent: row.try_get_by_index(2)?,
        })
    });
    Ok(broken.collect::<Result<_, _>>()?)
}

/// Blobs in the order of their digests.
pub async fn blobs(at: &impl Source, after: &str, limit: u64) -> Result<Vec<blob::Model>, Error> {
    Ok(blob::Entity::find()
        .filter(blob::Column::Digest.gt(after))
        .order_by_asc(blob::Column::Digest)
        .limit(limit)
        .all(at.conn())
        .await?)
}

/// Open uploads in the order of their ids.
pub async fn uploads(at: &impl Source, after: &str, limit: u64) -> Result<Vec<upload::Model>, Error> {
    Ok(upload::Entity::find()
        .filter(upload::Column::Id.gt(after))
        .order_by_asc(upload::Column::Id)
        .limit(limit)
        .all(at.conn())
        .await?)
}

/// Those of `ids` that are open uploads.
pub async fn open_uploads(at: &impl Source, ids: Vec<String>) -> Result<Vec<String>, Error> {
    let mut open = Vec::new();
    for some in filter::in_parts(ids) {
        let select = upload::Entity::find()
            .select_only()
            .column(upload::Column::Id)
            .filter(upload::Column::Id.is_in(some));
        open.extend(select.into_tuple::<String>().all(at.conn()).await?);
    }
    Ok(open)
}

/// Those of `locations` that hold the bytes of a blob, or bytes that are to be removed.
pub async fn accounted(at: &impl Source, locations: Vec<String>) -> Result<Vec<String>, Error> {
    let mut known = Vec::new();
    for some in filter::in_parts(locations) {
        let blobs = blob::Entity::find()
            .select_only()
            .column(blob::Column::Location)
            .filter(blob::Column::Location.is_in(some.clone()));
        known.extend(blobs.into_tuple::<String>().all(at.conn()).await?);
        let removals = removal::Entity::find()
            .select_only()
            .column(removal::Column::Location)
            .filter(removal::Column::Location.is_in(some));
        known.extend(removals.into_tuple::<String>().all(at.conn()).await?);
    }
    Ok(known)
}

/// A manifest with the name of its repository, which may be missing.
#[derive(Clone, Debug, FromQueryResult)]
pub struct NamedManifest {
    /// Its id.
    pub id: i64,
    /// Its repository.
    pub repository_id: i64,
    /// The name of its repository.
    pub repository: Option<String>,
    /// Its digest.
    pub digest: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Manifests in the order of their ids.
pub async fn manifests(at: &impl Source, after: i64, limit: u64) -> Result<Vec<NamedManifest>, Error> {
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
            manifest::Column::Content,
        ])
        .column_as(Expr::col((repository::Entity, repository::Column::Name)), "repository")
        .filter(manifest::Column::Id.gt(after))
        .order_by_asc(manifest::Column::Id)
        .limit(limit);
    QueryTrait::query(&mut select).join(JoinType::LeftJoin, repository::Entity, on);
    Ok(select.into_model().all(at.conn()).await?)
}

/// Whether a manifest is there.
pub async fn has_manifest(at: &impl Source, id: i64) -> Result<bool, Error> {
    let select = manifest::Entity::find().select_only().column(manifest::Column::Id);
    let found: Option<i64> = select.filter(manifest::Column::Id.eq(id)).into_tuple().one(at.conn()).await?;
    Ok(found.is_some())
}

/// What the manifests from id `first` to `last` refer to, in order.
pub async fn references(at: &impl Source, first: i64, last: i64) -> Result<Vec<ReferenceRow>, Error> {
    Ok(manifest_reference::Entity::find()
        .filter(manifest_reference::Column::ManifestId.between(first, last))
        .order_by_asc(manifest_reference::Column::ManifestId)
        .order_by_asc(manifest_reference::Column::Position)
        .all(at.conn())
        .await?)
}

/// Those of `digests` that a repository links, whole or damaged.
pub async fn links(at: &impl Source, repository_id: i64, digests: Vec<String>) -> Result<Vec<String>, Error> {
    let mut linked = Vec::new();
    for some in filter::in_parts(digests) {
        let select = repository_blob::Entity::find()
            .select_only()
            .column(repository_blob::Column::Digest)
            .filter(repository_blob::Column::RepositoryId.eq(repository_id))
            .filter(repository_blob::Column::Digest.is_in(some));
        linked.extend(select.into_tuple::<String>().all(at.conn()).await?);
    }
    Ok(linked)
}

/// Ids of manifests that are missing although something is written about what they refer to.
pub async fn references_adrift(at: &impl Source, after: i64, limit: u64) -> Result<Vec<i64>, Error> {
    Ok(manifest_reference::Entity::find()
        .select_only()
        .column(manifest_reference::Column::ManifestId)
        .distinct()
        .filter(manifest_reference::Column::ManifestId.gt(after))
        .filter(manifest_reference::Column::ManifestId.not_in_subquery(all_manifests()))
        .order_by_asc(manifest_reference::Column::ManifestId)
        .limit(limit)
        .into_tuple()
        .all(at.conn())
        .await?)
}

fn all_manifests() -> SelectStatement {
    Sql::select().column(manifest::Column::Id).from(manifest::Entity).take()
}

fn all_repositories() -> SelectStatement {
    Sql::select().column(repository::Column::Id).from(repository::Entity).take()
}

fn all_blobs() -> SelectStatement {
    Sql::select().column(blob::Column::Digest).from(blob::Entity).take()
}

/// What a link lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The blob.
    Blob,
    /// The repository.
    Repository,
}

fn lacking(lack: Lack) -> Condition {
    Condition::all().add(match lack {
        Lack::Blob => repository_blob::Column::Digest.not_in_subquery(all_blobs()),
        Lack::Repository => repository_blob::Column::RepositoryId.not_in_subquery(all_repositories()),
    })
}

/// Links to what is missing.
pub async fn links_adrift(
    at: &impl Source,
    lack: Lack,
    after: (i64, &str),
    limit: u64,
) -> Result<Vec<Link>, Error> {
    let same =
        repository_blob::Column::RepositoryId.eq(after.0).and(repository_blob::Column::Digest.gt(after.1));
    Ok(repository_blob::Entity::find()
        .filter(repository_blob::Column::RepositoryId.gt(after.0).or(same))
        .filter(lacking(lack))
        .order_by_asc(repository_blob::Column::RepositoryId)
        .order_by_asc(repository_blob::Column::Digest)
        .limit(limit)
        .all(at.conn())
        .await?)
}

/// Removes a link while it leads to nothing; false when it does not, or is gone.
pub async fn delete_link(tx: &Tx, link: &Link, lack: Lack) -> Result<bool, Error> {
    let done = repository_blob::Entity::delete_many()
        .filter(repository_blob::Column::RepositoryId.eq(link.repository_id))
        .filter(repository_blob::Column::Digest.eq(link.digest.as_str()))
        .filter(lacking(lack))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

/// A tag beside what it points to.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AdriftTag {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The name of its repository, which may be missing.
    pub repository: Option<String>,
    /// The digest of the manifest it points to, which may be missing.
    pub digest: Option<String>,
}

/// The tags that point to no manifest of a repository of their own.
fn adrift() -> Condition {
    let own = Sql::select()
        .column(manifest::Column::Id)
        .from(manifest::Entity)
        .and_where(
            Expr::col((manifest::Entity, manifest::Column::RepositoryId))
                .equals((tag::Entity, tag::Column::RepositoryId)),
        )
        .take();
    Condition::any()
        .add(tag::Column::ManifestId.not_in_subquery(own))
        .add(tag::Column::RepositoryId.not_in_subquery(all_repositories()))
}

/// Tags that point to a missing manifest or to one of another repository, or whose repository is missing.
pub async fn tags_adrift(at: &impl Source, after: i64, limit: u64) -> Result<Vec<AdriftTag>, Error> {
    let on_manifest = Condition::all().add(
        Expr::col((manifest::Entity, manifest::Column::Id)).equals((tag::Entity, tag::Column::ManifestId)),
    );
    let on_repository = Condition::all().add(
        Expr::col((repository::Entity, repository::Column::Id))
            .equals((tag::Entity, tag::Column::RepositoryId)),
    );
    let mut select = tag::Entity::find()
        .select_only()
        .column(tag::Column::Id)
        .column(tag::Column::Name)
        .column_as(Expr::col((repository::Entity, repository::Column::Name)), "repository")
        .column_as(Expr::col((manifest::Entity, manifest::Column::Digest)), "digest")
        .filter(tag::Column::Id.gt(after))
        .filter(
            Condition::any()
                .add(Expr::col((manifest::Entity, manifest::Column::Id)).is_null())
                .add(Expr::col((repository::Entity, repository::Column::Id)).is_null())
                .add(
                    Expr::col((manifest::Entity, manifest::Column::RepositoryId))
                        .ne(Expr::col((tag::Entity, tag::Column::RepositoryId))),
                ),
        )
        .order_by_asc(tag::Column::Id)
        .limit(limit);
    QueryTrait::query(&mut select).join(JoinType::LeftJoin, manifest::Entity, on_manifest).join(
        JoinType::LeftJoin,
        repository::Entity,
        on_repository,
    );
    Ok(select.into_model().all(at.conn()).await?)
}

/// Removes a tag while it is adrift; false when it is not, or gone.
pub async fn delete_tag(tx: &Tx, id: i64) -> Result<bool, Error> {
    let done =
        tag::Entity::delete_many().filter(tag::Column::Id.eq(id)).filter(adrift()).exec(tx.conn()).await?;
    Ok(done.rows_affected > 0)
}

/// Removes an upload that still stands at `offset`; false when it does not.
pub async fn delete_upload(tx: &Tx, id: &str, offset: i64) -> Result<bool, Error> {
    let done = upload::Entity::delete_many()
        .filter(upload::Column::Id.eq(id))
        .filter(upload::Column::OffsetBytes.eq(offset))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

/// How many manifests, links and tags there are.
pub async fn counts(at: &impl Source) -> Result<(u64, u64, u64), Error> {
    use sea_orm::PaginatorTrait;
    Ok((
        manifest::Entity::find().count(at.conn()).await?,
        repository_blob::Entity::find().count(at.conn()).await?,
        tag::Entity::find().count(at.conn()).await?,
    ))
}
