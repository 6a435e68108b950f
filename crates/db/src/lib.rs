//! Metadata: opens the database, brings its schema up to date, and holds every query.
//!
//! sea-orm lives here and in `migrations`, nowhere else. Readers go to a pool; every write goes through one writer
//! that commits concurrent small writes together (see [`Db::write`]). No rule is decided here.
#![forbid(unsafe_code)]

mod connect;
pub mod entity;
mod error;
pub mod query;
#[cfg(feature = "testing")]
pub mod testing;
mod writer;

pub use connect::{Access, Db};
pub use error::Error;
pub use writer::{Tx, Writes};

use sea_orm::ConnectionTrait;

/// A place to read from: the reader pool ([`Db`]) or the running write transaction ([`Tx`]).
pub trait Source: Send + Sync {
    /// The connection behind it.
    type Conn: ConnectionTrait;
    /// Gives the connection behind it.
    fn conn(&self) -> &Self::Conn;
}
