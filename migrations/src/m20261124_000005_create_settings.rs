//! What administrators and people chose, and what lists of the audit log need.

use sea_orm_migration::{
    prelude::{DbErr, DeriveIden, DeriveMigrationName, Index, MigrationTrait, SchemaManager, Table},
    schema::{big_integer, string_len, string_len_null, text},
    sea_orm,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Settings {
    Table,
    Key,
    Value,
    UpdatedAt,
}

#[derive(Clone, Copy, DeriveIden)]
enum Users {
    Table,
    Locale,
    Theme,
    Client,
}

#[derive(DeriveIden)]
enum AuditLogs {
    Table,
    Id,
    ProjectId,
    OccurredAt,
}

/// The columns that people's choices are in.
const CHOICES: [Users; 3] = [Users::Locale, Users::Theme, Users::Client];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Settings::Table)
                    .col(string_len(Settings::Key, 64).primary_key())
                    .col(text(Settings::Value))
                    .col(big_integer(Settings::UpdatedAt))
                    .to_owned(),
            )
            .await?;
        for choice in CHOICES {
            let column = string_len_null(choice, 64);
            manager.alter_table(Table::alter().table(Users::Table).add_column(column).to_owned()).await?;
        }
        index_audit_logs(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["idx_audit_logs_occurred", "idx_audit_logs_project_id"] {
            manager.drop_index(Index::drop().name(index).table(AuditLogs::Table).to_owned()).await?;
        }
        for choice in CHOICES.into_iter().rev() {
            manager.alter_table(Table::alter().table(Users::Table).drop_column(choice).to_owned()).await?;
        }
        manager.drop_table(Table::drop().table(Settings::Table).to_owned()).await
    }
}

async fn index_audit_logs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_index(
            Index::create()
                .name("idx_audit_logs_project_id")
                .table(AuditLogs::Table)
                .col(AuditLogs::ProjectId)
                .col(AuditLogs::Id)
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_audit_logs_occurred")
                .table(AuditLogs::Table)
                .col(AuditLogs::OccurredAt)
                .to_owned(),
        )
        .await
}
