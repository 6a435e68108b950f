//! Projects.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Query as Sql},
};
use types::{page::Listed, query::ListQuery};

use super::filter;
use crate::{
    Error, Source, Tx,
    entity::{member, project, repository},
};

/// A stored project.
pub type Project = project::Model;

/// Whose projects a list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visible {
    /// Every project there is.
    All,
    /// Public projects and those the user is a member of.
    To(i64),
    /// Public projects.
    Public,
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
}

/// The project with this name.
pub async fn find_by_name(at: &impl Source, name: &str) -> Result<Option<Project>, Error> {
    Ok(project::Entity::find().filter(project::Column::Name.eq(name)).one(at.conn()).await?)
}

/// The project with this id.
pub async fn find(at: &impl Source, id: i64) -> Result<Option<Project>, Error> {
    Ok(project::Entity::find_by_id(id).one(at.conn()).await?)
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
    let select = project::Entity::find().filter(visible_to(visible));
    let select = filter::filtered(
        select,
        [
            query.query.get("name").and_then(|term| filter::text(project::Column::Name, term)),
            narrow.name.as_deref().map(|name| filter::contains(project::Column::Name, name)),
            narrow.is_public.map(|is_public| project::Column::IsPublic.eq(is_public)),
            narrow.owner_id.map(|owner| project::Column::OwnerId.eq(owner)),
        ],
    );
    let total = select.clone().count(at.conn()).await?;
    let column = |key: &str| match key {
        "name" => Some(project::Column::Name),
        "project_id" => Some(project::Column::Id),
        "creation_time" => Some(project::Column::CreatedAt),
        "update_time" => Some(project::Column::UpdatedAt),
        _ => None,
    };
    let select =
        filter::sorted(select, &query.sort, column, (project::Column::Name, Order::Asc), project::Column::Id);
    let items = select.offset(query.page.offset()).limit(query.page.size).all(at.conn()).await?;
    Ok(Listed { items, total })
}

/// Which projects are visible, as a condition on the projects table.
pub(super) fn visible_to(visible: Visible) -> Condition {
    match visible {
        Visible::All => Condition::all(),
        Visible::Public => Condition::all().add(project::Column::IsPublic.eq(true)),
        Visible::To(user) => Condition::any().add(project::Column::IsPublic.eq(true)).add(
            project::Column::Id.in_subquery(
                Sql::select()
                    .column(member::Column::ProjectId)
                    .from(member::Entity)
                    .and_where(member::Column::UserId.eq(user))
                    .take(),
            ),
        ),
    }
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
