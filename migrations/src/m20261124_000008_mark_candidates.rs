//! Since when nothing is known to need a blob, a link or a manifest: candidates of the collection. And who moved which
//! tag.

use sea_orm_migration::{
    prelude::{
        ConnectionTrait, DbErr, DeriveIden, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index,
        MigrationTrait, SchemaManager, Table,
    },
    schema::{big_integer, big_integer_null, string_len, string_len_null},
    sea_orm::{self, Statement},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const DIGEST_LEN: u32 = 135;

#[derive(DeriveIden)]
enum Repositories {
    Table,
    Id,
}

/// Each has the column and an index on it.
const MARKED: [&str; 3] = ["blobs", "repository_blobs", "manifests"];

/// Links are marked only where no manifest needs them: whoever asks for a marked one makes a write.
const UNLESS_NEEDED: &str = "WHERE NOT EXISTS (SELECT 1 FROM manifest_references \
    JOIN manifests ON manifests.id = manifest_references.manifest_id \
    WHERE manifest_references.digest = repository_blobs.digest \
    AND manifests.repository_id = repository_blobs.repository_id)";

#[derive(DeriveIden)]
struct CandidateSince;

#[derive(DeriveIden)]
enum TagChanges {
    Table,
    Id,
    RepositoryId,
    Name,
    OldDigest,
    NewDigest,
    Actor,
    OccurredAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in MARKED {
            let column = Table::alter().table(table).add_column(big_integer_null(CandidateSince)).to_owned();
            manager.alter_table(column).await?;
            let index = Index::create().name(index_of(table)).table(table).col(CandidateSince).to_owned();
            manager.create_index(index).await?;
            // anything may be without need by now: a collection looks at each and unmarks what is needed
            let unless = if table == "repository_blobs" { UNLESS_NEEDED } else { "" };
            let mark = format!(
                "UPDATE {table} SET candidate_since = CAST(strftime('%s', 'now') AS INTEGER) * 1000 {unless}"
            );
            let mark = Statement::from_string(manager.get_database_backend(), mark);
            manager.get_connection().execute_raw(mark).await?;
        }
        create_tag_changes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TagChanges::Table).to_owned()).await?;
        for table in MARKED {
            manager.drop_index(Index::drop().name(index_of(table)).table(table).to_owned()).await?;
            let column = Table::alter().table(table).drop_column(CandidateSince).to_owned();
            manager.alter_table(column).await?;
        }
        Ok(())
    }
}

fn index_of(table: &str) -> String {
    format!("idx_{table}_candidate_since")
}

async fn create_tag_changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(TagChanges::Table)
                .col(big_integer(TagChanges::Id).primary_key().auto_increment())
                .col(big_integer(TagChanges::RepositoryId))
                .col(string_len(TagChanges::Name, 128))
                .col(string_len_null(TagChanges::OldDigest, DIGEST_LEN))
                .col(string_len_null(TagChanges::NewDigest, DIGEST_LEN))
                .col(string_len(TagChanges::Actor, 255))
                .col(big_integer(TagChanges::OccurredAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(TagChanges::Table, TagChanges::RepositoryId)
                        .to(Repositories::Table, Repositories::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_tag_changes_repository_name")
                .table(TagChanges::Table)
                .col(TagChanges::RepositoryId)
                .col(TagChanges::Name)
                .col(TagChanges::Id)
                .to_owned(),
        )
        .await
}
