//! What the first page and lists of projects are found by: the last pushes, and what was pushed to last.

use sea_orm_migration::{
    prelude::{DbErr, DeriveIden, DeriveMigrationName, Index, MigrationTrait, SchemaManager},
    sea_orm,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Events {
    Table,
    Id,
    Kind,
    ProjectId,
}

#[derive(DeriveIden)]
enum Repositories {
    Table,
    ProjectId,
    PushedAt,
}

const EVENTS: &str = "idx_events_kind_id";
const REPOSITORIES: &str = "idx_repositories_project_pushed";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name(EVENTS)
                    .table(Events::Table)
                    .col(Events::Kind)
                    .col(Events::Id)
                    .col(Events::ProjectId)
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name(REPOSITORIES)
                    .table(Repositories::Table)
                    .col(Repositories::ProjectId)
                    .col(Repositories::PushedAt)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(REPOSITORIES).table(Repositories::Table).to_owned()).await?;
        manager.drop_index(Index::drop().name(EVENTS).table(Events::Table).to_owned()).await
    }
}
