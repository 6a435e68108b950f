//! Opening the database and bringing its schema up to date.

use std::{path::Path, time::Duration};

use futures::FutureExt;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use crate::{Error, Source, query::removal, writer::Writer};

/// How long a statement waits for a lock before it is refused.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// A row that is made and removed to see whether the database can be written.
const PROBE: &str = "probe";
/// Readers at once; each is one thread.
const READERS: u32 = 8;

/// The database: many readers, one writer.
#[derive(Clone, Debug)]
pub struct Db {
    readers: DatabaseConnection,
    pub(crate) writer: Writer,
}

impl Db {
    /// Opens the database at `url` (`sqlite:<path>`) and applies the schema steps it lacks.
    ///
    /// Errors: `SchemaNewer` when a step is unknown to this version, `UnsupportedScheme`, `Unavailable`.
    pub async fn open(url: &str) -> Result<Self, Error> {
        if !url.starts_with("sqlite:") {
            return Err(Error::UnsupportedScheme(url.split(':').next().unwrap_or_default().to_owned()));
        }
        let connection = connect(url, 1).await?;
        refuse_newer_schema(&connection).await?;
        Migrator::up(&connection, None).await?;
        let readers = connect(url, READERS).await?;
        Ok(Self { readers, writer: Writer::start(url.to_owned(), connection) })
    }

    /// The address of the default database in a data folder.
    pub fn default_url(data: &Path) -> String {
        format!("sqlite:{}", data.join("berth.db").display())
    }

    /// Answers when the database does. After a write that could not be committed it is asked to write again.
    pub async fn ping(&self) -> Result<(), Error> {
        self.readers.ping().await.map_err(Error::from)?;
        if !self.writer.is_failing() {
            return Ok(());
        }
        self.write(|tx| {
            async move {
                removal::insert(tx, PROBE.to_owned(), 0, 0).await?;
                removal::delete(tx, vec![PROBE.to_owned()]).await
            }
            .boxed()
        })
        .await
    }

    /// Finishes the writes that are under way and closes every connection.
    pub async fn close(self) -> Result<(), Error> {
        self.writer.stop().await;
        self.readers.close().await.map_err(Error::from)
    }
}

impl Source for Db {
    type Conn = DatabaseConnection;
    fn conn(&self) -> &DatabaseConnection {
        &self.readers
    }
}

pub(crate) async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(BUSY_TIMEOUT)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(BUSY_TIMEOUT)
                .foreign_keys(true)
                .pragma("cache_size", "-16384")
                .pragma("temp_store", "memory")
        });
    Ok(Database::connect(options).await?)
}

async fn refuse_newer_schema(connection: &DatabaseConnection) -> Result<(), Error> {
    let known: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let backend = connection.get_database_backend();
    let has_steps = connection
        .query_one_raw(Statement::from_string(
            backend,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        ))
        .await?
        .is_some();
    if !has_steps {
        return Ok(());
    }
    let rows = connection
        .query_all_raw(Statement::from_string(
            backend,
            "SELECT version FROM seaql_migrations ORDER BY version",
        ))
        .await?;
    for row in rows {
        let step: String = row.try_get("", "version")?;
        if !known.contains(&step) {
            return Err(Error::SchemaNewer(step));
        }
    }
    Ok(())
}
