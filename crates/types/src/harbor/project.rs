//! Bodies of `/projects`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::nullable::{self, is_false, is_zero};

/// A project as listed and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The id, which never changes.
    pub project_id: i64,
    /// The id of the user who owns the project.
    pub owner_id: i64,
    /// The name, which is also the first part of the names of its repositories.
    pub name: String,
    /// The registry a proxy project stands for; left out for ordinary projects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<i64>,
    /// When the project was created.
    #[serde(with = "super::time")]
    pub creation_time: DateTime<Utc>,
    /// When the project was last changed.
    #[serde(with = "super::time")]
    pub update_time: DateTime<Utc>,
    /// Whether the project is deleted; left out while it is not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
    /// The name of the user who owns the project.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner_name: String,
    /// A relic of Harbor's past; left out while it is false.
    #[serde(default, skip_serializing_if = "is_false")]
    pub togglable: bool,
    /// The id of the strongest role the caller has; left out without a role.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub current_user_role_id: i64,
    /// The ids of all roles the caller has; `null` without a role.
    #[serde(default, with = "nullable")]
    pub current_user_role_ids: Vec<i64>,
    /// How many repositories the project has.
    #[serde(default)]
    pub repo_count: i64,
    /// The settings.
    #[serde(default)]
    pub metadata: ProjectMetadata,
    /// The vulnerabilities that are tolerated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cve_allowlist: Option<CVEAllowlist>,
}

/// Body of `POST /projects` and of `PUT /projects/{project_name_or_id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectReq {
    /// The name.
    pub project_name: Option<String>,
    /// Whether everybody may pull; the older way to say `metadata.public`.
    pub public: Option<bool>,
    /// The settings.
    pub metadata: Option<ProjectMetadata>,
    /// The vulnerabilities that are tolerated.
    pub cve_allowlist: Option<CVEAllowlist>,
    /// How many bytes the project may hold; -1 is no limit.
    pub storage_limit: Option<i64>,
    /// The registry a proxy project stands for.
    pub registry_id: Option<i64>,
}

/// The settings of a project. All values are text; flags are `true` or `false`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectMetadata {
    /// Whether everybody may pull.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<String>,
    /// Whether a pull needs a Notation signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_content_trust: Option<String>,
    /// Whether a pull needs a Cosign signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_content_trust_cosign: Option<String>,
    /// Whether vulnerable images cannot be pulled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prevent_vul: Option<String>,
    /// The severity from which on `prevent_vul` refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Whether images are scanned when pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scan: Option<String>,
    /// Whether a bill of materials is made when an image is pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_sbom_generation: Option<String>,
    /// Whether the system's list of tolerated vulnerabilities counts instead of the project's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reuse_sys_cve_allowlist: Option<String>,
    /// The id of the retention policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_id: Option<String>,
    /// The bandwidth of a proxy project in KB/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_speed_kb: Option<String>,
    /// How many fetches a proxy project may run at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_upstream_conn: Option<String>,
    /// Whether a proxy project serves its own copy when the source has none any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_cache_local_on_not_found: Option<String>,
    /// Whether a proxy project asks its source for referrers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_referrer_api: Option<String>,
    /// Which repositories may be pulled through a proxy project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_cache_filter_pattern: Option<String>,
    /// How `proxy_cache_filter_pattern` is read: `doublestar` or `regex`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_cache_filter_kind: Option<String>,
}

/// A list of tolerated vulnerabilities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CVEAllowlist {
    /// The id.
    #[serde(skip_serializing_if = "is_zero")]
    pub id: i64,
    /// The project the list belongs to; 0 for the system's own.
    #[serde(skip_serializing_if = "is_zero")]
    pub project_id: i64,
    /// When the list ends, in seconds since 1970; absent is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// The vulnerabilities. Harbor writes an empty array here where other lists are `null`.
    #[serde(deserialize_with = "nullable::deserialize")]
    pub items: Vec<CVEAllowlistItem>,
    /// When the list was created.
    #[serde(with = "super::time::never_zero")]
    pub creation_time: Option<DateTime<Utc>>,
    /// When the list was last changed.
    #[serde(with = "super::time::never_zero")]
    pub update_time: Option<DateTime<Utc>>,
}

/// One tolerated vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CVEAllowlistItem {
    /// The id, such as `CVE-2019-10164`.
    pub cve_id: String,
}
