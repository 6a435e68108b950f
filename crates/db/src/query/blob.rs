//! Blobs, and the links that make them visible in a repository.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, NullOrdering, OnConflict, Query as Sql, SimpleExpr},
};

use super::{
    filter,
    project::{Visible as VisibleProjects, visible_to},
    removal,
};
use crate::{
    Error, Source, Tx,
    entity::{blob, project, repository, repository_blob},
};

/// A blob as one repository shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Visible {
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Where its bytes are.
    pub location: String,
    /// The repository.
    pub repository_id: i64,
    /// Since when nothing in the repository is known to need it.
    pub candidate_since: Option<i64>,
}

/// A stored blob.
pub type Blob = blob::Model;

/// The blob with this digest.
pub async fn find(at: &impl Source, digest: &str) -> Result<Option<Blob>, Error> {
    Ok(blob::Entity::find_by_id(digest).one(at.conn()).await?)
}

/// A blob that is visible and whole in the repository with this full name. One that is known to be damaged is not
/// there, so that clients push it again.
pub async fn find_in(at: &impl Source, repository: &str, digest: &str) -> Result<Option<Visible>, Error> {
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
        .column(blob::Column::Location)
        .column_as(
            Expr::col((repository_blob::Entity, repository_blob::Column::RepositoryId)),
            "repository_id",
        )
        .column_as(
            Expr::col((repository_blob::Entity, repository_blob::Column::CandidateSince)),
            "candidate_since",
        )
        .filter(blob::Column::Digest.eq(digest))
        .filter(blob::Column::IsDamaged.eq(false))
        .filter(repository::Column::Name.eq(repository));
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, repository_blob::Entity, on_link).join(
        JoinType::InnerJoin,
        repository::Entity,
        on_repository,
    );
    Ok(select.into_model().one(at.conn()).await?)
}

fn on_blob() -> Condition {
    Condition::all().add(
        Expr::col((blob::Entity, blob::Column::Digest))
            .equals((repository_blob::Entity, repository_blob::Column::Digest)),
    )
}

/// Those of `digests` that are visible and whole in a repository.
pub async fn linked(
    at: &impl Source,
    repository_id: i64,
    digests: Vec<String>,
) -> Result<Vec<String>, Error> {
    let mut linked = Vec::new();
    for some in filter::in_parts(digests) {
        let mut select = repository_blob::Entity::find()
            .select_only()
            .column(repository_blob::Column::Digest)
            .filter(repository_blob::Column::RepositoryId.eq(repository_id))
            .filter(repository_blob::Column::Digest.is_in(some))
            .filter(blob::Column::IsDamaged.eq(false));
        QueryTrait::query(&mut select).join(JoinType::InnerJoin, blob::Entity, on_blob());
        let found: Vec<String> = select.into_tuple().all(at.conn()).await?;
        linked.extend(found);
    }
    Ok(linked)
}

/// Whether some repository of the visible projects shows the blob, and it is whole.
pub async fn is_visible(at: &impl Source, visible: VisibleProjects, digest: &str) -> Result<bool, Error> {
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
        .filter(blob::Column::IsDamaged.eq(false))
        .filter(visible_to(visible));
    QueryTrait::query(&mut select)
        .join(JoinType::InnerJoin, blob::Entity, on_blob())
        .join(JoinType::InnerJoin, repository::Entity, on_repository)
        .join(JoinType::InnerJoin, project::Entity, on_project);
    Ok(select.limit(1).one(at.conn()).await?.is_some())
}

/// Notes a blob whose bytes are durable at `location`. A blob that is there already is given this copy, which was
/// verified just now; the copy before becomes a removal, and its location is returned.
pub async fn put(
    tx: &Tx,
    digest: &str,
    (size_bytes, location): (i64, &str),
    now: i64,
) -> Result<Option<String>, Error> {
    let before = find(tx, digest).await?;
    let row = blob::ActiveModel {
        digest: Set(digest.to_owned()),
        size_bytes: Set(size_bytes),
        created_at: Set(before.as_ref().map_or(now, |before| before.created_at)),
        location: Set(location.to_owned()),
        verified_at: Set(Some(now)),
        is_damaged: Set(false),
        candidate_since: Set(before.as_ref().and_then(|before| before.candidate_since)),
    };
    let Some(before) = before else {
        row.insert(tx.conn()).await?;
        return Ok(None);
    };
    row.update(tx.conn()).await?;
    if before.location == location {
        return Ok(None);
    }
    removal::insert(tx, before.location.clone(), before.size_bytes, now).await?;
    Ok(Some(before.location))
}

