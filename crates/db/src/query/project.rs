//! Projects.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoSimpleExpr, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, NullOrdering, Query as Sql, SelectStatement, SimpleExpr},
};
use types::{page::Listed, query::ListQuery};

use super::filter;
use crate::{
    Error, Source, Tx,
    entity::{member, project, repository, robot_permission},
};

/// A stored project.
pub type Project = project::Model;

/// Whose projects a list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visible {
    /// Every project there is.
    All,
    /// Public projects and those the user is a member of.
    To(i64),
    /// Public projects.
    Public,
    /// Public projects, and those where a robot may do something.
    ToRobot {
        /// The robot's id.
        id: i64,
        /// A resource and actions, one of which it may do there; any will do where this is none.
        right: Option<(&'static str, &'static [&'static str])>,
    },
    /// No project.
    Nothing,
}

/// What a list of projects is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// Part of the name.
    pub name: Option<String>,
    /// Public ones, or private ones.
    pub is_public: Option<bool>,
    /// Those of this owner.
    pub owner_id: Option<i64>,
    /// Those that a user is a member of, with a role of this number if one is given.
    pub member: Option<(i64, Option<i32>)>,
}

/// The project with this name.
pub async fn find_by_name(at: &impl Source, name: &str) -> Result<Option<Project>, Error> {
    Ok(project::Entity::find().filter(project::Column::Name.eq(name)).one(at.conn()).await?)
}

/// The project with this id.
pub async fn find(at: &impl Source, id: i64) -> Result<Option<Project>, Error> {
    Ok(project::Entity::find_by_id(id).one(at.conn()).await?)
}

/// The names of projects, by id.
pub async fn names(at: &impl Source, ids: Vec<i64>) -> Result<Vec<(i64, String)>, Error> {
    Ok(project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .column(project::Column::Name)
        .filter(project::Column::Id.is_in(ids))
        .into_tuple()
        .all(at.conn())
        .await?)
}

/// A project and the role that one user has in it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WithRole {
    /// The project's id.
    pub id: i64,
    /// Whether anybody may pull.
    pub is_public: bool,
    /// When it was made, in milliseconds since the epoch.
    pub created_at: i64,
    /// The role's number, if the user is a member.
    pub role: Option<i32>,
}

/// What a decision about a project needs, in one query.
pub async fn with_role(at: &impl Source, name: &str, user: Option<i64>) -> Result<Option<WithRole>, Error> {
    let on_user = Condition::all()
        .add(
            Expr::col((member::Entity, member::Column::ProjectId))
                .equals((project::Entity, project::Column::Id)),
        )
        .add(Expr::col((member::Entity, member::Column::UserId)).eq(user.unwrap_or(0)));
    let mut select = project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .column(project::Column::IsPublic)
        .column(project::Column::CreatedAt)
        .column_as(member::Column::Role, "role")
        .filter(project::Column::Name.eq(name));
    QueryTrait::query(&mut select).join(JoinType::LeftJoin, member::Entity, on_user);
    Ok(select.into_model::<WithRole>().one(at.conn()).await?)
}

/// Projects that are visible, narrowed, sorted and paged.
pub async fn list(
    at: &impl Source,
    visible: Visible,
    narrow: &Narrow,
    query: &ListQuery,
) -> Result<Listed<Project>, Error> {
    let by_name = query.query.get("name").and_then(|term| filter::text(project::Column::Name, term));
    let select = filter::filtered(narrowed(visible, narrow), [by_name]);
    let total = select.clone().count(at.conn()).await?;
    let by = |key: &str| match key {
        "name" => Some(project::Column::Name.into_simple_expr()),
        "project_id" => Some(project::Column::Id.into_simple_expr()),
        "creation_time" => Some(project::Column::CreatedAt.into_simple_expr()),
        "update_time" => Some(project::Column::UpdatedAt.into_simple_expr()),
        "repo_count" => Some(of_repositories(repository::Column::Id.count())),
        _ => None,
    };
    let default = (project::Column::Name.into_simple_expr(), Order::Asc);
    let select = filter::sorted(select, &query.sort, by, default, project::Column::Id);
    let items = select.offset(query.page.offset()).limit(query.page.size).all(at.conn()).await?;
    Ok(Listed { items, total })
}

fn narrowed(visible: Visible, narrow: &Narrow) -> Select<project::Entity> {
    filter::filtered(
        project::Entity::find().filter(visible_to(visible)),
        [
            narrow.name.as_deref().map(|name| filter::contains(project::Column::Name, name)),
            narrow.is_public.map(|is_public| project::Column::IsPublic.eq(is_public)),
            narrow.owner_id.map(|owner| project::Column::OwnerId.eq(owner)),
            narrow.member.map(|(user, role)| project::Column::Id.in_subquery(memberships(user, role))),
        ],
    )
}

