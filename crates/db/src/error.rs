//! What can go wrong below the rules; constraint names end here.

use sea_orm::{DbErr, SqlErr};

/// A failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique key is taken.
    #[error("a row with this key exists already")]
    AlreadyExists(#[source] DbErr),
    /// A row that is referred to or changed is missing, or a row to delete is still referred to.
    #[error("a row that is referred to is missing, or still referred to")]
    Referenced(#[source] DbErr),
    /// The database did not answer in time or can't write; trying again later may help.
    #[error("the database is busy or unavailable")]
    Unavailable(#[source] DbErr),
    /// The schema was made by a newer version of Berth.
    #[error(
        "the database schema is newer than this version of Berth (unknown step {0}): use the newer version"
    )]
    SchemaNewer(String),
    /// The schema lacks a step, and nobody asked to apply it.
    #[error(
        "the database schema is older than this version of Berth (step {0} is missing): start the server once"
    )]
    SchemaOlder(String),
    /// A stored value can't be read back.
    #[error("a stored value of {0} is damaged")]
    Damaged(&'static str),
    /// The writer stopped before it answered.
    #[error("the write was given up")]
    Lost,
    /// Only SQLite addresses are served.
    #[error("the database address {0:?} is not supported: use sqlite:<path>")]
    UnsupportedScheme(String),
    /// Anything else the database said.
    #[error("the database failed")]
    Database(#[source] DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => return Self::AlreadyExists(error),
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => return Self::Referenced(error),
            _ => {}
        }
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error),
            DbErr::RecordNotUpdated => Self::Referenced(error),
            _ if is_refused_write(&error) => Self::Unavailable(error),
            _ => Self::Database(error),
        }
    }
}

/// SQLite's words for a lock that outlived the busy timeout and for a full or unwritable disk
/// (`SQLITE_BUSY`, `SQLITE_FULL`, `SQLITE_IOERR`, `SQLITE_READONLY`).
fn is_refused_write(error: &DbErr) -> bool {
    let text = error.to_string();
    ["database is locked", "disk is full", "disk I/O error", "readonly database"]
        .iter()
        .any(|say| text.contains(say))
}
