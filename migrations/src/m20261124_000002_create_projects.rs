//! Projects, their members and their repositories.

use sea_orm_migration::{
    prelude::{
        DbErr, DeriveIden, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, MigrationTrait,
        SchemaManager, Table,
    },
    schema::{big_integer, big_integer_null, boolean, integer, string_len_uniq, text},
    sea_orm,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Projects {
    Table,
    Id,
    Name,
    OwnerId,
    IsPublic,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Members {
    Table,
    Id,
    ProjectId,
    UserId,
    Role,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Repositories {
    Table,
    Id,
    ProjectId,
    Name,
    Description,
    PullCount,
    PushedAt,
    CreatedAt,
    UpdatedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Projects::Table)
                    .col(big_integer(Projects::Id).primary_key().auto_increment())
                    .col(string_len_uniq(Projects::Name, 255))
                    .col(big_integer(Projects::OwnerId))
                    .col(boolean(Projects::IsPublic))
                    .col(big_integer(Projects::CreatedAt))
                    .col(big_integer(Projects::UpdatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Projects::Table, Projects::OwnerId)
                            .to(Users::Table, Users::Id),
                    )
                    .to_owned(),
            )
            .await?;
        create_members(manager).await?;
        create_repositories(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Repositories::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Members::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Projects::Table).to_owned()).await
    }
}

async fn create_members(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Members::Table)
                .col(big_integer(Members::Id).primary_key().auto_increment())
                .col(big_integer(Members::ProjectId))
                .col(big_integer(Members::UserId))
                .col(integer(Members::Role))
                .col(big_integer(Members::CreatedAt))
                .col(big_integer(Members::UpdatedAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(Members::Table, Members::ProjectId)
                        .to(Projects::Table, Projects::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(Members::Table, Members::UserId)
                        .to(Users::Table, Users::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("uq_members_project_user")
                .table(Members::Table)
                .col(Members::ProjectId)
                .col(Members::UserId)
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create().name("idx_members_user").table(Members::Table).col(Members::UserId).to_owned(),
        )
        .await
}

async fn create_repositories(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Repositories::Table)
                .col(big_integer(Repositories::Id).primary_key().auto_increment())
                .col(big_integer(Repositories::ProjectId))
                .col(string_len_uniq(Repositories::Name, 255))
                .col(text(Repositories::Description))
                .col(big_integer(Repositories::PullCount))
                .col(big_integer_null(Repositories::PushedAt))
                .col(big_integer(Repositories::CreatedAt))
                .col(big_integer(Repositories::UpdatedAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(Repositories::Table, Repositories::ProjectId)
                        .to(Projects::Table, Projects::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_repositories_project_name")
                .table(Repositories::Table)
                .col(Repositories::ProjectId)
                .col(Repositories::Name)
                .to_owned(),
        )
        .await
}
