//! What was done in a project.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use types::{page::Listed, view::AuditEntry};

/// What was done in a project, the last first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivityList {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// One page of it.
    pub entries: Listed<ActivityRow>,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRow {
    /// Who did it.
    pub actor: String,
    /// What was done: `create`, `delete` …
    pub operation: String,
    /// To what kind of thing: `artifact`, `tag` …
    pub resource_type: String,
    /// To which thing.
    pub resource: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it was done, or refused.
    pub is_success: bool,
    /// The address it was asked from.
    pub remote: String,
}

impl From<AuditEntry> for ActivityRow {
    fn from(entry: AuditEntry) -> Self {
        Self {
            actor: entry.actor,
            operation: entry.operation,
            resource_type: entry.resource_type,
            resource: entry.resource,
            at: entry.occurred_at,
            is_success: entry.is_success,
            remote: entry.remote,
        }
    }
}
