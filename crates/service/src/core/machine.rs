//! What robots and access tokens are known by, cached as the rights of users are.

use std::sync::{Arc, atomic::Ordering};

use db::query::{access_token, robot};
use moka::sync::Cache;
use types::name::MAX_NAME_BYTES;

use super::{Core, cache};
use crate::{Error, TokenIdentity, authn, robot::KnownRobot};

/// Caches of machines, by epoch as all caches of rights.
pub(super) struct Machines {
    robots: Cache<(u64, i64), Option<Arc<KnownRobot>>>,
    robot_names: Cache<(u64, String), Option<i64>>,
    tokens: Cache<(u64, i64), Option<Arc<KnownToken>>>,
    token_hashes: Cache<(u64, String), Option<i64>>,
}

impl Machines {
    pub(super) fn new() -> Self {
        Self { robots: cache(), robot_names: cache(), tokens: cache(), token_hashes: cache() }
    }
}

/// An access token of a live user.
pub(crate) struct KnownToken {
    pub(crate) identity: TokenIdentity,
    /// In milliseconds since the epoch.
    pub(crate) expires_at: Option<i64>,
}

impl KnownToken {
    /// Whether it counts at a time, in milliseconds since the epoch.
    pub(crate) fn is_active(&self, now: i64) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

impl Core {
    /// The robot with this id, active or not.
    pub(crate) async fn robot(&self, id: i64) -> Result<Option<Arc<KnownRobot>>, Error> {
        let key = (self.epoch.load(Ordering::SeqCst), id);
        if let Some(found) = self.machines.robots.get(&key) {
            return Ok(found);
        }
        let found = match robot::find(&self.db, id).await? {
            Some(row) => {
                let permissions = robot::permissions(&self.db, vec![id]).await?;
                Some(Arc::new(KnownRobot::new(row, &permissions, &self.options.robots.name_prefix)))
            }
            None => None,
        };
        self.machines.robots.insert(key, found.clone());
        Ok(found)
    }

    /// The robot that signs in as `login`, active or not.
    pub(crate) async fn robot_named(&self, login: &str) -> Result<Option<Arc<KnownRobot>>, Error> {
        let Some(name) = login.strip_prefix(&self.options.robots.name_prefix) else { return Ok(None) };
        if name.is_empty() || name.len() > MAX_NAME_BYTES {
            return Ok(None);
        }
        let key = (self.epoch.load(Ordering::SeqCst), name.to_owned());
        let id = if let Some(id) = self.machines.robot_names.get(&key) {
            id
        } else {
            let id = robot::find_by_name(&self.db, name).await?.map(|row| row.id);
            self.machines.robot_names.insert(key, id);
            id
        };
        match id {
            Some(id) => self.robot(id).await,
            None => Ok(None),
        }
    }

    /// The access token with this id, of a user who is there, active or not.
    pub(crate) async fn access_token(&self, id: i64) -> Result<Option<Arc<KnownToken>>, Error> {
        let key = (self.epoch.load(Ordering::SeqCst), id);
        if let Some(found) = self.machines.tokens.get(&key) {
            return Ok(found);
        }
        let found = match access_token::find(&self.db, id).await? {
            Some(row) => self.known_token(row).await?.map(Arc::new),
            None => None,
        };
        self.machines.tokens.insert(key, found.clone());
        Ok(found)
    }

    async fn known_token(&self, row: access_token::AccessToken) -> Result<Option<KnownToken>, Error> {
        let Some(user) = self.user(row.user_id).await? else { return Ok(None) };
        let user = authn::identity_of(&user)?;
        let identity = TokenIdentity { id: row.id, user, is_read_only: row.is_read_only };
        Ok(Some(KnownToken { identity, expires_at: row.expires_at }))
    }

    /// The access token whose secret has this hash.
    pub(crate) async fn access_token_by_hash(&self, hash: &str) -> Result<Option<Arc<KnownToken>>, Error> {
        let key = (self.epoch.load(Ordering::SeqCst), hash.to_owned());
        let id = if let Some(id) = self.machines.token_hashes.get(&key) {
            id
        } else {
            let id = access_token::find_by_hash(&self.db, hash).await?.map(|row| row.id);
            self.machines.token_hashes.insert(key, id);
            id
        };
        match id {
            Some(id) => self.access_token(id).await,
            None => Ok(None),
        }
    }
}
