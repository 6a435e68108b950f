//! An open upload; `offset_bytes` of it are durable.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "uploads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub project_id: i64,
    pub repository: String,
    pub owner: String,
    pub offset_bytes: i64,
    pub hash_state: Vec<u8>,
    pub created_at: i64,
    pub updated_at: i64,
    pub store_state: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
