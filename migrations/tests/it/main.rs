//! The schema on a real database: from nothing, back to nothing, and again.

#![expect(clippy::expect_used, reason = "a test that can't arrange its scene has failed")]

use migrations::{Migrator, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};

/// Every table, in alphabetical order.
const TABLES: [&str; 22] = [
    "access_tokens",
    "audit_logs",
    "blobs",
    "events",
    "job_logs",
    "jobs",
    "manifest_references",
    "manifests",
    "members",
    "projects",
    "removals",
    "repositories",
    "repository_blobs",
    "robot_permissions",
    "robots",
    "schedules",
    "sessions",
    "settings",
    "tag_changes",
    "tags",
    "uploads",
    "users",
];

async fn empty() -> DatabaseConnection {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("a database in memory")
}

async fn say(database: &DatabaseConnection, sql: &str) {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    database.execute_raw(statement).await.expect(sql);
}

/// Name and definition of everything in the schema that is ours.
async fn schema(database: &DatabaseConnection, kinds: &str) -> Vec<(String, String)> {
    let sql = format!(
        "SELECT name, sql FROM sqlite_master WHERE type IN ({kinds}) AND sql IS NOT NULL \
         AND name NOT LIKE 'sqlite_%' AND name != 'seaql_migrations' ORDER BY name"
    );
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.expect("the schema can be read");
    rows.iter()
        .map(|row| (row.try_get("", "name").expect("a name"), row.try_get("", "sql").expect("a definition")))
        .collect()
}

async fn tables(database: &DatabaseConnection) -> Vec<String> {
    schema(database, "'table'").await.into_iter().map(|(name, _)| name).collect()
}

#[tokio::test]
async fn up_from_empty_makes_every_table() {
    let database = empty().await;
    Migrator::up(&database, None).await.expect("up");
    assert_eq!(tables(&database).await, TABLES);
}

#[tokio::test]
async fn up_again_changes_nothing() {
    let database = empty().await;
    Migrator::up(&database, None).await.expect("up");
    let before = schema(&database, "'table', 'index'").await;
    Migrator::up(&database, None).await.expect("up again");
    assert_eq!(schema(&database, "'table', 'index'").await, before);
}

#[tokio::test]
async fn down_leaves_nothing_and_up_makes_the_same_again() {
    let database = empty().await;
    Migrator::up(&database, None).await.expect("up");
    let before = schema(&database, "'table', 'index'").await;
    Migrator::down(&database, None).await.expect("down");
    assert_eq!(schema(&database, "'table', 'index'").await, []);
    Migrator::up(&database, None).await.expect("up again");
    assert_eq!(schema(&database, "'table', 'index'").await, before);
}

#[tokio::test]
async fn every_step_goes_back_alone() {
    let database = empty().await;
    for steps in 1..=u32::try_from(Migrator::migrations().len()).expect("few") {
        Migrator::up(&database, Some(1)).await.expect("one step up");
        let above = schema(&database, "'table', 'index'").await;
        Migrator::down(&database, Some(1)).await.expect("one step down");
        Migrator::up(&database, Some(1)).await.expect("and up again");
        assert_eq!(schema(&database, "'table', 'index'").await, above, "step {steps}");
    }
}

#[tokio::test]
async fn step_that_broke_off_leaves_nothing_and_can_begin_again() {
    let database = empty().await;
    Migrator::up(&database, Some(1)).await.expect("the first step");
    let before = schema(&database, "'table', 'index'").await;
    say(&database, "CREATE TABLE repositories (stranger INTEGER)").await;
    Migrator::up(&database, None).await.expect_err("the second step breaks off at its third table");
    say(&database, "DROP TABLE repositories").await;
    assert_eq!(schema(&database, "'table', 'index'").await, before);
    Migrator::up(&database, None).await.expect("up");
    assert_eq!(tables(&database).await, TABLES);
}
