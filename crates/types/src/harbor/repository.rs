//! Bodies of `/repositories` and `/projects/{project_name}/repositories`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A repository as listed and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// The id.
    pub id: i64,
    /// The project.
    pub project_id: i64,
    /// The whole name, the project's included.
    pub name: String,
    /// What the repository is about; left out when nothing is said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// How many artifacts the repository has.
    #[serde(default)]
    pub artifact_count: i64,
    /// How often something of the repository was pulled.
    #[serde(default)]
    pub pull_count: i64,
    /// When the repository was created, by its first push.
    #[serde(with = "super::time")]
    pub creation_time: DateTime<Utc>,
    /// When the repository was last changed.
    #[serde(with = "super::time")]
    pub update_time: DateTime<Utc>,
}
