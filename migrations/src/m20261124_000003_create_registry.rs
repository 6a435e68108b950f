//! Blobs, uploads, manifests with their references, and tags.

use sea_orm_migration::{
    prelude::{
        DbErr, DeriveIden, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, MigrationTrait,
        SchemaManager, Table,
    },
    schema::{
        big_integer, big_integer_null, binary, blob, integer, string_len, string_len_null, text, text_null,
    },
    sea_orm,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// `sha512:` and 128 hexadecimal digits.
const DIGEST_LEN: u32 = 135;

#[derive(DeriveIden)]
enum Projects {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Repositories {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Blobs {
    Table,
    Digest,
    SizeBytes,
    CreatedAt,
}

#[derive(DeriveIden)]
enum RepositoryBlobs {
    Table,
    RepositoryId,
    Digest,
}

#[derive(DeriveIden)]
enum Uploads {
    Table,
    Id,
    ProjectId,
    Repository,
    Owner,
    OffsetBytes,
    HashState,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Manifests {
    Table,
    Id,
    RepositoryId,
    Digest,
    MediaType,
    ArtifactType,
    ConfigMediaType,
    SubjectDigest,
    Annotations,
    ExtraAttrs,
    TotalBytes,
    Content,
    PushedAt,
    PulledAt,
}

#[derive(DeriveIden)]
enum ManifestReferences {
    Table,
    ManifestId,
    Position,
    Kind,
    Digest,
    SizeBytes,
}

#[derive(DeriveIden)]
enum Tags {
    Table,
    Id,
    RepositoryId,
    ManifestId,
    Name,
    PushedAt,
    PulledAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_blobs(manager).await?;
        create_uploads(manager).await?;
        create_manifests(manager).await?;
        create_references(manager).await?;
        create_tags(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Tags::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(ManifestReferences::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Manifests::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Uploads::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(RepositoryBlobs::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Blobs::Table).to_owned()).await
    }
}

async fn create_blobs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Blobs::Table)
                .col(string_len(Blobs::Digest, DIGEST_LEN).primary_key())
                .col(big_integer(Blobs::SizeBytes))
                .col(big_integer(Blobs::CreatedAt))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table(RepositoryBlobs::Table)
                .col(big_integer(RepositoryBlobs::RepositoryId))
                .col(string_len(RepositoryBlobs::Digest, DIGEST_LEN))
                .primary_key(Index::create().col(RepositoryBlobs::RepositoryId).col(RepositoryBlobs::Digest))
                .foreign_key(
                    ForeignKey::create()
                        .from(RepositoryBlobs::Table, RepositoryBlobs::RepositoryId)
                        .to(Repositories::Table, Repositories::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(RepositoryBlobs::Table, RepositoryBlobs::Digest)
                        .to(Blobs::Table, Blobs::Digest),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_repository_blobs_digest")
                .table(RepositoryBlobs::Table)
                .col(RepositoryBlobs::Digest)
                .to_owned(),
        )
        .await
}

async fn create_uploads(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Uploads::Table)
                .col(string_len(Uploads::Id, 36).primary_key())
                .col(big_integer(Uploads::ProjectId))
                .col(string_len(Uploads::Repository, 255))
                .col(string_len(Uploads::Owner, 255))
                .col(big_integer(Uploads::OffsetBytes))
                .col(binary(Uploads::HashState))
                .col(big_integer(Uploads::CreatedAt))
                .col(big_integer(Uploads::UpdatedAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(Uploads::Table, Uploads::ProjectId)
                        .to(Projects::Table, Projects::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_uploads_project")
                .table(Uploads::Table)
                .col(Uploads::ProjectId)
                .to_owned(),
        )
        .await
}

async fn create_manifests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Manifests::Table)
                .col(big_integer(Manifests::Id).primary_key().auto_increment())
                .col(big_integer(Manifests::RepositoryId))
                .col(string_len(Manifests::Digest, DIGEST_LEN))
                .col(string_len(Manifests::MediaType, 255))
                .col(string_len_null(Manifests::ArtifactType, 255))
                .col(string_len_null(Manifests::ConfigMediaType, 255))
                .col(string_len_null(Manifests::SubjectDigest, DIGEST_LEN))
                .col(text(Manifests::Annotations))
                .col(text_null(Manifests::ExtraAttrs))
                .col(big_integer(Manifests::TotalBytes))
                .col(blob(Manifests::Content))
                .col(big_integer(Manifests::PushedAt))
                .col(big_integer_null(Manifests::PulledAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(Manifests::Table, Manifests::RepositoryId)
                        .to(Repositories::Table, Repositories::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("uq_manifests_repository_digest")
                .table(Manifests::Table)
                .col(Manifests::RepositoryId)
                .col(Manifests::Digest)
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_manifests_repository_subject")
                .table(Manifests::Table)
                .col(Manifests::RepositoryId)
                .col(Manifests::SubjectDigest)
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_manifests_repository_pushed")
                .table(Manifests::Table)
                .col(Manifests::RepositoryId)
                .col(Manifests::PushedAt)
                .to_owned(),
        )
        .await
}

async fn create_references(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(ManifestReferences::Table)
                .col(big_integer(ManifestReferences::ManifestId))
                .col(integer(ManifestReferences::Position))
                .col(integer(ManifestReferences::Kind))
                .col(string_len(ManifestReferences::Digest, DIGEST_LEN))
                .col(big_integer(ManifestReferences::SizeBytes))
                .primary_key(
                    Index::create().col(ManifestReferences::ManifestId).col(ManifestReferences::Position),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(ManifestReferences::Table, ManifestReferences::ManifestId)
                        .to(Manifests::Table, Manifests::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("idx_manifest_references_digest")
                .table(ManifestReferences::Table)
                .col(ManifestReferences::Digest)
                .to_owned(),
        )
        .await
}

async fn create_tags(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Tags::Table)
                .col(big_integer(Tags::Id).primary_key().auto_increment())
                .col(big_integer(Tags::RepositoryId))
                .col(big_integer(Tags::ManifestId))
                .col(string_len(Tags::Name, 128))
                .col(big_integer(Tags::PushedAt))
                .col(big_integer_null(Tags::PulledAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(Tags::Table, Tags::RepositoryId)
                        .to(Repositories::Table, Repositories::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(Tags::Table, Tags::ManifestId)
                        .to(Manifests::Table, Manifests::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("uq_tags_repository_name")
                .table(Tags::Table)
                .col(Tags::RepositoryId)
                .col(Tags::Name)
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create().name("idx_tags_manifest").table(Tags::Table).col(Tags::ManifestId).to_owned(),
        )
        .await
}
