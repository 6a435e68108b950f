//! Where the sessions of browsers are kept. What is in one is the server's business; whose it is, is told beside it, so
//! that people see where they are signed in, and can sign out there.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use db::query::session;
use futures::FutureExt;
use sha2::{Digest as _, Sha256};
pub use types::view::SessionEntry;

use crate::{
    Error, Kind, OpCtx,
    artifact::time,
    core::Core,
    journal::{Act, Origin},
};

/// The longest name of a browser that is kept, in bytes.
const MAX_CLIENT_BYTES: usize = 255;

/// The sessions of browsers.
#[derive(Clone)]
pub struct Sessions {
    pub(crate) core: Arc<Core>,
}

/// A session as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What the browser knows it by: whoever has it is signed in.
    pub id: String,
    /// What is in it.
    pub data: Vec<u8>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Whose it is, once somebody signed in.
    pub owner: Option<Owner>,
    /// When it is used.
    pub used_at: DateTime<Utc>,
}

/// Whose a session is, and where it began.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The user's id.
    pub user_id: i64,
    /// The version of the credentials it began with.
    pub credential_version: i32,
    /// The address it began at.
    pub address: String,
    /// What the browser said it is.
    pub client: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

impl From<Kept> for session::Session {
    fn from(kept: Kept) -> Self {
        let owner = kept.owner;
        let client = |owner: &Owner| {
            let end = owner.client.floor_char_boundary(MAX_CLIENT_BYTES);
            owner.client.get(..end).unwrap_or_default().to_owned()
        };
        Self {
            id: kept.id,
            data: kept.data,
            expires_at: kept.expires_at.timestamp_millis(),
            user_id: owner.as_ref().map(|owner| owner.user_id),
            credential_version: owner.as_ref().map(|owner| owner.credential_version),
            client: owner.as_ref().map(client),
            created_at: owner.as_ref().map(|owner| owner.started_at.timestamp_millis()),
            address: owner.map(|owner| owner.address),
            used_at: Some(kept.used_at.timestamp_millis()),
        }
    }
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
    pub async fn create(&self, kept: Kept) -> Result<bool, Error> {
        let written: Result<(), db::Error> =
            self.core.db.write(move |tx| async move { session::insert(tx, kept.into()).await }.boxed()).await;
        match written {
            Ok(()) => Ok(true),
            Err(db::Error::AlreadyExists(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps a session that is there; one that was ended meanwhile does not come back.
    pub async fn save(&self, kept: Kept) -> Result<(), Error> {
        self.core.db.write(move |tx| async move { Ok(session::save(tx, kept.into()).await?) }.boxed()).await
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

    /// Where the user who asks is signed in, the most recent use first; `current` is the id of the session that asks.
    pub async fn list(&self, cx: &OpCtx, current: &str) -> Result<Vec<SessionEntry>, Error> {
        let rows = self.own(cx).await?;
        Ok(rows.into_iter().filter_map(|row| show(row, current)).collect())
    }

    /// Ends a session of the user who asks: what its browser asks for next is refused. Errors: `NotFound`.
    pub async fn end(&self, cx: &OpCtx, handle: &str) -> Result<(), Error> {
        let found = self.own(cx).await?.into_iter().find(|row| handle_of(&row.id) == handle);
        let row = found.ok_or_else(|| Error::NotFound(Kind::Session, handle.to_owned()))?;
        let (origin, act) = (Origin::from(cx), act(cx));
        self.core
            .db
            .write(move |tx| {
                async move {
                    session::delete(tx, &row.id).await?;
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await
    }

    /// Ends every session of the user who asks but the one that asks.
    pub async fn end_others(&self, cx: &OpCtx, current: &str) -> Result<(), Error> {
        let user_id = Core::require_person(cx)?;
        let (origin, act, current) = (Origin::from(cx), act(cx), current.to_owned());
        self.core
            .db
            .write(move |tx| {
                async move {
                    if session::delete_others(tx, user_id, &current).await? > 0 {
                        origin.audit(tx, act, true).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    async fn own(&self, cx: &OpCtx) -> Result<Vec<session::Session>, Error> {
        let user_id = Core::require_person(cx)?;
        let user = self.core.user(user_id).await?.ok_or_else(Error::anonymous)?;
        Ok(session::of_user(&self.core.db, (user_id, user.credential_version), cx.now_ms()).await?)
    }
}

fn show(row: session::Session, current: &str) -> Option<SessionEntry> {
    Some(SessionEntry {
        handle: handle_of(&row.id),
        is_current: row.id == current,
        address: row.address.unwrap_or_default(),
        client: row.client.unwrap_or_default(),
        created_at: time(row.created_at?),
        used_at: time(row.used_at?),
    })
}

/// A name for a session that does not give its id away: half of the SHA-256.
fn handle_of(id: &str) -> String {
    let digest = Sha256::digest(id.as_bytes());
    HEXLOWER.encode(digest.get(..16).unwrap_or_default())
}

fn act(cx: &OpCtx) -> Act {
    Act { operation: "delete", resource_type: "session", resource: cx.actor().to_owned(), project_id: None }
}
