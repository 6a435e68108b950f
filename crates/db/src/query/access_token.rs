//! Access tokens of users.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use crate::{Error, Source, Tx, entity::access_token};

/// A stored token, with the hash of its secret.
pub type AccessToken = access_token::Model;

/// What a new token is made of.
#[derive(Clone)]
pub struct NewAccessToken {
    /// Whose it is.
    pub user_id: i64,
    /// What its owner calls it.
    pub name: String,
    /// The hash of its secret.
    pub secret_hash: String,
    /// Whether nothing can be changed with it.
    pub is_read_only: bool,
    /// Until when it counts, in milliseconds since the epoch.
    pub expires_at: Option<i64>,
    /// When, in milliseconds since the epoch.
    pub now: i64,
}

/// The token with this id.
pub async fn find(at: &impl Source, id: i64) -> Result<Option<AccessToken>, Error> {
    Ok(access_token::Entity::find_by_id(id).one(at.conn()).await?)
}

/// The token whose secret has this hash.
pub async fn find_by_hash(at: &impl Source, hash: &str) -> Result<Option<AccessToken>, Error> {
    Ok(access_token::Entity::find().filter(access_token::Column::SecretHash.eq(hash)).one(at.conn()).await?)
}

/// The tokens of a user, newest first.
pub async fn of_user(at: &impl Source, user_id: i64) -> Result<Vec<AccessToken>, Error> {
    Ok(access_token::Entity::find()
        .filter(access_token::Column::UserId.eq(user_id))
        .order_by(access_token::Column::Id, Order::Desc)
        .all(at.conn())
        .await?)
}

/// Writes a new token and returns its id. Errors: `AlreadyExists` when the user has one of this name.
pub async fn insert(tx: &Tx, new: NewAccessToken) -> Result<i64, Error> {
    let row = access_token::ActiveModel {
        user_id: Set(new.user_id),
        name: Set(new.name),
        secret_hash: Set(new.secret_hash),
        is_read_only: Set(new.is_read_only),
        expires_at: Set(new.expires_at),
        created_at: Set(new.now),
        last_used_at: Set(None),
        ..Default::default()
    };
    Ok(row.insert(tx.conn()).await?.id)
}

/// Notes when a token was used last; it need not be there any more.
pub async fn set_used(tx: &Tx, id: i64, at: i64) -> Result<(), Error> {
    access_token::Entity::update_many()
        .col_expr(access_token::Column::LastUsedAt, Expr::value(at))
        .filter(access_token::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes a token; false when it was gone.
pub async fn delete(tx: &Tx, id: i64) -> Result<bool, Error> {
    Ok(access_token::Entity::delete_by_id(id).exec(tx.conn()).await?.rows_affected > 0)
}

/// Removes every token of a user.
pub async fn delete_of_user(tx: &Tx, user_id: i64) -> Result<(), Error> {
    access_token::Entity::delete_many()
        .filter(access_token::Column::UserId.eq(user_id))
        .exec(tx.conn())
        .await?;
    Ok(())
}
