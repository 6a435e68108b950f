//! What only pages show, and Harbor's API has no shape for.
//!
//! Lives here: shapes. Not here: who may see them. Invariant: nothing in here is a secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

mod access;
mod artifact;
mod home;

pub use access::{AccessTokenView, NewToken, SessionEntry};
pub use artifact::{Layer, Referrer};
pub use home::{Change, Found, FoundProject, HomeProject, HomeSummary, RecentPush, Totals};

/// What administrators decide for the whole system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SystemSettings {
    /// Whether people may make an account for themselves.
    pub self_registration: bool,
    /// Whether nothing in projects can be changed, by anybody.
    pub read_only: bool,
}

/// What of [`SystemSettings`] is decided anew; the rest stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsChange {
    /// Whether people may make an account for themselves.
    pub self_registration: Option<bool>,
    /// Whether nothing in projects can be changed, by anybody.
    pub read_only: Option<bool>,
}

impl From<SystemSettings> for SettingsChange {
    fn from(all: SystemSettings) -> Self {
        Self { self_registration: Some(all.self_registration), read_only: Some(all.read_only) }
    }
}

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number; later lines have larger ones.
    pub id: i64,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Who: a user name, or `anonymous`.
    pub actor: String,
    /// What was done: `create`, `delete`, `login` …
    pub operation: String,
    /// To what kind of thing: `artifact`, `project` …
    pub resource_type: String,
    /// To which thing.
    pub resource: String,
    /// Whether it was done, or refused.
    pub is_success: bool,
    /// The address it was asked from.
    pub remote: String,
    /// The request that asked.
    pub request_id: String,
}

/// How the system is, and how much is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemHealth {
    /// The version that runs.
    pub version: String,
    /// Since when it runs.
    pub started_at: DateTime<Utc>,
    /// The parts: `database` and `storage`.
    pub components: Vec<ComponentHealth>,
    /// Where metadata is.
    pub database: DatabaseUsage,
    /// Where blobs are.
    pub storage: StorageUsage,
    /// How far the verification of blobs is.
    pub verification: Verification,
    /// How many projects there are.
    pub projects: u64,
    /// How many repositories were pushed to.
    pub repositories: u64,
    /// How many artifacts there are.
    pub artifacts: u64,
    /// How many people have an account.
    pub users: u64,
}

/// How one part of the system is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentHealth {
    /// Which part.
    pub name: String,
    /// What is wrong, if anything; safe to show.
    pub error: Option<String>,
    /// How long it took to answer, in milliseconds.
    pub latency_ms: u64,
}

/// What the database takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseUsage {
    /// Its kind, as its maker writes it: `SQLite`.
    pub kind: String,
    /// What it takes, in bytes; changes that wait to be merged into it are not counted.
    pub size_bytes: u64,
}

/// What blobs take, and what is left for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageUsage {
    /// The kind of store: `files`, `s3`, `gcs` or `azure`.
    pub kind: String,
    /// The sizes of all blobs together, each counted once, in bytes.
    pub used_bytes: u64,
    /// How many blobs there are.
    pub blobs: u64,
    /// The file system of the data folder, where it can be asked.
    pub disk: Option<DiskSpace>,
}

/// How far the verification of stored bytes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// When the blob was verified that was verified longest ago; none when none was.
    pub oldest_at: Option<DateTime<Utc>>,
    /// How many blobs were never verified.
    pub never: u64,
    /// How many blobs are known to be damaged.
    pub damaged: u64,
    /// When the next run begins by itself; none where none does.
    pub next_at: Option<DateTime<Utc>>,
}

/// The space of a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskSpace {
    /// What can still be written, in bytes.
    pub free_bytes: u64,
    /// Its size, in bytes.
    pub total_bytes: u64,
}
