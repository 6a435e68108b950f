//! Background work: jobs, what they said, and when they are due.

use sea_orm_migration::{
    prelude::{
        DbErr, DeriveIden, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, MigrationTrait,
        SchemaManager, Table,
    },
    schema::{big_integer, big_integer_null, boolean, integer, string_len, string_len_null, text, text_null},
    sea_orm,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Jobs {
    Table,
    Id,
    Kind,
    Payload,
    /// What no two open jobs share; null once the job is over.
    SingleFlight,
    State,
    RunAt,
    Attempts,
    MaxAttempts,
    TimeoutSecs,
    /// Grows with every take-over: what an older worker writes is refused.
    Fence,
    Worker,
    LeaseUntil,
    IsCancelled,
    Progress,
    Outcome,
    Actor,
    CreatedAt,
    StartedAt,
    FinishedAt,
}

#[derive(DeriveIden)]
enum JobLogs {
    Table,
    Id,
    JobId,
    At,
    Line,
}

#[derive(DeriveIden)]
enum Schedules {
    Table,
    Kind,
    Cron,
    Payload,
    IsPaused,
    NextAt,
    UpdatedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_jobs(manager).await?;
        create_logs(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table(Schedules::Table)
                    .col(string_len(Schedules::Kind, 64).primary_key())
                    .col(string_len(Schedules::Cron, 128))
                    .col(text(Schedules::Payload))
                    .col(boolean(Schedules::IsPaused))
                    .col(big_integer_null(Schedules::NextAt))
                    .col(big_integer(Schedules::UpdatedAt))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Schedules::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(JobLogs::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Jobs::Table).to_owned()).await
    }
}

async fn create_jobs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Jobs::Table)
                .col(big_integer(Jobs::Id).primary_key().auto_increment())
                .col(string_len(Jobs::Kind, 64))
                .col(text(Jobs::Payload))
                .col(string_len_null(Jobs::SingleFlight, 255).unique_key())
                .col(string_len(Jobs::State, 16))
                .col(big_integer(Jobs::RunAt))
                .col(integer(Jobs::Attempts))
                .col(integer(Jobs::MaxAttempts))
                .col(big_integer(Jobs::TimeoutSecs))
                .col(big_integer(Jobs::Fence))
                .col(string_len_null(Jobs::Worker, 64))
                .col(big_integer_null(Jobs::LeaseUntil))
                .col(boolean(Jobs::IsCancelled))
                .col(text_null(Jobs::Progress))
                .col(text_null(Jobs::Outcome))
                .col(string_len(Jobs::Actor, 255))
                .col(big_integer(Jobs::CreatedAt))
                .col(big_integer_null(Jobs::StartedAt))
                .col(big_integer_null(Jobs::FinishedAt))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_jobs_state_run_at")
                .table(Jobs::Table)
                .col(Jobs::State)
                .col(Jobs::RunAt)
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create().name("idx_jobs_kind").table(Jobs::Table).col(Jobs::Kind).col(Jobs::Id).to_owned(),
        )
        .await
}

async fn create_logs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(JobLogs::Table)
                .col(big_integer(JobLogs::Id).primary_key().auto_increment())
                .col(big_integer(JobLogs::JobId))
                .col(big_integer(JobLogs::At))
                .col(text(JobLogs::Line))
                .foreign_key(
                    ForeignKey::create()
                        .from(JobLogs::Table, JobLogs::JobId)
                        .to(Jobs::Table, Jobs::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_job_logs_job")
                .table(JobLogs::Table)
                .col(JobLogs::JobId)
                .col(JobLogs::Id)
                .to_owned(),
        )
        .await
}
