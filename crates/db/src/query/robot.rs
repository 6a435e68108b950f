//! Robots, with what they may do.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use types::{page::Listed, query::ListQuery};

use super::filter;
use crate::{
    Error, Source, Tx,
    entity::{robot, robot_permission},
};

/// A stored robot, with the hash of its secret.
pub type Robot = robot::Model;

/// A stored permission.
pub type Permission = robot_permission::Model;

/// What a new robot is made of.
#[derive(Clone)]
pub struct NewRobot {
    /// The project it belongs to; none for one of the system.
    pub project_id: Option<i64>,
    /// The unique name, without the prefix.
    pub name: String,
    /// A remark.
    pub description: String,
    /// The hash of its secret.
    pub secret_hash: String,
    /// Its life in days, -1 for ever.
    pub duration_days: i64,
    /// Until when it counts, in milliseconds since the epoch.
    pub expires_at: Option<i64>,
    /// Whether it can't sign in.
    pub is_disabled: bool,
    /// What kind of caller made it.
    pub creator_kind: String,
    /// The id of that caller.
    pub creator_id: i64,
    /// When, in milliseconds since the epoch.
    pub now: i64,
}

/// One thing that a robot shall be able to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPermission {
    /// `system`, `projects` or `project`.
    pub scope: &'static str,
    /// The project of the scope `project`.
    pub project_id: Option<i64>,
    /// On what.
    pub resource: &'static str,
    /// Which action.
    pub action: &'static str,
}

/// The robot with this id.
pub async fn find(at: &impl Source, id: i64) -> Result<Option<Robot>, Error> {
    Ok(robot::Entity::find_by_id(id).one(at.conn()).await?)
}

/// The robot with this name, which has no prefix.
pub async fn find_by_name(at: &impl Source, name: &str) -> Result<Option<Robot>, Error> {
    Ok(robot::Entity::find().filter(robot::Column::Name.eq(name)).one(at.conn()).await?)
}

/// What some robots may do, in the order it was written.
pub async fn permissions(at: &impl Source, robots: Vec<i64>) -> Result<Vec<Permission>, Error> {
    Ok(robot_permission::Entity::find()
        .filter(robot_permission::Column::RobotId.is_in(robots))
        .order_by(robot_permission::Column::Id, Order::Asc)
        .all(at.conn())
        .await?)
}

/// The robots of a project, or of the system; filtered, sorted and paged.
pub async fn list(
    at: &impl Source,
    project_id: Option<i64>,
    query: &ListQuery,
) -> Result<Listed<Robot>, Error> {
    let own = match project_id {
        Some(id) => robot::Column::ProjectId.eq(id),
        None => robot::Column::ProjectId.is_null(),
    };
    let term = |key: &str| query.query.get(key);
    let select = filter::filtered(
        robot::Entity::find().filter(own),
        [
            term("name").and_then(|term| filter::text(robot::Column::Name, term)),
            term("description").and_then(|term| filter::text(robot::Column::Description, term)),
        ],
    );
    let total = select.clone().count(at.conn()).await?;
    let column = |key: &str| match key {
        "id" => Some(robot::Column::Id),
        "name" => Some(robot::Column::Name),
        "duration" => Some(robot::Column::DurationDays),
        "expires_at" | "expiresat" => Some(robot::Column::ExpiresAt),
        "disable" | "disabled" => Some(robot::Column::IsDisabled),
        "creation_time" => Some(robot::Column::CreatedAt),
        "update_time" => Some(robot::Column::UpdatedAt),
        _ => None,
    };
    let default = (robot::Column::CreatedAt, Order::Desc);
    let select = filter::sorted(select, &query.sort, column, default, robot::Column::Id);
    let items = select.offset(query.page.offset()).limit(query.page.size).all(at.conn()).await?;
    Ok(Listed { items, total })
}

/// Writes a new robot and returns its id. Errors: `AlreadyExists` when the name is taken.
pub async fn insert(tx: &Tx, new: NewRobot) -> Result<i64, Error> {
    let row = robot::ActiveModel {
        project_id: Set(new.project_id),
        name: Set(new.name),
        description: Set(new.description),
        secret_hash: Set(new.secret_hash),
        secret_version: Set(1),
        duration_days: Set(new.duration_days),
        expires_at: Set(new.expires_at),
        is_disabled: Set(new.is_disabled),
        creator_kind: Set(new.creator_kind),
        creator_id: Set(new.creator_id),
        created_at: Set(new.now),
        updated_at: Set(new.now),
        last_used_at: Set(None),
        ..Default::default()
    };
    Ok(row.insert(tx.conn()).await?.id)
}

/// Replaces what a robot may do.
pub async fn set_permissions(tx: &Tx, robot_id: i64, permissions: Vec<NewPermission>) -> Result<(), Error> {
    robot_permission::Entity::delete_many()
        .filter(robot_permission::Column::RobotId.eq(robot_id))
        .exec(tx.conn())
        .await?;
    let rows = permissions.into_iter().map(|permission| robot_permission::ActiveModel {
        robot_id: Set(robot_id),
        scope: Set(permission.scope.to_owned()),
        project_id: Set(permission.project_id),
        resource: Set(permission.resource.to_owned()),
        action: Set(permission.action.to_owned()),
        ..Default::default()
    });
    let rows: Vec<_> = rows.collect();
    for part in rows.chunks(1000) {
        robot_permission::Entity::insert_many(part.to_vec()).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Replaces what a robot says of itself, and until when it counts.
pub async fn set_details(
    tx: &Tx,
    id: i64,
    (description, is_disabled): (String, bool),
    (duration_days, expires_at): (i64, Option<i64>),
    now: i64,
) -> Result<(), Error> {
    let row = robot::ActiveModel {
        id: Unchanged(id),
        description: Set(description),
        is_disabled: Set(is_disabled),
        duration_days: Set(duration_days),
        expires_at: Set(expires_at),
        updated_at: Set(now),
        ..Default::default()
    };
    row.update(tx.conn()).await?;
    Ok(())
}

/// Replaces the secret of a robot; what was made of the one before ends. Nothing happens to one that is gone.
pub async fn set_secret(tx: &Tx, id: i64, hash: String, now: i64) -> Result<(), Error> {
    let version = Expr::col(robot::Column::SecretVersion).add(1);
    robot::Entity::update_many()
        .col_expr(robot::Column::SecretHash, Expr::value(hash))
        .col_expr(robot::Column::SecretVersion, version)
        .col_expr(robot::Column::UpdatedAt, Expr::value(now))
        .filter(robot::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Notes when a robot was used last; it need not be there any more.
pub async fn set_used(tx: &Tx, id: i64, at: i64) -> Result<(), Error> {
    robot::Entity::update_many()
        .col_expr(robot::Column::LastUsedAt, Expr::value(at))
        .filter(robot::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes a robot; false when it was gone.
pub async fn delete(tx: &Tx, id: i64) -> Result<bool, Error> {
    Ok(robot::Entity::delete_by_id(id).exec(tx.conn()).await?.rows_affected > 0)
}
