//! Accounts, as their owners and administrators see them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use types::{harbor::user::UserResp, page::Listed};

/// What an account is made of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// The address.
    pub email: String,
    /// The name of the person.
    pub realname: String,
    /// The first password.
    pub password: String,
}

/// Shows everything but the password.
impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser").field("username", &self.username).finish_non_exhaustive()
    }
}

/// What became of an attempt to make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegisterOutcome {
    /// The account is there, and its owner signed in.
    Registered,
    /// Somebody has this name or this address.
    Taken,
    /// A value breaks its rule.
    Invalid,
    /// People do not make accounts for themselves here.
    Off,
    /// Too many from this address.
    RateLimited {
        /// Seconds until another attempt is answered.
        retry_after_secs: u64,
    },
}

/// What became of an attempt to change one's own password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasswordOutcome {
    /// It holds from here on.
    Changed,
    /// The old one was wrong.
    WrongOld,
    /// The new one is the old one.
    Same,
    /// The new one breaks a rule.
    Invalid,
    /// Too many attempts failed.
    RateLimited {
        /// Seconds until another attempt is answered.
        retry_after_secs: u64,
    },
}

/// One's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The name to sign in with.
    pub username: String,
    /// The name of the person.
    pub realname: String,
    /// The address.
    pub email: String,
    /// A remark.
    pub comment: String,
    /// Since when it exists.
    pub created_at: DateTime<Utc>,
}

impl From<UserResp> for Account {
    fn from(user: UserResp) -> Self {
        Self {
            username: user.username,
            realname: user.realname,
            email: user.email,
            comment: user.comment,
            created_at: user.creation_time,
        }
    }
}

/// The accounts of the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserList {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// One page of it.
    pub users: Listed<UserRow>,
}

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// Its id.
    pub id: i64,
    /// The name to sign in with.
    pub username: String,
    /// The name of the person.
    pub realname: String,
    /// The address.
    pub email: String,
    /// Whether it administers the whole system.
    pub is_admin: bool,
    /// Since when it exists.
    pub created_at: DateTime<Utc>,
}

impl From<UserResp> for UserRow {
    fn from(user: UserResp) -> Self {
        Self {
            id: user.user_id,
            username: user.username,
            realname: user.realname,
            email: user.email,
            is_admin: user.sysadmin_flag,
            created_at: user.creation_time,
        }
    }
}
