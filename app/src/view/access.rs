//! What people let in to their account, as lists of a page.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use types::view::{AccessTokenView, SessionEntry};

/// One's own access tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenList {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// The tokens, newest first.
    pub tokens: Vec<AccessTokenView>,
}

/// Where one is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionList {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// The sessions, the most recent use first.
    pub sessions: Vec<SessionEntry>,
}
