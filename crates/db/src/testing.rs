//! Damage on purpose, for tests of what finds it.

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, Statement,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use crate::Error;

/// Runs statements on the database at `url` that keep no rule: foreign keys are not looked at.
pub async fn damage(url: &str, statements: &[&str]) -> Result<(), Error> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .foreign_keys(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("ignore_check_constraints", "on")
    });
    let connection = Database::connect(options).await?;
    for sql in statements {
        connection.execute_raw(Statement::from_string(connection.get_database_backend(), *sql)).await?;
    }
    connection.close().await?;
    Ok(())
}
