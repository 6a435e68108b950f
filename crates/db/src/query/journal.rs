//! The audit log and the outbox of events; both are written with the change they tell of.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryOrder,
    QuerySelect, Select,
};
use types::{
    page::Listed,
    query::{Direction, ListQuery, Sort},
};

use super::filter;

use crate::{
    Error, Source, Tx,
    entity::{audit_log, event},
};

/// One line of the audit log.
#[derive(Clone, Debug)]
pub struct NewAuditLog {
    /// When, in milliseconds since the epoch.
    pub occurred_at: i64,
    /// Who: a user name, `anonymous`, or empty where nobody is known.
    pub actor: String,
    /// What was done: `create`, `delete`, `login` …
    pub operation: &'static str,
    /// To what kind of thing: `artifact`, `project` …
    pub resource_type: &'static str,
    /// To which thing.
    pub resource: String,
    /// In which project, if in one.
    pub project_id: Option<i64>,
    /// Whether it was done, or refused.
    pub is_success: bool,
    /// The address it was asked from.
    pub remote: String,
    /// The request that asked.
    pub request_id: String,
}

/// One event of the outbox.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// When, in milliseconds since the epoch.
    pub occurred_at: i64,
    /// `PUSH_ARTIFACT`, `DELETE_ARTIFACT` … (`harbor.md` §6).
    pub kind: &'static str,
    /// Who.
    pub actor: String,
    /// In which project.
    pub project_id: i64,
    /// In which repository.
    pub repository: String,
    /// Which manifest.
    pub digest: Option<String>,
    /// By which tag.
    pub tag: Option<String>,
    /// The request that asked.
    pub request_id: String,
}

/// A line of the audit log, as it is stored.
pub type AuditLog = audit_log::Model;

/// From when to when, in milliseconds since the epoch; both ends are within.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The earliest time.
    pub from: Option<i64>,
    /// The latest time.
    pub until: Option<i64>,
}

/// Lines of the audit log of one project, or of everything, newest first unless the query says otherwise.
pub async fn list(
    at: &impl Source,
    project_id: Option<i64>,
    period: Period,
    query: &ListQuery,
) -> Result<Listed<AuditLog>, Error> {
    let text = |key: &str, column| query.query.get(key).and_then(|term| filter::text(column, term));
    let select = filter::filtered(
        audit_log::Entity::find(),
        [
            project_id.map(|id| audit_log::Column::ProjectId.eq(id)),
            period.from.map(|from| audit_log::Column::OccurredAt.gte(from)),
            period.until.map(|until| audit_log::Column::OccurredAt.lte(until)),
            text("username", audit_log::Column::Actor),
            text("operation", audit_log::Column::Operation),
            text("resource", audit_log::Column::Resource),
            text("resource_type", audit_log::Column::ResourceType),
        ],
    );
    let total = select.clone().count(at.conn()).await?;
    let select = ordered(select, &query.sort);
    let items = select.offset(query.page.offset()).limit(query.page.size).all(at.conn()).await?;
    Ok(Listed { items, total })
}

fn ordered(select: Select<audit_log::Entity>, sort: &Sort) -> Select<audit_log::Entity> {
    let chosen = sort.0.iter().find_map(|(key, direction)| {
        let column = match key.as_str() {
            "op_time" => audit_log::Column::OccurredAt,
            "username" => audit_log::Column::Actor,
            "operation" => audit_log::Column::Operation,
            _ => return None,
        };
        Some((column, direction))
    });
    let (column, order, tie) = match chosen {
        None => return select.order_by(audit_log::Column::Id, Order::Desc),
        Some((column @ audit_log::Column::OccurredAt, Direction::Ascending)) => {
            (column, Order::Asc, Order::Asc)
        }
        Some((column, Direction::Ascending)) => (column, Order::Asc, Order::Desc),
        Some((column, Direction::Descending)) => (column, Order::Desc, Order::Desc),
    };
    select.order_by(column, order).order_by(audit_log::Column::Id, tie)
}

/// The lines of the audit log that a request wrote, oldest first.
#[cfg(feature = "testing")]
pub async fn audit_of_request(at: &impl Source, request_id: &str) -> Result<Vec<audit_log::Model>, Error> {
    use sea_orm::QueryFilter;
    Ok(audit_log::Entity::find()
        .filter(audit_log::Column::RequestId.eq(request_id))
        .order_by_asc(audit_log::Column::Id)
        .all(at.conn())
        .await?)
}

/// Writes a line of the audit log; a resource longer than the column is cut.
pub async fn audit(tx: &Tx, new: NewAuditLog) -> Result<(), Error> {
    audit_log::ActiveModel {
        occurred_at: Set(new.occurred_at),
        actor: Set(new.actor.chars().take(255).collect()),
        operation: Set(new.operation.to_owned()),
        resource_type: Set(new.resource_type.to_owned()),
        resource: Set(new.resource.chars().take(512).collect()),
        project_id: Set(new.project_id),
        is_success: Set(new.is_success),
        remote: Set(new.remote),
        request_id: Set(new.request_id),
        ..Default::default()
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// Writes an event.
pub async fn event(tx: &Tx, new: NewEvent) -> Result<(), Error> {
    event::ActiveModel {
        occurred_at: Set(new.occurred_at),
        kind: Set(new.kind.to_owned()),
        actor: Set(new.actor),
        project_id: Set(new.project_id),
        repository: Set(new.repository),
        digest: Set(new.digest),
        tag: Set(new.tag),
        request_id: Set(new.request_id),
        ..Default::default()
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}
