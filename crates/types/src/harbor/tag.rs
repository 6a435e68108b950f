//! Bodies of `/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/tags`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A tag as listed and shown; also, with only a name, the body that creates one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tag {
    /// The id.
    pub id: i64,
    /// The repository.
    pub repository_id: i64,
    /// The artifact the tag points to.
    pub artifact_id: i64,
    /// The name.
    pub name: String,
    /// When the tag was last pushed.
    #[serde(with = "super::time::never_zero")]
    pub push_time: Option<DateTime<Utc>>,
    /// When the tag was last pulled.
    #[serde(with = "super::time::never_zero")]
    pub pull_time: Option<DateTime<Utc>>,
    /// Whether a rule forbids to move or delete the tag; said only when it was asked for.
    pub immutable: bool,
}

/// A change of a tag: it was made, moved or removed. Not of Harbor's API: Berth's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TagChange {
    /// What it pointed to; left out when it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_digest: Option<String>,
    /// What it points to; left out when it was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_digest: Option<String>,
    /// Who did it.
    pub operator: String,
    /// When.
    #[serde(with = "super::time::never_zero")]
    pub op_time: Option<DateTime<Utc>>,
}
