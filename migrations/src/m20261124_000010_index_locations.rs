//! Which blob a stored copy belongs to, for whoever compares what is stored with the rows.

use sea_orm_migration::{
    prelude::{DbErr, DeriveIden, DeriveMigrationName, Index, MigrationTrait, SchemaManager},
    sea_orm,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Blobs {
    Table,
    Location,
}

const LOCATIONS: &str = "idx_blobs_location";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(Index::create().name(LOCATIONS).table(Blobs::Table).col(Blobs::Location).to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(LOCATIONS).table(Blobs::Table).to_owned()).await
    }
}
