//! Users.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use types::{page::Listed, query::ListQuery};

use super::filter;
use crate::{Error, Source, Tx, entity::user};

/// A stored user, with the hash of the password.
pub type User = user::Model;

/// What a new user is made of.
#[derive(Clone)]
pub struct NewUser {
    /// The unique name.
    pub username: String,
    /// The unique address, if any.
    pub email: Option<String>,
    /// The name of the person.
    pub realname: String,
    /// A remark.
    pub comment: String,
    /// The PHC string of the password.
    pub password_hash: Option<String>,
    /// Whether the user administers the system.
    pub is_admin: bool,
    /// When, in milliseconds since the epoch.
    pub now: i64,
}

/// The live user with this id.
pub async fn find(at: &impl Source, id: i64) -> Result<Option<User>, Error> {
    Ok(user::Entity::find_by_id(id).filter(user::Column::DeletedAt.is_null()).one(at.conn()).await?)
}

/// The live user with this name.
pub async fn find_by_name(at: &impl Source, name: &str) -> Result<Option<User>, Error> {
    Ok(user::Entity::find()
        .filter(user::Column::Username.eq(name))
        .filter(user::Column::DeletedAt.is_null())
        .one(at.conn())
        .await?)
}

/// The live user who signs in as `login`: a name, or else an address.
pub async fn find_by_login(at: &impl Source, login: &str) -> Result<Option<User>, Error> {
    if let Some(user) = find_by_name(at, login).await? {
        return Ok(Some(user));
    }
    if !login.contains('@') {
        return Ok(None);
    }
    Ok(user::Entity::find()
        .filter(user::Column::Email.eq(login))
        .filter(user::Column::DeletedAt.is_null())
        .one(at.conn())
        .await?)
}

/// The administrator with the lowest id.
pub async fn first_admin(at: &impl Source) -> Result<Option<User>, Error> {
    Ok(user::Entity::find()
        .filter(user::Column::DeletedAt.is_null())
        .filter(user::Column::IsAdmin.eq(true))
        .order_by(user::Column::Id, Order::Asc)
        .limit(1)
        .one(at.conn())
        .await?)
}

/// Whether any user was ever made.
pub async fn any(at: &impl Source) -> Result<bool, Error> {
    Ok(user::Entity::find().limit(1).one(at.conn()).await?.is_some())
}

/// Live users other than the first administrator, as Harbor lists them (`harbor.md` §1.1).
pub async fn list(at: &impl Source, query: &ListQuery) -> Result<Listed<User>, Error> {
    let select = user::Entity::find()
        .filter(Condition::all().add(user::Column::DeletedAt.is_null()).add(user::Column::Id.ne(1)));
    let select = filter::filtered(
        select,
        [
            query.query.get("username").and_then(|term| filter::text(user::Column::Username, term)),
            query.query.get("email").and_then(|term| filter::text(user::Column::Email, term)),
        ],
    );
    let total = select.clone().count(at.conn()).await?;
    let column = |key: &str| match key {
        "user_id" => Some(user::Column::Id),
        "username" => Some(user::Column::Username),
        "email" => Some(user::Column::Email),
        "creation_time" => Some(user::Column::CreatedAt),
        "update_time" => Some(user::Column::UpdatedAt),
        _ => None,
    };
    let select =
        filter::sorted(select, &query.sort, column, (user::Column::Username, Order::Asc), user::Column::Id);
    let items = select.offset(query.page.offset()).limit(query.page.size).all(at.conn()).await?;
    Ok(Listed { items, total })
}

/// Live users with these ids.
pub async fn by_ids(at: &impl Source, ids: Vec<i64>) -> Result<Vec<User>, Error> {
    Ok(user::Entity::find()
        .filter(user::Column::Id.is_in(ids))
        .filter(user::Column::DeletedAt.is_null())
        .all(at.conn())
        .await?)
}

/// Writes a new user and returns its id. Errors: `AlreadyExists` when name or address is taken.
pub async fn insert(tx: &Tx, new: NewUser) -> Result<i64, Error> {
    let row = user::ActiveModel {
        username: Set(new.username),
        email: Set(new.email),
        realname: Set(new.realname),
        comment: Set(new.comment),
        password_hash: Set(new.password_hash),
        credential_version: Set(1),
        is_admin: Set(new.is_admin),
        created_at: Set(new.now),
        updated_at: Set(new.now),
        ..Default::default()
    };
    Ok(row.insert(tx.conn()).await?.id)
}

/// Changes what describes a user. Errors: `AlreadyExists` when the address is taken.
pub async fn set_profile(
    tx: &Tx,
    id: i64,
    (email, realname, comment): (Option<String>, String, String),
    now: i64,
) -> Result<(), Error> {
    let row = user::ActiveModel {
        id: Unchanged(id),
        email: Set(email),
        realname: Set(realname),
        comment: Set(comment),
        updated_at: Set(now),
        ..Default::default()
    };
    row.update(tx.conn()).await?;
    Ok(())
}

/// Replaces the password; sessions and tokens made with the one before stop working.
pub async fn set_password(tx: &Tx, id: i64, hash: String, now: i64) -> Result<(), Error> {
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash))
        .col_expr(user::Column::CredentialVersion, Expr::col(user::Column::CredentialVersion).add(1))
        .col_expr(user::Column::UpdatedAt, Expr::value(now))
        .filter(user::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Replaces what a user chose; what is `None` stays as it is.
pub async fn set_preferences(
    tx: &Tx,
    id: i64,
    (locale, theme, client): (Option<String>, Option<String>, Option<String>),
) -> Result<(), Error> {
    let chosen =
        [(user::Column::Locale, locale), (user::Column::Theme, theme), (user::Column::Client, client)];
    let mut update = user::Entity::update_many().filter(user::Column::Id.eq(id));
    let mut is_empty = true;
    for (column, value) in chosen {
        if let Some(value) = value {
            update = update.col_expr(column, Expr::value(value));
            is_empty = false;
        }
    }
    if !is_empty {
        update.exec(tx.conn()).await?;
    }
    Ok(())
}

/// Makes a user an administrator, or no longer.
pub async fn set_admin(tx: &Tx, id: i64, is_admin: bool, now: i64) -> Result<(), Error> {
    let row = user::ActiveModel {
        id: Unchanged(id),
        is_admin: Set(is_admin),
        updated_at: Set(now),
        ..Default::default()
    };
    row.update(tx.conn()).await?;
    Ok(())
}

/// Marks a user as deleted and frees the name and the address.
pub async fn delete(tx: &Tx, row: &User, now: i64) -> Result<(), Error> {
    let freed = |text: &str| format!("{}#{}", text.chars().take(200).collect::<String>(), row.id);
    let changed = user::ActiveModel {
        id: Unchanged(row.id),
        username: Set(freed(&row.username)),
        email: Set(row.email.as_deref().map(freed)),
        password_hash: Set(None),
        credential_version: Set(row.credential_version.wrapping_add(1)),
        is_admin: Set(false),
        deleted_at: Set(Some(now)),
        updated_at: Set(now),
        ..Default::default()
    };
    changed.update(tx.conn()).await?;
    Ok(())
}
