//! Where each copy of a blob lies and when it was last verified; what a driver needs to go on with an upload; the bytes
//! whose row is gone and that are to go as well.

use sea_orm_migration::{
    prelude::{
        ColumnDef, ConnectionTrait, DbErr, DeriveIden, DeriveMigrationName, Index, IntoColumnDef,
        MigrationTrait, SchemaManager, Table,
    },
    schema::{big_integer, big_integer_null, binary_null, boolean, string_len},
    sea_orm::{self, Statement},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const LOCATION_LEN: u32 = 255;

#[derive(DeriveIden)]
enum Blobs {
    Table,
    Location,
    VerifiedAt,
    IsDamaged,
}

#[derive(DeriveIden)]
enum Uploads {
    Table,
    StoreState,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Removals {
    Table,
    Location,
    SizeBytes,
    RemovedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, Blobs::Table, string_len(Blobs::Location, LOCATION_LEN).default("").to_owned()).await?;
        add(manager, Blobs::Table, big_integer_null(Blobs::VerifiedAt)).await?;
        add(manager, Blobs::Table, boolean(Blobs::IsDamaged).default(false).to_owned()).await?;
        add(manager, Uploads::Table, binary_null(Uploads::StoreState)).await?;
        // blobs lay under their digest alone
        let old = "UPDATE blobs SET location = substr(digest, 1, 6) || '/' || substr(digest, 8, 2) || '/' || substr(digest, 8)";
        let old = Statement::from_string(manager.get_database_backend(), old);
        manager.get_connection().execute_raw(old).await?;
        let verified = Index::create()
            .name("idx_blobs_verified_at")
            .table(Blobs::Table)
            .col(Blobs::VerifiedAt)
            .to_owned();
        manager.create_index(verified).await?;
        let expiring = Index::create()
            .name("idx_uploads_updated_at")
            .table(Uploads::Table)
            .col(Uploads::UpdatedAt)
            .to_owned();
        manager.create_index(expiring).await?;
        let removals = Table::create()
            .table(Removals::Table)
            .col(string_len(Removals::Location, LOCATION_LEN).primary_key())
            .col(big_integer(Removals::SizeBytes))
            .col(big_integer(Removals::RemovedAt))
            .to_owned();
        manager.create_table(removals).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Removals::Table).to_owned()).await?;
        manager
            .drop_index(Index::drop().name("idx_uploads_updated_at").table(Uploads::Table).to_owned())
            .await?;
        manager
            .drop_index(Index::drop().name("idx_blobs_verified_at").table(Blobs::Table).to_owned())
            .await?;
        remove(manager, Uploads::Table, Uploads::StoreState).await?;
        remove(manager, Blobs::Table, Blobs::IsDamaged).await?;
        remove(manager, Blobs::Table, Blobs::VerifiedAt).await?;
        remove(manager, Blobs::Table, Blobs::Location).await
    }
}

async fn add(
    manager: &SchemaManager<'_>,
    table: impl sea_orm_migration::prelude::IntoTableRef,
    column: impl IntoColumnDef,
) -> Result<(), DbErr> {
    let column: ColumnDef = column.into_column_def();
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

async fn remove(
    manager: &SchemaManager<'_>,
    table: impl sea_orm_migration::prelude::IntoTableRef,
    column: impl sea_orm_migration::prelude::IntoIden,
) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await
}
