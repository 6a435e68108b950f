//! Sessions of browsers.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Unchanged, ColumnTrait, EntityTrait, IntoActiveModel, Order, QueryFilter,
    QueryOrder,
};

use crate::{Error, Source, Tx, entity::session};

/// A stored session.
pub type Session = session::Model;

/// The session with this id that has not expired at `now`.
pub async fn find(at: &impl Source, id: &str, now: i64) -> Result<Option<Session>, Error> {
    Ok(session::Entity::find_by_id(id).filter(session::Column::ExpiresAt.gt(now)).one(at.conn()).await?)
}

/// The sessions of a user, begun with credentials of this version, that have not expired at `now`; those that were used
/// last come first.
pub async fn of_user(
    at: &impl Source,
    (user_id, credential_version): (i64, i32),
    now: i64,
) -> Result<Vec<Session>, Error> {
    Ok(session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::CredentialVersion.eq(credential_version))
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by(session::Column::UsedAt, Order::Desc)
        .order_by(session::Column::Id, Order::Asc)
        .all(at.conn())
        .await?)
}

/// Writes a new session. Errors: `AlreadyExists` when the id is taken.
pub async fn insert(tx: &Tx, row: Session) -> Result<(), Error> {
    row.into_active_model().insert(tx.conn()).await?;
    Ok(())
}

/// Replaces a session that is there; one that was removed meanwhile does not come back.
pub async fn save(tx: &Tx, row: Session) -> Result<(), Error> {
    let id = row.id.clone();
    let mut row = row.into_active_model().reset_all();
    row.id = Unchanged(id.clone());
    session::Entity::update_many().set(row).filter(session::Column::Id.eq(id)).exec(tx.conn()).await?;
    Ok(())
}

/// Removes a session; it need not exist.
pub async fn delete(tx: &Tx, id: &str) -> Result<(), Error> {
    session::Entity::delete_by_id(id).exec(tx.conn()).await?;
    Ok(())
}

/// Removes the sessions of a user but one, and says how many there were.
pub async fn delete_others(tx: &Tx, user_id: i64, kept: &str) -> Result<u64, Error> {
    let deleted = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::Id.ne(kept))
        .exec(tx.conn())
        .await?;
    Ok(deleted.rows_affected)
}

/// Removes the sessions that expired by `now`.
pub async fn delete_expired(tx: &Tx, now: i64) -> Result<(), Error> {
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now)).exec(tx.conn()).await?;
    Ok(())
}
