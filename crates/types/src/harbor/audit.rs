//! Bodies of `/audit-logs` and `/projects/{project_name}/logs`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLog {
    /// The number of the line.
    pub id: i64,
    /// Who: the name of a user, or `anonymous`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// To which thing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// To what kind of thing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resource_type: String,
    /// What was done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operation: String,
    /// When.
    #[serde(with = "super::time")]
    pub op_time: DateTime<Utc>,
}
