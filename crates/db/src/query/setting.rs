//! What administrators decided, as keys and texts; what they mean is the rules' business.

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{Error, Source, Tx, entity::setting};

/// The text of a key, if it was ever written.
pub async fn find(at: &impl Source, key: &str) -> Result<Option<String>, Error> {
    Ok(setting::Entity::find_by_id(key).one(at.conn()).await?.map(|row| row.value))
}

/// Writes the text of a key, new or not.
pub async fn save(tx: &Tx, key: &str, value: String, now: i64) -> Result<(), Error> {
    let row = setting::ActiveModel { key: Set(key.to_owned()), value: Set(value), updated_at: Set(now) };
    setting::Entity::insert(row)
        .on_conflict(
            OnConflict::column(setting::Column::Key)
                .update_columns([setting::Column::Value, setting::Column::UpdatedAt])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}
