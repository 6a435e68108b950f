//! Sessions of browsers.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict,
};

use crate::{Error, Source, Tx, entity::session};

/// A stored session.
pub type Session = session::Model;

/// The session with this id that has not expired at `now`.
pub async fn find(at: &impl Source, id: &str, now: i64) -> Result<Option<Session>, Error> {
    Ok(session::Entity::find_by_id(id).filter(session::Column::ExpiresAt.gt(now)).one(at.conn()).await?)
}

/// Writes a new session. Errors: `AlreadyExists` when the id is taken.
pub async fn insert(tx: &Tx, row: Session) -> Result<(), Error> {
    session::ActiveModel { id: Set(row.id), data: Set(row.data), expires_at: Set(row.expires_at) }
        .insert(tx.conn())
        .await?;
    Ok(())
}

/// Writes a session, new or not.
pub async fn save(tx: &Tx, row: Session) -> Result<(), Error> {
    let row = session::ActiveModel { id: Set(row.id), data: Set(row.data), expires_at: Set(row.expires_at) };
    session::Entity::insert(row)
        .on_conflict(
            OnConflict::column(session::Column::Id)
                .update_columns([session::Column::Data, session::Column::ExpiresAt])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Removes a session; it need not exist.
pub async fn delete(tx: &Tx, id: &str) -> Result<(), Error> {
    session::Entity::delete_by_id(id).exec(tx.conn()).await?;
    Ok(())
}

/// Removes the sessions that expired by `now`.
pub async fn delete_expired(tx: &Tx, now: i64) -> Result<(), Error> {
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now)).exec(tx.conn()).await?;
    Ok(())
}