/// Makes a blob visible in a repository, a candidate for as long as no manifest needs it; where it is a candidate
/// already, its time begins anew. Errors: `Referenced` when the blob is gone.
pub async fn link(tx: &Tx, repository_id: i64, digest: &str, now: i64) -> Result<(), Error> {
    let row = repository_blob::ActiveModel {
        repository_id: Set(repository_id),
        digest: Set(digest.to_owned()),
        candidate_since: Set(Some(now)),
    };
    let since = Expr::col((repository_blob::Entity, repository_blob::Column::CandidateSince));
    let on_conflict =
        OnConflict::columns([repository_blob::Column::RepositoryId, repository_blob::Column::Digest])
            .value(repository_blob::Column::CandidateSince, Expr::value(now))
            .action_and_where(since.is_not_null())
            .to_owned();
    repository_blob::Entity::insert(row).on_conflict(on_conflict).exec_without_returning(tx.conn()).await?;
    blob::Entity::update_many()
        .col_expr(blob::Column::CandidateSince, Expr::value(Option::<i64>::None))
        .filter(blob::Column::Digest.eq(digest))
        .filter(blob::Column::CandidateSince.is_not_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Lets the time of a candidate begin anew; false when the repository does not show it any more.
pub async fn renew(tx: &Tx, repository_id: i64, digest: &str, now: i64) -> Result<bool, Error> {
    let done = repository_blob::Entity::update_many()
        .col_expr(repository_blob::Column::CandidateSince, Expr::value(now))
        .filter(repository_blob::Column::RepositoryId.eq(repository_id))
        .filter(repository_blob::Column::Digest.eq(digest))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Notes that a manifest of the repository needs these blobs.
pub async fn need(tx: &Tx, repository_id: i64, digests: Vec<String>) -> Result<(), Error> {
    for some in filter::in_parts(digests) {
        repository_blob::Entity::update_many()
            .col_expr(repository_blob::Column::CandidateSince, Expr::value(Option::<i64>::None))
            .filter(repository_blob::Column::RepositoryId.eq(repository_id))
            .filter(repository_blob::Column::Digest.is_in(some))
            .filter(repository_blob::Column::CandidateSince.is_not_null())
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// Makes a blob invisible in a repository; false when it was not visible.
pub async fn unlink(tx: &Tx, repository_id: i64, digest: &str, now: i64) -> Result<bool, Error> {
    let done = repository_blob::Entity::delete_many()
        .filter(repository_blob::Column::RepositoryId.eq(repository_id))
        .filter(repository_blob::Column::Digest.eq(digest))
        .exec(tx.conn())
        .await?;
    release(tx, blob::Column::Digest.eq(digest), now).await?;
    Ok(done.rows_affected > 0)
}

/// Makes candidates of the blobs that a repository shows, which is about to go.
pub async fn release_repository(tx: &Tx, repository_id: i64, now: i64) -> Result<(), Error> {
    let shown = Sql::select()
        .column(repository_blob::Column::Digest)
        .from(repository_blob::Entity)
        .and_where(Expr::col(repository_blob::Column::RepositoryId).eq(repository_id))
        .take();
    release(tx, blob::Column::Digest.in_subquery(shown), now).await
}

/// Makes candidates of the blobs that the repositories of a project show, which is about to go.
pub async fn release_project(tx: &Tx, project_id: i64, now: i64) -> Result<(), Error> {
    let repositories = Sql::select()
        .column(repository::Column::Id)
        .from(repository::Entity)
        .and_where(Expr::col(repository::Column::ProjectId).eq(project_id))
        .take();
    let shown = Sql::select()
        .column(repository_blob::Column::Digest)
        .from(repository_blob::Entity)
        .and_where(Expr::col(repository_blob::Column::RepositoryId).in_subquery(repositories))
        .take();
    release(tx, blob::Column::Digest.in_subquery(shown), now).await
}

async fn release(tx: &Tx, which: SimpleExpr, now: i64) -> Result<(), Error> {
    blob::Entity::update_many()
        .col_expr(blob::Column::CandidateSince, Expr::value(now))
        .filter(which)
        .filter(blob::Column::CandidateSince.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Notes what a look at the bytes of a blob showed: that they are whole, at `now`, or damaged. False when the blob has
/// another copy, or is gone.
pub async fn set_checked(
    tx: &Tx,
    (digest, location): (&str, &str),
    is_damaged: bool,
    now: i64,
) -> Result<bool, Error> {
    let mut update = blob::Entity::update_many()
        .col_expr(blob::Column::IsDamaged, Expr::value(is_damaged))
        .filter(blob::Column::Digest.eq(digest))
        .filter(blob::Column::Location.eq(location));
    if !is_damaged {
        update = update.col_expr(blob::Column::VerifiedAt, Expr::value(now));
    }
    Ok(update.exec(tx.conn()).await?.rows_affected > 0)
}

/// Up to `limit` blobs but `others`, not known to be damaged and not verified since `before`; those first whose bytes
/// were verified longest ago.
pub async fn least_verified(
    at: &impl Source,
    before: i64,
    others: Vec<String>,
    limit: u64,
) -> Result<Vec<Blob>, Error> {
    let is_due = blob::Column::VerifiedAt.is_null().or(blob::Column::VerifiedAt.lt(before));
    let mut select = blob::Entity::find().filter(blob::Column::IsDamaged.eq(false)).filter(is_due);
    if !others.is_empty() {
        select = select.filter(blob::Column::Digest.is_not_in(others));
    }
    Ok(select
        .order_by_with_nulls(blob::Column::VerifiedAt, Order::Asc, NullOrdering::First)
        .limit(limit)
        .all(at.conn())
        .await?)
}

/// When the blob was verified that was verified longest ago, in milliseconds since the epoch; none when no blob was
/// ever verified, or there is none.
pub async fn oldest_verified(at: &impl Source) -> Result<Option<i64>, Error> {
    Ok(blob::Entity::find()
        .select_only()
        .column(blob::Column::VerifiedAt)
        .filter(blob::Column::IsDamaged.eq(false))
        .filter(blob::Column::VerifiedAt.is_not_null())
        .order_by_asc(blob::Column::VerifiedAt)
        .limit(1)
        .into_tuple()
        .one(at.conn())
        .await?)
}
