//! Bytes whose row is gone, and that are to go as well.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "removals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub location: String,
    pub size_bytes: i64,
    pub removed_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
