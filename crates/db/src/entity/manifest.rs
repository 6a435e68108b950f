//! A manifest with its bytes.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "manifests")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub repository_id: i64,
    pub digest: String,
    pub media_type: String,
    pub artifact_type: Option<String>,
    pub config_media_type: Option<String>,
    pub subject_digest: Option<String>,
    pub annotations: String,
    pub extra_attrs: Option<String>,
    pub total_bytes: i64,
    pub content: Vec<u8>,
    pub pushed_at: i64,
    pub pulled_at: Option<i64>,
    pub candidate_since: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
