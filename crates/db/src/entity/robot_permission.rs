//! One thing that a robot may do.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "robot_permissions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub robot_id: i64,
    pub scope: String,
    pub project_id: Option<i64>,
    pub resource: String,
    pub action: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
