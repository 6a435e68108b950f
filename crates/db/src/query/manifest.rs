//! Manifests with what they refer to.

mod list;
mod referrers;

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, DerivePartialModel, EntityTrait, JoinType, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Query as Sql},
};

pub use self::{
    list::{Stated, list},
    referrers::{About, Entry, entries, entry_sizes},
};
use super::filter;
use crate::{
    Error, Source, Tx,
    entity::{manifest, manifest_reference, repository, repository_blob, tag},
};

/// A stored manifest with its bytes.
pub type Manifest = manifest::Model;

/// What a reference points to; the number is what the table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A config blob.
    Config = 1,
    /// A layer blob.
    Layer = 2,
    /// A manifest of an index.
    Manifest = 3,
}

/// What a new manifest is made of.
#[derive(Clone, Debug)]
pub struct NewManifest {
    /// The digest of `content`.
    pub digest: String,
    /// The media type, without parameters.
    pub media_type: String,
    /// The artifact type it states.
    pub artifact_type: Option<String>,
    /// The media type of its config.
    pub config_media_type: Option<String>,
    /// The manifest it is about.
    pub subject_digest: Option<String>,
    /// Its annotations as a JSON object.
    pub annotations: String,
    /// What Harbor shows of the config, as a JSON object.
    pub extra_attrs: Option<String>,
    /// Its own size and that of everything it refers to.
    pub total_bytes: i64,
    /// Its bytes.
    pub content: Vec<u8>,
    /// What it refers to, in order.
    pub references: References,
}

fn in_repository(name: &str) -> Select<manifest::Entity> {
    let on = Condition::all().add(
        Expr::col((repository::Entity, repository::Column::Id))
            .equals((manifest::Entity, manifest::Column::RepositoryId)),
    );
    let mut select = manifest::Entity::find().filter(repository::Column::Name.eq(name));
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, repository::Entity, on);
    select
}

/// The manifest with this digest in the repository with this full name.
pub async fn find(at: &impl Source, repository: &str, digest: &str) -> Result<Option<Manifest>, Error> {
    Ok(in_repository(repository).filter(manifest::Column::Digest.eq(digest)).one(at.conn()).await?)
}

/// The manifest that a tag points to in the repository with this full name.
pub async fn find_by_tag(at: &impl Source, repository: &str, name: &str) -> Result<Option<Manifest>, Error> {
    Ok(under_tag(repository, name).one(at.conn()).await?)
}

/// That the tag is of the repository goes without saying, but only said it lets the index of tags find it: without, every
/// manifest of the repository is looked at.
fn under_tag(repository: &str, name: &str) -> Select<manifest::Entity> {
    let on = Condition::all()
        .add(
            Expr::col((tag::Entity, tag::Column::ManifestId))
                .equals((manifest::Entity, manifest::Column::Id)),
        )
        .add(
            Expr::col((tag::Entity, tag::Column::RepositoryId))
                .equals((repository::Entity, repository::Column::Id)),
        );
    let mut select = in_repository(repository).filter(tag::Column::Name.eq(name));
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, tag::Entity, on);
    select
}

/// Ids of those manifests of a repository that have one of `digests`.
pub async fn ids(
    at: &impl Source,
    repository_id: i64,
    digests: Vec<String>,
) -> Result<Vec<(String, i64)>, Error> {
    let mut ids = Vec::new();
    for some in filter::in_parts(digests) {
        let found: Vec<(String, i64)> = manifest::Entity::find()
            .select_only()
            .column(manifest::Column::Digest)
            .column(manifest::Column::Id)
            .filter(manifest::Column::RepositoryId.eq(repository_id))
            .filter(manifest::Column::Digest.is_in(some))
            .into_tuple()
            .all(at.conn())
            .await?;
        ids.extend(found);
    }
    Ok(ids)
}

/// The total size in bytes of those manifests of a repository that have one of `digests`.
pub async fn total_of(at: &impl Source, repository_id: i64, digests: Vec<String>) -> Result<i64, Error> {
    let mut total = 0_i64;
    for some in filter::in_parts(digests) {
        let sizes: Vec<i64> = manifest::Entity::find()
            .select_only()
            .column(manifest::Column::TotalBytes)
            .filter(manifest::Column::RepositoryId.eq(repository_id))
            .filter(manifest::Column::Digest.is_in(some))
            .into_tuple()
            .all(at.conn())
            .await?;
        total = sizes.into_iter().fold(total, i64::saturating_add);
    }
    Ok(total)
}

