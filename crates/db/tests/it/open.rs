use db::{
    Access, Db, Error, Source,
    entity::{
        access_token, audit_log, blob, event, job, job_log, manifest, manifest_reference, member, project,
        removal, repository, repository_blob, robot, robot_permission, schedule, session, setting, tag,
        tag_change, upload, user,
    },
    query::{self, snapshot},
};
use futures::FutureExt;
use sea_orm::EntityTrait;
use tempfile::TempDir;

use crate::fixture::{Fixture, number, say, text};

#[tokio::test]
async fn every_entity_is_selectable() {
    let at = Fixture::new().await;
    let conn = at.db.conn();
    assert_eq!(access_token::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(audit_log::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(blob::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(event::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(job::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(job_log::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(manifest::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(manifest_reference::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(member::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(project::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(removal::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(repository::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(repository_blob::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(robot::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(robot_permission::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(schedule::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(session::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(setting::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(tag::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(tag_change::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(upload::Entity::find().all(conn).await, Ok(vec![]));
    assert_eq!(user::Entity::find().all(conn).await, Ok(vec![]));
}

#[tokio::test]
async fn schema_of_a_newer_version_is_refused() {
    let at = Fixture::new().await;
    say(
        at.db.conn(),
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99991231_000001_fly', 0)",
    )
    .await;
    let refused = Db::open(&at.url()).await.expect_err("an unknown step");
    assert!(matches!(&refused, Error::SchemaNewer(step) if step == "m99991231_000001_fly"), "{refused:?}");
}

#[tokio::test]
async fn refusal_of_a_newer_schema_changes_nothing() {
    let folder = TempDir::new().expect("a temporary folder");
    let url = Db::default_url(folder.path());
    let stranger = sea_orm::Database::connect(format!("{url}?mode=rwc")).await.expect("a database");
    say(&stranger, "CREATE TABLE seaql_migrations (version TEXT PRIMARY KEY, applied_at BIGINT)").await;
    say(&stranger, "INSERT INTO seaql_migrations VALUES ('m99991231_000001_fly', 0)").await;
    Db::open(&url).await.expect_err("an unknown step");
    assert_eq!(number(&stranger, "SELECT count(*) FROM sqlite_master WHERE type = 'table'").await, 1);
}

#[tokio::test]
async fn an_older_schema_is_left_as_it_is_by_whoever_only_looks() {
    let at = Fixture::new().await;
    let newest = "(SELECT max(version) FROM seaql_migrations)";
    say(at.db.conn(), &format!("DELETE FROM seaql_migrations WHERE version = {newest}")).await;
    let steps = number(at.db.conn(), "SELECT count(*) FROM seaql_migrations").await;
    for access in [Access::Read, Access::Write] {
        let refused = Db::attach(&at.url(), access).await.expect_err("a step is missing");
        assert!(matches!(&refused, Error::SchemaOlder(_)), "{refused:?}");
    }
    assert_eq!(number(at.db.conn(), "SELECT count(*) FROM seaql_migrations").await, steps);
}

#[tokio::test]
async fn whoever_only_looks_makes_no_database_and_writes_none() {
    let folder = TempDir::new().expect("a temporary folder");
    for access in [Access::Read, Access::Write] {
        Db::attach(&Db::default_url(folder.path()), access).await.expect_err("there is none");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    let at = Fixture::new().await;
    let reader = Db::attach(&at.url(), Access::Read).await.expect("it is there");
    let written = reader.write(|tx| async move { snapshot::settle(tx).await }.boxed()).await;
    assert!(matches!(written, Err(Error::Unavailable(_))), "{written:?}");
}

#[tokio::test]
async fn only_sqlite_is_served() {
    let refused = Db::open("postgres://localhost/berth").await.expect_err("not served");
    assert!(matches!(&refused, Error::UnsupportedScheme(scheme) if scheme == "postgres"), "{refused:?}");
}

#[tokio::test]
async fn every_connection_is_durable_and_keeps_references() {
    let at = Fixture::new().await;
    let pragmas = |conn| async move {
        (
            text(conn, "PRAGMA journal_mode").await,
            number(conn, "PRAGMA synchronous").await,
            number(conn, "PRAGMA foreign_keys").await,
        )
    };
    assert_eq!(pragmas(at.db.conn()).await, ("wal".to_owned(), 2, 1));
    let written = at
        .write(|tx| {
            Box::pin(async move {
                Ok((
                    text(tx.conn(), "PRAGMA journal_mode").await,
                    number(tx.conn(), "PRAGMA synchronous").await,
                    number(tx.conn(), "PRAGMA foreign_keys").await,
                ))
            })
        })
        .await;
    assert_eq!(written, ("wal".to_owned(), 2, 1));
}

#[tokio::test]
async fn what_was_written_is_there_after_closing_and_opening() {
    let at = Fixture::new().await;
    let id = at.user("ann").await;
    at.db.clone().close().await.expect("closes");
    let again = Db::open(&at.url()).await.expect("opens again");
    let found = query::user::find_by_name(&again, "ann").await.expect("a query");
    assert_eq!(found.map(|row| row.id), Some(id));
}

#[tokio::test]
async fn what_was_answered_is_there_though_nothing_was_closed() {
    let at = Fixture::new().await;
    let id = at.user("ann").await;
    let again = Db::open(&at.url()).await.expect("opens beside it");
    let found = query::user::find_by_name(&again, "ann").await.expect("a query");
    assert_eq!(found.map(|row| row.id), Some(id));
}
