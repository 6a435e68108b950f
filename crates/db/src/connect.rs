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

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read and write; a database that is missing is made.
    Create,
    /// Read and write what is there.
    Write,
    /// Read what is there.
    Read,
}

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
        refuse_other_schemes(url)?;
        let connection = connect(url, 1, Access::Create).await?;
        refuse_newer_schema(&applied(&connection).await?)?;
        Migrator::up(&connection, None).await?;
        let readers = connect(url, READERS, Access::Create).await?;
        Ok(Self { readers, writer: Writer::start((url.to_owned(), Access::Write), connection) })
    }

    /// Opens a database that is there and leaves its schema as it is; beside a running server, too.
    ///
    /// Errors: `SchemaOlder`, `SchemaNewer`, `UnsupportedScheme`, `Unavailable` also when there is no database.
    pub async fn attach(url: &str, access: Access) -> Result<Self, Error> {
        refuse_other_schemes(url)?;
        let connection = connect(url, 1, access).await?;
        let applied = applied(&connection).await?;
        refuse_newer_schema(&applied)?;
        if let Some(step) = steps().into_iter().find(|step| !applied.contains(step)) {
            return Err(Error::SchemaOlder(step));
        }
        let readers = connect(url, READERS, access).await?;
        Ok(Self { readers, writer: Writer::start((url.to_owned(), access), connection) })
    }

    /// Writes a copy of the whole database, as of one moment, to a file that is not there yet. Not durable by itself.
    pub async fn snapshot(&self, file: &Path) -> Result<(), Error> {
        let backend = self.readers.get_database_backend();
        let file = file.display().to_string();
        let statement = Statement::from_sql_and_values(backend, "VACUUM INTO ?", [file.into()]);
        self.readers.execute_raw(statement).await?;
        Ok(())
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

fn refuse_other_schemes(url: &str) -> Result<(), Error> {
    if url.starts_with("sqlite:") {
        return Ok(());
    }
    Err(Error::UnsupportedScheme(url.split(':').next().unwrap_or_default().to_owned()))
}

pub(crate) async fn connect(
    url: &str,
    connections: u32,
    access: Access,
) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(BUSY_TIMEOUT)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = match access {
                Access::Create => sqlite.create_if_missing(true).journal_mode(SqliteJournalMode::Wal),
                Access::Write => sqlite.create_if_missing(false),
                Access::Read => sqlite.create_if_missing(false).read_only(true),
            };
            sqlite
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(BUSY_TIMEOUT)
                .foreign_keys(true)
                .pragma("cache_size", "-16384")
                .pragma("temp_store", "memory")
        });
    Ok(Database::connect(options).await?)
}

/// The names of all schema steps of this version.
fn steps() -> Vec<String> {
    Migrator::migrations().iter().map(|step| step.name().to_owned()).collect()
}

/// The schema steps that were applied.
async fn applied(connection: &DatabaseConnection) -> Result<Vec<String>, Error> {
    let backend = connection.get_database_backend();
    let has_steps = connection
        .query_one_raw(Statement::from_string(
            backend,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        ))
        .await?
        .is_some();
    if !has_steps {
        return Ok(Vec::new());
    }
    let rows = connection
        .query_all_raw(Statement::from_string(
            backend,
            "SELECT version FROM seaql_migrations ORDER BY version",
        ))
        .await?;
    Ok(rows.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?)
}

fn refuse_newer_schema(applied: &[String]) -> Result<(), Error> {
    let known = steps();
    match applied.iter().find(|step| !known.contains(step)) {
        Some(step) => Err(Error::SchemaNewer(step.clone())),
        None => Ok(()),
    }
}
