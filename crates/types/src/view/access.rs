//! What people let in to their account: programs with a token, and browsers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An access token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenView {
    /// Its id.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// Whether nothing can be changed with it.
    pub is_read_only: bool,
    /// Whether its time is over.
    pub is_expired: bool,
    /// Until when it counts; none for ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, give or take a few seconds; none when never.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What a new access token is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// What its owner calls it.
    pub name: String,
    /// Whether nothing can be changed with it.
    pub is_read_only: bool,
    /// For how many days it counts; none for ever.
    pub days: Option<u32>,
}

/// The session of a browser, without what it is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEntry {
    /// Names it among those of its owner; good for nothing else.
    pub handle: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// Where it began; empty when nobody knows.
    pub address: String,
    /// What the browser said it is; empty when nobody knows.
    pub client: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, give or take some minutes.
    pub used_at: DateTime<Utc>,
}
