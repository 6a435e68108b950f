//! What nothing needs: candidates whose time is over, looked at once more in the transaction that removes them.
//!
//! A candidate that is needed after all is unmarked: whatever takes the need away marks it again. So every look makes
//! the candidates fewer, and a collection can be broken off anywhere. Each function takes up to `limit` candidates that
//! nothing was known to need since before `cutoff` (milliseconds since the epoch), the oldest first.

mod doomed;
mod need;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, JoinType},
};

pub use self::doomed::{
    Doomed, DoomedBlob, DoomedLink, DoomedManifest, blobs, links, manifests, pending, uploads,
};
use self::need::{is_linked, is_manifest_needed, is_referenced};
use super::{manifest as manifests_of, removal};
use crate::{
    Error, Source, Tx,
    entity::{blob, manifest, repository, repository_blob},
};

/// What one look did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Candidates that were looked at.
    pub seen: u64,
    /// Those of them that are needed after all.
    pub needed: u64,
    /// Those that were removed.
    pub removed: u64,
    /// The bytes of what was removed.
    pub bytes: i64,
}

#[derive(FromQueryResult)]
struct Link {
    repository_id: i64,
    digest: String,
    candidate_since: i64,
    is_needed: bool,
}

/// Removes links that no manifest of their repository refers to. A blob without a link is a candidate since then: the
/// time of its last link is over, and so is its own.
pub async fn remove_links(tx: &Tx, cutoff: i64, limit: u64) -> Result<Look, Error> {
    let found: Vec<Link> = repository_blob::Entity::find()
        .select_only()
        .column(repository_blob::Column::RepositoryId)
        .column(repository_blob::Column::Digest)
        .column(repository_blob::Column::CandidateSince)
        .column_as(is_referenced(), "is_needed")
        .filter(repository_blob::Column::CandidateSince.lt(cutoff))
        .order_by_asc(repository_blob::Column::CandidateSince)
        .limit(limit)
        .into_model()
        .all(tx.conn())
        .await?;
    let mut look = Look { seen: count(found.len()), ..Look::default() };
    let newest = found.iter().map(|link| link.candidate_since).max().unwrap_or_default();
    let (needed, unneeded): (Vec<_>, Vec<_>) = found.into_iter().partition(|link| link.is_needed);
    (look.needed, look.removed) = (count(needed.len()), count(unneeded.len()));
    for (repository_id, digests) in by_repository(needed) {
        repository_blob::Entity::update_many()
            .col_expr(repository_blob::Column::CandidateSince, Expr::value(Option::<i64>::None))
            .filter(repository_blob::Column::RepositoryId.eq(repository_id))
            .filter(repository_blob::Column::Digest.is_in(digests))
            .exec(tx.conn())
            .await?;
    }
    let mut released: Vec<String> = unneeded.iter().map(|link| link.digest.clone()).collect();
    released.sort_unstable();
    released.dedup();
    for (repository_id, digests) in by_repository(unneeded) {
        repository_blob::Entity::delete_many()
            .filter(repository_blob::Column::RepositoryId.eq(repository_id))
            .filter(repository_blob::Column::Digest.is_in(digests))
            .exec(tx.conn())
            .await?;
    }
    blob::Entity::update_many()
        .col_expr(blob::Column::CandidateSince, Expr::value(newest))
        .filter(blob::Column::Digest.is_in(released))
        .filter(blob::Column::CandidateSince.is_null())
        .exec(tx.conn())
        .await?;
    Ok(look)
}

fn by_repository(links: Vec<Link>) -> std::collections::BTreeMap<i64, Vec<String>> {
    let mut grouped: std::collections::BTreeMap<i64, Vec<String>> = std::collections::BTreeMap::new();
    for link in links {
        grouped.entry(link.repository_id).or_default().push(link.digest);
    }
    grouped
}

#[derive(FromQueryResult)]
struct Stored {
    digest: String,
    size_bytes: i64,
    location: String,
    is_needed: bool,
}

