//! The schema, one file per step, applied in the order of [`Migrator`].
//!
//! A migration never changes once it is on `main`, names its own tables and columns, and knows no entity. It runs in a
//! transaction with the note that it ran: a start that was killed in the middle of one begins it again.
//! Conventions: times are `…_at` columns of milliseconds since the Unix epoch, sizes are `…_bytes`, a digest is
//! its text form (`sha256:…`), booleans are claims (`is_…`).
#![forbid(unsafe_code)]
#![expect(
    elided_lifetimes_in_paths,
    reason = "async_trait compares the signature with the trait's, which elides it"
)]

pub use sea_orm_migration::{MigrationTrait, MigratorTrait};

mod m20261124_000001_create_identity;
mod m20261124_000002_create_projects;
mod m20261124_000003_create_registry;
mod m20261124_000004_create_journal;
mod m20261124_000005_create_settings;
mod m20261124_000006_index_events;
mod m20261124_000007_locate_blobs;
mod m20261124_000008_mark_candidates;
mod m20261124_000009_create_jobs;
mod m20261124_000010_index_locations;
mod m20261124_000012_create_robots;

/// Applies every schema step that a database lacks.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_create_identity::Migration),
            Box::new(m20261124_000002_create_projects::Migration),
            Box::new(m20261124_000003_create_registry::Migration),
            Box::new(m20261124_000004_create_journal::Migration),
            Box::new(m20261124_000005_create_settings::Migration),
            Box::new(m20261124_000006_index_events::Migration),
            Box::new(m20261124_000007_locate_blobs::Migration),
            Box::new(m20261124_000008_mark_candidates::Migration),
            Box::new(m20261124_000009_create_jobs::Migration),
            Box::new(m20261124_000010_index_locations::Migration),
            Box::new(m20261124_000012_create_robots::Migration),
        ]
    }
}
