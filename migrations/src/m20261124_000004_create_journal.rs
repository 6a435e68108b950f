//! What happened: the audit log people read, and the events that later work is started from.

use sea_orm_migration::{
    prelude::{DbErr, DeriveIden, DeriveMigrationName, Index, MigrationTrait, SchemaManager, Table},
    schema::{big_integer, big_integer_null, boolean, string_len, string_len_null},
    sea_orm,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum AuditLogs {
    Table,
    Id,
    OccurredAt,
    Actor,
    Operation,
    ResourceType,
    Resource,
    ProjectId,
    IsSuccess,
    Remote,
    RequestId,
}

#[derive(DeriveIden)]
enum Events {
    Table,
    Id,
    OccurredAt,
    Kind,
    Actor,
    ProjectId,
    Repository,
    Digest,
    Tag,
    RequestId,
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
                    .table(AuditLogs::Table)
                    .col(big_integer(AuditLogs::Id).primary_key().auto_increment())
                    .col(big_integer(AuditLogs::OccurredAt))
                    .col(string_len(AuditLogs::Actor, 255))
                    .col(string_len(AuditLogs::Operation, 64))
                    .col(string_len(AuditLogs::ResourceType, 64))
                    .col(string_len(AuditLogs::Resource, 512))
                    .col(big_integer_null(AuditLogs::ProjectId))
                    .col(boolean(AuditLogs::IsSuccess))
                    .col(string_len(AuditLogs::Remote, 64))
                    .col(string_len(AuditLogs::RequestId, 128))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx_audit_logs_project_occurred")
                    .table(AuditLogs::Table)
                    .col(AuditLogs::ProjectId)
                    .col(AuditLogs::OccurredAt)
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Events::Table)
                    .col(big_integer(Events::Id).primary_key().auto_increment())
                    .col(big_integer(Events::OccurredAt))
                    .col(string_len(Events::Kind, 64))
                    .col(string_len(Events::Actor, 255))
                    .col(big_integer(Events::ProjectId))
                    .col(string_len(Events::Repository, 255))
                    .col(string_len_null(Events::Digest, 135))
                    .col(string_len_null(Events::Tag, 128))
                    .col(string_len(Events::RequestId, 128))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Events::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(AuditLogs::Table).to_owned()).await
    }
}
