//! A database in a folder of its own, and rows to fill it with.

use std::path::{Path, PathBuf};

use db::{
    Db, Error, Source, Tx,
    query::{
        manifest::{NewManifest, ReferenceKind},
        user::NewUser,
    },
};
use futures::{FutureExt, future::BoxFuture};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use tempfile::TempDir;

/// A database that was just opened.
pub struct Fixture {
    pub db: Db,
    folder: TempDir,
}

impl Fixture {
    pub async fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let db = Db::open(&Db::default_url(folder.path())).await.expect("a new database");
        Self { db, folder }
    }

    pub fn url(&self) -> String {
        Db::default_url(self.folder.path())
    }

    pub fn file(&self) -> PathBuf {
        file_in(self.folder.path())
    }

    /// A connection beside those of the database, as another process has one.
    pub async fn stranger(&self) -> DatabaseConnection {
        let mut options = sea_orm::ConnectOptions::new(self.url());
        options.max_connections(1).sqlx_logging(false);
        sea_orm::Database::connect(options).await.expect("a second connection")
    }

    /// How the database would answer a question, one step a line.
    pub async fn plan(&self, sql: &str) -> String {
        let statement =
            Statement::from_string(sea_orm::DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = self.db.conn().query_all_raw(statement).await.expect("a plan");
        let steps = rows.iter().map(|row| row.try_get::<String>("", "detail").expect("a step"));
        steps.collect::<Vec<_>>().join("\n")
    }

    /// Writes, and expects to succeed.
    pub async fn write<T, F>(&self, job: F) -> T
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T, Error>> + Send + 'static,
    {
        self.db.write(job).await.expect("the write succeeds")
    }

    pub async fn user(&self, name: &'static str) -> i64 {
        self.write(move |tx| async move { db::query::user::insert(tx, user(name)).await }.boxed()).await
    }

    pub async fn project(&self, name: &'static str, owner: i64, is_public: bool) -> i64 {
        self.write(move |tx| {
            async move { db::query::project::insert(tx, name.to_owned(), owner, is_public, 1).await }.boxed()
        })
        .await
    }

    /// A repository that was pushed to.
    pub async fn repository(&self, name: &'static str, project: i64) -> i64 {
        self.write(move |tx| {
            async move {
                let id = db::query::repository::ensure(tx, project, name, 1).await?;
                db::query::repository::touch(tx, id, 1).await?;
                Ok(id)
            }
            .boxed()
        })
        .await
    }

    pub async fn manifest(&self, repository: i64, new: NewManifest, now: i64) -> i64 {
        self.write(move |tx| async move { db::query::manifest::put(tx, repository, new, now).await }.boxed())
            .await
    }

    pub async fn tag(&self, repository: i64, name: &'static str, manifest: i64, now: i64) {
        self.write(move |tx| {
            async move { db::query::tag::put(tx, repository, name, manifest, now).await }.boxed()
        })
        .await;
    }
}

pub fn file_in(folder: &Path) -> PathBuf {
    folder.join("berth.db")
}

pub async fn say(database: &impl ConnectionTrait, sql: &str) {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    database.execute_raw(statement).await.expect(sql);
}

/// The first column of the first row, as a number.
pub async fn number(database: &impl ConnectionTrait, sql: &str) -> i64 {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.expect(sql).expect("a row");
    row.try_get_by_index(0).expect("a number")
}

/// The first column of the first row, as text.
pub async fn text(database: &impl ConnectionTrait, sql: &str) -> String {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.expect(sql).expect("a row");
    row.try_get_by_index(0).expect("a text")
}

pub fn user(name: &str) -> NewUser {
    NewUser {
        username: name.to_owned(),
        email: Some(format!("{name}@example.org")),
        realname: name.to_owned(),
        comment: String::new(),
        password_hash: None,
        is_admin: false,
        now: 1,
    }
}

/// A manifest named by one letter, that refers to others by theirs.
pub fn manifest(letter: char, children: &[char]) -> NewManifest {
    NewManifest {
        digest: digest(letter),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        artifact_type: None,
        config_media_type: None,
        subject_digest: None,
        annotations: "{}".to_owned(),
        extra_attrs: None,
        total_bytes: 10,
        content: b"{}".to_vec(),
        references: children.iter().map(|child| (ReferenceKind::Manifest, digest(*child), 2)).collect(),
    }
}

pub fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}
