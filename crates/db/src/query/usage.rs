//! How much is stored.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Statement,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    Error, Source,
    entity::{blob, manifest, project, repository, user},
};

/// Rows of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Projects.
    pub projects: u64,
    /// Repositories that were pushed to.
    pub repositories: u64,
    /// Manifests.
    pub artifacts: u64,
    /// Live users.
    pub users: u64,
}

/// Counts the rows of each kind.
pub async fn counts(at: &impl Source) -> Result<Counts, Error> {
    Ok(Counts {
        projects: project::Entity::find().count(at.conn()).await?,
        repositories: repository::Entity::find()
            .filter(repository::Column::PushedAt.is_not_null())
            .count(at.conn())
            .await?,
        artifacts: manifest::Entity::find().count(at.conn()).await?,
        users: user::Entity::find().filter(user::Column::DeletedAt.is_null()).count(at.conn()).await?,
    })
}

/// How many blobs there are, and their bytes together.
pub async fn blobs(at: &impl Source) -> Result<(u64, u64), Error> {
    let found: Option<(i64, Option<i64>)> = blob::Entity::find()
        .select_only()
        .column_as(blob::Column::Digest.count(), "blobs")
        .column_as(Expr::col(blob::Column::SizeBytes).sum(), "bytes")
        .into_tuple()
        .one(at.conn())
        .await?;
    let (blobs, bytes) = found.unwrap_or_default();
    let positive = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok((positive(blobs), positive(bytes.unwrap_or_default())))
}

/// How many blobs are known to be damaged, and how many of the others were never verified.
pub async fn unsound_blobs(at: &impl Source) -> Result<(u64, u64), Error> {
    let damaged = blob::Entity::find().filter(blob::Column::IsDamaged.eq(true));
    let unverified = blob::Entity::find()
        .filter(blob::Column::IsDamaged.eq(false))
        .filter(blob::Column::VerifiedAt.is_null());
    Ok((damaged.count(at.conn()).await?, unverified.count(at.conn()).await?))
}

/// The size of the database in bytes, without its log of changes.
pub async fn database_bytes(at: &impl Source) -> Result<u64, Error> {
    let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    let statement = Statement::from_string(at.conn().get_database_backend(), sql);
    let row = at.conn().query_one_raw(statement).await?;
    let bytes: i64 = row.ok_or(Error::Damaged("the database"))?.try_get_by_index(0)?;
    Ok(u64::try_from(bytes).unwrap_or_default())
}
