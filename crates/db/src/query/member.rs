//! Members: users with a role in a project.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use types::page::{Listed, Page};

use super::filter;
use crate::{
    Error, Source, Tx,
    entity::{member, user},
};

/// A stored member.
pub type Member = member::Model;

/// A member with the name of the user.
#[derive(Clone, Debug, FromQueryResult)]
pub struct NamedMember {
    /// The membership's id.
    pub id: i64,
    /// The project's id.
    pub project_id: i64,
    /// The user's id.
    pub user_id: i64,
    /// The role's number.
    pub role: i32,
    /// The user's name.
    pub username: String,
}

fn named() -> sea_orm::Select<member::Entity> {
    let on = Condition::all()
        .add(Expr::col((user::Entity, user::Column::Id)).equals((member::Entity, member::Column::UserId)));
    let mut select = member::Entity::find().column_as(user::Column::Username, "username");
    QueryTrait::query(&mut select).join(JoinType::InnerJoin, user::Entity, on);
    select
}

/// The members of a project whose name contains `name`, by name.
pub async fn list(
    at: &impl Source,
    project_id: i64,
    name: Option<&str>,
    page: Page,
) -> Result<Listed<NamedMember>, Error> {
    let select = named().filter(member::Column::ProjectId.eq(project_id));
    let select = filter::filtered(select, [name.map(|name| filter::contains(user::Column::Username, name))]);
    let total = select.clone().count(at.conn()).await?;
    let items = select
        .order_by(user::Column::Username, Order::Asc)
        .offset(page.offset())
        .limit(page.size)
        .into_model::<NamedMember>()
        .all(at.conn())
        .await?;
    Ok(Listed { items, total })
}

/// One member of a project.
pub async fn find(at: &impl Source, project_id: i64, id: i64) -> Result<Option<NamedMember>, Error> {
    Ok(named()
        .filter(member::Column::Id.eq(id))
        .filter(member::Column::ProjectId.eq(project_id))
        .into_model::<NamedMember>()
        .one(at.conn())
        .await?)
}

/// The roles that a user has, per project.
pub async fn roles_of(at: &impl Source, user_id: i64, projects: Vec<i64>) -> Result<Vec<(i64, i32)>, Error> {
    Ok(member::Entity::find()
        .select_only()
        .column(member::Column::ProjectId)
        .column(member::Column::Role)
        .filter(member::Column::UserId.eq(user_id))
        .filter(member::Column::ProjectId.is_in(projects))
        .into_tuple()
        .all(at.conn())
        .await?)
}

/// Whether a user has a role in any project.
pub async fn any_with_role(at: &impl Source, user_id: i64, role: i32) -> Result<bool, Error> {
    Ok(member::Entity::find()
        .filter(member::Column::UserId.eq(user_id))
        .filter(member::Column::Role.eq(role))
        .limit(1)
        .one(at.conn())
        .await?
        .is_some())
}

/// Writes a new member and returns its id. Errors: `AlreadyExists` when the user is a member already.
pub async fn insert(tx: &Tx, project_id: i64, user_id: i64, role: i32, now: i64) -> Result<i64, Error> {
    let row = member::ActiveModel {
        project_id: Set(project_id),
        user_id: Set(user_id),
        role: Set(role),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    Ok(row.insert(tx.conn()).await?.id)
}

/// Changes the role of a member.
pub async fn set_role(tx: &Tx, id: i64, role: i32, now: i64) -> Result<(), Error> {
    let row = member::ActiveModel {
        id: Unchanged(id),
        role: Set(role),
        updated_at: Set(now),
        ..Default::default()
    };
    row.update(tx.conn()).await?;
    Ok(())
}

/// Removes a member; false when it was gone.
pub async fn delete(tx: &Tx, id: i64) -> Result<bool, Error> {
    Ok(member::Entity::delete_by_id(id).exec(tx.conn()).await?.rows_affected > 0)
}

/// Removes a user from every project.
pub async fn delete_of_user(tx: &Tx, user_id: i64) -> Result<(), Error> {
    member::Entity::delete_many().filter(member::Column::UserId.eq(user_id)).exec(tx.conn()).await?;
    Ok(())
}
