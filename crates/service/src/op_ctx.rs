//! For whom, from where and when something is done.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use types::{name::UserName, scope::Access};

/// The context of one operation; the first argument of every method of a service.
#[derive(Clone, Debug)]
pub struct OpCtx {
    /// Who asks.
    pub caller: Caller,
    /// The scopes of the bearer token that was shown, if one was; rights are narrowed to them.
    pub grants: Option<Grants>,
    /// Identifies the request in answers and logs.
    pub request_id: String,
    /// The address it came from.
    pub remote: IpAddr,
    /// When it began. Nothing in a service reads the clock.
    pub now: DateTime<Utc>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody known.
    Anonymous,
    /// A user, with the rights of this moment.
    User(UserIdentity),
}

/// A user who was authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserIdentity {
    /// The user's id.
    pub id: i64,
    /// The user's name.
    pub name: UserName,
    /// Whether the user administers the system.
    pub is_admin: bool,
}

/// What a bearer token carries.
#[derive(Clone, Debug)]
pub struct Grants {
    /// Its scopes.
    pub access: Vec<Access>,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
}

impl Grants {
    /// Whether the scopes hold `action` on the repository `name`.
    pub(crate) fn allow(&self, name: &str, action: &str) -> bool {
        self.access.iter().any(|access| access.grants("repository", name, action))
    }
}

impl OpCtx {
    /// The id of the user who asks.
    pub fn user_id(&self) -> Option<i64> {
        match &self.caller {
            Caller::Anonymous => None,
            Caller::User(user) => Some(user.id),
        }
    }

    /// The name for logs: `anonymous` for nobody, as in Harbor.
    pub fn actor(&self) -> &str {
        match &self.caller {
            Caller::Anonymous => "anonymous",
            Caller::User(user) => user.name.as_str(),
        }
    }

    /// Whether an administrator of the system asks.
    pub fn is_admin(&self) -> bool {
        matches!(&self.caller, Caller::User(user) if user.is_admin)
    }

    /// When it began, in milliseconds since the epoch.
    pub(crate) fn now_ms(&self) -> i64 {
        self.now.timestamp_millis()
    }
}
