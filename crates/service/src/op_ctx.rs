//! For whom, from where and when something is done.

use std::{net::IpAddr, sync::Arc};

use chrono::{DateTime, Utc};
use types::{name::UserName, robot::Rights, scope::Access};

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
    /// A program of a user, who gave it an access token.
    AccessToken(TokenIdentity),
    /// A robot, with the rights of this moment.
    Robot(Arc<RobotIdentity>),
}

/// An access token that was authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenIdentity {
    /// The token's id.
    pub id: i64,
    /// Whose it is.
    pub user: UserIdentity,
    /// Whether nothing can be changed with it.
    pub is_read_only: bool,
}

/// A robot that was authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RobotIdentity {
    /// The robot's id.
    pub id: i64,
    /// The full name, with the prefix.
    pub name: String,
    /// The version of its secret; what is made of a sign-in ends when it changes.
    pub secret_version: i32,
    /// What it may do.
    pub rights: Rights,
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
    /// The user who asks, be it by an access token.
    pub fn user(&self) -> Option<&UserIdentity> {
        match &self.caller {
            Caller::Anonymous | Caller::Robot(_) => None,
            Caller::User(user) => Some(user),
            Caller::AccessToken(token) => Some(&token.user),
        }
    }

    /// The id of the user who asks.
    pub fn user_id(&self) -> Option<i64> {
        self.user().map(|user| user.id)
    }

    /// The robot that asks.
    pub fn robot(&self) -> Option<&Arc<RobotIdentity>> {
        match &self.caller {
            Caller::Robot(robot) => Some(robot),
            Caller::Anonymous | Caller::User(_) | Caller::AccessToken(_) => None,
        }
    }

    /// The name for logs: `anonymous` for nobody, as in Harbor.
    pub fn actor(&self) -> &str {
        match &self.caller {
            Caller::Anonymous => "anonymous",
            Caller::User(user) | Caller::AccessToken(TokenIdentity { user, .. }) => user.name.as_str(),
            Caller::Robot(robot) => &robot.name,
        }
    }

    /// Whether an administrator of the system asks.
    pub fn is_admin(&self) -> bool {
        self.user().is_some_and(|user| user.is_admin)
    }

    /// Whether what the caller shows is for reading alone.
    pub fn is_read_only(&self) -> bool {
        matches!(&self.caller, Caller::AccessToken(token) if token.is_read_only)
    }

    /// When it began, in milliseconds since the epoch.
    pub(crate) fn now_ms(&self) -> i64 {
        self.now.timestamp_millis()
    }
}
