//! The referrers list of the registry protocol, read in order of the ids.

use sea_orm::{
    ColumnTrait, Condition, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, Query as Sql, SimpleExpr},
};

use super::ReferenceKind;
use crate::{
    Error, Source,
    entity::{manifest, manifest_reference},
    query::filter,
};

/// Which referrers are listed.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Those of this repository,
    pub repository_id: i64,
    /// that name this subject,
    pub subject: &'a str,
    /// or that this index of the repository lists;
    pub index_id: Option<i64>,
    /// those of one artifact type, if one is given.
    pub artifact_type: Option<&'a str>,
}

/// An entry of the list.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "manifest::Entity")]
pub struct Entry {
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
    /// Its own size in bytes.
    #[sea_orm(from_expr = "content_size()")]
    pub size_bytes: i64,
}

impl About<'_> {
    fn condition(&self) -> Condition {
        let mut named = Condition::any().add(manifest::Column::SubjectDigest.eq(self.subject));
        if let Some(index_id) = self.index_id {
            let listed = Sql::select()
                .column(manifest_reference::Column::Digest)
                .from(manifest_reference::Entity)
                .and_where(Expr::col(manifest_reference::Column::ManifestId).eq(index_id))
                .and_where(Expr::col(manifest_reference::Column::Kind).eq(ReferenceKind::Manifest as i32))
                .take();
            named = named.add(manifest::Column::Digest.in_subquery(listed));
        }
        let of_type = self.artifact_type.map(|wanted| {
            let by_config = Condition::all()
                .add(manifest::Column::ArtifactType.is_null())
                .add(manifest::Column::ConfigMediaType.eq(wanted));
            Condition::any().add(manifest::Column::ArtifactType.eq(wanted)).add(by_config)
        });
        Condition::all()
            .add(manifest::Column::RepositoryId.eq(self.repository_id))
            .add(named)
            .add_option(of_type)
    }
}

/// The length of a column in bytes; the addition makes it a number of 64 bits everywhere.
fn length(column: manifest::Column) -> SimpleExpr {
    Expr::expr(Func::cust("LENGTH").arg(Expr::col((manifest::Entity, column)))).add(0_i64)
}

fn content_size() -> SimpleExpr {
    length(manifest::Column::Content)
}

/// Ids of up to `limit` referrers after the id `after`, in order, with the bytes that their annotations take.
pub async fn entry_sizes(
    at: &impl Source,
    about: About<'_>,
    after: i64,
    limit: u64,
) -> Result<Vec<(i64, i64)>, Error> {
    Ok(manifest::Entity::find()
        .select_only()
        .column(manifest::Column::Id)
        .column_as(length(manifest::Column::Annotations), "annotations")
        .filter(about.condition())
        .filter(manifest::Column::Id.gt(after))
        .order_by_asc(manifest::Column::Id)
        .limit(filter::at_most(limit))
        .into_tuple()
        .all(at.conn())
        .await?)
}

/// The entries with these ids, in order.
pub async fn entries(at: &impl Source, ids: Vec<i64>) -> Result<Vec<Entry>, Error> {
    Ok(manifest::Entity::find()
        .filter(manifest::Column::Id.is_in(ids))
        .order_by_asc(manifest::Column::Id)
        .into_partial_model()
        .all(at.conn())
        .await?)
}
