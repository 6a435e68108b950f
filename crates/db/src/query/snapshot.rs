//! What a copy of the whole database leaves out, because the bytes behind it are not copied.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    Error, Source, Tx,
    entity::{blob, manifest_reference, removal, repository_blob, upload},
};

/// Forgets unfinished uploads, and bytes that are to be removed.
pub async fn settle(tx: &Tx) -> Result<(), Error> {
    upload::Entity::delete_many().exec(tx.conn()).await?;
    removal::Entity::delete_many().exec(tx.conn()).await?;
    Ok(())
}

/// Whether some manifest names the blob as one of its parts.
pub async fn is_needed(at: &impl Source, digest: &str) -> Result<bool, Error> {
    let named = manifest_reference::Entity::find().filter(manifest_reference::Column::Digest.eq(digest));
    Ok(named.limit(1).one(at.conn()).await?.is_some())
}

/// Forgets a blob in every repository.
pub async fn forget_blob(tx: &Tx, digest: &str) -> Result<(), Error> {
    repository_blob::Entity::delete_many()
        .filter(repository_blob::Column::Digest.eq(digest))
        .exec(tx.conn())
        .await?;
    blob::Entity::delete_by_id(digest).exec(tx.conn()).await?;
    Ok(())
}
