//! Lists of artifacts, with what narrows and sorts them.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, Query as Sql, SelectStatement, SimpleExpr},
};
use types::{
    page::Listed,
    query::{ListQuery, Term},
};

use super::{Manifest, ReferenceKind};
use crate::{
    Error, Source,
    entity::{manifest, manifest_reference, tag},
    query::filter,
};

/// What artifacts are to state: by their artifact type, else by the media type of their config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// One of these.
    pub one_of: Vec<String>,
    /// Or something with these pieces in this order and anything between them, from its begin to its end, but none of
    /// `unlike`. Upper and lower case are alike; without pieces nothing is meant.
    pub pieces: Vec<String>,
    /// What the pieces are not about.
    pub unlike: Vec<String>,
    /// Or nothing at all, as an index may.
    pub or_nothing: bool,
    /// Everything else instead.
    pub is_negated: bool,
}

/// Artifacts of a repository as Harbor lists them: those with a tag or outside of every index, no accessories;
/// `q=base=*` lists all, `tags=*`, `tags=nil`, `tags=x` and `tags=~x` narrow by tag; `stated` narrows to those
/// that state one of these. Source: `harbor.md` §1.7.
pub async fn list(
    at: &impl Source,
    repository_id: i64,
    stated: Option<&[Stated]>,
    query: &ListQuery,
) -> Result<Listed<Manifest>, Error> {
    let select = manifest::Entity::find().filter(manifest::Column::RepositoryId.eq(repository_id));
    let lists_all = matches!(query.query.get("base"), Some(Term::Exact(value)) if value == "*");
    let own = |condition: Condition| if lists_all { Condition::all() } else { condition };
    let select = select.filter(own(Condition::all().add(manifest::Column::SubjectDigest.is_null()).add(
        Condition::any()
            .add(manifest::Column::Id.in_subquery(tagged(repository_id, None)))
            .add(manifest::Column::Digest.not_in_subquery(children(repository_id))),
    )));
    let select = filter::filtered(
        select,
        [
            query.query.get("tags").map(|term| by_tag(repository_id, term)),
            query.query.get("digest").and_then(|term| filter::text(manifest::Column::Digest, term)),
            query.query.get("media_type").and_then(|term| filter::text_of(shown_media_type(), term)),
            query
                .query
                .get("artifact_type")
                .and_then(|term| filter::text(manifest::Column::ArtifactType, term)),
            stated.map(|any| any.iter().map(is_stated).fold(Condition::any(), Condition::add).into()),
        ],
    );
    let total = select.clone().count(at.conn()).await?;
    let column = |key: &str| match key {
        "push_time" | "creation_time" | "update_time" => Some(manifest::Column::PushedAt),
        "pull_time" => Some(manifest::Column::PulledAt),
        "size" => Some(manifest::Column::TotalBytes),
        "digest" => Some(manifest::Column::Digest),
        "id" => Some(manifest::Column::Id),
        _ => None,
    };
    let default = (manifest::Column::PushedAt, Order::Desc);
    let select = filter::sorted(select, &query.sort, column, default, manifest::Column::Id);
    let items = select.offset(query.page.offset()).limit(query.page.size).all(at.conn()).await?;
    Ok(Listed { items, total })
}

fn by_tag(repository_id: i64, term: &Term) -> SimpleExpr {
    match term {
        Term::Exact(value) if value == "*" => manifest::Column::Id.in_subquery(tagged(repository_id, None)),
        Term::Exact(value) if value == "nil" => {
            manifest::Column::Id.not_in_subquery(tagged(repository_id, None))
        }
        term => {
            manifest::Column::Id.in_subquery(tagged(repository_id, filter::text(tag::Column::Name, term)))
        }
    }
}

fn tagged(repository_id: i64, name: Option<SimpleExpr>) -> SelectStatement {
    let mut select = Sql::select();
    select
        .column(tag::Column::ManifestId)
        .from(tag::Entity)
        .and_where(Expr::col((tag::Entity, tag::Column::RepositoryId)).eq(repository_id));
    if let Some(name) = name {
        select.and_where(name);
    }
    select
}

fn children(repository_id: i64) -> SelectStatement {
    let parents = Sql::select()
        .column(manifest::Column::Id)
        .from(manifest::Entity)
        .and_where(Expr::col(manifest::Column::RepositoryId).eq(repository_id))
        .take();
    Sql::select()
        .column(manifest_reference::Column::Digest)
        .from(manifest_reference::Entity)
        .and_where(Expr::col(manifest_reference::Column::Kind).eq(ReferenceKind::Manifest as i32))
        .and_where(Expr::col(manifest_reference::Column::ManifestId).in_subquery(parents))
        .take()
}

fn is_stated(wanted: &Stated) -> SimpleExpr {
    let mut any = Condition::any().add(stated_type().is_in(wanted.one_of.iter().map(String::as_str)));
    if !wanted.pieces.is_empty() {
        let pieces: Vec<String> = wanted.pieces.iter().map(|piece| filter::escaped(piece)).collect();
        let other = stated_type().is_not_in(wanted.unlike.iter().map(String::as_str));
        any = any.add(filter::like(stated_type(), &pieces.join("%")).and(other));
    }
    if wanted.is_negated {
        return stated_type().is_not_null().and(SimpleExpr::from(any).not());
    }
    if wanted.or_nothing {
        any = any.add(stated_type().is_null());
    }
    any.into()
}

/// What an artifact states to be.
fn stated_type() -> SimpleExpr {
    let own = Func::cust("nullif").arg(Expr::col(manifest::Column::ArtifactType)).arg("");
    Func::coalesce([own.into(), Expr::col(manifest::Column::ConfigMediaType)]).into()
}

/// The media type that is shown of an artifact: that of its config, else its own.
fn shown_media_type() -> SimpleExpr {
    let columns = [manifest::Column::ConfigMediaType, manifest::Column::MediaType];
    Func::coalesce(columns.map(Expr::col)).into()
}
