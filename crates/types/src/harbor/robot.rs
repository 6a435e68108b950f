//! Bodies of `/robots`, `/projects/{project_name_or_id}/robots` and `/permissions`.
//!
//! A secret is in none of them: it is told once, by the handler that made it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Permission,
    nullable::{self, is_zero},
};
use crate::secret::Secret;

/// A robot as shown, and the body of `PUT /robots/{robot_id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Robot {
    /// The id, which never changes.
    pub id: i64,
    /// The full name, with the prefix, as it is used for signing in.
    pub name: String,
    /// A remark; left out when there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `system` or `project`.
    pub level: String,
    /// Its life in days from its creation, -1 for ever. A change without it leaves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
    /// Whether it can be changed; what Harbor made before its version 2.2 can't.
    pub editable: bool,
    /// Whether it can't sign in.
    pub disable: bool,
    /// Until when it counts, in seconds since the epoch; -1 for ever.
    #[serde(skip_serializing_if = "is_zero")]
    pub expires_at: i64,
    /// What it may do.
    #[serde(deserialize_with = "nullable::deserialize")]
    pub permissions: Vec<RobotPermission>,
    /// What made it: `local` for a user, `robot`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub creator_type: String,
    /// The id of what made it.
    #[serde(skip_serializing_if = "is_zero")]
    pub creator_ref: i64,
    /// When it was made.
    #[serde(with = "super::time::optional", skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[serde(with = "super::time::optional", skip_serializing_if = "Option::is_none")]
    pub update_time: Option<DateTime<Utc>>,
    /// When it last signed in or showed a token, give or take a few seconds; left out when never. Berth's own.
    #[serde(with = "super::time::optional", skip_serializing_if = "Option::is_none")]
    pub last_used_time: Option<DateTime<Utc>>,
}

/// What a robot may do at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RobotPermission {
    /// `system` or `project`.
    pub kind: String,
    /// `/` for the system; the name of a project, or `*` for all.
    pub namespace: String,
    /// What.
    #[serde(deserialize_with = "nullable::deserialize")]
    pub access: Vec<Access>,
}

/// One right of a robot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Access {
    /// On what.
    pub resource: String,
    /// Which action.
    pub action: String,
    /// `allow`; absent means the same.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub effect: String,
}

/// Body of `POST /robots`. A secret in it is ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RobotCreate {
    /// The name without prefix and project.
    pub name: String,
    /// A remark.
    pub description: String,
    /// `system` or `project`.
    pub level: String,
    /// Whether it can't sign in yet.
    pub disable: bool,
    /// Its life in days, -1 for ever.
    pub duration: i64,
    /// What it may do.
    #[serde(deserialize_with = "nullable::deserialize")]
    pub permissions: Vec<RobotPermission>,
}

/// Body of `POST /projects/{project_name_or_id}/robots`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RobotCreateV1 {
    /// The name without prefix and project.
    pub name: String,
    /// A remark.
    pub description: String,
    /// Until when it counts, in seconds since the epoch; -1 for ever, absent for the life that robots have.
    pub expires_at: i64,
    /// What it may do in the project; a resource is written `/project/<id>/<resource>`.
    #[serde(deserialize_with = "nullable::deserialize")]
    pub access: Vec<Access>,
}

/// Body of `PATCH /robots/{robot_id}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RobotSec {
    /// The secret to be set; absent or empty for a new one.
    pub secret: Option<Secret<String>>,
}

/// What robots can be given, as the caller may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Permissions {
    /// Outside of projects; left out for administrators of projects alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub system: Vec<Permission>,
    /// In projects.
    pub project: Vec<Permission>,
}
