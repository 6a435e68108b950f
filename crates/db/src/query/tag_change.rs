//! The history of tags.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use types::page::{Listed, Page};

use crate::{Error, Source, Tx, entity::tag_change};

/// A stored change of a tag.
pub type TagChange = tag_change::Model;

/// What is written of a change.
#[derive(Clone, Debug)]
pub struct NewTagChange<'a> {
    /// In which repository.
    pub repository_id: i64,
    /// The tag.
    pub name: &'a str,
    /// What it pointed to; nothing where it is new.
    pub old_digest: Option<&'a str>,
    /// What it points to; nothing where it is gone.
    pub new_digest: Option<&'a str>,
    /// Who.
    pub actor: &'a str,
    /// When, in milliseconds since the epoch.
    pub occurred_at: i64,
}

/// Writes a change.
pub async fn insert(tx: &Tx, new: NewTagChange<'_>) -> Result<(), Error> {
    let row = tag_change::ActiveModel {
        repository_id: Set(new.repository_id),
        name: Set(new.name.to_owned()),
        old_digest: Set(new.old_digest.map(str::to_owned)),
        new_digest: Set(new.new_digest.map(str::to_owned)),
        actor: Set(new.actor.to_owned()),
        occurred_at: Set(new.occurred_at),
        ..Default::default()
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

/// The changes of one tag, newest first.
pub async fn list(
    at: &impl Source,
    repository_id: i64,
    name: &str,
    page: Page,
) -> Result<Listed<TagChange>, Error> {
    let select = tag_change::Entity::find()
        .filter(tag_change::Column::RepositoryId.eq(repository_id))
        .filter(tag_change::Column::Name.eq(name));
    let total = select.clone().count(at.conn()).await?;
    let items = select
        .order_by_desc(tag_change::Column::Id)
        .offset(page.offset())
        .limit(page.size)
        .all(at.conn())
        .await?;
    Ok(Listed { items, total })
}