/// Removes the rows of blobs that no repository shows; their bytes become removals.
pub async fn remove_blobs(tx: &Tx, cutoff: i64, limit: u64, now: i64) -> Result<Look, Error> {
    let found: Vec<Stored> = blob::Entity::find()
        .select_only()
        .column(blob::Column::Digest)
        .column(blob::Column::SizeBytes)
        .column(blob::Column::Location)
        .column_as(is_linked(), "is_needed")
        .filter(blob::Column::CandidateSince.lt(cutoff))
        .order_by_asc(blob::Column::CandidateSince)
        .limit(limit)
        .into_model()
        .all(tx.conn())
        .await?;
    let mut look = Look { seen: count(found.len()), ..Look::default() };
    let (needed, unneeded): (Vec<_>, Vec<_>) = found.into_iter().partition(|blob| blob.is_needed);
    (look.needed, look.removed) = (count(needed.len()), count(unneeded.len()));
    blob::Entity::update_many()
        .col_expr(blob::Column::CandidateSince, Expr::value(Option::<i64>::None))
        .filter(blob::Column::Digest.is_in(needed.into_iter().map(|blob| blob.digest)))
        .exec(tx.conn())
        .await?;
    let mut digests = Vec::with_capacity(unneeded.len());
    for gone in unneeded {
        look.bytes = look.bytes.saturating_add(gone.size_bytes);
        removal::insert(tx, gone.location, gone.size_bytes, now).await?;
        digests.push(gone.digest);
    }
    blob::Entity::delete_many().filter(blob::Column::Digest.is_in(digests)).exec(tx.conn()).await?;
    Ok(look)
}

/// A manifest that a collection removed.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Gone {
    /// Its id.
    pub id: i64,
    /// Its repository.
    pub repository_id: i64,
    /// The repository's full name.
    pub repository: String,
    /// The project.
    pub project_id: i64,
    /// Its digest.
    pub digest: String,
    is_needed: bool,
}

/// Removes manifests that have no tag, that no index of their repository refers to, and that are about nothing that is
/// there; returns those.
pub async fn remove_manifests(
    tx: &Tx,
    cutoff: i64,
    limit: u64,
    now: i64,
) -> Result<(Look, Vec<Gone>), Error> {
    let on = Condition::all().add(
        Expr::col((repository::Entity, repository::Column::Id))
            .equals((manifest::Entity, manifest::Column::RepositoryId)),
    );
    let mut select = manifest::Entity::find()
        .select_only()
        .column(manifest::Column::Id)
        .column(manifest::Column::RepositoryId)
        .column(manifest::Column::Digest)
        .column_as(Expr::col((repository::Entity, repository::Column::Name)), "repository")
        .column_as(Expr::col((repository::Entity, repository::Column::ProjectId)), "project_id")
        .column_as(is_manifest_needed(), "is_needed")
        .filter(manifest::Column::CandidateSince.lt(cutoff))
        .order_by_asc(manifest::Column::CandidateSince)
        .limit(limit);
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, repository::Entity, on);
    let found: Vec<Gone> = select.into_model().all(tx.conn()).await?;
    let mut look = Look { seen: count(found.len()), ..Look::default() };
    let (needed, unneeded): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| found.is_needed);
    look.needed = count(needed.len());
    manifest::Entity::update_many()
        .col_expr(manifest::Column::CandidateSince, Expr::value(Option::<i64>::None))
        .filter(manifest::Column::Id.is_in(needed.into_iter().map(|found| found.id)))
        .exec(tx.conn())
        .await?;
    for gone in &unneeded {
        manifests_of::delete(tx, (gone.id, gone.repository_id, &gone.digest), now).await?;
    }
    look.removed = count(unneeded.len());
    Ok((look, unneeded))
}

/// How many candidates there are whose time is not over: blobs, links and manifests.
pub async fn kept(at: &impl Source, cutoff: i64) -> Result<(u64, u64, u64), Error> {
    let blobs = blob::Entity::find().filter(blob::Column::CandidateSince.gte(cutoff));
    let links = repository_blob::Entity::find().filter(repository_blob::Column::CandidateSince.gte(cutoff));
    let manifests = manifest::Entity::find().filter(manifest::Column::CandidateSince.gte(cutoff));
    Ok((blobs.count(at.conn()).await?, links.count(at.conn()).await?, manifests.count(at.conn()).await?))
}

/// How many rows of each kind there are.
#[cfg(feature = "testing")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Blobs.
    pub blobs: u64,
    /// Blobs that a repository shows.
    pub links: u64,
    /// Manifests.
    pub manifests: u64,
    /// Open uploads.
    pub uploads: u64,
    /// Bytes whose row is gone.
    pub removals: u64,
}

/// Counts the rows of each kind.
#[cfg(feature = "testing")]
pub async fn rows(at: &impl Source) -> Result<Rows, Error> {
    use crate::entity::{removal, upload};
    Ok(Rows {
        blobs: blob::Entity::find().count(at.conn()).await?,
        links: repository_blob::Entity::find().count(at.conn()).await?,
        manifests: manifest::Entity::find().count(at.conn()).await?,
        uploads: upload::Entity::find().count(at.conn()).await?,
        removals: removal::Entity::find().count(at.conn()).await?,
    })
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
