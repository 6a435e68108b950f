//! What keeps a link, a blob and a manifest, as conditions on their rows.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoColumnRef, JoinType, Query as Sql, SimpleExpr};

use crate::entity::{blob, manifest, manifest_reference, repository_blob, tag};

const PARENT: &str = "parent";

/// Whether a manifest of the link's repository refers to its blob.
pub(super) fn is_referenced() -> SimpleExpr {
    is_referred(
        (repository_blob::Entity, repository_blob::Column::RepositoryId),
        (repository_blob::Entity, repository_blob::Column::Digest),
    )
}

/// Whether a repository shows the blob.
pub(super) fn is_linked() -> SimpleExpr {
    Expr::exists(
        Sql::select()
            .expr(Expr::value(1))
            .from(repository_blob::Entity)
            .and_where(
                Expr::col((repository_blob::Entity, repository_blob::Column::Digest))
                    .equals((blob::Entity, blob::Column::Digest)),
            )
            .take(),
    )
}

/// Whether the manifest has a tag, or a manifest of its repository refers to it, or what it is about is there.
pub(super) fn is_manifest_needed() -> SimpleExpr {
    let has_tag = Expr::exists(
        Sql::select()
            .expr(Expr::value(1))
            .from(tag::Entity)
            .and_where(
                Expr::col((tag::Entity, tag::Column::ManifestId))
                    .equals((manifest::Entity, manifest::Column::Id)),
            )
            .take(),
    );
    let of = |column| Expr::col((Alias::new(PARENT), column));
    let has_subject = Expr::exists(
        Sql::select()
            .expr(Expr::value(1))
            .from_as(manifest::Entity, Alias::new(PARENT))
            .and_where(
                of(manifest::Column::RepositoryId).equals((manifest::Entity, manifest::Column::RepositoryId)),
            )
            .and_where(
                of(manifest::Column::Digest).equals((manifest::Entity, manifest::Column::SubjectDigest)),
            )
            .take(),
    );
    let has_parent = is_referred(
        (manifest::Entity, manifest::Column::RepositoryId),
        (manifest::Entity, manifest::Column::Digest),
    );
    has_tag.or(has_parent).or(has_subject)
}

/// Whether a manifest of the repository refers to the digest.
fn is_referred(repository: impl IntoColumnRef, digest: impl IntoColumnRef) -> SimpleExpr {
    let parent = |column| Expr::col((Alias::new(PARENT), column));
    let reference = |column| Expr::col((manifest_reference::Entity, column));
    Expr::exists(
        Sql::select()
            .expr(Expr::value(1))
            .from(manifest_reference::Entity)
            .join_as(
                JoinType::InnerJoin,
                manifest::Entity,
                Alias::new(PARENT),
                parent(manifest::Column::Id)
                    .equals((manifest_reference::Entity, manifest_reference::Column::ManifestId)),
            )
            .and_where(reference(manifest_reference::Column::Digest).equals(digest))
            .and_where(parent(manifest::Column::RepositoryId).equals(repository))
            .take(),
    )
}