/// Writes a manifest with its references, or notes the push of one that is there, and returns its id. A new one is a
/// candidate until something is known to need it.
pub async fn put(tx: &Tx, repository_id: i64, new: NewManifest, now: i64) -> Result<i64, Error> {
    if let Some((_, id)) = ids(tx, repository_id, vec![new.digest.clone()]).await?.pop() {
        manifest::Entity::update_many()
            .col_expr(manifest::Column::PushedAt, Expr::value(now))
            .filter(manifest::Column::Id.eq(id))
            .exec(tx.conn())
            .await?;
        renew(tx, id, now).await?;
        return Ok(id);
    }
    let row = manifest::ActiveModel {
        repository_id: Set(repository_id),
        digest: Set(new.digest),
        media_type: Set(new.media_type),
        artifact_type: Set(new.artifact_type),
        config_media_type: Set(new.config_media_type),
        subject_digest: Set(new.subject_digest),
        annotations: Set(new.annotations),
        extra_attrs: Set(new.extra_attrs),
        total_bytes: Set(new.total_bytes),
        content: Set(new.content),
        pushed_at: Set(now),
        pulled_at: Set(None),
        candidate_since: Set(Some(now)),
        ..Default::default()
    };
    let id = row.insert(tx.conn()).await?.id;
    insert_references(tx, id, new.references).await?;
    Ok(id)
}

/// What a manifest refers to, in order.
pub type References = Vec<(ReferenceKind, String, i64)>;

/// Writes down what a manifest refers to in place of what is written; false when there is no such manifest.
pub async fn put_references(tx: &Tx, id: i64, references: References) -> Result<bool, Error> {
    manifest_reference::Entity::delete_many()
        .filter(manifest_reference::Column::ManifestId.eq(id))
        .exec(tx.conn())
        .await?;
    let is_there = manifest::Entity::find_by_id(id).count(tx.conn()).await? > 0;
    if is_there {
        insert_references(tx, id, references).await?;
    }
    Ok(is_there)
}