/// Which projects are visible, as a condition on the projects table.
pub(super) fn visible_to(visible: Visible) -> Condition {
    match visible {
        Visible::All => Condition::all(),
        Visible::Public => Condition::all().add(project::Column::IsPublic.eq(true)),
        Visible::To(user) => Condition::any()
            .add(project::Column::IsPublic.eq(true))
            .add(project::Column::Id.in_subquery(memberships(user, None))),
        Visible::ToRobot { id, right } => Condition::any()
            .add(project::Column::IsPublic.eq(true))
            .add(project::Column::Id.in_subquery(reach(id, right))),
        Visible::Nothing => Condition::all().add(Expr::value(false)),
    }
}

/// Ids of the projects where a robot may do something.
fn reach(robot: i64, right: Option<(&'static str, &'static [&'static str])>) -> SelectStatement {
    let mut select = Sql::select()
        .column(robot_permission::Column::ProjectId)
        .from(robot_permission::Entity)
        .and_where(robot_permission::Column::RobotId.eq(robot))
        .and_where(robot_permission::Column::ProjectId.is_not_null())
        .take();
    if let Some((resource, actions)) = right {
        select
            .and_where(robot_permission::Column::Resource.eq(resource))
            .and_where(robot_permission::Column::Action.is_in(actions.iter().copied()));
    }
    select
}

/// Ids of the projects that a user is a member of.
fn memberships(user: i64, role: Option<i32>) -> SelectStatement {
    Sql::select()
        .column(member::Column::ProjectId)
        .from(member::Entity)
        .and_where(member::Column::UserId.eq(user))
        .and_where_option(role.map(|role| member::Column::Role.eq(role)))
        .take()
}

/// One value of the repositories of each project that were pushed to.
fn of_repositories(value: SimpleExpr) -> SimpleExpr {
    let own = Expr::col((repository::Entity, repository::Column::ProjectId))
        .equals((project::Entity, project::Column::Id));
    let select = Sql::select()
        .expr(value)
        .from(repository::Entity)
        .and_where(own)
        .and_where(repository::Column::PushedAt.is_not_null())
        .take();
    SimpleExpr::SubQuery(None, Box::new(select.into()))
}

/// A project and when one of its repositories was pushed to last.
#[derive(Clone, Debug, FromQueryResult)]
pub struct LastPushed {
    /// The project.
    #[sea_orm(nested)]
    pub project: Project,
    /// When, in milliseconds since the epoch.
    pub last_pushed_at: Option<i64>,
}

/// The projects whose repositories were pushed to last; those without a push come last, by name.
pub async fn last_pushed(
    at: &impl Source,
    visible: Visible,
    narrow: &Narrow,
    limit: u64,
) -> Result<Vec<LastPushed>, Error> {
    let by_push = of_repositories(repository::Column::PushedAt.max());
    Ok(narrowed(visible, narrow)
        .column_as(by_push.clone(), "last_pushed_at")
        .order_by_with_nulls(by_push, Order::Desc, NullOrdering::Last)
        .order_by(project::Column::Name, Order::Asc)
        .limit(limit)
        .into_model()
        .all(at.conn())
        .await?)
}
/// Up to `limit` visible projects whose name contains `text`, best first, each with whether it is public.
pub async fn search(
    at: &impl Source,
    visible: Visible,
    text: &str,
    limit: u64,
) -> Result<Vec<(String, bool)>, Error> {
    let select = project::Entity::find()
        .select_only()
        .column(project::Column::Name)
        .column(project::Column::IsPublic)
        .filter(visible_to(visible));
    Ok(filter::best(select, project::Column::Name, text).limit(limit).into_tuple().all(at.conn()).await?)
}

/// Writes a new project and returns its id. Errors: `AlreadyExists` when the name is taken.
pub async fn insert(tx: &Tx, name: String, owner_id: i64, is_public: bool, now: i64) -> Result<i64, Error> {
    let row = project::ActiveModel {
        name: Set(name),
        owner_id: Set(owner_id),
        is_public: Set(is_public),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    Ok(row.insert(tx.conn()).await?.id)
}

/// Makes a project public or private.
pub async fn set_public(tx: &Tx, id: i64, is_public: bool, now: i64) -> Result<(), Error> {
    let row = project::ActiveModel {
        id: Unchanged(id),
        is_public: Set(is_public),
        updated_at: Set(now),
        ..Default::default()
    };
    row.update(tx.conn()).await?;
    Ok(())
}

/// Removes a project with its members and uploads.
pub async fn delete(tx: &Tx, id: i64) -> Result<(), Error> {
    project::Entity::delete_by_id(id).exec(tx.conn()).await?;
    Ok(())
}

/// Repositories that were pushed to, per project.
pub async fn repository_counts(at: &impl Source, ids: Vec<i64>) -> Result<Vec<(i64, i64)>, Error> {
    Ok(repository::Entity::find()
        .select_only()
        .column(repository::Column::ProjectId)
        .column_as(repository::Column::Id.count(), "repositories")
        .filter(repository::Column::ProjectId.is_in(ids))
        .filter(repository::Column::PushedAt.is_not_null())
        .group_by(repository::Column::ProjectId)
        .into_tuple()
        .all(at.conn())
        .await?)
}
