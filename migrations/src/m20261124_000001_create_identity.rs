//! Users and the sessions of their browsers.

use sea_orm_migration::{
    prelude::{DbErr, DeriveIden, DeriveMigrationName, Index, MigrationTrait, SchemaManager, Table},
    schema::{
        big_integer, big_integer_null, binary, boolean, integer, string_len, string_len_null, string_len_uniq,
    },
    sea_orm,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
    Username,
    Email,
    Realname,
    Comment,
    PasswordHash,
    CredentialVersion,
    IsAdmin,
    CreatedAt,
    UpdatedAt,
    DeletedAt,
}

#[derive(DeriveIden)]
enum Sessions {
    Table,
    Id,
    Data,
    ExpiresAt,
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
                    .table(Users::Table)
                    .col(big_integer(Users::Id).primary_key().auto_increment())
                    .col(string_len_uniq(Users::Username, 255))
                    .col(string_len_null(Users::Email, 255).unique_key())
                    .col(string_len(Users::Realname, 255))
                    .col(string_len(Users::Comment, 255))
                    .col(string_len_null(Users::PasswordHash, 255))
                    .col(integer(Users::CredentialVersion))
                    .col(boolean(Users::IsAdmin))
                    .col(big_integer(Users::CreatedAt))
                    .col(big_integer(Users::UpdatedAt))
                    .col(big_integer_null(Users::DeletedAt))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Sessions::Table)
                    .col(string_len(Sessions::Id, 64).primary_key())
                    .col(binary(Sessions::Data))
                    .col(big_integer(Sessions::ExpiresAt))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx_sessions_expires_at")
                    .table(Sessions::Table)
                    .col(Sessions::ExpiresAt)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Sessions::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Users::Table).to_owned()).await
    }
}
