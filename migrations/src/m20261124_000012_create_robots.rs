//! Robots with what they may do, access tokens of users, and whose a session is.

use sea_orm_migration::{
    prelude::{
        DbErr, DeriveIden, DeriveMigrationName, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement,
        Index, MigrationTrait, SchemaManager, Table,
    },
    schema::{
        big_integer, big_integer_null, boolean, integer, integer_null, string_len, string_len_null,
        string_len_uniq, text,
    },
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
}

#[derive(DeriveIden)]
enum Robots {
    Table,
    Id,
    ProjectId,
    Name,
    Description,
    SecretHash,
    SecretVersion,
    DurationDays,
    ExpiresAt,
    IsDisabled,
    CreatorKind,
    CreatorId,
    CreatedAt,
    UpdatedAt,
    LastUsedAt,
}

#[derive(DeriveIden)]
enum RobotPermissions {
    Table,
    Id,
    RobotId,
    Scope,
    ProjectId,
    Resource,
    Action,
}

#[derive(DeriveIden)]
enum AccessTokens {
    Table,
    Id,
    UserId,
    Name,
    SecretHash,
    IsReadOnly,
    ExpiresAt,
    CreatedAt,
    LastUsedAt,
}

#[derive(Clone, Copy, DeriveIden)]
enum Sessions {
    Table,
    UserId,
    CredentialVersion,
    Address,
    Client,
    CreatedAt,
    UsedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_robots(manager).await?;
        create_robot_permissions(manager).await?;
        create_access_tokens(manager).await?;
        extend_sessions(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(SESSIONS_OF_USER).table(Sessions::Table).to_owned()).await?;
        for column in [
            Sessions::UsedAt,
            Sessions::CreatedAt,
            Sessions::Client,
            Sessions::Address,
            Sessions::CredentialVersion,
            Sessions::UserId,
        ] {
            manager.alter_table(Table::alter().table(Sessions::Table).drop_column(column).to_owned()).await?;
        }
        manager.drop_table(Table::drop().table(AccessTokens::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(RobotPermissions::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Robots::Table).to_owned()).await
    }
}

const SESSIONS_OF_USER: &str = "idx_sessions_user_id";

async fn create_robots(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Robots::Table)
                .col(big_integer(Robots::Id).primary_key().auto_increment())
                .col(big_integer_null(Robots::ProjectId))
                .col(string_len_uniq(Robots::Name, 255))
                .col(text(Robots::Description))
                .col(string_len(Robots::SecretHash, 255))
                .col(integer(Robots::SecretVersion))
                .col(big_integer(Robots::DurationDays))
                .col(big_integer_null(Robots::ExpiresAt))
                .col(boolean(Robots::IsDisabled))
                .col(string_len(Robots::CreatorKind, 16))
                .col(big_integer(Robots::CreatorId))
                .col(big_integer(Robots::CreatedAt))
                .col(big_integer(Robots::UpdatedAt))
                .col(big_integer_null(Robots::LastUsedAt))
                .foreign_key(&mut ends_with_project(Robots::Table, Robots::ProjectId))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_robots_project_id")
                .table(Robots::Table)
                .col(Robots::ProjectId)
                .to_owned(),
        )
        .await
}

async fn create_robot_permissions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(RobotPermissions::Table)
                .col(big_integer(RobotPermissions::Id).primary_key().auto_increment())
                .col(big_integer(RobotPermissions::RobotId))
                .col(string_len(RobotPermissions::Scope, 16))
                .col(big_integer_null(RobotPermissions::ProjectId))
                .col(string_len(RobotPermissions::Resource, 64))
                .col(string_len(RobotPermissions::Action, 16))
                .foreign_key(
                    ForeignKey::create()
                        .from(RobotPermissions::Table, RobotPermissions::RobotId)
                        .to(Robots::Table, Robots::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(&mut ends_with_project(RobotPermissions::Table, RobotPermissions::ProjectId))
                .to_owned(),
        )
        .await?;
    for (name, column) in [
        ("idx_robot_permissions_robot_id", RobotPermissions::RobotId),
        ("idx_robot_permissions_project_id", RobotPermissions::ProjectId),
    ] {
        let index = Index::create().name(name).table(RobotPermissions::Table).col(column).to_owned();
        manager.create_index(index).await?;
    }
    Ok(())
}

async fn create_access_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(AccessTokens::Table)
                .col(big_integer(AccessTokens::Id).primary_key().auto_increment())
                .col(big_integer(AccessTokens::UserId))
                .col(string_len(AccessTokens::Name, 255))
                .col(string_len_uniq(AccessTokens::SecretHash, 64))
                .col(boolean(AccessTokens::IsReadOnly))
                .col(big_integer_null(AccessTokens::ExpiresAt))
                .col(big_integer(AccessTokens::CreatedAt))
                .col(big_integer_null(AccessTokens::LastUsedAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(AccessTokens::Table, AccessTokens::UserId)
                        .to(Users::Table, Users::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_access_tokens_user_id_name")
                .table(AccessTokens::Table)
                .col(AccessTokens::UserId)
                .col(AccessTokens::Name)
                .unique()
                .to_owned(),
        )
        .await
}

/// A session of before has none of these: it can't be listed, and ends as it would have.
async fn extend_sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [
        big_integer_null(Sessions::UserId),
        integer_null(Sessions::CredentialVersion),
        string_len_null(Sessions::Address, 64),
        string_len_null(Sessions::Client, 255),
        big_integer_null(Sessions::CreatedAt),
        big_integer_null(Sessions::UsedAt),
    ] {
        manager.alter_table(Table::alter().table(Sessions::Table).add_column(column).to_owned()).await?;
    }
    manager
        .create_index(
            Index::create().name(SESSIONS_OF_USER).table(Sessions::Table).col(Sessions::UserId).to_owned(),
        )
        .await
}

fn ends_with_project(
    table: impl sea_orm_migration::prelude::Iden + 'static,
    column: impl sea_orm_migration::prelude::Iden + 'static,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(Projects::Table, Projects::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
