//! An account of a machine.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "robots")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: Option<i64>,
    pub name: String,
    pub description: String,
    pub secret_hash: String,
    pub secret_version: i32,
    pub duration_days: i64,
    pub expires_at: Option<i64>,
    pub is_disabled: bool,
    pub creator_kind: String,
    pub creator_id: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub last_used_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
