//! Events, read back: what was pushed last.

use sea_orm::{
    ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, sea_query::Query as Sql,
};

use super::project::{Visible, visible_to};
use crate::{
    Error, Source,
    entity::{event, project},
};

/// An event, as it is stored.
pub type Event = event::Model;

/// The last events of one kind that name a tag, in projects that are visible, newest first.
pub async fn last_tagged(
    at: &impl Source,
    visible: Visible,
    kind: &str,
    limit: u64,
) -> Result<Vec<Event>, Error> {
    let projects = Sql::select()
        .column(project::Column::Id)
        .from(project::Entity)
        .cond_where(visible_to(visible))
        .take();
    Ok(event::Entity::find()
        .filter(event::Column::Kind.eq(kind))
        .filter(event::Column::Tag.is_not_null())
        .filter(event::Column::ProjectId.in_subquery(projects))
        .order_by(event::Column::Id, Order::Desc)
        .limit(limit)
        .all(at.conn())
        .await?)
}
