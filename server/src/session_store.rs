//! Sessions of browsers in the database, for tower-sessions.

use app::ssr::session::{SESSION_KEY, SessionIdentity};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use service::session::{Kept, Owner, Sessions};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::clock::now;

/// Keeps sessions through `services.sessions`.
#[derive(Clone)]
pub struct DatabaseStore(pub Sessions);

impl std::fmt::Debug for DatabaseStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseStore")
    }
}

#[async_trait]
impl SessionStore for DatabaseStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self.0.create(kept(record)?).await.map_err(failed)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.0.save(kept(record)?).await.map_err(failed)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        match self.0.load(&id.to_string(), now()).await.map_err(failed)? {
            Some((data, _)) => {
                serde_json::from_slice(&data).map(Some).map_err(|error| Error::Decode(error.to_string()))
            }
            None => Ok(None),
        }
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.delete(&id.to_string()).await.map_err(failed)
    }
}

fn kept(record: &Record) -> Result<Kept> {
    Ok(Kept {
        id: record.id.to_string(),
        data: encode(record)?,
        expires_at: expiry(record)?,
        owner: owner(record),
        used_at: now(),
    })
}

/// Whose the session is, told beside what is in it.
fn owner(record: &Record) -> Option<Owner> {
    let identity: SessionIdentity = serde_json::from_value(record.data.get(SESSION_KEY)?.clone()).ok()?;
    Some(Owner {
        user_id: identity.user_id,
        credential_version: identity.credential_version,
        address: identity.address,
        client: identity.client,
        started_at: DateTime::from_timestamp(identity.started_at, 0)?,
    })
}

fn encode(record: &Record) -> Result<Vec<u8>> {
    serde_json::to_vec(record).map_err(|error| Error::Encode(error.to_string()))
}

fn expiry(record: &Record) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0)
        .ok_or_else(|| Error::Encode("the session ends outside of time".to_owned()))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err calls")]
fn failed(error: service::Error) -> Error {
    tracing::error!(error = &error as &dyn std::error::Error, "Could not reach the sessions");
    Error::Backend(error.to_string())
}