async fn insert_references(tx: &Tx, id: i64, references: References) -> Result<(), Error> {
    let rows: Vec<_> = (0..)
        .zip(references)
        .map(|(position, (kind, digest, size_bytes))| manifest_reference::ActiveModel {
            manifest_id: Set(id),
            position: Set(position),
            kind: Set(kind as i32),
            digest: Set(digest),
            size_bytes: Set(size_bytes),
        })
        .collect();
    for chunk in rows.chunks(500) {
        manifest_reference::Entity::insert_many(chunk.iter().cloned())
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Removes a manifest, by id, repository and digest, with its references and tags; false when it was gone. What it
/// needed, and what is about it, become candidates.
pub async fn delete(tx: &Tx, (id, repository_id, digest): (i64, i64, &str), now: i64) -> Result<bool, Error> {
    let needed = |kinds: [ReferenceKind; 2]| {
        Sql::select()
            .column(manifest_reference::Column::Digest)
            .from(manifest_reference::Entity)
            .and_where(Expr::col(manifest_reference::Column::ManifestId).eq(id))
            .and_where(Expr::col(manifest_reference::Column::Kind).is_in(kinds.map(|kind| kind as i32)))
            .take()
    };
    let blobs = needed([ReferenceKind::Config, ReferenceKind::Layer]);
    repository_blob::Entity::update_many()
        .col_expr(repository_blob::Column::CandidateSince, Expr::value(now))
        .filter(repository_blob::Column::RepositoryId.eq(repository_id))
        .filter(repository_blob::Column::Digest.in_subquery(blobs))
        .exec(tx.conn())
        .await?;
    let children = needed([ReferenceKind::Manifest, ReferenceKind::Manifest]);
    let related = Condition::any()
        .add(manifest::Column::Digest.in_subquery(children))
        .add(manifest::Column::SubjectDigest.eq(digest));
    release(tx, Condition::all().add(manifest::Column::RepositoryId.eq(repository_id)).add(related), now)
        .await?;
    Ok(manifest::Entity::delete_by_id(id).exec(tx.conn()).await?.rows_affected > 0)
}

/// Lets the time of a candidate begin anew; nothing happens to a manifest that is none.
pub async fn renew(tx: &Tx, id: i64, now: i64) -> Result<(), Error> {
    manifest::Entity::update_many()
        .col_expr(manifest::Column::CandidateSince, Expr::value(now))
        .filter(manifest::Column::Id.eq(id))
        .filter(manifest::Column::CandidateSince.is_not_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Makes a candidate of a manifest that a tag moved away from.
pub async fn untagged(tx: &Tx, id: i64, now: i64) -> Result<(), Error> {
    release(tx, Condition::all().add(manifest::Column::Id.eq(id)), now).await
}

/// Notes that a tag points to a manifest.
pub async fn tagged(tx: &Tx, id: i64) -> Result<(), Error> {
    keep(tx, Condition::all().add(manifest::Column::Id.eq(id))).await
}

/// Notes that an index of the repository needs these manifests.
pub async fn need(tx: &Tx, repository_id: i64, digests: Vec<String>) -> Result<(), Error> {
    for some in filter::in_parts(digests) {
        let which = Condition::all()
            .add(manifest::Column::RepositoryId.eq(repository_id))
            .add(manifest::Column::Digest.is_in(some));
        keep(tx, which).await?;
    }
    Ok(())
}

async fn keep(tx: &Tx, which: Condition) -> Result<(), Error> {
    manifest::Entity::update_many()
        .col_expr(manifest::Column::CandidateSince, Expr::value(Option::<i64>::None))
        .filter(which)
        .filter(manifest::Column::CandidateSince.is_not_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Their time begins now: also that of one that is marked already, since it may have been needed all the same.
async fn release(tx: &Tx, which: Condition, now: i64) -> Result<(), Error> {
    manifest::Entity::update_many()
        .col_expr(manifest::Column::CandidateSince, Expr::value(now))
        .filter(which)
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The digest of a manifest of the repository that refers to `digest`, if one does.
pub async fn referring(at: &impl Source, repository_id: i64, digest: &str) -> Result<Option<String>, Error> {
    let on = Condition::all().add(
        Expr::col((manifest_reference::Entity, manifest_reference::Column::ManifestId))
            .equals((manifest::Entity, manifest::Column::Id)),
    );
    let mut select = manifest::Entity::find()
        .select_only()
        .column(manifest::Column::Digest)
        .filter(manifest::Column::RepositoryId.eq(repository_id))
        .filter(manifest_reference::Column::Digest.eq(digest));
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, manifest_reference::Entity, on);
    Ok(select.limit(1).into_tuple().one(at.conn()).await?)
}

/// A manifest about another one, without its bytes.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "manifest::Entity")]
pub struct Referrer {
    /// Its digest.
    pub digest: String,
    /// Its media type.
    pub media_type: String,
    /// The artifact type it states.
    pub artifact_type: Option<String>,
    /// The media type of its config.
    pub config_media_type: Option<String>,
    /// Its annotations as a JSON object.
    pub annotations: String,
    /// Its own size and that of everything it refers to.
    pub total_bytes: i64,
    /// When it was pushed, in milliseconds since the epoch.
    pub pushed_at: i64,
}

/// Up to `limit` manifests about `subject`, newest first.
pub async fn newest_referrers(
    at: &impl Source,
    repository_id: i64,
    subject: &str,
    limit: u64,
) -> Result<Vec<Referrer>, Error> {
    Ok(manifest::Entity::find()
        .filter(manifest::Column::RepositoryId.eq(repository_id))
        .filter(manifest::Column::SubjectDigest.eq(subject))
        .order_by(manifest::Column::PushedAt, Order::Desc)
        .order_by(manifest::Column::Id, Order::Desc)
        .limit(limit)
        .into_partial_model()
        .all(at.conn())
        .await?)
}

/// Notes a pull.
pub async fn set_pulled(tx: &Tx, id: i64, now: i64) -> Result<(), Error> {
    manifest::Entity::update_many()
        .col_expr(manifest::Column::PulledAt, Expr::value(now))
        .filter(manifest::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    use super::*;
    use crate::Db;

    #[tokio::test]
    async fn a_tag_is_found_by_its_index_however_many_there_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&Db::default_url(folder.path())).await.expect("a database");
        let sql = format!("EXPLAIN QUERY PLAN {}", under_tag("a/b", "1.0").build(DbBackend::Sqlite));
        let rows = db.conn().query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
        let steps: Vec<String> =
            rows.expect("a plan").iter().map(|row| row.try_get("", "detail").expect("a step")).collect();
        let is_found =
            |step: &String| step.starts_with("SEARCH tags") && step.contains("(repository_id=? AND name=?)");
        assert!(steps.iter().any(is_found), "{steps:?}");
    }
}
