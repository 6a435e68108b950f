//! Bodies of `/users` and `/users/current`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// A user as shown to administrators and to the user himself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserResp {
    /// E-mail address; left out when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// The name of the person; left out when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub realname: String,
    /// A remark about the user; left out when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// The id, which never changes.
    pub user_id: i64,
    /// The name used for signing in.
    pub username: String,
    /// Whether the user was made a system administrator.
    #[serde(default)]
    pub sysadmin_flag: bool,
    /// Whether an outside directory says that the user is an administrator; never so for local users.
    #[serde(default)]
    pub admin_role_in_auth: bool,
    /// When the user was created.
    #[serde(with = "super::time")]
    pub creation_time: DateTime<Utc>,
    /// When the user was last changed.
    #[serde(with = "super::time")]
    pub update_time: DateTime<Utc>,
}

/// A user as found by `GET /users/search`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserSearchRespItem {
    /// The id, which never changes.
    pub user_id: i64,
    /// The name used for signing in.
    pub username: String,
}

/// Body of `POST /users`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct UserCreationReq {
    /// E-mail address.
    pub email: Option<String>,
    /// The name of the person.
    pub realname: Option<String>,
    /// A remark about the user.
    pub comment: Option<String>,
    /// The first password.
    pub password: Option<Secret<String>>,
    /// The name used for signing in.
    pub username: Option<String>,
}

/// Body of `PUT /users/{user_id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserProfile {
    /// E-mail address.
    pub email: Option<String>,
    /// The name of the person.
    pub realname: Option<String>,
    /// A remark about the user.
    pub comment: Option<String>,
}

/// Body of `PUT /users/{user_id}/sysadmin`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserSysAdminFlag {
    /// Whether the user shall be a system administrator; absent means no.
    pub sysadmin_flag: Option<bool>,
}

/// Body of `PUT /users/{user_id}/password`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PasswordReq {
    /// The present password; needed when users change their own.
    pub old_password: Option<Secret<String>>,
    /// The password to be set.
    pub new_password: Option<Secret<String>>,
}

/// One right, in the list of `GET /users/current/permissions`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// What the right is about, such as `/project/1/repository`.
    pub resource: String,
    /// What may be done with it, such as `pull`.
    pub action: String,
}
