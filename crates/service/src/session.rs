//! Where the sessions of browsers are kept. What is in one is the server's business.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::query::session;
use futures::FutureExt;

use crate::{Error, core::Core};

/// The sessions of browsers.
#[derive(Clone)]
pub struct Sessions {
    pub(crate) core: Arc<Core>,
}

impl Sessions {
    /// The data and the end of a session that has not ended at `now`.
    pub async fn load(
        &self,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(Vec<u8>, DateTime<Utc>)>, Error> {
        let found = session::find(&self.core.db, id, now.timestamp_millis()).await?;
        Ok(found.and_then(|row| Some((row.data, DateTime::from_timestamp_millis(row.expires_at)?))))
    }

    /// Keeps a new session; false when the id is taken.
    pub async fn create(&self, id: &str, data: Vec<u8>, expires_at: DateTime<Utc>) -> Result<bool, Error> {
        let row = session::Session { id: id.to_owned(), data, expires_at: expires_at.timestamp_millis() };
        let written: Result<(), db::Error> =
            self.core.db.write(move |tx| async move { session::insert(tx, row).await }.boxed()).await;
        match written {
            Ok(()) => Ok(true),
            Err(db::Error::AlreadyExists(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps a session, new or not.
    pub async fn save(&self, id: &str, data: Vec<u8>, expires_at: DateTime<Utc>) -> Result<(), Error> {
        let row = session::Session { id: id.to_owned(), data, expires_at: expires_at.timestamp_millis() };
        self.core.db.write(move |tx| async move { Ok(session::save(tx, row).await?) }.boxed()).await
    }

    /// Forgets a session.
    pub async fn delete(&self, id: &str) -> Result<(), Error> {
        let id = id.to_owned();
        self.core.db.write(move |tx| async move { Ok(session::delete(tx, &id).await?) }.boxed()).await
    }

    /// Forgets the sessions that ended by `now`.
    pub async fn delete_expired(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let now = now.timestamp_millis();
        self.core.db.write(move |tx| async move { Ok(session::delete_expired(tx, now).await?) }.boxed()).await
    }
}
